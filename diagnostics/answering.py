"""A sheet of answers on its way: which link opened it, what is asked, what is answered so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from diagnostics.models import (
    Anonymity,
    Audience,
    Campaign,
    Draft,
    Invitation,
    InvitationKey,
    Item,
    Section,
    SentKey,
    YearsBand,
)
from diagnostics.sealing import draft_hash, link_hash, personal_secret, seal, sent_hash, unseal
from network.models import Category, Employment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from network.models import Person

# Fewer scale answers alike than this are no sign of carelessness.
STRAIGHTLINED_FROM = 10
# What an audience can be asked about itself.
PASSPORT_OF = {
    Audience.TEACHERS: ("organisation", "subject", "category", "years"),
    Audience.HEADS: ("organisation", "years"),
    Audience.PUPILS: ("organisation",),
    Audience.PARENTS: ("organisation",),
}


@dataclass
class Sheet:
    """One respondent's sheet. The draft is kept under and enciphered with `secret` ("" before it begins).

    By an open or a printed link the sheet is the browser's: others who have the link learn nothing of it.
    """

    campaign: Campaign
    token: str
    secret: str
    invitation: Invitation | None = None
    printed: bool = False
    answers: dict[str, Any] = field(default_factory=dict)
    passport: dict[str, str] = field(default_factory=dict)
    begun: bool = False

    @property
    def person(self) -> Person | None:
        return self.invitation.person if self.invitation else None

    @property
    def is_of_browser(self) -> bool:
        return self.invitation is None or self.printed

    @property
    def is_sent(self) -> bool:
        """Whether this link (or this browser) has sent its answers; asked afresh each time."""
        if self.invitation is not None and not self.printed:
            return Invitation.objects.filter(pk=self.invitation.pk, participated=True).exists()
        return bool(self.secret) and SentKey.objects.filter(key_hash=sent_hash(self.secret)).exists()

    @cached_property
    def sections(self) -> list[Section]:
        return sections_with_items(self.campaign.questionnaire_id)

    @cached_property
    def items(self) -> list[Item]:
        return [item for section in self.sections for item in section.items.all()]

    @cached_property
    def known(self) -> dict[str, Any]:
        """Groups known from the employment; nothing of an anonymous respondent is taken from the person."""
        if self.campaign.is_anonymous or self.invitation is None or self.person is None:
            return {}
        place = (
            Employment.objects.in_force()
            .filter(person=self.person, organisation=self.invitation.organisation_id)
            .select_related("subject")
            .order_by("-starts_on", "pk")
            .first()
        )
        known = {
            "organisation": self.invitation.organisation_id,
            "subject": place.subject.name if place and place.subject else "",
            "category": self.person.category if self.person.category != Category.NONE else "",
            "years": YearsBand.of(self.person.years_of_service),
        }
        return {name: value for name, value in known.items() if value}

    @cached_property
    def asked(self) -> list[str]:
        """What the respondent is asked about themselves: only what is compared and not known."""
        compared = {name: getattr(self.campaign, f"by_{name}") for name in PASSPORT_OF[Audience.TEACHERS]}
        audience = Audience(self.campaign.questionnaire.audience)
        return [name for name in PASSPORT_OF[audience] if compared[name] and name not in self.known]

    @property
    def is_answered(self) -> bool:
        return not self.unanswered

    @property
    def unanswered(self) -> list[tuple[int, Item]]:
        """Required items without an answer, with the number of their topic from 1."""
        return [
            (number, item)
            for number, section in enumerate(self.sections, 1)
            for item in section.items.all()
            if item.required and item.code not in self.answers
        ]

    def minutes_left(self, topic: int) -> int:
        """Minutes for the topics from this one on, by the questionnaire's own estimate and the items left."""
        left = sum(len(section.items.all()) for section in self.sections[topic - 1 :])
        return max(1, round(self.campaign.questionnaire.minutes * left / max(1, len(self.items))))

    def resume_at(self) -> int:
        """Number of the first topic with an unanswered required item, else of the last."""
        return self.unanswered[0][0] if self.unanswered else len(self.sections)

    def ordered_answers(self) -> dict[str, Any]:
        """Answers in the order of the questionnaire, not in that of answering."""
        codes = [code for item in self.items for code in (item.code, text_key(item.code))]
        return {code: self.answers[code] for code in codes if code in self.answers}

    def groups(self) -> dict[str, Any]:
        """Fields of the response that say which groups the respondent belongs to."""
        compared = {name: getattr(self.campaign, f"by_{name}") for name in PASSPORT_OF[Audience.TEACHERS]}
        told = {name: self.passport.get(name, "") for name in self.asked}
        both = {name: value for name, value in {**told, **self.known}.items() if compared[name] and value}
        organisation = both.pop("organisation", None)
        return {"organisation_id": int(organisation) if organisation else None, **both}

    def is_straightlined(self) -> bool:
        """One and the same answer to every scale item, at least ten of them."""
        return is_straightlined(
            [self.answers[i.code] for i in self.items if i.kind == Item.Kind.SCALE and i.code in self.answers]
        )

    def load(self) -> None:
        """Read the draft, if there is one."""
        draft = self.secret and Draft.objects.filter(key_hash=draft_hash(self.secret)).first()
        if draft:
            kept = unseal(self.secret, draft.sealed)
            self.answers, self.passport = kept.get("answers", {}), kept.get("passport", {})
            self.begun = True

    def keep(self, codes: list[str], answers: dict[str, Any], passport: dict[str, str] | None = None) -> None:
        """Keep the answers of one page; those of other pages stay as they are, whichever tab wrote them."""
        with transaction.atomic():
            row = Draft.objects.select_for_update().filter(key_hash=draft_hash(self.secret)).first()
            kept = unseal(self.secret, row.sealed) if row else {}
            others = {code: value for code, value in kept.get("answers", {}).items() if code not in codes}
            self.answers = {**others, **answers}
            self.passport = kept.get("passport", {}) if passport is None else passport
            sealed = seal(self.secret, {"answers": self.answers, "passport": self.passport})
            Draft.objects.update_or_create(
                key_hash=draft_hash(self.secret), defaults={"campaign": self.campaign, "sealed": sealed}
            )
        self.begun = True


def find_sheet(token: str, cookies: Mapping[str, str] | None = None) -> Sheet | None:
    """The sheet that a link opens, with its draft; None for a link that leads nowhere.

    `cookies` of the browser hold its own half of an open or a printed link.
    """
    cookies = cookies or {}
    campaigns = Campaign.objects.exclude(state=Campaign.State.DRAFT).select_related(
        "municipality", "questionnaire", "feedback__event"
    )
    key = InvitationKey.objects.filter(key_hash=link_hash(token)).select_related("invitation__person").first()
    if key is not None:
        campaign = campaigns.filter(pk=key.invitation.campaign_id).first()
        if campaign is None:
            return None
        secret = _personal_secret(campaign, key, token, cookies)
        sheet = Sheet(campaign, token, secret, key.invitation, key.printed)
    else:
        campaign = campaigns.filter(open_link=True, open_token=token).first()
        if campaign is None:
            return None
        sheet = Sheet(campaign, token, cookies.get(cookie_name(campaign), ""))
    sheet.load()
    return sheet


def _personal_secret(campaign: Campaign, key: InvitationKey, token: str, cookies: Mapping[str, str]) -> str:
    if key.printed:
        # Several people may answer on one device: each has a sheet of their own in it.
        own = cookies.get(cookie_name(campaign, printed=True), "")
        return f"{own}:{key.invitation_id}" if own else ""
    return token if campaign.is_anonymous else personal_secret(key.invitation_id)


def cookie_name(campaign: Campaign, *, printed: bool = False) -> str:
    """Where a browser keeps its secret of a campaign (of printed links one of its own)."""
    return f"survey-{campaign.pk}-paper" if printed else f"survey-{campaign.pk}"


def sections_with_items(questionnaire_id: int) -> list[Section]:
    """Topics of a questionnaire with all that is needed to show their items, in a fixed number of queries."""
    return list(
        Section.objects.filter(questionnaire=questionnaire_id)
        .prefetch_related("items__options", "items__scale__options", "items__direction")
        .order_by("position", "pk")
    )


def is_straightlined(values: list[Any]) -> bool:
    """Whether all scale answers of a sheet are one and the same, and not too few to tell."""
    return len(values) >= STRAIGHTLINED_FROM and len(set(values)) == 1


def text_key(code: str) -> str:
    """Under which the words of «другое» are kept beside the answer."""
    return f"{code}:text"


def anonymity_words(anonymity: str) -> str:
    """What the respondent is told, in plain words."""
    return {
        Anonymity.ANONYMOUS: (
            "Анонимно: ответы хранятся без имени и без времени, и ничто в портале не ведёт от них к вам. "
            "Отмечается только сам факт участия."
        ),
        Anonymity.CONFIDENTIAL: (
            "Конфиденциально: ваши ответы увидите только вы. "
            "Методисты и руководители видят сводные цифры по группам. Портал может сам прислать вам приглашение "
            "на событие по теме, которая вам трудна; кому оно отправлено, не видит никто."
        ),
        Anonymity.NAMED: (
            "С именем: ваши ответы увидят методисты муниципалитета, чтобы предложить помощь лично."
        ),
    }[Anonymity(anonymity)]


def promise(campaign: Campaign) -> str:
    """What the respondent is told about who reads the answers."""
    if not campaign.is_feedback:
        return anonymity_words(campaign.anonymity)
    if campaign.is_anonymous:
        return (
            f"{anonymity_words(campaign.anonymity)} Сводные цифры и слова, написанные вами, увидят те, кто проводил "
            "событие, методисты и управление образования."
        )
    return (
        "Конфиденциально: с вашим именем ответы откроются только вам. Сводные цифры и слова без имени увидят те, кто "
        "проводил событие, методисты и управление образования."
    )


def today_accepts(campaign: Campaign) -> str:
    """«open», «early» or «closed»."""
    if campaign.accepts_answers:
        return "open"
    early = campaign.state == Campaign.State.RUNNING and campaign.opens_on > timezone.localdate()
    return "early" if early else "closed"
