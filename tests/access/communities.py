from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from communities.models import Attachment
from tests.access import EMPLOYEES, EVERYONE, MANAGERS, NEIGHBOURS, PUBLIC, SIGNED_IN, Rule, rule
from tests.factories import communities as make
from tests.world import Place, World

# A community of a place is led by its head, its teacher is a member: at `own` these are the roles of the table.
STAFF = "teacher head expert methodist official"
ALL = {"own": EVERYONE, "near": EVERYONE, "far": EVERYONE}
INSIDE = rule(own="teacher head methodist official", near="methodist official")
KEEPERS = rule(own="head methodist", near="methodist")


def community(world: World, place: Place) -> dict[str, Any]:
    return {"community": make.community_at(place).pk}


def card(world: World, place: Place) -> dict[str, Any]:
    return {"pk": make.community_at(place).pk}


def of(part: Any) -> Any:
    """A record of a community of the place: the keys of its address."""

    def maker(world: World, place: Place) -> dict[str, Any]:
        one = make.community_at(place)
        return {"community": one.pk, "pk": part(one, world, place).pk}

    return maker


def membership(one: Any, world: World, place: Place) -> Any:
    return one.memberships.get(person=place.teacher)


def request(one: Any, world: World, place: Place) -> Any:
    return make.join_request(one)


def own_request(one: Any, world: World, place: Place) -> Any:
    """Of the expert, who works at the place where the table asks for `own`."""
    if place is world.far:
        return make.join_request(one)
    return make.join_request(one, type(world.expert).objects.get(pk=world.expert.pk))


def topic(one: Any, world: World, place: Place) -> Any:
    return make.topic_in(one, by=place.teacher)


def public_topic(one: Any, world: World, place: Place) -> Any:
    return make.topic_in(one, by=place.teacher, is_public=True)


def post(one: Any, world: World, place: Place) -> Any:
    return topic(one, world, place).posts.get()


def hidden_post(one: Any, world: World, place: Place) -> Any:
    first = post(one, world, place)
    return make.discussion.hide_post(post=first, reason="Не по теме.", by=place.head)


def public_post(one: Any, world: World, place: Place) -> Any:
    return public_topic(one, world, place).posts.get()


def attachment(world: World, place: Place) -> dict[str, Any]:
    first = public_post(make.community_at(place), world, place)
    row = Attachment(post=first, filename="план.pdf", size=8)
    row.file.save("план.pdf", ContentFile(b"%PDF-1.7"))
    return {"pk": row.pk}


def change(one: Any, world: World, place: Place) -> Any:
    return make.extension(one)


def news(one: Any, world: World, place: Place) -> Any:
    return make.news_of(one)


def report(one: Any, world: World, place: Place) -> Any:
    return make.report_of(one)


def report_with_file(one: Any, world: World, place: Place) -> Any:
    row = make.report_of(one, filename="отчёт.pdf")
    row.file.save("отчёт.pdf", ContentFile(b"%PDF-1.7"))
    return row


def shown(where: Rule) -> dict[str, str]:
    """Those who see the record: the same as may do something with it."""
    return {place: " ".join(roles) for place, roles in where.may.items()}


TALKERS = rule(own="teacher head methodist", near="methodist")
SEE_REQUEST = shown(KEEPERS)

ACCESS = {
    "communities:communities": PUBLIC,
    "communities:materials": PUBLIC,
    "communities:board": rule(**dict.fromkeys(("own", "near", "far"), "methodist official")),
    "communities:subscriptions": SIGNED_IN,
    "communities:attachment": PUBLIC.at(attachment).public(),
    "communities:community": PUBLIC.at(card).public(),
    "communities:edit": KEEPERS.at(card).posts().seen(**ALL),
    "communities:leave": rule(own="teacher head", admin=False).at(card).posts().seen(**ALL),
    "communities:join": rule(own=STAFF, near=STAFF).at(community).posts().seen(**ALL),
    "communities:members": NEIGHBOURS.at(community).seen(**ALL),
    "communities:duty": KEEPERS.at(of(membership)).posts().seen(own=EMPLOYEES, near=EMPLOYEES),
    "communities:departure": KEEPERS.at(of(membership)).posts().seen(own=EMPLOYEES, near=EMPLOYEES),
    "communities:join-request": KEEPERS.at(of(request)).posts(),
    "communities:join-withdrawal": rule(own="expert", near="expert")
    .at(of(own_request))
    .posts()
    .seen(**SEE_REQUEST),
    "communities:news": PUBLIC.at(community).public(),
    "communities:news-new": KEEPERS.at(community).posts().seen(**ALL),
    "communities:news-edit": KEEPERS.at(of(news)).posts().seen(**ALL),
    "communities:news-removal": KEEPERS.at(of(news)).posts().seen(**ALL),
    "communities:report-new": KEEPERS.at(community).posts().seen(**ALL),
    "communities:report": INSIDE.at(of(report)),
    "communities:report-edit": KEEPERS.at(of(report)).posts().seen(**shown(INSIDE)),
    "communities:report-file": INSIDE.at(of(report_with_file)),
    "communities:change-new": rule(own="head methodist official", near="methodist official")
    .at(community, "kind=closing")
    .posts()
    .seen(**ALL),
    "communities:change": INSIDE.at(of(change)),
    "communities:change-order": MANAGERS.at(of(change)).posts().seen(**shown(INSIDE)),
    "communities:change-refusal": rule(own="head official", near="official")
    .at(of(change))
    .posts()
    .seen(**shown(INSIDE)),
    "communities:follow": SIGNED_IN.at(community).posts(only=True),
    "communities:topics": PUBLIC.at(community).public(),
    "communities:topic-new": TALKERS.at(community).posts().seen(**ALL),
    "communities:topic": PUBLIC.at(of(public_topic)).public(),
    "communities:topic-reply": TALKERS.at(of(public_topic)).posts().seen(**ALL),
    "communities:topic-edit": KEEPERS.at(of(topic)).posts().seen(**shown(TALKERS)),
    "communities:topic-follow": TALKERS.at(of(topic)).posts(only=True),
    "communities:post": PUBLIC.at(of(public_post)).public(),
    "communities:post-edit": rule(own="teacher", admin=True).at(of(post)).posts().seen(**shown(TALKERS)),
    "communities:post-hiding": TALKERS.at(of(post)).posts().seen(**shown(TALKERS)),
    "communities:post-showing": KEEPERS.at(of(hidden_post)).posts().seen(**shown(TALKERS)),
}
