from django.urls import path

from network.views import imports, map, order_steps, orders, organisations, people, publications

app_name = "network"

urlpatterns: list = [
    path("organisations/import/", imports.OrganisationImportPage.as_view(), name="organisation-import"),
    path("staff/import/", imports.StaffImportPage.as_view(), name="staff-import"),
    path("organisations/", organisations.OrganisationsPage.as_view(), name="organisations"),
    path("organisations/new/", organisations.OrganisationNewPage.as_view(), name="organisation-new"),
    path("organisations/<slug:key>/", organisations.OrganisationCard.as_view(), name="organisation"),
    path(
        "organisations/<slug:key>/edit/",
        organisations.OrganisationEditPage.as_view(),
        name="organisation-edit",
    ),
    path(
        "organisations/<slug:key>/history/",
        organisations.OrganisationHistory.as_view(),
        name="organisation-history",
    ),
    path("map/", map.MapPage.as_view(), name="map"),
    path("staff/", people.StaffPage.as_view(), name="staff"),
    path("staff/new/", people.EmploymentNewPage.as_view(), name="employment-new"),
    path("people/<int:pk>/", people.PersonCard.as_view(), name="person"),
    path("people/<int:pk>/edit/", people.PersonEditPage.as_view(), name="person-edit"),
    path("people/<int:pk>/history/", people.PersonHistory.as_view(), name="person-history"),
    path("people/<int:pk>/invitation/", people.InvitePage.as_view(), name="invite"),
    path("people/<int:pk>/closing/", people.ClosePage.as_view(), name="person-close"),
    path("people/<int:pk>/opening/", people.OpenPage.as_view(), name="person-open"),
    path("employments/<int:pk>/end/", people.EmploymentEndPage.as_view(), name="employment-end"),
    path("orders/", orders.OrdersPage.as_view(), name="orders"),
    path("orders/public/<slug:code>/", orders.PublicOrderPage.as_view(), name="order-public"),
    path("orders/new/", order_steps.OrderNewPage.as_view(), name="order-new"),
    path("orders/<int:pk>/", orders.OrderCard.as_view(), name="order"),
    path("orders/<int:pk>/edit/", order_steps.OrderEditPage.as_view(), name="order-edit"),
    path(
        "orders/<int:pk>/registration/",
        order_steps.OrderRegistrationPage.as_view(),
        name="order-registration",
    ),
    path("orders/<int:pk>/scan/", order_steps.OrderScanPage.as_view(), name="order-scan"),
    path("orders/<int:pk>/scan/file/", order_steps.OrderScanFile.as_view(), name="order-scan-file"),
    path("orders/<int:pk>/removal/", order_steps.OrderRemovalPage.as_view(), name="order-removal"),
    path("orders/<int:pk>/history/", order_steps.OrderHistory.as_view(), name="order-history"),
    path("orders/<int:pk>/order.docx", order_steps.OrderFile.as_view(ending="docx"), name="order-docx"),
    path("orders/<int:pk>/order.pdf", order_steps.OrderFile.as_view(ending="pdf"), name="order-pdf"),
    path("resource-centres/", publications.ResourceCentresPage.as_view(), name="resource-centres"),
    path("documents/", publications.DocumentsPage.as_view(), name="documents"),
]
