"""Past answers from a table: columns are questions, cells are answers of a scale or «no answer» codes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import IntegrityError
from django.urls import reverse

from core.imports import parsers
from core.imports.spec import BadValue, Fate, Field, ImportSpec, Outcome, Row, register
from core.imports.table import Cell, as_text
from core.imports.words import normal, same_name
from core.states import WrongState, move
from diagnostics.answering import is_straightlined
from diagnostics.models import Campaign, ImportedAnswers, Item, Response, ScaleOption, YearsBand
from diagnostics.tallies import scale_items, tally
from network.imports.staff_cells import category
from network.models import Municipality, Organisation, Subject

NO_ANSWER = "—"  # a cell that says there is no answer: read, and kept out of what is counted
_ITEM = "item:"


def years_band(cell: Cell) -> str:
    """A band from «7», «7 лет», «4–10 лет» or «больше 20»."""
    text = as_text(cell)
    for value, label in YearsBand.choices:
        if normal(text) in (normal(value), normal(label)):
            return value
    numbers = re.findall(r"\d+", text)
    if len(numbers) != 1 or int(numbers[0]) > 80:
        raise BadValue(f"«{text[:40]}»: нужно число лет или одно из: {', '.join(YearsBand.labels)}")
    return YearsBand.of(int(numbers[0]))


GROUPS = (
    Field(
        "organisation",
        "Организация",
        ("школа", "код школы", "оо", "учреждение", "место работы", "idschool", "school", "organisation"),
        parsers.text(120),
        "название, ИНН или код; чего нет в сети, остаётся группой со своим названием",
    ),
    Field("inn", "ИНН организации", ("инн", "inn"), parsers.digits),
    Field("subject", "Предмет", ("преподаваемый предмет", "subject"), parsers.text(120)),
    Field("category", "Категория", ("квалификационная категория", "category"), category),
    Field("years", "Стаж", ("педагогический стаж", "стаж лет", "years"), years_band, "полных лет"),
)


class _Answers:
    """Reads the answers of one scale: a code, a label, or the number of the answer in the scale's order."""

    def __init__(self, options: Sequence[ScaleOption], no_answer: set[str]) -> None:
        self.no_answer = no_answer
        self.labels = ", ".join(f"{option.code} «{option.label}»" for option in options)
        self.codes = {normal(option.label): option.code for option in options}
        if not any(option.code.isdigit() for option in options):
            self.codes |= {str(number): option.code for number, option in enumerate(options, 1)}
        self.codes |= {normal(option.code): option.code for option in options}

    def __call__(self, cell: Cell) -> str:
        text = normal(as_text(cell))
        if text in self.no_answer:
            return NO_ANSWER
        if text in self.codes:
            return self.codes[text]
        raise BadValue(
            f"«{as_text(cell)[:40]}»: в шкале есть {self.labels}. "
            "Если так обозначено отсутствие ответа, назовите это значение при загрузке."
        )


def no_answer_codes(text: str) -> set[str]:
    """«6, 7; 9» as codes."""
    return {normal(part) for part in re.split(r"[,;\s]+", text) if part.strip()}


@register
class ResponsesImport(ImportSpec):
    """`params`: campaign (id), no_answer (text with codes), sha256 and name of the file."""

    kind = "diagnostics.responses"
    title = "Загрузка прошлых ответов"
    section = "diagnostics"
    noun = "анкета,анкеты,анкет"
    fields: ClassVar[tuple[Field, ...]] = GROUPS

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.campaign = Campaign.objects.select_related("questionnaire", "municipality").get(
            pk=params["campaign"]
        )
        self.items = scale_items(self.campaign)
        codes = no_answer_codes(params.get("no_answer", ""))
        questions = tuple(
            Field(_ITEM + item.code, item.text[:120], (item.code,), _Answers(_options(item), codes))
            for item in self.items
        )
        self.fields = (*GROUPS, *questions)  # type: ignore[misc]

    def allows(self, person: Any) -> bool:
        return person.has_perm("diagnostics.import_campaign", self.campaign)

    def where(self) -> str:
        return str(self.campaign)

    def start_url(self) -> str:
        return reverse("diagnostics:answers-import", args=[self.campaign.pk])

    def result_url(self) -> str:
        return reverse("diagnostics:map", args=[self.campaign.pk])

    def missing(self, columns: dict[str, int]) -> list[str]:
        return [] if any(name.startswith(_ITEM) for name in columns) else ["хотя бы один вопрос анкеты"]

    def judge(self, rows: list[Row], *, lock: bool) -> list[Outcome]:
        if lock:
            locked = Campaign.objects.select_for_update(of=("self",))
            self.campaign = locked.select_related("questionnaire", "municipality").get(pk=self.campaign.pk)
        refusal = why_not(self.campaign, self.params.get("sha256", ""))
        self._places = _Places(self.campaign.municipality)
        self._subjects = {name.lower(): name for name in Subject.objects.values_list("name", flat=True)}
        return [self._outcome(row, refusal) for row in rows]

    def _outcome(self, row: Row, refusal: str) -> Outcome:
        answers = {
            name.removeprefix(_ITEM): value for name, value in row.values.items() if name.startswith(_ITEM)
        }
        given = {code: value for code, value in answers.items() if value != NO_ANSWER}
        title = f"анкета: ответов {len(given)}"
        if refusal:
            row.problems.append(("", refusal))
        if row.problems:
            return Outcome(row, Fate.REJECTED, title)
        if not given:
            row.notes.append("Ни одного ответа на вопросы анкеты")
            return Outcome(row, Fate.SUPERSEDED, title)
        organisation = self._places.find(row)
        label = "" if organisation else row.get("organisation", "") or row.get("inn", "")
        if label:
            row.notes.append(f"«{label}» в сети не нашлась: останется группой с этим названием")
        subject = row.get("subject", "")
        response = Response(
            campaign=self.campaign,
            is_anonymous=True,  # a table of the past names nobody, whatever the campaign promised
            organisation=organisation,
            group_label=label,
            subject=self._subjects.get(subject.lower(), subject),
            category=row.get("category", ""),
            years=row.get("years", ""),
            answers=given,
            straightlined=is_straightlined(list(given.values())),
        )
        return Outcome(row, Fate.ADDED, title, target=response)

    def write(self, outcomes: Sequence[Outcome], *, by: Any, options: dict[str, Any]) -> None:
        responses = [outcome.target for outcome in outcomes]
        try:
            ImportedAnswers.objects.create(
                campaign=self.campaign,
                sha256=self.params["sha256"],
                name=self.params["name"][:250],
                rows=len(responses),
                imported_by=by,
            )
        except IntegrityError as error:
            raise WrongState("Этот файл уже загружен в этот опрос.") from error
        Response.objects.bulk_create(responses, batch_size=500)
        if self.campaign.state == Campaign.State.DRAFT:
            move(self.campaign, "close", by=by, reason="Загружены прошлые ответы")
        tally(self.campaign, final=True)


class _Places:
    """Organisations of the municipality by INN and by name; a name that two have finds none."""

    def __init__(self, municipality: Municipality) -> None:
        self.by_inn: dict[str, Organisation] = {}
        self.by_name: dict[str, set[Organisation]] = defaultdict(set)
        for organisation in Organisation.objects.filter(municipality=municipality):
            if organisation.inn:
                self.by_inn[organisation.inn] = organisation
            for name in (organisation.short_name, organisation.full_name):
                self.by_name[same_name(name)].add(organisation)

    def find(self, row: Row) -> Organisation | None:
        inn, text = row.get("inn", ""), row.get("organisation", "")
        if inn in self.by_inn or text in self.by_inn:
            return self.by_inn.get(inn) or self.by_inn[text]
        named = self.by_name.get(same_name(text), set()) if text else set()
        return next(iter(named)) if len(named) == 1 else None


def _options(item: Item) -> list[ScaleOption]:
    return list(item.scale.options.all()) if item.scale else []


def why_not(campaign: Campaign, sha256: str) -> str:
    """Why answers cannot be taken into the campaign now, in Russian; empty when they can."""
    if campaign.state == Campaign.State.RUNNING:
        return "Опрос ещё идёт: прошлые ответы загружают в черновик или в завершённый опрос."
    if not campaign.questionnaire_is_published():
        return "Анкета опроса ещё не опубликована: опубликуйте её, чтобы вопросы не изменились."
    if sha256 and campaign.imported.filter(sha256=sha256).exists():
        return "Этот файл уже загружен в этот опрос: второй раз те же ответы не берутся."
    return ""
