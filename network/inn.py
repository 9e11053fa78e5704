"""Control digits of INN and OGRN of organisations (приказ ФНС ЕД-7-14/559@; ОГРН: приказ Минфина 165н)."""

from django.core.exceptions import ValidationError

_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


def inn_is_valid(inn: str) -> bool:
    """Whether the text is the INN of an organisation: 10 digits, the last one by weights modulo 11 modulo 10."""
    if len(inn) != 10 or not (inn.isascii() and inn.isdigit()):
        return False
    return sum(w * int(d) for w, d in zip(_WEIGHTS, inn, strict=False)) % 11 % 10 == int(inn[9])


def ogrn_is_valid(ogrn: str) -> bool:
    """Whether the text is an OGRN: 13 digits, the last one is the rest of the first twelve modulo 11 modulo 10."""
    return len(ogrn) == 13 and ogrn.isascii() and ogrn.isdigit() and int(ogrn[:12]) % 11 % 10 == int(ogrn[12])


def validate_inn(value: str) -> None:
    if len(value) != 10 or not (value.isascii() and value.isdigit()):
        raise ValidationError("ИНН организации состоит из 10 цифр.")
    if not inn_is_valid(value):
        raise ValidationError("Контрольная цифра ИНН не сходится: проверьте, нет ли опечатки.")


def validate_ogrn(value: str) -> None:
    if not ogrn_is_valid(value):
        raise ValidationError("ОГРН состоит из 13 цифр, контрольная цифра должна сходиться.")
