"""Addresses of the portal. The word of the menu is the app; verbs are resources."""

from django.contrib import admin
from django.urls import include, path

from config import health
from config.views import help_pages, home, my, search
from network.views import consent, pictures

urlpatterns = [
    path("", home.HomeView.as_view(), name="home"),
    path("my/", my.MyView.as_view(), name="my"),
    path("search/", search.SearchView.as_view(), name="search"),
    path("help/", help_pages.HelpView.as_view(), name="help"),
    path("privacy/", help_pages.PrivacyView.as_view(), name="privacy"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("accounts/consent/", consent.ConsentPage.as_view(), name="consent"),
    path("accounts/consent/record/", consent.record_consent, name="consent-record"),
    path("accounts/", include("allauth.urls")),
    path("files/<slug:shelf>/<str:name>", pictures.picture, name="picture"),
    path("admin/", admin.site.urls),
    path("", include("core.urls")),
    path("network/", include("network.urls")),
    path("communities/", include("communities.urls")),
    path("events/", include("events.urls")),
    path("diagnostics/", include("diagnostics.urls")),
    path("monitoring/", include("monitoring.urls")),
]

handler500 = "config.views.errors.server_error"
