"""Pages of one shape, and the guards that watch over every template."""

import pytest
from django import forms
from django.template import Context, engines
from django.urls import reverse

from core.natural import natural_key
from core.pages.filters import drawn_once
from network.models import Organisation
from tests.factories.network import OrganisationFactory
from tests.guards import UnknownTemplateVariable

# The list


def test_list_fetches_its_rows_once(client, db, django_assert_num_queries, django_assert_max_num_queries):
    OrganisationFactory.create_batch(3)

    with django_assert_max_num_queries(10) as queries:
        client.get(reverse("network:organisations"))

    rows = [query for query in queries.captured_queries if "LIMIT 30" in query["sql"]]
    counts = [
        query
        for query in queries.captured_queries
        if "COUNT(*)" in query["sql"] and "network_organisation" in query["sql"]
    ]
    assert len(rows) <= 1
    assert len(counts) == 1


def test_pages_keep_the_filter_and_an_unknown_page_is_the_nearest(client, db):
    OrganisationFactory.create_batch(31, municipality=OrganisationFactory().municipality)
    url = reverse("network:organisations")

    second = client.get(url, {"kind": "school", "page": 2})
    beyond = client.get(url, {"kind": "school", "page": 99})

    assert len(second.context["page_obj"].object_list) == 2
    assert beyond.context["page_obj"].number == 2
    assert "?kind=school&amp;page=1" in second.content.decode()


def test_list_is_sorted_by_the_column_asked_for(client, db):
    municipality = OrganisationFactory(short_name="Школа № 2").municipality
    OrganisationFactory(municipality=municipality, short_name="Школа № 10")

    page = client.get(reverse("network:organisations"), {"sort": "-short_name"})

    assert [row.record.short_name for row in page.context["table"].paginated_rows] == [
        "Школа № 10",
        "Школа № 2",
    ]


# Scope first


def test_unseen_is_not_found_and_seen_without_the_right_is_refused(world):
    hidden = OrganisationFactory(municipality=world.far.municipality, is_active=False)
    client = world.client("methodist")

    assert client.get(reverse("network:organisation-edit", args=[hidden.key])).status_code == 404
    refused = client.get(reverse("network:organisation-edit", args=[world.far.organisation.key]))
    assert refused.status_code == 403
    assert "нужны другие права" in refused.content.decode()


@pytest.mark.parametrize("key", ["0", "abc", "99999999999999999999", "1-2", "²"])
def test_odd_keys_are_not_found(client, db, key):
    assert client.get(f"/network/organisations/{key}/").status_code == 404


# Confirmation


def test_confirmation_says_what_happens_before_it_does_it(world):
    url = reverse("network:person-close", args=[world.teacher.pk])
    client = world.client("methodist")

    page = client.get(url).content.decode()
    world.teacher.refresh_from_db()

    assert "сразу выйдет на всех устройствах" in page
    assert world.teacher.is_active

    client.post(url)
    world.teacher.refresh_from_db()
    assert not world.teacher.is_active


# Order as people read it


def test_natural_order_counts_numbers_and_knows_yo():
    names = ["Школа № 10", "Школа № 9", "ёлочка", "Елань", "Жар"]

    assert sorted(names, key=natural_key) == ["Елань", "ёлочка", "Жар", "Школа № 9", "Школа № 10"]


def test_order_is_kept_by_every_way_of_saving(db):
    one, other = OrganisationFactory.build_batch(2, municipality=OrganisationFactory().municipality)
    one.short_name = "Школа № 7"
    Organisation.objects.bulk_create([one, other])
    other.short_name = "Лицей № 3"
    Organisation.objects.bulk_update([other], ["short_name"])

    keys = set(Organisation.objects.values_list("sort_key", flat=True))
    assert {"школа № 000007", "лицей № 000003"} <= keys


# Guards


def test_unknown_variable_in_our_template_fails_the_test(tmp_path, settings):
    engine = engines["django"].engine
    template = engine.from_string("{{ page.titel }}")
    template.origin.name = str(settings.BASE_DIR / "templates" / "new.html")
    for node in template.nodelist:
        node.origin = template.origin

    with pytest.raises(UnknownTemplateVariable, match=r"page\.titel"):
        template.render(Context({"page": {"title": "Сеть"}}))


class HiddenFilter(forms.Form):
    q = forms.CharField(required=False)
    organisation = forms.ModelChoiceField(
        Organisation.objects.all(), widget=forms.HiddenInput, required=False
    )


def test_hidden_choice_of_a_filter_reads_none_of_what_it_could_be(db, django_assert_num_queries):
    OrganisationFactory.create_batch(2)

    with django_assert_num_queries(0):
        drawn = drawn_once(HiddenFilter(initial={"organisation": 7}), lambda: "drawn")
        other = drawn_once(HiddenFilter(initial={"organisation": 8}), lambda: "drawn with the other value")

    assert (drawn, other) == ("drawn", "drawn with the other value")
