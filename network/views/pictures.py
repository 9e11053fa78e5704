"""Photographs and coats of arms: shown to whom the record itself is shown."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from network.models import Municipality, Organisation, Person

SHELVES = {
    "organisations": (Organisation, "photo"),
    "people": (Person, "photo"),
    "arms": (Municipality, "coat_of_arms"),
}


@login_not_required
@require_safe
def picture(request: HttpRequest, shelf: str, name: str) -> FileResponse:
    """The file of a record that the person may see; its name is never used as a path."""
    model, field = SHELVES.get(shelf, (None, ""))
    if model is None:
        raise Http404
    owner = model.objects.visible_to(request.user).filter(**{field: f"{shelf}/{name}"}).first()
    if owner is None:
        raise Http404
    try:
        response = FileResponse(getattr(owner, field).open("rb"))
    except FileNotFoundError as error:
        raise Http404 from error
    response["Cache-Control"] = "private, max-age=86400"
    return response
