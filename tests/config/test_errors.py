"""A portal that broke and a portal whose database is away are told apart, to people and to machines."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.test import Client

pytestmark = pytest.mark.django_db
CLOSED, BROKEN = "Портал ненадолго закрыт", "На портале произошла ошибка"


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OperationalError, 503, CLOSED),
        (InterfaceError, 503, CLOSED),
        (DatabaseError, 500, BROKEN),
        (ZeroDivisionError, 500, BROKEN),
    ],
)
def test_page_of_an_error_needs_no_database(error: type[Exception], status: int, words: str):
    def refuse(execute, sql, params, many, context):
        raise error("could not connect to db.internal with password=secret")

    client = Client(raise_request_exception=False)
    with connection.execute_wrapper(refuse):
        answer = client.get("/network/organisations/")

    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert "secret" not in page
    assert answer.headers.get("Retry-After") == ("60" if status == 503 else None)
    assert "Content-Security-Policy" in answer.headers
