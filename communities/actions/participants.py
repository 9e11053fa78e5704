"""Who is to take part: listed by the initiator, asked when the application is handed in, free to say no."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from communities.application_letters import heads_of, letter
from communities.models import Answer, ApplicationMember, ApplicationOrganisation, CommunityApplication
from core.letters import queue_letters
from core.states import NotAllowed, WrongState
from network.models import Employment, Organisation, Person


def _open(application: CommunityApplication, by: Person) -> CommunityApplication:
    """The application under a lock, while its list may be changed by `by`."""
    stored = CommunityApplication.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not by.has_perm("communities.change_communityapplication", stored):
        raise NotAllowed("Состав меняет тот, кто написал заявление.")
    if not stored.is_open_to_change:
        raise WrongState(f"Заявление «{stored}» уже подано: состав сейчас не меняют.")
    return stored


def list_initiator(application: CommunityApplication, organisation: Organisation, by: Person) -> None:
    """The initiator is a member by writing; a head who writes has agreed for the organisation too."""
    now = timezone.now()
    said = {"answer": Answer.CONFIRMED, "asked_at": now, "answered_at": now}
    application.members.create(person=by, organisation=organisation, **said)
    agreed = said | {"answered_by": by} if organisation.pk in by.rights.head_of else {}
    application.organisations.create(organisation=organisation, **agreed)


@transaction.atomic
def add_person(*, application: CommunityApplication, job: Employment, by: Person) -> ApplicationMember:
    """List somebody who works in the municipality, and their organisation. Listed twice is listed once."""
    application = _open(application, by)
    if job.organisation.municipality_id != application.municipality_id or not job.person.is_active:
        raise WrongState(f"{job.person} не работает в этом муниципалитете.")
    oneself = {}
    if job.person_id == by.pk:
        now = timezone.now()
        oneself = {"answer": Answer.CONFIRMED, "asked_at": now, "answered_at": now}
    member, _ = application.members.get_or_create(
        person=job.person, defaults={"organisation": job.organisation, **oneself}
    )
    application.organisations.get_or_create(organisation=job.organisation)
    return member


@transaction.atomic
def add_organisation(
    *, application: CommunityApplication, organisation: Organisation, by: Person
) -> ApplicationOrganisation:
    """List an organisation of the municipality, with people of it or without."""
    application = _open(application, by)
    if organisation.municipality_id != application.municipality_id or not organisation.is_active:
        raise WrongState(f"{organisation} не входит в сеть этого муниципалитета.")
    row, _ = application.organisations.get_or_create(organisation=organisation)
    return row


@transaction.atomic
def remove_person(*, application: CommunityApplication, person: Person, by: Person) -> None:
    """Take somebody off the list; taken off already is fine. The leader is replaced first."""
    application = _open(application, by)
    if person.pk == application.leader_id:
        raise WrongState(f"{person} – руководитель: сначала назначьте руководителем другого участника.")
    application.members.filter(person=person).delete()


@transaction.atomic
def remove_organisation(*, application: CommunityApplication, organisation: Organisation, by: Person) -> None:
    """Take an organisation off the list. Raises WrongState while people of it are listed."""
    application = _open(application, by)
    if application.members.filter(organisation=organisation).exists():
        raise WrongState(f"В списке есть люди организации «{organisation}»: сначала уберите их.")
    application.organisations.filter(organisation=organisation).delete()


@transaction.atomic
def make_leader(*, application: CommunityApplication, person: Person, by: Person) -> CommunityApplication:
    """Name the leader, one of those listed who has not declined."""
    application = _open(application, by)
    member = application.members.filter(person=person).exclude(answer=Answer.DECLINED).first()
    if member is None:
        raise WrongState(f"{person} не числится среди участников или отказался.")
    application.leader = member.person
    application.save(update_fields=["leader", "updated_at"])
    return application


def ask_participants(application: CommunityApplication, *, by: Person) -> None:
    """Ask those who were listed since the last time: people for themselves, heads for their organisations."""
    now = timezone.now()
    members = list(application.members.filter(asked_at=None).select_related("person"))
    places = list(application.organisations.filter(asked_at=None).select_related("organisation"))
    application.members.filter(pk__in=[row.pk for row in members]).update(asked_at=now)
    application.organisations.filter(pk__in=[row.pk for row in places]).update(asked_at=now)
    letters = [
        letter(
            application, row.person, key=f"application-asked:{row.pk}", template="application_asked",
            subject="Вас зовут в сообщество", path="participation/", initiator=application.initiator,
        )
        for row in members
        if row.person.email and row.person != by
    ]  # fmt: skip
    heads = heads_of([row.organisation for row in places])
    letters += [
        letter(
            application, head, key=f"application-organisation-asked:{row.pk}:{head.pk}",
            template="application_organisation_asked", subject="Нужно согласие организации",
            path="participation/", organisation=row.organisation, initiator=application.initiator,
        )
        for row in places
        for head in heads.get(row.organisation_id, [])
        if head.email and head != by
    ]  # fmt: skip
    queue_letters(letters)


@transaction.atomic
def answer(
    *, application: CommunityApplication, agrees: bool, by: Person, organisation: Organisation | None = None
) -> ApplicationMember | ApplicationOrganisation:
    """Say yes or no, for oneself or (`organisation`) as its head; changed freely until the order is prepared.

    Raises NotAllowed for somebody who was not asked, WrongState when answers are no longer taken.
    """
    application = CommunityApplication.objects.select_for_update(of=("self",)).get(pk=application.pk)
    row: ApplicationMember | ApplicationOrganisation | None
    if organisation is None:
        row = application.members.asked().filter(person=by).first()
    else:
        mine = application.organisations.asked().filter(organisation__in=by.rights.head_of)
        row = mine.filter(organisation=organisation).first()
    if row is None:
        raise NotAllowed("Вас не спрашивали об участии в этом сообществе.")
    check_answers_are_taken(application)
    said = Answer.CONFIRMED if agrees else Answer.DECLINED
    if row.answer == said:
        return row
    row.answer, row.answered_at = said, timezone.now()
    if isinstance(row, ApplicationOrganisation):
        row.answered_by = by
    row.save()
    if not agrees:
        _tell_of_refusal(application, row, by)
    return row


def check_answers_are_taken(application: CommunityApplication) -> None:
    """Raises WrongState with the reason when the answers of participants can no longer change."""
    if not application.is_under_way:
        raise WrongState(
            f"По заявлению «{application}» уже не отвечают: {application.get_state_display().lower()}."
        )
    if application.order_id is not None:
        raise WrongState(
            "По заявлению уже готов проект акта с составом участников, ответ изменить нельзя. "
            "Из созданного сообщества можно выйти на его странице."
        )


def _tell_of_refusal(
    application: CommunityApplication, row: ApplicationMember | ApplicationOrganisation, by: Person
) -> None:
    initiator = application.initiator
    if not initiator.email or initiator == by:
        return
    told = letter(
        application,
        initiator,
        key=f"application-declined:{row._meta.model_name}:{row.pk}",
        subject="Отказ от участия",
        template="application_declined",
        who=str(row),
        needed=application.municipality.minimum_community_size,
        agreed=application.members.agreed().count(),
    )
    queue_letters([told])
