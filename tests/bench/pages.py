"""List pages and the map against a bare Django view with one query and a template of 25 rows."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.urls import path

from config.urls import urlpatterns as portal_urls
from diagnostics.models import Campaign
from network.models import Organisation, Person
from tests.bench.measure import Figure, milliseconds

ROWS = engines["django"].from_string(
    "<table>{% for o in rows %}<tr><td>{{ o.short_name }}</td><td>{{ o.get_kind_display }}</td>"
    "<td>{{ o.address }}</td></tr>{% endfor %}</table>"
)


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ROWS.render({"rows": Organisation.objects.order_by("pk")[:25]}, request))


urlpatterns = [path("bare/", bare), *portal_urls]


@override_settings(ROOT_URLCONF="tests.bench.pages")
def measure(size: int) -> list[Figure]:
    visitor, methodist = Client(), Client()
    methodist.force_login(
        Person.objects.get(email="methodist@demo.example"), "network.backends.EmploymentBackend"
    )
    campaign = Campaign.objects.surveys().annotate(people=Count("invitations")).latest("people")
    pages = [
        ("public list of organisations", visitor, "/network/organisations/"),
        ("list of staff", methodist, "/network/staff/"),
        ("list of campaigns", methodist, "/diagnostics/campaigns/"),
        ("list of findings", methodist, "/diagnostics/findings/"),
        ("list of indicators", methodist, "/monitoring/indicators/"),
        ("my tasks", methodist, "/my/"),
        ("search", methodist, "/search/?q=%D1%88%D0%BA%D0%BE%D0%BB%D1%8B"),
        ("difficulty map by subject", methodist, f"/diagnostics/campaigns/{campaign.pk}/map/?by=subject"),
        ("difficulty map by organisation", methodist, f"/diagnostics/campaigns/{campaign.pk}/map/"),
    ]
    figures: list[Figure] = []
    for name, client, address in pages:
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        floor = milliseconds(lambda: visitor.get("/bare/"))  # beside each page: the machine's pace changes
        figures.append((name, milliseconds(lambda c=client, a=address: c.get(a)), floor, "ms"))
    return figures
