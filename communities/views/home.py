"""What the section will hold, and what can be done today."""

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from core.pages import PageMixin


@method_decorator(login_not_required, name="dispatch")
class MaterialsPage(PageMixin, TemplateView):
    template_name = "communities/materials.html"
    title = "Банк материалов"
    section = "bank"
