"""The handbook: every trigger, step and time is that of the scenario, in two faces that say the same."""

from __future__ import annotations

import re

import pytest

from crestline.report.handbook import Expected, handbook, html, markdown, steps
from crestline.report.handbook.document import BLANK
from crestline.report.handbook.words import FALLBACKS, PRIORITIES
from crestline.scenario import Scenario, load
from crestline.scenario.schema import input_schema

HOOKS = {"command", "http", "chaos"}  # whoever writes one knows what it breaks


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("promotion-day")


def test_triggers_are_the_alerts_and_objectives_of_the_scenario(scenario: Scenario) -> None:
    said = markdown(handbook(scenario))
    assert "| alert level 1 | more than 10 % of answers take over 30 s | standby agents are due | floor lead |" in said
    assert "frt p90 < 45s, agent_frt p90 < 2min, abandonment < 5%, satisfaction >= 85%" in said
    assert (
        "| all clear | waits under 45 s again, for 5 min on end | due within 15 min | shift manager on duty |" in said
    )


def test_times_follow_the_scenario(scenario: Scenario) -> None:
    """A fifth of 15 min to notice, 10 min until standby is there, 5 min of outage and 2 to start: and two looks."""
    due = {step.sign: step.due_s for step in steps.at_once(scenario, scenario.faults[0])}
    assert due == {
        steps.SEEN: 180, steps.ALERT: 180, steps.CALLED: 180, steps.THERE: 780, steps.HEALED: 480, steps.BACK: 900,
    }  # fmt: skip
    slow = load("promotion-day", ["standby.call_in=20min", "objectives=[recovery <= 40min]"])
    later = {step.sign: step.due_s for step in steps.at_once(slow, slow.faults[0])}
    assert (later[steps.SEEN], later[steps.THERE], later[steps.BACK]) == (480, 480 + 1200, 2400)


def test_the_golden_hours_are_due_at_one_three_and_four_hours_unless_the_scenario_is_faster(scenario: Scenario) -> None:
    due = {step.phase: step.due_s / 3600 for step in steps.golden(scenario)}
    assert due == {steps.FIRST: 1, steps.SECOND: 3, steps.THIRD: 4, steps.AFTER: 24}
    early = load("promotion-day", ["incident={grows: 100%, phases: {apology: {at: 20min}, press: {at: never}}}"])
    assert {step.phase: step.due_s / 60 for step in steps.golden(early)} == {
        steps.FIRST: 20, steps.SECOND: 180, steps.THIRD: 240, steps.AFTER: 1440,
    }  # fmt: skip


def test_it_shows_how_complaints_come_in_as_planned_and_in_silence(scenario: Scenario) -> None:
    loud = load("promotion-day", ["incident={grows: 100%, phases: {press: {at: never}}}"])
    said = markdown(handbook(loud, speaking=["speaking 1 h after the fault: 9 fewer complaints"]))
    assert "| as planned | 1.5 x | 1.5 x | 1.5 x | 1.2 x | 1.2 x |" in said
    assert "| in silence | 1.5 x | 2.0 x | 3.0 x | 4.0 x | 4.0 x |" in said
    assert "- speaking 1 h after the fault: 9 fewer complaints" in said
    assert "in silence" not in markdown(handbook(scenario))


def test_customers_come_before_brand_and_brand_before_cost(scenario: Scenario) -> None:
    """Of what is due in the same phase at the same time."""
    ranks = list(PRIORITIES)
    every = [steps.golden(scenario), *(steps.at_once(scenario, fault) for fault in scenario.faults)]
    for listed in every:
        keys = [(steps.PHASES.index(s.phase), s.due_s, ranks.index(s.serves)) for s in listed]
        assert keys == sorted(keys)


def test_every_kind_of_fault_has_a_fallback() -> None:
    kinds = set(input_schema()["properties"]["faults"]["items"]["discriminator"]["mapping"])
    assert kinds - HOOKS <= set(FALLBACKS)


def test_a_fallback_stands_there_for_each_kind_of_the_scenario_and_no_other(scenario: Scenario) -> None:
    titles = [section.title for section in handbook(scenario).sections]
    assert [title for title in titles if title.startswith("If ")] == ["If the bot fails", "If agents leave"]
    assert "contacts go to people by themselves" in markdown(handbook(scenario))
    assert "contacts are turned away" in markdown(handbook(load("promotion-day", ["triage.when_down=reject"])))


def test_a_hook_is_known_by_what_it_stands_for() -> None:
    hook = "kind: command, for: 1min, inject: [stop, bot], undo: [start, bot]"
    two = f"faults=[{{{hook}, at: '19:50', as: triage-outage}}, {{{hook}, at: '20:10'}}]"
    titles = [section.title for section in handbook(load("monthly-drill", [two])).sections]
    assert [title for title in titles if title.startswith("If ")] == [
        "If the bot fails (by command)", "If the fault of a hook strikes (command)",
    ]  # fmt: skip


def test_of_two_faults_of_a_kind_the_longer_one_stands_there_with_its_own_forecast() -> None:
    two = load("promotion-day", ["faults[1]={kind: triage-outage, at: '21:30', for: 9min}"])
    short, longer = (Expected("triage-outage", at, 1.0, 2.0, 3.0, 4.0, 5.0, 60.0 * back, 1.0, over=False)
                     for at, back in ((two.instant(73800.0), 3), (two.instant(77400.0), 11)))  # fmt: skip
    said = markdown(handbook(two, [short, longer]))
    assert said.count("## If the bot fails") == 1
    assert "queues are back 11 min after the fault" in said
    assert "| 12 min | Restart the bot's workers" in said  # 9 min, 2 to start, and two looks


def test_what_the_forecast_says_stands_beside_each_step(scenario: Scenario) -> None:
    seen = Expected("triage-outage", 45000.0, 70.0, 60.0, None, None, 420.0, 560.0, within=0.95, over=False)
    said = markdown(handbook(scenario, [seen]))
    assert "| 3 min | Notice it: waits over 45 s | on-call engineer of the bot | customers | 1 min 10 s |" in said
    assert "queues are back 9 min 20 s after the fault on average, within 15 min on 95 % of days" in said
    lost = seen._replace(back_s=3600.0, within=0.0, over=True)
    assert "queues are not back before recovery is given up" in markdown(handbook(scenario, [lost]))


def test_roles_that_nobody_fills_are_lines_to_write_on() -> None:
    told = "handbook.roles={press: {who: Ada, phone: +49 30 1234}, dentist: {who: Grete}}"
    said = markdown(handbook(load("monthly-drill", ["handbook={}", told])))
    assert f"| press | Ada | +49 30 1234 | {BLANK} |" in said
    assert f"| lead | {BLANK} | {BLANK} | {BLANK} |" in said
    assert "| lead | duty manager | leads until" in said
    assert "| dentist | Grete | as agreed |" in said


def test_the_escalation_questions_stand_there_where_the_scenario_has_them() -> None:
    asked = "handbook.escalation={questions: [Served badly before?, Order over 500?], then: a named person}"
    said = markdown(handbook(load("monthly-drill", [asked])))
    assert "1. Served badly before?\n2. Order over 500?" in said
    assert "Yes to all: a named person." in said
    assert "Ask the escalation questions of every complaint" in said
    none = markdown(handbook(load("monthly-drill", ["handbook={}"])))
    assert "escalation questions" not in none


def test_a_scenario_without_fault_and_standby_has_a_handbook_too() -> None:
    bare = load("monthly-drill", ["faults=[]", "standby=null", "objectives=[]"])
    said = markdown(handbook(bare))
    assert "golden four hours" in said
    assert "standby agents for" not in said
    assert "standby agents are due" not in said
    assert "none is set; recovery is given up after 1 h" in said


def test_standby_is_called_where_there_is_any() -> None:
    assert "; call standby" in markdown(handbook(load("promotion-day")))
    assert "call standby" not in markdown(handbook(load("promotion-day", ["standby=null"])))


def test_the_aim_follows_the_hour_of_the_first_word_and_is_said_to_be_missed_where_it_is() -> None:
    early = load("promotion-day", ["incident={grows: 100%, phases: {apology: {at: 20min}}}"])
    late = Expected("triage-outage", 45000.0, 70.0, None, None, None, 420.0, 4320.0, within=0.0, over=False)
    said = markdown(handbook(early, [late]))
    assert "The aim: queues are back within 15 min, customers know within 20 min" in said
    assert "within 15 min on 0 % of days. Most days miss that: the times above are aims." in said
    assert (
        "| Call in 30 standby agents for general: the longest wait is over 30 s | floor lead | customers | mostly not |"
        in said
    )


def test_the_page_says_what_the_text_says_escaped_and_without_anything_from_elsewhere(scenario: Scenario) -> None:
    document = handbook(load("promotion-day", ["about=<b>bold</b>"]))
    page = html(document)
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<script" not in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    for section in document.sections:
        assert f'<section id="{section.name}">' in page
    assert page.count('class="blank"') == markdown(document).count(BLANK)
