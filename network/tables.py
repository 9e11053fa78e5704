"""Tables of organisations and of staff."""

import django_tables2 as tables
from django.utils.html import format_html

from core.templatetags.portal import tag
from network.models import Employment, Organisation
from network.staff_in_order import BY_NAME


class OrganisationTable(tables.Table):
    short_name = tables.Column(verbose_name="Организация", linkify=True, order_by=("sort_key", "pk"))
    kind = tables.Column(verbose_name="Вид")
    address = tables.Column(verbose_name="Адрес", orderable=False, default="–")
    phone = tables.Column(verbose_name="Телефон", orderable=False, default="–")
    municipality = tables.Column(verbose_name="Муниципалитет", accessor="municipality__name")

    class Meta:
        model = Organisation
        fields = ["short_name", "kind", "address", "phone", "municipality"]
        order_by = "short_name"


class StaffTable(tables.Table):
    person = tables.Column(
        verbose_name="Педагог, сотрудник",
        linkify=lambda record: record.person.get_absolute_url(),
        order_by=BY_NAME,
    )
    organisation = tables.Column(
        verbose_name="Организация",
        accessor="organisation__short_name",
        order_by=("organisation__sort_key", "pk"),
    )
    position = tables.Column(verbose_name="Должность", default="–")
    subject = tables.Column(verbose_name="Предмет", accessor="subject__name", default="–")
    category = tables.Column(
        verbose_name="Категория", accessor="person__category", order_by="person__category"
    )
    service = tables.Column(
        verbose_name="Стаж, лет",
        accessor="person__years_of_service",
        order_by="-person__service_since",
        default="–",
        attrs={"td": {"class": "num"}, "th": {"class": "num"}},
    )

    class Meta:
        model = Employment
        fields = ["person", "organisation", "position", "subject", "category", "service"]

    def render_position(self, record: Employment, value: str) -> str:
        role = record.get_role_display()
        if record.role != "teacher" and value.lower() != role:
            value = format_html("{} ({})", value, role)
        return value if record.person.is_active else format_html("{} {}", value, tag("Доступ закрыт", "stop"))
