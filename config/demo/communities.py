"""Communities of the demo: fourteen over two years, with members, news, talks, reports and changes by order."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from django.db import transaction
from django.utils import timezone

from communities.actions import changes, membership
from communities.actions.founding import found_community
from communities.models import (
    ChangeKind,
    Community,
    CommunityNews,
    CommunityReport,
    MemberRole,
    Post,
    Subscription,
    Topic,
)
from communities.terms import lapse
from config.demo import community_words as words
from core.models import Letter
from core.school_year import SchoolYear
from network.models import Direction, Employment, Municipality, Order, Person, Role
from network.orders import NewAnnex, prepare_order, register_order

OF_KIND = {
    "subject_association": "районного методического объединения",
    "pedagogical": "педагогического сообщества",
    "cross_functional": "кроссфункциональной команды",
    "working_group": "рабочей группы",
    "young_club": "клуба молодых педагогов",
    "permanent_seminar": "постоянно действующего семинара",
    "pupils_project": "сетевого проекта для обучающихся",
}
CLOSED, LAPSED = "Рабочая группа по формирующему оцениванию", "Беречь себя: как не выгореть"
# Fewer people than this do not make fourteen communities.
ENOUGH = 100


@transaction.atomic
def make_communities(municipality: Municipality, accounts: dict[str, Person], rng: random.Random) -> None:
    """Communities through the doors people use; what they wrote is put in many rows at once."""
    pool = _pedagogues(municipality)
    if len(pool) < ENOUGH:
        return
    made = [
        _found(municipality, accounts, told, number, pool, rng)
        for number, told in enumerate(words.COMMUNITIES)
    ]
    _write_news(made, rng)
    _write_talks(made, accounts, rng)
    _hand_reports(made, rng)
    _change_some(made, accounts, pool, rng)
    # Everybody in the demo knows already; nobody wants its letters.
    Letter.objects.filter(key__startswith="membership:").delete()
    Letter.objects.filter(key__regex=r"^(change|join|community_lapsed):").delete()


def _pedagogues(municipality: Municipality) -> list[Employment]:
    jobs = Employment.objects.in_force().filter(organisation__municipality=municipality, role=Role.TEACHER)
    return list(jobs.select_related("person", "organisation", "subject").order_by("pk"))


def _found(
    municipality: Municipality,
    accounts: dict[str, Person],
    told: words.Told,
    number: int,
    pool: list[Employment],
    rng: random.Random,
) -> Community:
    year = SchoolYear(SchoolYear.current().start + told.begun)
    day = min(year.starts_on + dt.timedelta(days=5 + number), timezone.localdate() - dt.timedelta(days=3))
    jobs = _team(told, number, accounts, pool, rng)
    order = _order(municipality, accounts["official"], told, number, day, jobs)
    return found_community(
        order=order,
        municipality=municipality,
        kind=told.kind,
        title=told.title,
        goal=told.goal,
        direction=Direction.objects.get(code=told.direction),
        starts_on=day,
        ends_on=dt.date(year.start + told.years, 8, 31) if told.years else None,
        leader=jobs[0].person,
        members=[(job.person, job.organisation) for job in jobs],
        by=None,
    )


def _team(
    told: words.Told, number: int, accounts: dict[str, Person], pool: list[Employment], rng: random.Random
) -> list[Employment]:
    """People of different organisations; the demo teacher leads one community and belongs to two more."""
    fitting = [job for job in pool if not told.subject or (job.subject and job.subject.name == told.subject)]
    if told.kind == "young_club":
        fitting = [job for job in pool if job.person.is_early_career]
    if len(fitting) < 3:
        fitting = pool
    others = [job for job in fitting if job.person != accounts["teacher"]]
    chosen = rng.sample(others, min(told.size, len(others)))
    if number in (0, 5, 6):
        own = next(job for job in pool if job.person == accounts["teacher"])
        chosen.insert(0 if number == 5 else 1, own)
    return chosen


def _order(
    municipality: Municipality,
    official: Person,
    told: words.Told,
    number: int,
    day: dt.date,
    jobs: list[Employment],
) -> Order:
    rows = [
        [str(i), job.person.get_full_name(), job.organisation.short_name] for i, job in enumerate(jobs, 1)
    ]
    draft = prepare_order(
        municipality=municipality,
        purpose="",
        heading=f"О создании {OF_KIND[told.kind]} «{told.title}»",
        preamble="В целях методической поддержки педагогов и по итогам рассмотрения заявления",
        clauses=[
            f"Создать «{told.title}» с {day:%d.%m.%Y}.",
            "Утвердить состав согласно приложению.",
            "Контроль за исполнением оставляю за собой.",
        ],
        annexes=[NewAnnex("Состав сообщества", ["№", "Фамилия, имя, отчество", "Организация"], rows, True)],
        by=official,
    )
    return register_order(order=draft, number=f"{301 + number * 7}-од", date=day, by=official)


def _write_news(made: list[Community], rng: random.Random) -> None:
    rows = []
    for community in made:
        community.about, community.results = rng.choice(words.ABOUT), rng.choice(words.RESULTS)
        leader = community.leader
        for back, (title, text) in enumerate(rng.sample(words.NEWS, rng.randint(1, 3))):
            at = timezone.now() - dt.timedelta(
                days=4 + back * 30 + rng.randint(0, 20), hours=rng.randint(0, 8)
            )
            item = CommunityNews(
                community=community, title=title, text=text.format(n=rng.randint(9, 22)), author=leader.person
            )
            item.published_at = max(at, _moment(community.starts_on))
            rows.append(item)
    Community.objects.bulk_update(made, ["about", "results"])
    CommunityNews.objects.bulk_create(rows)


def _moment(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(15, 30)))


def _write_talks(made: list[Community], accounts: dict[str, Person], rng: random.Random) -> None:
    """Topics of four or five communities a head, the rest one or two; the leader's follow their topics."""
    topics: list[tuple[Topic, list[Post]]] = []
    for community in made:
        members = [row.person for row in community.memberships.select_related("person").order_by("pk")]
        for title, is_public, texts in rng.sample(words.TOPICS, rng.randint(1, 4)):
            at = _moment(timezone.localdate() - dt.timedelta(days=rng.randint(6, 40)))
            authors = rng.sample(members, min(len(texts), len(members)))
            topic = Topic(community=community, title=title, is_public=is_public, author=authors[0])
            topic.created_at = at
            posts = []
            for text, author in zip(texts, authors, strict=False):
                posts.append(Post(topic=topic, author=author, text=text, created_at=at))
                topic.last_post_at = at
                at += dt.timedelta(days=rng.randint(0, 1), minutes=rng.randint(12, 95))
            topics.append((topic, posts))
    Topic.objects.bulk_create([topic for topic, _ in topics])
    Post.objects.bulk_create([post for _, posts in topics for post in posts])
    Subscription.objects.bulk_create(
        Subscription(person=row.person, community=community)
        for community in made
        for row in community.memberships.filter(role=MemberRole.LEADER).select_related("person")
    )


def _hand_reports(made: list[Community], rng: random.Random) -> None:
    """Last year's reports, most of them."""
    last = SchoolYear.current().previous
    rows = []
    for number, community in enumerate(made):
        if community.starts_on <= last.ends_on and number % 4 != 2:
            text = words.REPORT.format(n=rng.randint(5, 9), m=rng.randint(2, 8))
            at = _moment(dt.date(last.start + 1, 6, rng.randint(1, 14)))
            rows.append(
                CommunityReport(
                    community=community,
                    year=last.start,
                    text=text,
                    handed_by=community.leader.person,
                    handed_at=at,
                )
            )
    CommunityReport.objects.bulk_create(rows)


def _change_some(
    made: list[Community], accounts: dict[str, Person], pool: list[Employment], rng: random.Random
) -> None:
    """One closed by order, one lapsed, one with a new leader, requests that wait."""
    by_title = {community.title: community for community in made}
    closed, lapsed = by_title[CLOSED], by_title[LAPSED]
    _by_order(closed, accounts, "Памятка выпущена, задача решена", "715-од", kind=ChangeKind.CLOSING)
    lapse(lapsed)
    changed = made[2]
    successor = changed.memberships.exclude(role=MemberRole.LEADER).select_related("person").first()
    _by_order(
        changed, accounts, "Прежний руководитель перешёл на другую работу", "688-од",
        kind=ChangeKind.LEADER, new_leader=successor.person,
    )  # fmt: skip
    extension = {"kind": ChangeKind.EXTENSION, "reason": "Начатое нужно довести до конца"}
    ends_on = SchoolYear.current().next.ends_on
    changes.ask_change(community=lapsed, by=lapsed.leader.person, new_ends_on=ends_on, **extension)
    for community, reason in zip((made[5], made[5], made[7]), words.REASONS, strict=True):
        inside = set(community.memberships.values_list("person", flat=True))
        asked = set(community.join_requests.values_list("person", flat=True))
        free = [job for job in pool if job.person_id not in inside | asked]
        job = rng.choice(free)
        membership.ask_to_join(
            community=community, organisation=job.organisation, reason=reason, by=job.person
        )


def _by_order(
    community: Community, accounts: dict[str, Person], reason: str, number: str, **asked: Any
) -> None:
    official = accounts["official"]
    change = changes.ask_change(community=community, reason=reason, by=community.leader.person, **asked)
    draft = changes.prepare_change_order(change=change, by=official)
    register_order(order=draft, number=number, date=timezone.localdate() - dt.timedelta(days=9), by=official)
