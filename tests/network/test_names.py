"""Names in cases: men and women, surnames that decline and that do not."""

from __future__ import annotations

import pytest

from network.models import Person
from network.names import in_case, initials_in_case

NAMES = {
    "Петрова Ирина Андреевна": (
        "Петровой Ирины Андреевны",
        "Петровой Ирине Андреевне",
        "Петрову Ирину Андреевну",
        "Петровой Ириной Андреевной",
    ),
    "Соколов Илья Кузьмич": (
        "Соколова Ильи Кузьмича",
        "Соколову Илье Кузьмичу",
        "Соколова Илью Кузьмича",
        "Соколовым Ильёй Кузьмичом",
    ),
    "Озёрный Пётр Ильич": (
        "Озёрного Петра Ильича",
        "Озёрному Петру Ильичу",
        "Озёрного Петра Ильича",
        "Озёрным Петром Ильичом",
    ),
    "Шевченко Любовь Игоревна": (
        "Шевченко Любови Игоревны",
        "Шевченко Любови Игоревне",
        "Шевченко Любовь Игоревну",
        "Шевченко Любовью Игоревной",
    ),
    "Черных Лев Львович": (
        "Черных Льва Львовича",
        "Черных Льву Львовичу",
        "Черных Льва Львовича",
        "Черных Львом Львовичем",
    ),
    "Салтыкова-Речная Софья Ильинична": (
        "Салтыковой-Речной Софьи Ильиничны",
        "Салтыковой-Речной Софье Ильиничне",
        "Салтыкову-Речную Софью Ильиничну",
        "Салтыковой-Речной Софьей Ильиничной",
    ),
    "Ким Айгуль": ("Ким Айгуль", "Ким Айгуль", "Ким Айгуль", "Ким Айгуль"),
    "Коваль Анна Львовна": (
        "Коваль Анны Львовны",
        "Коваль Анне Львовне",
        "Коваль Анну Львовну",
        "Коваль Анной Львовной",
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_full_name_in_every_case(name: str):
    cases = ("genitive", "dative", "accusative", "instrumental")

    assert tuple(in_case(name, case) for case in cases) == NAMES[name]


def test_person_and_initials():
    person = Person(last_name="Петрова", first_name="Ирина", patronymic="Андреевна")

    assert in_case(person, "accusative") == "Петрову Ирину Андреевну"
    assert initials_in_case(person, "dative") == "И. А. Петровой"
    assert initials_in_case("Соколов Илья", "instrumental") == "И. Соколовым"


@pytest.mark.parametrize("odd", ["", "Smith John", "Мамедов Рашид Али оглы", "Х", "Петрова  Ирина"])
def test_name_the_rules_do_not_know_is_not_lost(odd: str):
    declined = in_case(odd, "genitive")

    assert len(declined.split()) == len(odd.split())
