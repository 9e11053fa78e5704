from tests.access import EVERYONE, HEAD_AND_MANAGERS, MANAGERS, PUBLIC, SIGNED_IN, rule


def organisation(world, place):
    return {"key": place.organisation.key}


def teacher(world, place):
    """A teacher of the place, not the one who asks."""
    from network.models import Role
    from tests.factories.network import employ

    return {"pk": employ(Role.TEACHER, place.organisation).pk}


def job_of_teacher(world, place):
    return {"pk": place.teacher.employments.get().pk}


# Everybody sees an organisation, so without the right it is 403; a person who shows no page is 404.
ORGANISATION_KEEPERS = HEAD_AND_MANAGERS.at(organisation).seen(own=EVERYONE, near=EVERYONE, far=EVERYONE)
PERSON_KEEPERS = HEAD_AND_MANAGERS.at(teacher)
STAFF_KEEPERS = rule(own="head methodist official")

ACCESS = {
    "network:organisations": PUBLIC,
    "network:organisation-new": rule(own="methodist official").posts(),
    "network:organisation-import": rule(own="methodist official").posts(),
    "network:organisation": PUBLIC.at(organisation),
    "network:organisation-edit": ORGANISATION_KEEPERS.posts(),
    "network:organisation-history": ORGANISATION_KEEPERS,
    "network:map": PUBLIC,
    "network:resource-centres": PUBLIC,
    "network:documents": PUBLIC,
    "network:staff": STAFF_KEEPERS,
    "network:staff-import": STAFF_KEEPERS.posts(),
    "network:employment-new": STAFF_KEEPERS.posts(),
    "network:person": PERSON_KEEPERS.public(),
    "network:person-edit": PERSON_KEEPERS.posts(),
    "network:person-history": PERSON_KEEPERS,
    "network:invite": PERSON_KEEPERS.posts(),
    # A head of the place sees the person, but an account is closed by those who manage the municipality.
    "network:person-close": MANAGERS.at(teacher).seen(own="head").posts(),
    "network:person-open": MANAGERS.at(teacher).seen(own="head").posts(),
    # The teacher sees the own place of work.
    "network:employment-end": HEAD_AND_MANAGERS.at(job_of_teacher).seen(own="teacher").posts(),
    "consent": PUBLIC,
    "consent-record": SIGNED_IN.posts(only=True),
    # Whom a real picture is shown to: tests/network/test_pictures.py.
    "picture": PUBLIC.at(lambda world, place: {"shelf": "people", "name": "none.jpg"}).answers(404),
}
