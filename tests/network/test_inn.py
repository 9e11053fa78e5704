import pytest
from django.core.exceptions import ValidationError

from network.inn import inn_is_valid, ogrn_is_valid, validate_inn
from tests.factories.network import inn


@pytest.mark.parametrize("number", [0, 7, 123456])
def test_inn_with_one_digit_changed_is_not_valid(number):
    right = inn(number)
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)

    assert inn_is_valid(right)
    assert not inn_is_valid(wrong)


@pytest.mark.parametrize("text", ["", "123", "26000000000", "２６０００００００９"])
def test_inn_of_other_length_or_digits_is_refused(text):
    assert not inn_is_valid(text)
    with pytest.raises(ValidationError, match="10 цифр"):
        validate_inn(text)


def test_ogrn_control_digit_is_checked():
    assert ogrn_is_valid("1027700132195")
    assert not ogrn_is_valid("1027700132194")


def test_world_has_a_person_of_every_role(world):
    assert world.methodist.rights.methodist_in == {world.municipality.pk}
    assert world.head.rights.head_of == {world.school.pk}
    assert world.admin.rights.is_admin
