"""The verdict as JUnit XML: a test case for every objective and every gate, so that any CI system shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crestline.report import words
from crestline.report.objectives import ObjectiveLine, objective_lines


def junit(run: Mapping[str, Any]) -> str:
    """The XML. A missed objective is a failure; one that could not be judged, or a failed gate, is an error."""
    from junitparser import JUnitXml, TestSuite

    scenario = str(run.get("scenario") or "run")
    objectives, gates = TestSuite("objectives"), TestSuite("gates")
    for suite in (objectives, gates):
        if run.get("started_at"):
            suite.timestamp = run["started_at"]
    for line in objective_lines(run):
        objectives.add_testcase(_objective(scenario, line))
    for gate in run.get("gates") or ():
        gates.add_testcase(_gate(scenario, gate))
    document = JUnitXml(f"crestline {scenario}")
    document.add_testsuite(objectives)
    document.add_testsuite(gates)
    document.update_statistics()
    return f'<?xml version="1.0" encoding="utf-8"?>\n{document.tostring().decode("utf-8")}\n'


def _objective(scenario: str, line: ObjectiveLine) -> Any:
    from junitparser import Error, Failure, TestCase

    case = TestCase(f"{line.name} {line.limit}", classname=f"crestline.{scenario}.objectives", time=0)
    shown = line.measured if line.measured != words.NOTHING else line.forecast
    told = f"{line.name}: {shown} {line.interval}".rstrip() + f", limit {line.limit}"
    told = f"{told}; {line.why}" if line.why and line.result == "inconclusive" else told
    if line.result == "missed":
        case.result = [Failure(told, "missed")]
    elif line.result != "met":
        case.result = [Error(told, "inconclusive")]
    return case


def _gate(scenario: str, gate: Mapping[str, Any]) -> Any:
    from junitparser import Error, TestCase

    case = TestCase(str(gate["name"]), classname=f"crestline.{scenario}.gates", time=0)
    if not gate.get("ok"):
        value, limit = (words.quantity(gate.get(key), "") for key in ("value", "limit"))
        case.result = [Error(f"{gate['name']}: {value}, limit {limit}; the run is not trustworthy", "gate")]
    return case
