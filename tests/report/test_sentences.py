from __future__ import annotations

from typing import Any

from crestline.report import sentences


def test_a_missed_run_says_what_came_to_pass_and_what_the_limit_was(run: dict[str, Any]) -> None:
    assert sentences.verdict_sentence(run) == (
        "90 % of customers who needed an agent had one within 2 min 31 s, where the limit is 2 min."
    )
    assert sentences.verdict_count(run) == "1 of 3 objectives missed, everything else held"


def test_a_met_run_says_the_first_objective_and_recovery(run: dict[str, Any]) -> None:
    run["objectives"][0]["result"] = "met"
    assert sentences.verdict_sentence(run) == (
        "The service held: 90 % of customers who needed an agent had one within 2 min 31 s, "
        "and queues were back 9 min 20 s after the bot failed."
    )
    assert sentences.verdict_count(run) == "all 3 objectives held"


def test_a_failed_gate_comes_before_any_objective(run: dict[str, Any]) -> None:
    run["gates"] = [{"name": "dropped", "value": 3, "limit": 0, "ok": False}]
    assert sentences.verdict_sentence(run) == "This run cannot be relied upon: dropped was 3 where the limit is 0."
    assert sentences.verdict_count(run) == "not trustworthy: dropped out of bounds"


def test_an_objective_that_could_not_be_judged_says_why(run: dict[str, Any]) -> None:
    run["objectives"] = [run["objectives"][1] | {"result": "inconclusive", "why": "nothing was there to measure"}]
    assert sentences.verdict_sentence(run) == (
        "Whether abandonment < 5% holds could not be judged: nothing was there to measure."
    )


def test_a_run_without_objectives_was_asked_nothing(run: dict[str, Any]) -> None:
    run["objectives"] = []
    assert sentences.verdict_count(run) == "nothing was asked"
    assert sentences.verdict_sentence(run) == "Nothing was asked of this run; it shows what happened."


def test_a_fault_is_told_from_strike_to_end(run: dict[str, Any]) -> None:
    assert sentences.fault_sentence(run, run["faults"][0]) == (
        "triage-outage at 20:30: detected after 1 min 10 s, bot back after 7 min 5 s, queues back after 9 min 20 s"
    )


def test_a_fault_may_pass_unnoticed_or_never_strike_or_never_end(run: dict[str, Any]) -> None:
    fault = run["faults"][0]
    unnoticed = fault | {"detected_s": None, "operational_recovery_s": 0.0, "technical_recovery_s": 0.0}
    assert sentences.fault_sentence(run, unnoticed) == (
        "triage-outage at 20:30: the target itself stayed well, customers did not notice"
    )
    assert sentences.fault_sentence(run, fault | {"effective_s": None}) == "triage-outage at 20:30: never took effect"
    given_up = fault | {"operational_recovery_s": 3600.0, "over": True, "technical_recovery_s": None}
    assert sentences.fault_sentence(run, given_up).endswith("queues not back within 1 h")


def test_whatever_was_not_measured_is_left_out_of_the_load_line(run: dict[str, Any]) -> None:
    assert sentences.load_sentence(run) == (
        "2,412 contacts planned, 2,412 sent (100 %), 0 dropped, lateness p99 0.1 s, overhead 0.3 s"
    )
    quick = {"planned": 10, "sent": 10, "late_p99_s": 0.096, "time_scale": 60.0}
    assert sentences.load_sentence(run | {"load": quick}).endswith("lateness p99 1.6 ms = 0.1 s")
    again = {"planned": 805, "came_again": 70, "sent": 805}
    assert sentences.load_sentence({"load": again}).startswith("805 contacts planned (70 of them again), 805 sent")
    assert sentences.load_sentence(run | {"load": None}) == ""
    assert sentences.load_sentence(run | {"load": {"planned": 0, "sent": 0}}) == "0 contacts planned, 0 sent"


def test_losses_are_counted_and_only_then_is_it_not_nothing(run: dict[str, Any]) -> None:
    assert sentences.lost_sentence(run) == "nothing: 2,412 accepted, 0 lost, 0 doubled, 0 orphaned"
    run["integrity"]["lost"] = 2
    assert sentences.lost_sentence(run) == "2,412 accepted, 2 lost, 0 doubled, 0 orphaned"
    assert sentences.lost_sentence(run | {"integrity": None}) == ""


def test_what_a_fault_line_says_is_not_said_again_as_a_finding(run: dict[str, Any]) -> None:
    run["faults"] = [run["faults"][0] | {"detected_s": None, "operational_recovery_s": 0.0}]
    run["findings"] = ["triage-outage: customers did not notice", "something else"]
    assert sentences.findings(run) == ["something else"]
