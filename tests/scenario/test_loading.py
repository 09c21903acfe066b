"""A scenario is read whole: every mistake at once, each with its place, what it got and what was expected."""

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from crestline.errors import ScenarioError
from crestline.scenario import load
from crestline.scenario.loading import shipped

SOUND = """\
schema: 1
name: evening
day: {start: "08:00", length: 16h}
demand:
  rate: 600/h
contacts:
  order:
    share: 100%
    handle_time: {lognormal: {mean: 3min, cv: 110%}}
    patience: {exponential: {mean: 4min}}
triage:
  reply_time: {constant: 10s}
  accuracy: 94%
  pool: {workers: 2, at_most: 4, slots: 2, start_up: 1min}
agents:
  general:
    skills: [order]
    on_duty:
      "08:00": 40
      "16:00": 70
objectives:
  - frt p90 < 45s
"""


def told(folder: Path, text: str, *sets: str) -> str:
    """What is said about a file of this content, the file by its name alone."""
    path = folder / "evening.yaml"
    path.write_text(dedent(text), encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        load(path, sets)
    return str(error.value).replace(f"{folder}/", "")


def test_a_sound_file_is_a_scenario_in_seconds(tmp_path: Path) -> None:
    """Whatever unit a number was written in, the model holds seconds, shares and rates per second."""
    path = tmp_path / "evening.yaml"
    path.write_text(SOUND, encoding="utf-8")
    scenario = load(path)
    assert scenario.day.start == 8 * 3600
    assert scenario.demand.rate.per_s == (600 / 3600,)
    assert scenario.contacts["order"].handle_time.mean_s == 180
    assert (scenario.instant(9 * 3600), scenario.clock(3600)) == (3600, "09:00")


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    """The sketch of the product: line, column, key, what it got and what to do."""
    text = SOUND.replace("accuracy", "acuracy").replace('"16:00": 70', '"16:00": seventy').replace("p90 < 45s", "< 45s")
    assert told(tmp_path, text) == dedent("""\
        evening.yaml: 3 problems
          13:3   triage.acuracy: unknown key; did you mean accuracy?
          20:7   agents.general.on_duty."16:00": got "seventy", expected a whole number of 0 or more
          22:5   objectives[0]: "frt < 45s" lacks a percentile; write for example "frt p90 < 45s\"""")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("length: 16h", "length: 16", '3:23   day.length: got 16, expected a duration with its unit, such as 45s'),
        ("600/h", "600", "5:3    demand.rate: got 600, expected a rate with its unit, such as 120/h or 2/s"),
        ("600/h", "{08:00: 1/h, 8:00: 2/h}", "5:3    demand.rate: a clock time stands twice, expected each once"),
        ("600/h", "{noon: 1/h}", '5:10   demand.rate.noon: got "noon", expected a clock time such as "20:30"'),
        ("600/h", "{}", "5:3    demand.rate: got a mapping, expected a rate such as 600/h, or points such as"),
        ("share: 100%", "share: 100", "8:5    contacts.order.share: got 100, expected a share from 0% to 100%"),
        ("share: 100%", "shares: 100%", "7:3    contacts.order.share: missing; expected its share of all contacts"),
        ("lognormal", "lognrmal", "9:19   contacts.order.handle_time.lognrmal: unknown key; did you mean lognormal?"),
        (", cv: 110%", "", "contacts.order.handle_time.lognormal.cv: missing; expected standard deviation / mean"),
        ("mean: 4min", "mean: 0s", "10:30  contacts.order.patience.exponential.mean: got 0, expected more than 0"),
        ("{exponential: {mean: 4min}}", "4min", 'got "4min", expected a distribution such as {exponential: {mean'),
        ("{exponential: {mean: 4min}}", "{hyperexponential: [{share: 30%, mean: 1min}]}",
         "contacts.order.patience.hyperexponential: shares add up to 30 %, expected 100 %"),
        ("{exponential: {mean: 4min}}", "{hyperexponential: [{share: 1, mean: 1}]}",
         "contacts.order.patience.hyperexponential[0].mean: got 1, expected a duration"),
        ("{constant: 10s}", "{constant: 10}", "12:16  triage.reply_time.constant: got 10, expected a duration"),
        ("at_most: 4", "at_most: 1", "14:22  triage.pool.at_most: got 1, expected at least as many as workers (2)"),
        ("triage:", "triage:\n  breaker: {failures: 0}",
         "12:13  triage.breaker.failures: got 0, expected a whole number of 1 or more"),
        ("triage:", "triage:\n  breaker: {timeout: 0s}", "12:13  triage.breaker.timeout: got 0, expected more than 0"),
        ("triage:", "triage:\n  breaker: {open_for: 60}", "12:13  triage.breaker.open_for: got 60, expected a "),
        ("triage:", "triage:\n  breaker: {open: 1min}", "triage.breaker.open: unknown key; did you mean open_for?"),
        ("slots: 2", "slots: 0", "14:34  triage.pool.slots: got 0, expected a whole number of 1 or more"),
        ("[order]", "order", '17:5   agents.general.skills: got "order", expected a list'),
        ("name: evening", "name: [a]", "2:1    name: got a list, expected a name of letters, digits, - and _"),
        ("name: evening", "name: a b", '2:1    name: got "a b", expected a name of letters, digits, - and _'),
        ("schema: 1", "schema: 2", "1:1    schema: got 2, expected 1"),
        ("schema: 1", "3: 1", "unknown key; keys are text"),
        ("schema: 1", "about: 1", "1:1    about: got 1, expected text"),
        ("    patience", "    bot: skp\n    patience", 'contacts.order.bot: got "skp", expected triage or skip'),
        ("    patience", "    complaint: yes\n    patience", 'order.complaint: got "yes", expected true or false'),
        ("    skills", "    cost_per_hour: 4 EUR\n    skills", 'cost_per_hour: got "4 EUR", expected a number of 0 or'),
        ("triage:", "standby: {call_when: sometime}\ntriage:", 'standby.call_when: got "sometime", expected a rule'),
        ("triage:", "recontact: {after: {abandonned: 3%}}\ntriage:",
         "recontact.after.abandonned: unknown key; did you mean abandoned?"),
        ("triage:", "recontact: {after: {abandoned: 3%}, delay: {constant: 1h}, at_most: 101}\ntriage:",
         "recontact.at_most: got 101, expected 100 or fewer"),
        ("triage:", "faults: [{kind: triage-outge}]\ntriage:",
         'faults[0].kind: got "triage-outge"; did you mean triage-outage?'),
        ("triage:", "faults: [{at: 09:00}]\ntriage:", "faults[0].kind: missing; expected the kind of fault, such as"),
        ("triage:", "vip: 5%\ntriage:", '11:1   vip: got "5%", expected a mapping'),
        ("triage:", "load_test: {level: 0%}\ntriage:", "11:13  load_test.level: got 0, expected more than 0"),
        ("600/h", "600/h\n  surges: [{at: 20:00, for: 10min, factor: 5, ramp: 6min}]",
         "demand.surges[0].ramp: rises and falls inside `for`, expected at most half of it"),
    ],
)  # fmt: skip
def test_a_mistake_says_where_it_stands_what_it_got_and_what_was_expected(
    tmp_path: Path, old: str, new: str, line: str
) -> None:
    assert line in told(tmp_path, SOUND.replace(old, new, 1))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [1, 2\nb: 3\n", "2:2    not YAML: while parsing a flow sequence, expected ',' or ']', but got ':'"),
        ("name: x\nname: y\n", "2:1    name: stands here twice; keep one"),
        ("%YAML 1.1\n---\nname: x\n", "1:1    got YAML 1.1, expected 1.2; older YAML reads 22:00 as 1320"),
        ("", "1:1    is empty, expected a scenario; crestline init writes one to start from"),
        ("# nothing\n", "1:1    is empty, expected a scenario"),
        ("- 1\n", "1:1    got a list, expected a mapping"),
        ("just words", '1:1    got "just words", expected a mapping'),
        ("a: 1\n--- \nb: 2\n", "2:1    not YAML: expected a single document in the stream"),
        ("name: \x07", "not YAML:"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_scenario_is_one_problem(tmp_path: Path, text: str, problem: str) -> None:
    message = told(tmp_path, text)
    assert message.startswith("evening.yaml: 1 problem\n")
    assert problem in message


def test_what_does_not_depend_on_a_mistake_is_still_checked(tmp_path: Path) -> None:
    """A wrong demand does not hide that nobody serves a contact type."""
    message = told(tmp_path, SOUND.replace("600/h", "600").replace("[order]", "[ordr]"))
    assert "demand.rate: got 600" in message
    assert "contacts.order: no group of agents serves it; add order to the skills of one" in message
    assert 'agents.general.skills[0]: "ordr" is no contact type; did you mean order?' in message


def test_a_key_that_came_by_a_merge_is_told_at_the_nearest_place_that_is_known(tmp_path: Path) -> None:
    text = SOUND.replace("  order:\n", "  order:\n    <<: {bot: skp}\n")
    assert 'contacts.order.bot: got "skp", expected triage or skip' in told(tmp_path, text)


def test_a_value_that_contains_itself_is_refused(tmp_path: Path) -> None:
    assert "a value contains itself" in told(tmp_path, "&a {name: x, about: *a}")


def test_a_dict_is_read_like_a_file_but_has_no_lines(small: dict[str, Any]) -> None:
    small["demand"] = {"rte": "600/h"}
    with pytest.raises(ScenarioError) as error:
        load(small)
    assert str(error.value) == dedent("""\
        scenario: 2 problems
          -      demand.rate: missing; expected arrivals per time, such as 600/h
          -      demand.rte: unknown key; did you mean rate?""")


def test_loading_changes_nothing_in_what_it_is_given(small: dict[str, Any]) -> None:
    before = repr(small)
    load(small, ["agents.general.on_duty=20", "faults=[]", "objectives[0]=abandonment < 5%"])
    assert repr(small) == before


def test_erlang_a_needs_no_more_than_a_name_a_demand_contacts_and_agents() -> None:
    """Everything else may be left out, and then there is no VIP, recontact, triage or day factor."""
    scenario = load(
        {
            "name": "erlang-a",
            "day": {"start": "00:00", "length": "200h"},
            "demand": {"rate": "600/h"},
            "contacts": {
                "all": {
                    "share": "100%",
                    "handle_time": {"exponential": {"mean": "1min"}},
                    "patience": {"exponential": {"mean": "2min"}},
                }
            },
            "agents": {"all": {"skills": ["all"], "on_duty": 10}},
        }
    )
    assert (scenario.vip.share, scenario.recontact, scenario.triage, scenario.demand.day_factor_cv) == (
        0,
        None,
        None,
        0,
    )
    assert (scenario.load_test.from_, scenario.load_test.for_, scenario.load_test.level) == (0, 200 * 3600, 2)
    assert (scenario.recovery.limit, scenario.recovery.give_up) == (45, 3600)
    assert scenario.agents["all"].on_duty.at == (0,)


def test_one_number_on_duty_is_a_step_at_the_start_of_the_day(small: dict[str, Any]) -> None:
    assert load(small).agents["expert"].on_duty.at == (8 * 3600,)


def test_a_window_without_length_lasts_to_the_end_of_the_day(small: dict[str, Any]) -> None:
    small["load_test"] = {"from": "08:30"}
    assert load(small).load_test.for_ == 3.5 * 3600


def test_a_name_that_is_neither_shipped_nor_a_file_is_told_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(
        ScenarioError, match=r"no shipped scenario and no file of this name; did you mean monthly-drill\?"
    ):
        load("montly-drill")
    with pytest.raises(ScenarioError, match=r"expected one of .*monthly-drill, .*quick"):
        load("xyz")


@pytest.mark.parametrize(("name", "reason"), [("missing.yaml", "No such file"), (".", "Is a directory")])
def test_a_file_that_cannot_be_opened_is_told_with_the_reason(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(ScenarioError, match=f"cannot be read: {reason}"):
        load(tmp_path / name)


def test_a_file_that_is_not_text_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScenarioError, match="cannot be read: not UTF-8 text"):
        load(tmp_path / "x.yaml")


def test_shipped_scenarios_are_known_by_name() -> None:
    assert {"quick", "normal-day", "monthly-drill", "promotion-day", "starter"} <= set(shipped())
