"""Photographs people upload: read by content, made smaller, saved anew without what a camera adds (place, device)."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_BYTES = 8 * 1024 * 1024
LARGEST_SIDE = 1600
MOST_PIXELS = 60_000_000
FORMATS = ("JPEG", "PNG", "WEBP")


def clean_picture(file: Any) -> ContentFile:
    """The picture as a JPEG of at most 1600 pixels a side, turned upright, without metadata.

    Raises ValidationError (Russian) when the file is too large or is no picture, whatever its name says.
    """
    if file.size > LARGEST_BYTES:
        raise ValidationError("Фотография больше 8 МБ. Уменьшите её и загрузите снова.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(file, formats=FORMATS)
            if opened.width * opened.height > MOST_PIXELS:
                raise ValidationError("В фотографии слишком много точек. Уменьшите её и загрузите снова.")
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Warning,
        Image.DecompressionBombError,
    ) as error:
        raise ValidationError("Это не фотография: подойдёт файл JPEG, PNG или WebP.") from error
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    content = BytesIO()
    picture.save(content, "JPEG", quality=85, optimize=True)
    return ContentFile(content.getvalue(), name=f"{uuid4().hex}.jpg")


class PictureField(forms.FileField):
    """A photograph; a new one is cleaned, the old one is left as it is, «clear» takes it away."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        cleaned = super().clean(data, initial)
        return clean_picture(cleaned) if data and cleaned is data else cleaned
