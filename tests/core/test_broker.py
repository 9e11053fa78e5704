"""The broker of files: a reader beside a writer takes every message, whole and once."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection
from kombu.transport import filesystem
from kombu.utils.json import dumps

from core import broker
from core.broker import Transport

MESSAGES = 200


@pytest.fixture(autouse=True)
def _slow_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a busy machine: another gets a turn between the opening of the file and its writing."""

    def slowly(payload: object) -> str:
        time.sleep(0.002)
        return dumps(payload)

    monkeypatch.setattr(filesystem, "dumps", slowly)
    monkeypatch.setattr(broker, "dumps", slowly)


def read_beside_a_writer(folder: Path, transport: type[filesystem.Transport]) -> list[int]:
    """Numbers of the messages that one thread took while another wrote them; what the reader dies of is raised."""
    folders = dict.fromkeys(("data_folder_in", "data_folder_out"), str(folder))
    options = {**folders, "control_folder": str(folder / "control")}

    def channel() -> filesystem.Channel:
        return Connection("filesystem://", transport=transport, transport_options=options).channel()

    def write() -> None:
        out = channel()
        for number in range(MESSAGES):
            out._put("words", {"number": number, "text": "слово " * 200})

    writer = threading.Thread(target=write)
    writer.start()
    taken: list[int] = []
    mine = channel()
    while True:
        is_over = not writer.is_alive()
        try:
            taken.append(mine._get("words")["number"])
        except Empty:
            if is_over:
                return taken
        except BaseException:
            writer.join()
            raise


def test_each_message_is_read_whole_and_once(tmp_path: Path):
    assert sorted(read_beside_a_writer(tmp_path, Transport)) == list(range(MESSAGES))


def test_with_the_transport_of_kombu_a_reader_comes_upon_half_a_message(tmp_path: Path):
    with pytest.raises(ValueError, match=r"Expecting value|Unterminated|Invalid"):
        read_beside_a_writer(tmp_path, filesystem.Transport)


def test_the_portal_uses_it(settings):
    if not settings.CELERY_BROKER_URL.startswith("filesystem:"):
        pytest.skip("the tests run on Redis")
    from config.celery import app

    with app.connection_for_write() as connection:
        assert isinstance(connection.transport, Transport)
