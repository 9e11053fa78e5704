"""Web and worker under one process: what `make run` ends in."""

import http.client
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from core.supervisor import Child, Supervisor

DEMO_ROLES = ["methodist", "official", "head", "teacher", "expert", "admin"]
DEMO_PASSWORD = "metodset-demo"


class Command(BaseCommand):
    help = "Start the web server and the worker, restart whichever dies, stop both on Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--prepare",
            action="store_true",
            help="first bring database, demo data and static files up to date",
        )

    def handle(self, *, host: str, port: int, prepare: bool, **options: Any) -> None:
        refuse_taken_port(host, port)
        if prepare:
            call_command("prepare")
        supervisor = Supervisor(
            [Child("web", web_command(host, port)), Child("worker", worker_command())],
            on_death=self.tell_death,
        )
        supervisor.run(ready=lambda: answers(host, port), on_ready=lambda: self.tell_address(host, port))
        self.stdout.write("Портал остановлен. / Stopped.")

    def tell_death(self, child: Child) -> None:
        code = child.process.returncode if child.process else None
        self.stderr.write(
            f"Процесс {child.name} завершился ({code}), запускаем снова. / {child.name} died, restarting."
        )

    def tell_address(self, host: str, port: int) -> None:
        shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::") else host
        lines = ["", f"МетодСеть работает / The portal is up:  http://{shown}:{port}/"]
        if settings.DEMO:
            lines += [
                f"Демо-пользователи / demo accounts, пароль / password: {DEMO_PASSWORD}",
                *(f"  {role}@demo.example" for role in DEMO_ROLES),
            ]
        lines += ["Остановить / stop: Ctrl-C", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def web_command(host: str, port: int) -> list[str]:
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn"]
    return [*gunicorn, "--bind", address, "config.wsgi"]


def worker_command() -> list[str]:
    celery = [sys.executable, "-m", "celery", "--quiet", "--app", "config", "worker"]
    return [
        *celery,
        "--beat",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
        "--loglevel",
        "INFO",
    ]


def refuse_taken_port(host: str, port: int) -> None:
    """Raises CommandError when somebody else listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Порт {port} занят или недоступен ({error.strerror}). "
                f"Запустите на другом: make run PORT={port + 1}\n"
                f"Port {port} is taken or not allowed. Use another one: make run PORT={port + 1}"
            ) from error


def answers(host: str, port: int) -> bool:
    """Whether the web server answers yet."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    link = http.client.HTTPConnection(target, port, timeout=2)
    try:
        link.request("GET", "/livez", headers={"Host": "localhost"})
        return link.getresponse().status == 200
    except OSError:
        return False
    finally:
        link.close()
