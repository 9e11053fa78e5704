"""Structured logs: one JSON object a line, a request id that follows into tasks, no personal data.

A request is told by its route and the numbers in it, never by its address: addresses hold search words
and the secret part of personal links. What still slips into a message (an e-mail in a database error) is
struck out on the way to the console.
"""

import os
import re
from typing import Any

import structlog
from django.dispatch import receiver
from django.http import HttpRequest
from django_structlog import signals
from structlog.typing import EventDict, Processor

SECRET_PATHS = re.compile(
    r"(/diagnostics/s/|/events/here/|/events/calendars/|/invitations?/|/reset/key/|/confirm-email/)[^\s/?\"']+"
)
QUERY_STRINGS = re.compile(r"(/[\w/.-]*)\?[^\s\"']+")
EMAILS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
# Neither before nor after it a letter or a hyphen: the id of a job is no telephone.
PHONES = re.compile(r"(?<![\w-])(\+7|8)[\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2}(?![\w-])")
DATABASE_DETAIL = re.compile(r"(?m)^(DETAIL|ДЕТАЛЬ|ПОДРОБНОСТИ|CONTEXT):.*$")


def strike_out(text: str) -> str:
    """The text without e-mails, telephones, query strings, secret links and rows quoted by the database."""
    text = DATABASE_DETAIL.sub(r"\1: [...]", text)
    text = SECRET_PATHS.sub(r"\1[...]", text)
    text = QUERY_STRINGS.sub(r"\1?[...]", text)
    return PHONES.sub("[телефон]", EMAILS.sub("[почта]", text))


def no_personal_data(logger: Any, method: str, event: EventDict) -> EventDict:
    return {key: strike_out(value) if isinstance(value, str) else value for key, value in event.items()}


def _by_route(request: HttpRequest, log_kwargs: dict[str, Any]) -> None:
    match = request.resolver_match
    log_kwargs["request"] = f"{request.method} /{match.route if match else ''}"
    log_kwargs.pop("user_agent", None)
    if match:
        log_kwargs.update(
            (f"url_{name}", value) for name, value in match.kwargs.items() if isinstance(value, int)
        )


@receiver(signals.bind_extra_request_finished_metadata)
@receiver(signals.bind_extra_request_failed_metadata)
@receiver(signals.bind_extra_request_metadata)
def tell_request_by_route(
    sender: Any, request: HttpRequest, log_kwargs: dict[str, Any], **kwargs: Any
) -> None:
    _by_route(request, log_kwargs)


PROBES = {"GET /livez", "GET /readyz", "GET /metrics"}


def drop_probes(logger: Any, method: str, event: EventDict) -> EventDict:
    """A probe that found all well is not news."""
    if event.get("request") in PROBES and event.get("code") == 200:
        raise structlog.DropEvent
    return event


shared_processors: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        drop_probes,
        *shared_processors,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                no_personal_data,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
            "foreign_pre_chain": shared_processors,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {
        # Without this Django's own console handler prints a second time, not struck out, while DEBUG is on.
        "django": {"handlers": [], "level": "NOTSET"},
        "environ": {"level": "WARNING"},
        "django.server": {"level": "ERROR", "handlers": ["console"], "propagate": False},
        # The middleware tells the same with the request's number.
        "django.request": {"level": "CRITICAL"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # Celery tells of every message; the job and the letter tell what was done, the receiver what failed.
        "celery": {"level": "WARNING"},
        "celery.app.trace": {"level": "CRITICAL"},
        "kombu": {"level": "ERROR"},
    },
}
