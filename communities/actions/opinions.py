"""Opinions of experts: asked by a methodist until a day, given once, advising those who decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from communities.application_letters import letter
from communities.models import CommunityApplication, ExpertOpinion
from core.letters import queue_letters
from core.states import NotAllowed, WrongState
from network.models import Employment, Person, Role


def experts_for(application: CommunityApplication) -> list[Person]:
    """Experts of the municipality who are not concerned themselves and were not asked yet."""
    jobs = Employment.objects.in_force().filter(
        role=Role.EXPERT, organisation__municipality=application.municipality_id
    )
    concerned = {application.initiator_id, application.leader_id}
    concerned |= set(application.members.values_list("person", flat=True))
    concerned |= set(application.opinions.values_list("expert", flat=True))
    return list(Person.objects.filter(pk__in=jobs.values("person"), is_active=True).exclude(pk__in=concerned))


def _in_review(application: CommunityApplication, by: Person, permission: str) -> CommunityApplication:
    stored = CommunityApplication.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not by.has_perm(f"communities.{permission}_communityapplication", stored):
        raise NotAllowed("Мнения просит методист муниципалитета, даёт эксперт, которого спросили.")
    if stored.state != CommunityApplication.State.IN_REVIEW:
        raise WrongState(
            f"Заявление «{stored}» сейчас не на рассмотрении ({stored.get_state_display().lower()}): "
            "мнения уже не собирают."
        )
    return stored


@transaction.atomic
def ask_opinions(
    *, application: CommunityApplication, experts: Iterable[Person], due_on: dt.date, by: Person
) -> list[ExpertOpinion]:
    """Ask experts for an opinion until `due_on`; whom somebody has asked already is not asked again."""
    application = _in_review(application, by, "ask_opinion")
    free = {expert.pk for expert in experts_for(application)}
    asked = [
        ExpertOpinion.objects.create(application=application, expert=expert, asked_by=by, due_on=due_on)
        for expert in experts
        if expert.pk in free
    ]
    queue_letters(
        letter(
            application, opinion.expert, key=f"application-opinion:{opinion.pk}", path="opinion/",
            subject="Просим мнение эксперта", template="application_opinion_asked", due_on=due_on, asker=by,
        )
        for opinion in asked
        if opinion.expert.email
    )  # fmt: skip
    return asked


@transaction.atomic
def recall_opinion(*, application: CommunityApplication, opinion: int, by: Person) -> None:
    """Take back a request that was not answered; an opinion that was given stays. `opinion` is its key."""
    application = _in_review(application, by, "ask_opinion")
    row = application.opinions.filter(pk=opinion).first()
    if row is not None and row.given_at is not None:
        raise WrongState(f"{row.expert.initials}: мнение уже дано, оно остаётся при заявлении.")
    if row is not None:
        row.delete()


@transaction.atomic
def give_opinion(*, application: CommunityApplication, verdict: str, text: str, by: Person) -> ExpertOpinion:
    """Write one's opinion; it can be changed while the application is in review."""
    application = _in_review(application, by, "give_opinion")
    opinion = application.opinions.select_related("asked_by").filter(expert=by).first()
    if opinion is None:
        raise NotAllowed("Ваше мнение об этом заявлении не спрашивали.")
    opinion.verdict, opinion.text, opinion.given_at = verdict, text, timezone.now()
    opinion.save()
    if opinion.asked_by.email:
        told = letter(
            application, opinion.asked_by, key=f"application-opinion-given:{opinion.pk}",
            subject="Эксперт дал мнение", template="application_opinion_given", opinion=opinion,
        )  # fmt: skip
        queue_letters([told])
    return opinion
