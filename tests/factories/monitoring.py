"""Indicators, assessments, decisions and reports for tests; states are reached by real steps."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import factory

from core.school_year import SchoolYear
from monitoring.actions import decisions as decision_actions
from monitoring.actions.evidence import NewEvidence
from monitoring.models import (
    Assessment,
    Decision,
    Framework,
    Indicator,
    IndicatorSet,
    IndicatorValue,
    Report,
)
from monitoring.shipped import install_dictionaries
from network.models import Municipality, Person
from tests.factories.network import MunicipalityFactory


def shipped_set() -> IndicatorSet:
    """The shipped set of indicators, installed."""
    install_dictionaries()
    return IndicatorSet.objects.get(code="network-efficiency", municipality=None)


def shipped_framework() -> Framework:
    """Section 2.2, installed."""
    install_dictionaries()
    return Framework.objects.get(code="mum-2-2", municipality=None)


def indicator(code: str) -> Indicator:
    """An indicator of the shipped set: `indicator("qualified-teachers")`."""
    return shipped_set().indicators.get(code=code)


class IndicatorValueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = IndicatorValue

    indicator = factory.LazyFunction(lambda: indicator("road-map"))
    municipality = factory.SubFactory(MunicipalityFactory)
    year = factory.LazyFunction(lambda: SchoolYear.current().start)
    value = Decimal(1)


class AssessmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Assessment

    framework = factory.LazyFunction(shipped_framework)
    municipality = factory.SubFactory(MunicipalityFactory)
    year = factory.LazyFunction(lambda: SchoolYear.current().start)


class DecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Decision

    municipality = factory.SubFactory(MunicipalityFactory)
    year = factory.LazyFunction(lambda: SchoolYear.current().start)
    text = factory.Sequence(lambda n: f"Провести семинар № {n}")
    basis = "Итоги учебного года"
    role = "methodist"
    due_on = dt.date(2099, 5, 31)


class ReportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Report

    municipality = factory.SubFactory(MunicipalityFactory)
    year = factory.LazyFunction(lambda: SchoolYear.current().start)
    number = factory.Sequence(lambda n: n + 1)


def link(title: str = "Приказ на сайте") -> NewEvidence:
    """Evidence by a link."""
    return NewEvidence(title=title, url="https://example.org/prikaz.pdf")


def given(municipality: Municipality, official: Person, **fields: Any) -> Decision:
    """A decision that was given to its addressee."""
    return decision_actions.assign(decision=DecisionFactory(municipality=municipality, **fields), by=official)


def done(municipality: Municipality, official: Person, **fields: Any) -> Decision:
    """A decision that is carried out and waits for the check."""
    done_on = fields.pop("done_on", dt.date.today())
    decision = given(municipality, official, **fields)
    return decision_actions.complete(
        decision=decision, result="Сделано", done_on=done_on, by=official, new=link()
    )
