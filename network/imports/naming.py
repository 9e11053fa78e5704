"""What the name of an organisation tells: its short form and its kind."""

from __future__ import annotations

import re

from network.models import OrganisationKind

# The first pattern found in the full name decides: «спортивная школа» before «школа», «начальная школа –
# детский сад» is a school.
_KINDS = [
    (
        OrganisationKind.AUTHORITY,
        r"(управлени|отдел|департамент|комитет|министерств)\w*( \w+){0,3} образовани",
    ),
    (
        OrganisationKind.METHODICAL_CENTRE,
        r"методическ\w+ (центр|кабинет|служб)|центр( \w+){0,3} (развития|обеспечения) образования|\b(имц|умц|умоц|гмц)\b",
    ),
    (
        OrganisationKind.ADDITIONAL,
        r"дополнительного образования|(дом|дворец|центр) \w*( \w+){0,4} ?(творчества|пионеров)|внешкольн"
        r"|спортивн\w+ школа|школа искусств|(музыкальн|художествен)\w+ школа|станция юных|\b(ддт|дюсш|сюн|сют)\b",
    ),
    (
        OrganisationKind.SCHOOL,
        r"\bшкол|гимнази|лице[йя]|кадетск|интернат|общеобразовательн|центр образования|\b(сош|оош|нош)\b",
    ),
    (OrganisationKind.KINDERGARTEN, r"детск\w+ сад|\bясли\b|дошкольн|\b(доу|мбдоу|мадоу|мкдоу)\b"),
    (OrganisationKind.COLLEGE, r"колледж|техникум|училищ|университет|институт|академи"),
    (OrganisationKind.CULTURE, r"библиотек|музе[йя]|дом культуры|театр|филармони|культур"),
    (OrganisationKind.HEALTH, r"больниц|поликлиник|медицин|здравоохранени"),
]
_KINDS_COMPILED = [(kind, re.compile(pattern)) for kind, pattern in _KINDS]

_WORDS_OF_KIND = {
    "школа": OrganisationKind.SCHOOL,
    "school": OrganisationKind.SCHOOL,
    "гимназия": OrganisationKind.SCHOOL,
    "gymnasium": OrganisationKind.SCHOOL,
    "лицей": OrganisationKind.SCHOOL,
    "lyceum": OrganisationKind.SCHOOL,
    "общеобразовательная организация": OrganisationKind.SCHOOL,
    "оо": OrganisationKind.SCHOOL,
    "доо": OrganisationKind.KINDERGARTEN,
    "доу": OrganisationKind.KINDERGARTEN,
    "дошкольная образовательная организация": OrganisationKind.KINDERGARTEN,
    "одо": OrganisationKind.ADDITIONAL,
    "удо": OrganisationKind.ADDITIONAL,
    "организация дополнительного образования": OrganisationKind.ADDITIONAL,
    "партнер": OrganisationKind.PARTNER,
    "другое": OrganisationKind.PARTNER,
}

_SHORT_AT_END = re.compile(r"\(([А-ЯЁ]{2,8}\b[^()]{0,240})\)\s*$")
_ABBREVIATIONS = [
    (r"муниципальн\w+ бюджетн\w+ ", "МБ"),
    (r"муниципальн\w+ автономн\w+ ", "МА"),
    (r"муниципальн\w+ каз[её]нн\w+ ", "МК"),
    (r"муниципальн\w+ ", "М"),
    (r"государственн\w+ бюджетн\w+ ", "ГБ"),
    (r"государственн\w+ каз[её]нн\w+ ", "ГК"),
    (r"государственн\w+ автономн\w+ ", "ГА"),
    (r"негосударственн\w+ ", "Н"),
]
_BODIES = [
    (r"дошкольн\w+ образовательн\w+ (учреждени|организаци)\w+", "ДОУ"),
    (r"(вечерн\w+ \(сменн\w+\) )?общеобразовательн\w+ (учреждени|организаци)\w+", "ОУ"),
    (r"(образовательн\w+ )?(учреждени|организаци)\w+ дополнительн\w+ образования( детей)?", "УДО"),
    (r"образовательн\w+ (учреждени|организаци)\w+", "ОУ"),
    (r"учреждени\w+", "У"),
]
_SCHOOLS = [
    (r"средн\w+ общеобразовательн\w+ школ\w+", "СОШ"),
    (r"основн\w+ общеобразовательн\w+ школ\w+", "ООШ"),
    (r"начальн\w+ общеобразовательн\w+ школ\w+", "НОШ"),
]


def kind_in_words(text: str) -> OrganisationKind | None:
    """The kind that a cell of a column «вид» names, None when it is none of ours."""
    word = " ".join(text.lower().replace("ё", "е").split())
    for value, label in OrganisationKind.choices:
        if word in (value, label):
            return OrganisationKind(value)
    return _WORDS_OF_KIND.get(word)


def kind_by_name(name: str) -> OrganisationKind:
    """The kind that the name speaks of; «другой партнёр» when it says nothing."""
    text = " ".join(re.sub(r"[«»\"“”„.,()-]", " ", name.lower().replace("ё", "е")).split())
    for kind, pattern in _KINDS_COMPILED:
        if pattern.search(text):
            return kind
    return OrganisationKind.PARTNER


def short_name(full: str) -> str:
    """«МБОУ СОШ № 3» from the full name: what stands in brackets at its end, else usual abbreviations."""
    if match := _SHORT_AT_END.search(full):
        return match.group(1).strip()[:250]
    text = full
    for prefix, letters in _ABBREVIATIONS:
        for body, rest in _BODIES:
            changed = re.sub(rf"^{prefix}{body}\b", letters + rest, text, flags=re.IGNORECASE)
            if changed != text:
                return _schools_short(changed)
    return _schools_short(text)


def _schools_short(text: str) -> str:
    for pattern, letters in _SCHOOLS:
        text = re.sub(pattern, letters, text, flags=re.IGNORECASE)
    return text[:250].strip()
