"""A year of a municipality in one story: a difficulty is answered by an event and by a community, the report tells both.

A real browser for each person, a real worker; what a chapter leaves behind the next one finds.
"""

from __future__ import annotations

import pytest

from tests.browser import story_community, story_event, story_report
from tests.browser.story import Story, begin
from tests.core.processes import Worker
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def story(worker: Worker, open_page, world: World) -> Story:
    return begin(open_page, world)


def test_from_a_difficulty_to_the_report(story: Story):
    story_event.plan_from_the_map(story)
    story_event.head_signs_three_up(story)
    story_event.one_declines(story)
    story_event.they_come(story)
    story_event.sum_up_and_certify(story)
    story_event.certificate_is_verified(story)
    story_event.finding_is_answered(story)

    story_community.teacher_applies(story)
    story_community.methodist_returns_it(story)
    story_community.teacher_corrects_and_resubmits(story)
    story_community.people_and_heads_confirm(story)
    story_community.experts_and_conclusion(story)
    story_community.official_registers_the_order(story)
    story_community.community_is_public(story)

    report = story_report.build(story)
    story_report.tells_both(story, report)
    story_report.figures_open_their_records(story, report)
