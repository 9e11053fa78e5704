"""Who is asked, while a campaign runs: people added, and links on paper for those without an e-mail."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import segno
from django.contrib import messages
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache

from core.pages import CardPage, ConfirmPage, Page
from core.states import WrongState
from core.templatetags.portal import plural
from diagnostics.actions import campaigns as actions
from diagnostics.actions import links
from diagnostics.answering import anonymity_words
from diagnostics.audience import newcomers_by_organisation
from diagnostics.forms.participants import ParticipantsForm
from diagnostics.models import Campaign, LinkPrinting
from diagnostics.progress import without_email
from network.models import Organisation

SECTION = "diagnostics"
CRUMBS = [("Диагностика", "/diagnostics/"), ("Опросы", "/diagnostics/campaigns/")]


def crumbs_of(campaign: Campaign) -> list[tuple[str, str]]:
    return [*CRUMBS, (campaign.title, campaign.get_absolute_url())]


class Participants(ConfirmPage):
    """Invite who fits the audience and came later, or works where nobody was asked."""

    model = Campaign
    section = SECTION
    form_class = ParticipantsForm
    template_name = "diagnostics/participants.html"
    permission = "diagnostics.invite_campaign"
    title = "Добавить участников"
    submit_label = "Пригласить отмеченных"

    def get_queryset(self) -> QuerySet[Campaign]:
        return super().get_queryset().select_related("questionnaire")

    def get_crumbs(self) -> list[tuple[str, str]]:
        return crumbs_of(self.object)

    @cached_property
    def places(self) -> tuple[list[Organisation], list[Organisation]]:
        """Where somebody can be added: organisations that take part, and the others."""
        found = newcomers_by_organisation(self.object) if self.object.is_ahead_or_open else []
        asked = set(self.object.invitations.order_by().values_list("organisation", flat=True).distinct())
        return [p for p in found if p.pk in asked], [p for p in found if p.pk not in asked]

    def get_form_kwargs(self) -> dict[str, Any]:
        there, others = self.places
        return {**super().get_form_kwargs(), "there": there, "others": others}

    def get_consequences(self) -> list[str]:
        campaign = self.object
        if not any(self.places):
            return []
        when = "сразу" if campaign.accepts_answers else "в день открытия опроса"
        return [
            f"Каждый получит письмо со своей ссылкой {when}. Кто приглашён раньше, второго письма не получит.",
            "Условия опроса не изменятся: ни вопросы, ни анонимность, ни наименьшая показываемая группа.",
            "Отозвать приглашение потом нельзя.",
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "nobody": not any(self.places)}

    def perform(self, form: Any) -> Campaign:
        added = actions.add_participants(
            self.object, form.cleaned_data["organisations"], by=self.request.user
        )
        if added:
            people = plural(added, "человек,человека,человек")
            messages.success(self.request, f"Приглашены ещё {people}. Письма уйдут в ближайшие минуты.")
        else:
            messages.info(self.request, "Все, кто подходит под условия опроса, уже приглашены.")
        return self.object


class LinkPlaces(CardPage):
    """Organisations with people who have no e-mail: where links are printed and handed out."""

    model = Campaign
    section = SECTION
    permission = "diagnostics.hand_out_campaign"
    template_name = "diagnostics/links.html"
    lead = "Кому нельзя отправить письмо, тот получает личную ссылку с QR-кодом на листке."

    def get_title(self) -> str:
        return "Ссылки на бумаге"

    def get_crumbs(self) -> list[tuple[str, str]]:
        return crumbs_of(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        places = list(without_email(self.object, self.request.user))
        printed = LinkPrinting.objects.filter(campaign=self.object, organisation__in=places)
        last = dict(printed.order_by().values_list("organisation").annotate(Max("at")))
        rows = [(place, last.get(place.pk)) for place in places]
        return super().get_context_data(rows=rows, **kwargs)


@method_decorator(never_cache, name="dispatch")
class PrintLinks(ConfirmPage):
    """Links of one organisation: what will happen, then the sheet itself, which is shown once."""

    model = Campaign
    section = SECTION
    permission = "diagnostics.hand_out_campaign"
    template_name = "diagnostics/links_confirm.html"
    submit_label = "Показать листки для печати"
    queryset = Campaign.objects.select_related("questionnaire", "municipality")

    def get_object(self, queryset: Any = None) -> Campaign:
        campaign = super().get_object(queryset)
        person, rights = self.request.user, self.request.user.rights
        places = Organisation.objects.filter(pk__in=campaign.invitations.values("organisation"))
        if not (rights.is_admin or campaign.municipality_id in rights.methodist_in):
            places = places.filter(pk__in=person.rights.head_of)
        self.organisation = get_object_or_404(places, pk=self.kwargs["organisation"])
        return campaign

    def get_title(self) -> str:
        return f"Ссылки на бумаге: {self.organisation.short_name}"

    def get_crumbs(self) -> list[tuple[str, str]]:
        address = reverse("diagnostics:links", args=[self.object.pk])
        return [*crumbs_of(self.object), ("Ссылки на бумаге", address)]

    def get_cancel_url(self) -> str:
        return reverse("diagnostics:links", args=[self.object.pk])

    def get_consequences(self) -> list[str]:
        return [
            "Откроется страница с листками: у каждого человека своя ссылка и QR-код. Напечатайте её и разрежьте.",
            "Ссылка личная: отдайте каждому его листок и не оставляйте копий. По чужой ссылке можно ответить "
            "вместо человека.",
            "По ссылке не видно, ответил ли человек и что он ответил: ни вам, ни тому, у кого осталась копия.",
            "Портал ссылок не хранит: закроете страницу, напечатаете новые. Прежние листки тоже действуют.",
            "Будет записано, кто и когда напечатал листки и сколько их.",
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        printed = LinkPrinting.objects.filter(campaign=self.object, organisation=self.organisation)
        return super().get_context_data(
            organisation=self.organisation,
            invitations=links.silent(self.object, self.organisation),
            printings=printed.select_related("by")[:10],
            may_print=self.object.is_ahead_or_open,
            **kwargs,
        )

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            slips = links.print_links(self.object, self.organisation, by=self.request.user)
        except WrongState as error:
            messages.warning(self.request, str(error))
            return HttpResponseRedirect(self.get_cancel_url())
        return self._sheet(self.request, slips)

    def _sheet(self, request: HttpRequest, slips: list[Any]) -> HttpResponse:
        context = {
            "page": Page(
                f"Листки: {self.organisation.short_name}", section=SECTION, crumbs=self.get_crumbs()
            ),
            "campaign": self.object,
            "anonymity": anonymity_words(self.object.anonymity),
            "slips": [(person, address, qr_code(address)) for person, address in slips],
        }
        response = render(request, "diagnostics/links_sheet.html", context)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response


def qr_code(address: str) -> SafeString:
    """The address as a picture drawn in the page, black on white in every look."""
    picture = segno.make(address, error="m").svg_inline(border=3, light="#fff", omitsize=True)
    return mark_safe(picture)  # made of our own address by the library, no words of people in it
