"""The map of the network, and beside it the list that says the same in words."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from core.pages import PageMixin
from network.models import Municipality, Organisation, OrganisationKind

DOTS: dict[str, str] = {
    OrganisationKind.SCHOOL: "",
    OrganisationKind.KINDERGARTEN: "wait",
    OrganisationKind.ADDITIONAL: "done",
    OrganisationKind.METHODICAL_CENTRE: "stop",
    OrganisationKind.AUTHORITY: "stop",
}
COLOURS = {"": "синий", "wait": "коричневый", "done": "зелёный", "stop": "красный", "other": "серый"}
FIELDS = ("pk", "inn", "short_name", "kind", "address", "latitude", "longitude", "municipality_id")


class MapForm(forms.Form):
    """Which part of the network is shown."""

    municipality = forms.ModelChoiceField(
        label="Муниципалитет", queryset=Municipality.objects.all(), required=False, empty_label="Все"
    )
    kind = forms.ChoiceField(label="Вид", choices=[("", "Любой"), *OrganisationKind.choices], required=False)


@method_decorator(login_not_required, name="dispatch")
class MapPage(PageMixin, TemplateView):
    """Works as a list without scripts, and on a plain ground without tiles."""

    template_name = "network/map.html"
    title = "Карта сети"
    lead = "Организации сети на карте; рядом тот же список словами."
    section = "network"
    crumbs = [("Сеть", "/network/organisations/")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = MapForm(self.request.GET)
        wanted = form.cleaned_data if form.is_valid() else {}
        if len(form.fields["municipality"].queryset) < 2:
            del form.fields["municipality"]
        rows = Organisation.objects.active().visible_to(self.request.user).only(*FIELDS)
        if wanted.get("municipality"):
            rows = rows.filter(municipality=wanted["municipality"])
        if wanted.get("kind"):
            rows = rows.filter(kind=wanted["kind"])
        shown = list(rows.order_by("sort_key", "pk"))
        placed = [row for row in shown if row.latitude is not None]
        return super().get_context_data(
            filter_form=form,
            groups=_groups(shown),
            total=len(shown),
            unplaced=len(shown) - len(placed),
            map=_data(placed, wanted.get("municipality") or _only_municipality(shown)),
            **kwargs,
        )


def _only_municipality(rows: list[Organisation]) -> Municipality | None:
    ids = {row.municipality_id for row in rows}
    return Municipality.objects.get(pk=ids.pop()) if len(ids) == 1 else None


def _groups(rows: list[Organisation]) -> list[dict[str, Any]]:
    by_kind = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    return [
        {
            "title": kind.plural,
            "dot": DOTS.get(kind, "other"),
            "colour": COLOURS[DOTS.get(kind, "other")],
            "rows": by_kind[kind],
        }
        for kind in OrganisationKind
        if by_kind[kind]
    ]


def _data(rows: list[Organisation], municipality: Municipality | None) -> dict[str, Any]:
    """What static/js/map.js draws."""
    bounds = None
    if municipality is not None and None not in (edges := _edges(municipality)):
        south, west, north, east = map(float, edges)
        bounds = [[south, west], [north, east]]
    return {
        "tiles": settings.MAP_TILE_URL,
        "attribution": settings.MAP_TILE_ATTRIBUTION,
        "bounds": bounds,
        "points": [
            {
                "id": row.pk,
                "lat": float(row.latitude),
                "lon": float(row.longitude),
                "name": row.short_name,
                "url": row.get_absolute_url(),
                "text": f"{row.get_kind_display()} · {row.address}"
                if row.address
                else row.get_kind_display(),
                "kind": DOTS.get(row.kind, "other"),
            }
            for row in rows
        ],
        "ties": [],
    }


def _edges(municipality: Municipality) -> tuple[Any, ...]:
    return municipality.south, municipality.west, municipality.north, municipality.east
