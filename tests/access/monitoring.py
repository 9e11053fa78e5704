from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from monitoring.models import Column, Evidence, ReportFile, Row
from tests.access import EVERYONE, MANAGERS, METHODISTS, OFFICIALS, SIGNED_IN, Rule, rule
from tests.factories.monitoring import (
    AssessmentFactory,
    DecisionFactory,
    IndicatorValueFactory,
    ReportFactory,
    shipped_set,
)
from tests.world import Place, World

OFFICE = "methodist official"
ANYWHERE = "head methodist official"


def office(words: str) -> Rule:
    """A page without an object, for those who hold one of the roles anywhere."""
    return rule(own=words, near=words, far=words)


def coded(words: str) -> Rule:
    """A page about an indicator by its code, in the municipality of the person; the others are told 403."""

    def maker(world: World, place: Place) -> dict[str, Any]:
        shipped_set()
        return {"code": "qualified-teachers"}

    return office(words).at(maker).seen(own=EVERYONE, near=EVERYONE, far=EVERYONE)


def value(world: World, place: Place) -> dict[str, Any]:
    return {"pk": IndicatorValueFactory(municipality=place.municipality).pk}


def value_evidence(world: World, place: Place) -> dict[str, Any]:
    return {"kind": "value", **value(world, place)}


def evidence(world: World, place: Place) -> dict[str, Any]:
    one = IndicatorValueFactory(municipality=place.municipality)
    row = Evidence(value=one, title="Приказ", filename="приказ.pdf")
    row.document.save("приказ.pdf", ContentFile(b"%PDF-1.7"))
    return {"pk": row.pk}


def assessment(world: World, place: Place) -> dict[str, Any]:
    return {"pk": AssessmentFactory(municipality=place.municipality).pk}


def score(world: World, place: Place) -> dict[str, Any]:
    one = AssessmentFactory(municipality=place.municipality)
    row = Row.objects.filter(position__section__framework=one.framework).first()
    column = Column.objects.filter(position=row.position).first()
    return {"pk": one.pk, "row": row.pk, "column": column.pk}


def decision(world: World, place: Place) -> dict[str, Any]:
    return {"pk": DecisionFactory(municipality=place.municipality).pk}


def given(world: World, place: Place) -> dict[str, Any]:
    """A decision that the head of the place carries out."""
    one = DecisionFactory(municipality=place.municipality, organisation=place.organisation, role="")
    type(one).objects.filter(pk=one.pk).update(state="assigned")
    return {"pk": one.pk}


def report(world: World, place: Place) -> dict[str, Any]:
    return {"pk": ReportFactory(municipality=place.municipality).pk}


def report_file(world: World, place: Place) -> dict[str, Any]:
    one = ReportFactory(municipality=place.municipality)
    row = ReportFile(report=one, format="pdf", size=8)
    row.file.save("reports/test.pdf", ContentFile(b"%PDF-1.7"))
    return {"pk": one.pk, "format": "pdf"}


SEEN_BY_MANAGERS = {"own": OFFICE, "near": OFFICE}
ADDRESSEE = rule(own="head methodist official", near=OFFICE)

ACCESS = {
    "monitoring:home": SIGNED_IN,
    "monitoring:indicators": office(ANYWHERE),
    "monitoring:refresh": office(OFFICE).posts(),
    "monitoring:acceptance": office("official").posts(),
    "monitoring:indicator": coded(ANYWHERE),
    "monitoring:records": coded(ANYWHERE),
    "monitoring:value": coded("methodist").posts(),
    "monitoring:value-acceptance": OFFICIALS.at(value).posts().seen(**SEEN_BY_MANAGERS),
    "monitoring:evidence-new": METHODISTS.at(value_evidence).posts().seen(**SEEN_BY_MANAGERS),
    "monitoring:evidence": MANAGERS.at(evidence),
    "monitoring:evidence-removal": METHODISTS.at(evidence).posts().seen(**SEEN_BY_MANAGERS),
    "monitoring:assessments": office(OFFICE),
    "monitoring:assessment-new": office("methodist").posts(),
    "monitoring:assessment": MANAGERS.at(assessment),
    "monitoring:score": METHODISTS.at(score).posts().seen(**SEEN_BY_MANAGERS),
    "monitoring:proposals": MANAGERS.at(score),
    "monitoring:proposal-acceptance": METHODISTS.at(score).posts(only=True).seen(**SEEN_BY_MANAGERS),
    "monitoring:proposal-refusal": METHODISTS.at(score).posts(only=True).seen(**SEEN_BY_MANAGERS),
    "monitoring:proposal-return": METHODISTS.at(score).posts(only=True).seen(**SEEN_BY_MANAGERS),
    "monitoring:assessment-acceptance": OFFICIALS.at(assessment).posts().seen(**SEEN_BY_MANAGERS),
    "monitoring:dossier": MANAGERS.at(assessment),
    "monitoring:decisions": office(ANYWHERE),
    "monitoring:decision-new": office(OFFICE).posts(),
    "monitoring:decision": ADDRESSEE.at(given),
    "monitoring:decision-edit": MANAGERS.at(decision).posts(),
    "monitoring:decision-assignment": OFFICIALS.at(decision).posts().seen(**SEEN_BY_MANAGERS),
    "monitoring:decision-completion": ADDRESSEE.at(given).posts(),
    "monitoring:decision-return": OFFICIALS.at(decision).posts().seen(**SEEN_BY_MANAGERS),
    "monitoring:decision-check": OFFICIALS.at(decision).posts().seen(**SEEN_BY_MANAGERS),
    "monitoring:decision-cancellation": OFFICIALS.at(decision).posts().seen(**SEEN_BY_MANAGERS),
    "monitoring:reports": office(OFFICE),
    "monitoring:report-new": office(OFFICE).posts(),
    "monitoring:report": MANAGERS.at(report),
    "monitoring:report-texts": MANAGERS.at(report).posts(),
    "monitoring:report-rebuild": MANAGERS.at(report).posts(only=True),
    "monitoring:report-acceptance": OFFICIALS.at(report).posts().seen(**SEEN_BY_MANAGERS),
    "monitoring:report-file": MANAGERS.at(report_file),
}
