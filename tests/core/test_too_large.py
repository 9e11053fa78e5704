"""A request beyond the limit is answered by a page in words, and nothing of it is kept."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.models import Upload

START = "network:organisation-import"


@pytest.fixture(autouse=True)
def limits(settings) -> None:
    settings.UPLOAD_LIMIT_BYTES, settings.REQUEST_LIMIT_BYTES = 1024, 4096


def send(world, size: int):
    file = SimpleUploadedFile("школы.csv", b"x" * size)
    return world.client("methodist").post(reverse(START), {"file": file})


def test_request_beyond_the_limit_is_told_in_words_and_leaves_nothing(world):
    answer = send(world, 10_000)

    page = answer.content.decode()
    assert answer.status_code == 413
    assert "Файл слишком большой" in page and "до 1,0\xa0КБ" in page
    assert f'href="{reverse(START)}"' in page, "the way back is to the form"
    assert not Upload.objects.exists()


def test_file_beyond_its_own_limit_is_told_at_its_field(world):
    answer = send(world, 2_000)

    assert answer.status_code == 422
    assert "file" in answer.context["form"].errors
