"""What other programs read: the markdown summary, JUnit XML and OpenMetrics text."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from crestline.report.junit import junit
from crestline.report.metrics import metric_name, metrics
from crestline.report.summary import MOST_BYTES, summary


def test_the_summary_opens_with_the_verdict_and_ends_with_the_command(run: dict[str, Any]) -> None:
    lines = summary(run).splitlines()
    assert lines[0] == "## MISSED: monthly-drill"
    assert lines[2].startswith("90 % of customers who needed an agent")
    assert lines[-1] == "Again: `crestline drill monthly-drill --seed 20261122`"


def test_the_summary_has_a_row_for_every_objective(run: dict[str, Any]) -> None:
    assert (
        "| ✗ | agent_frt p90 | &lt; 2 min | 2 min 31 s | [2:24, 2:38] | 2 min 27 s | 2 min 20 s | [1:31..3:40] "
        "| **MISSED** |" in summary(run)
    )


def test_text_from_outside_cannot_break_the_summary(run: dict[str, Any]) -> None:
    run["findings"] = ["a | b <script>\nc"]
    assert "- Why: a \\| b &lt;script> c" in summary(run).splitlines()


def test_the_summary_stays_below_what_a_job_summary_may_hold(run: dict[str, Any]) -> None:
    run["findings"] = ["ü" * 1000] * 2000
    assert MOST_BYTES <= len(summary(run).encode()) < 1024 * 1024


def test_junit_has_a_case_for_every_objective_and_gate(run: dict[str, Any]) -> None:
    run["objectives"][1] |= {"result": "inconclusive", "why": "too few"}
    run["gates"].append({"name": "sent / planned", "value": 0.9, "limit": 0.999, "ok": False})
    document = ElementTree.fromstring(junit(run))  # noqa: S314 - our own
    cases = {c.attrib["name"]: [child.tag for child in c] for c in document.iter("testcase")}
    assert cases == {
        "agent_frt p90 < 2 min": ["failure"],
        "abandonment < 5 %": ["error"],
        "recovery <= 15 min": [],
        "dropped": [],
        "sent / planned": ["error"],
    }
    assert (document.attrib["failures"], document.attrib["errors"]) == ("1", "2")


def test_metrics_are_openmetrics_without_what_was_not_measured(run: dict[str, Any]) -> None:
    text = metrics(run)
    assert text.endswith("# EOF\n")
    samples = [(s.name, s.labels, s.value) for f in text_string_to_metric_families(text) for s in f.samples]  # type: ignore[no-untyped-call]
    assert samples == [
        ("crestline_abandonment", {"scenario": "monthly-drill", "world": "measured"}, 0.041),
        ("crestline_abandonment", {"scenario": "monthly-drill", "world": "same_rows"}, 0.043),
        ("crestline_verdict", {"scenario": "monthly-drill"}, 1.0),
    ]


@pytest.mark.parametrize(
    ("key", "gauge"),
    [
        ("frt_p90_s", "crestline_frt_p90_seconds"),
        ("service_level_30s", "crestline_service_level_30s"),
        ("abandonment[refund]@interval", "crestline_abandonment_refund_interval"),
        ("frt_p90_s[order-2]", "crestline_frt_p90_seconds_order_2"),
        ("frt_p90_s[退款]", "crestline_frt_p90_seconds_u9000u6b3e"),
    ],
)
def test_a_key_becomes_the_name_of_a_gauge(key: str, gauge: str) -> None:
    assert metric_name(key) == gauge
