"""Photographs: cleaned when they come, shown to whom the record is shown."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from core.pictures import clean_picture
from network.models import Person
from tests.pages import form_values


def picture(size=(2400, 1200), kind="PNG", **save) -> ContentFile:
    content = BytesIO()
    Image.new("RGB", size, "teal").save(content, kind, **save)
    return ContentFile(content.getvalue(), name="p.png")


def test_picture_is_made_smaller_and_becomes_a_jpeg():
    cleaned = Image.open(clean_picture(picture()))

    assert (cleaned.format, cleaned.size) == ("JPEG", (1600, 800))


def test_place_and_device_of_the_camera_are_taken_away():
    exif = Image.Exif()
    exif[0x010F] = "Телефон Петра"
    exif[0x8825] = {1: "N"}

    cleaned = clean_picture(picture((40, 20), "JPEG", exif=exif))

    assert not Image.open(cleaned).getexif()


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg onload=alert(1)>", b"%PDF-1.7 ...", picture((30, 30)).read()[:60], b"GIF89a" + b"\0" * 40],
)
def test_file_that_is_no_picture_is_refused_whatever_its_name(content):
    with pytest.raises(ValidationError, match="не фотография"):
        clean_picture(ContentFile(content, name="photo.jpg"))


def test_picture_of_too_many_points_is_refused():
    with pytest.raises(ValidationError):
        clean_picture(picture((9000, 9000), "PNG"))


def test_photo_of_an_organisation_is_uploaded_seen_by_all_and_taken_away(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client, url = world.client("head"), reverse("network:organisation-edit", args=[world.school.key])
    photo = SimpleUploadedFile("../../школа.png", picture((60, 40)).read())

    client.post(url, {**form_values(client.get(url)), "photo": photo})

    world.school.refresh_from_db()
    shown = world.client("visitor").get(world.school.photo.url)
    assert Image.open(BytesIO(b"".join(shown.streaming_content))).size == (60, 40)
    assert shown["Content-Type"] == "image/jpeg"

    client.post(url, {**form_values(client.get(url)), "photo-clear": "on"})
    world.school.refresh_from_db()
    assert not world.school.photo


def test_wrong_photo_keeps_the_rest_of_the_form(world):
    client, url = world.client("head"), reverse("network:organisation-edit", args=[world.school.key])
    fake = SimpleUploadedFile("photo.jpg", b"MZ not a picture")

    response = client.post(url, {**form_values(client.get(url)), "phone": "8 800", "photo": fake})

    assert response.status_code == 422
    assert "Это не фотография" in response.content.decode()
    assert 'value="8 800"' in response.content.decode()


def test_photo_of_a_person_is_shown_as_far_as_the_page_is(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world.teacher.photo.save("t.jpg", clean_picture(picture((30, 30))))
    url = world.teacher.photo.url

    def seen() -> dict[str, int]:
        return {
            role: world.client(role).get(url).status_code for role in ("visitor", "expert", "head", "teacher")
        }

    assert seen() == {"visitor": 404, "expert": 404, "head": 200, "teacher": 200}
    Person.objects.filter(pk=world.teacher.pk).update(shows_page=True)
    assert seen() == dict.fromkeys(["visitor", "expert", "head", "teacher"], 200)
