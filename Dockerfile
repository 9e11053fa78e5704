# syntax=docker/dockerfile:1
# The portal: one image for web, worker and beat. Built in stages, run without root.

FROM node:22-bookworm-slim AS assets
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund

FROM python:3.11-slim-bookworm AS packages
WORKDIR /app
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-install-project

FROM python:3.11-slim-bookworm
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/var/lib/metodset \
    BEHIND_PROXY=1
RUN groupadd --system --gid 10001 metodset \
    && useradd --system --uid 10001 --gid metodset --home-dir /var/lib/metodset --shell /usr/sbin/nologin metodset \
    && install -d -o metodset -g metodset /var/lib/metodset
COPY --from=packages /app/.venv .venv
COPY --from=assets /app/node_modules node_modules
COPY manage.py package-lock.json uv.lock ./
COPY config config
COPY core core
COPY network network
COPY communities communities
COPY events events
COPY diagnostics diagnostics
COPY monitoring monitoring
COPY templates templates
COPY static static
# Static files are part of the image: every replica of one version serves the same.
ENV STATIC_ROOT=/app/collected
RUN VAR_DIR=/tmp/build SECRET_KEY=only-while-building python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/build
USER metodset
VOLUME /var/lib/metodset
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/livez', headers={'Host': 'localhost'}), timeout=4)"]
CMD ["gunicorn", "--config", "python:config.gunicorn", "--bind", "0.0.0.0:8000", "config.wsgi"]
