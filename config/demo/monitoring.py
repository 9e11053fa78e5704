"""Indicators, the 2.2 assessment, decisions and reports of the demo, made by the actions people use."""

from __future__ import annotations

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.documents import Document, List, Paragraph, to_docx
from core.jobs import run_inline
from core.school_year import SchoolYear
from core.states import WrongState
from diagnostics.models import Finding
from monitoring.actions.assessments import begin_assessment, set_score
from monitoring.actions.decisions import assign, check, complete, write_decision
from monitoring.actions.evidence import NewEvidence, add_evidence
from monitoring.actions.indicators import accept_value, enter_value, refresh_values
from monitoring.actions.proposals import accept_proposals, refuse_proposals
from monitoring.actions.reports import accept_report, order_report, write_texts
from monitoring.models import (
    AddresseeRole,
    Assessment,
    Column,
    Decision,
    Framework,
    Indicator,
    IndicatorValue,
    Position,
    Report,
    Row,
)
from monitoring.proposals.found import Proposals
from network.models import Municipality, Person

ENTERED = {"network-programmes": 2, "mentoring-programmes": 3, "growth-routes": 46, "regional-experience": 4}
TEXTS = {
    "causes": "В школы пришли дети с ОВЗ и дети, для которых русский язык не родной, а опыта работы с ними "
    "мало. Функциональная грамотность вошла в программы быстрее, чем учителя получили готовые задания.",
    "teachers": "Выберите одно затруднение и один семинар плана, который на него отвечает; "
    "попробуйте приём на своём уроке в течение двух недель.",
    "heads": "Включите взаимопосещение уроков в план школы, освободите время участникам сообществ.",
    "associations": "Разберите на заседании задания, которые не дались половине учеников.",
    "methodists": "Спланируйте поддержку по работе с детьми с ОВЗ: на неё пока ничто не отвечает.",
}


def make_monitoring(municipality: Municipality, accounts: dict[str, Person]) -> None:
    """Last year's accepted report, this year's one in work, values, points and decisions."""
    now = SchoolYear.current()
    for year in (now.previous, now):
        refresh_values(municipality=municipality, year=year)
    _enter(municipality, now.previous, accounts)
    last = _report(municipality, now.previous, accounts)
    _decide(municipality, now, last, accounts)
    _assess(municipality, now, accounts["methodist"])
    run_inline(order_report(municipality=municipality, year=now, by=accounts["methodist"]).job)


def _enter(municipality: Municipality, year: SchoolYear, accounts: dict[str, Person]) -> None:
    """Values that people know, with a link as evidence; the year is over: what is supported is accepted."""
    for indicator in Indicator.objects.filter(code__in=ENTERED):
        value = enter_value(
            indicator=indicator, municipality=municipality, year=year, by=accounts["methodist"],
            value=ENTERED[indicator.code],
        )  # fmt: skip
        add_evidence(
            subject=value,
            new=NewEvidence("Отчёт методического центра", url="https://centre.demo.example/reports/"),
            by=accounts["methodist"],
        )
    for value in IndicatorValue.objects.of_municipality(municipality).filter(year=year.start).known():
        try:
            accept_value(value=value, by=accounts["official"])
        except WrongState:
            continue  # not supported yet: it stays a draft for people to see


def _report(municipality: Municipality, year: SchoolYear, accounts: dict[str, Person]) -> Report:
    report = order_report(municipality=municipality, year=year, by=accounts["methodist"])
    write_texts(report=report, texts=TEXTS, by=accounts["methodist"])
    run_inline(report.job)
    report.refresh_from_db()
    report = accept_report(report=report, by=accounts["official"])
    run_inline(report.job)
    report.refresh_from_db()
    return report


def _decide(
    municipality: Municipality, year: SchoolYear, report: Report, accounts: dict[str, Person]
) -> None:
    """A decision in each state: a draft, given, overdue, done and waiting for the check, checked."""
    today = timezone.localdate()
    findings = {row.direction.code: row for row in Finding.objects.select_related("direction")}
    official, methodist = accounts["official"], accounts["methodist"]

    def decide(text: str, days: int, **fields) -> Decision:
        decision = Decision(
            municipality=municipality, year=year.start, text=text, due_on=today + dt.timedelta(days=days),
            **fields,
        )  # fmt: skip
        return write_decision(decision=decision, by=methodist)

    centre = {"role": AddresseeRole.METHODISTS}
    decide(
        "Открыть стажировочную площадку по работе с обучающимися с ОВЗ",
        90,
        finding=findings["psychology-special"],
        **centre,
    )
    for text, days, to in (
        ("Назначить наставников педагогам со стажем до трёх лет", 25, {"role": AddresseeRole.HEADS}),
        ("Представить план поддержки по формирующему оцениванию", -4, centre),
    ):
        assign(decision=decide(text, days, report=report, **to), by=official)
    link = NewEvidence("Банк заданий", url="https://centre.demo.example/tasks/")
    for text, proof, checked in (
        ("Провести семинар по функциональной грамотности для учителей 5–6 классов", _programme(), True),
        ("Собрать банк интерактивных заданий и разослать ссылку школам", link, False),
    ):
        decision = assign(
            decision=decide(text, -10, finding=findings["method-functional"], **centre), by=official
        )
        decision = complete(
            decision=decision,
            result="Проведено, материалы разосланы.",
            done_on=today - dt.timedelta(days=12),
            by=methodist,
            new=proof,
        )
        if checked:
            check(decision=decision, effect="Затруднение отмечают на 4 процентных пункта реже.", by=official)


def _programme() -> NewEvidence:
    """A document as people attach it."""
    document = Document(
        title="Программа семинара «Задания на функциональную грамотность»",
        blocks=(
            Paragraph("Для учителей 5–6 классов, методический центр, 24 участника."),
            List(("Разбор трёх заданий", "Работа в парах: своё задание", "Взаимная проверка"), ordered=True),
        ),
    )
    file = SimpleUploadedFile("Программа семинара.docx", to_docx(document))
    return NewEvidence("Программа семинара", document=file)


def _assess(municipality: Municipality, year: SchoolYear, methodist: Person) -> None:
    """Points of 2.2: two thirds given, on records the portal proposed or on a link; the rest waits for people."""
    framework = Framework.objects.order_by("pk").first()
    assessment = begin_assessment(municipality=municipality, year=year, framework=framework, by=methodist)
    positions = Position.objects.filter(section__framework=framework)
    for position in positions.prefetch_related("rows", "columns"):
        columns = list(position.columns.all())
        for number, row in enumerate(position.rows.all()):
            for column in columns[: 3 if number < 3 else 2 if number < 5 else 1]:
                _confirm(assessment, row, column, methodist)


def _confirm(assessment: Assessment, row: Row, column: Column, methodist: Person) -> None:
    """The newest record of each rule is accepted, one is found not to fit, the others stay proposed."""
    groups = Proposals(assessment, methodist).groups(row, column)
    cell = {"assessment": assessment, "row": row, "column": column, "by": methodist}
    accept_proposals(keys={group.proposals[0].key for group in groups}, **cell)
    refuse_proposals(keys={group.proposals[1].key for group in groups[-1:] if group.total > 2}, **cell)
    link = NewEvidence(
        "Муниципальная программа развития образования", url="https://centre.demo.example/programme/"
    )
    set_score(points=column.max_points, new=None if groups else link, **cell)
