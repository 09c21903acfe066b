"""What stands on the page, section by section, as plain words: the template only sets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from crestline.measures import keys
from crestline.measures.alert_counts import alerts
from crestline.measures.alerts import Alert
from crestline.measures.heatmap import heat_map
from crestline.report import advice, evidence, figures, planning, sentences, unseen, words
from crestline.report.alerts import alert_lines, alert_table, are_judged, none_raised
from crestline.report.figures import Picture, Twin
from crestline.report.figures.roster_table import shift_table
from crestline.report.handbook.replay import replay_lines, replay_table
from crestline.report.objectives import ObjectiveLine, objective_lines
from crestline.report.record import Record
from crestline.report.step_table import step_table
from crestline.report.worth import worth_sentences

INDICATORS = {  # the health of a service at a glance (DOMAIN row 11)
    "frt_p90_s": "First reply, p90",
    "error_rate": "Errors",
    "abandonment": "Abandonment",
    "resolution_rate": "Resolved",
    "occupancy": "Occupancy",
    "satisfaction": "Satisfaction",
}
_WORLDS = {"measured": "measured", "same_rows": "one simulated day", "forecast": "forecast"}


_SATISFACTION = (
    "Satisfaction is a model: the longer the answer takes, the fewer are satisfied (92 % at 18 s, 78 % at 120 s, "
    "unless the scenario says otherwise). No customer was asked."
)
_OF_A_DRILL = (
    "Agents were virtual: they greet at once and hold a contact exactly as long as planned. Fatigue, breaks and "
    "learning are not in it.",
    _SATISFACTION,
    "Where the target obeys the script, the bot's answers were decided beforehand: its load and its outage were real, "
    "its wit was not tried.",
)
_OF_A_MODEL = (
    "Nothing was called: this is the model alone. A drill shows whether the service follows it.",
    _SATISFACTION,
)


class Tile(NamedTuple):
    """One of the six indicators."""

    name: str
    value: str
    interval: str
    world: str  # what the value is: measured, forecast
    limit: str  # of the objective; empty where none was set
    result: str


class Band(NamedTuple):
    """The verdict at the top."""

    result: str
    word: str
    passes: str
    sentence: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Page:
    """Everything that the page shows, in its order."""

    title: str
    band: Band
    tiles: tuple[Tile, ...]
    objectives: tuple[ObjectiveLine, ...]
    forecast_only: bool
    parts: Twin | None
    faults: tuple[str, ...]
    recovery: tuple[Picture, ...]
    replay_lines: tuple[str, ...]
    replay: Twin | None
    response: tuple[Picture, ...]
    stages: tuple[Picture, ...]
    alert_lines: tuple[str, ...]
    alerts: Twin | None
    no_alerts: str
    roster: Picture | None
    shifts: Twin | None
    staffing: Picture | None
    intervals: Twin | None
    steps: tuple[tuple[str, str], ...]
    findings: tuple[str, ...]
    planned: tuple[str, ...]
    worth: tuple[str, ...]
    model: Twin | None
    load: tuple[str, ...]
    agreement: Twin | None
    gates: Twin | None
    requests: Twin | None
    measures: Twin | None
    reproduce: tuple[tuple[str, str], ...]
    cannot_tell: tuple[str, ...]
    unreadable: tuple[str, ...]

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Every picture of the page."""
        last = tuple(picture for picture in (self.roster, self.staffing) if picture)
        return (*self.recovery, *self.response, *self.stages, *last)


def page(record: Record) -> Page:
    """The page of a run."""
    run = record.run
    lines = tuple(objective_lines(run))
    faults = run.get("faults") or ()
    raised = _alerts(record)
    return Page(
        title=f"{words.VERDICTS.get(run.get('verdict') or '', 'RUN')}: {run.get('scenario') or run.get('name')}",
        band=_band(run),
        tiles=tuple(_tiles(run)),
        objectives=lines,
        forecast_only=run.get("kind") in sentences.MODELLED,
        parts=step_table(run),
        faults=tuple(sentences.fault_sentence(run, fault) for fault in faults),
        recovery=_recoveries(record, faults),
        replay_lines=tuple(replay_lines(run)),
        replay=replay_table(run),
        response=tuple(p for p in (figures.response(record), figures.response_by_type(record)) if p),
        stages=tuple(_stages(record, raised)),
        alert_lines=tuple(alert_lines(run)),
        alerts=alert_table(record, raised),
        no_alerts=none_raised(run),
        roster=figures.roster(record),
        shifts=shift_table(run),
        staffing=figures.staffing(record),
        intervals=figures.interval_table(run["intervals"]) if run.get("intervals") else None,
        steps=tuple((advice.next_sentence(run, step), advice.settings(step)) for step in run.get("next") or ()),
        findings=tuple(sentences.findings(run)),
        model=evidence.model(run),
        planned=tuple(text for _, text in planning.remarks(run)),
        worth=tuple(worth_sentences(run)),
        load=tuple(text for text in (sentences.load_sentence(run), _lost(run), *_unseen(run), _agreement(run)) if text),
        agreement=evidence.agreement(run),
        gates=evidence.gates(run),
        requests=evidence.requests(run),
        measures=evidence.measures(run),
        reproduce=tuple(_reproduce(record)),
        cannot_tell=_OF_A_MODEL if run.get("kind") in sentences.MODELLED else _OF_A_DRILL,
        unreadable=record.unreadable,
    )


def _recoveries(record: Record, faults: Sequence[Mapping[str, Any]]) -> tuple[Picture, ...]:
    """A picture for every fault; none of a plan, whose tables are of a usual day."""
    if record.run.get("kind") == "plan":
        return ()
    return tuple(p for i, fault in enumerate(faults, 1) if (p := figures.recovery(record, fault, i)))


def _band(run: Mapping[str, Any]) -> Band:
    verdict = run.get("verdict") or "inconclusive"
    facts = [
        ("scenario", run.get("scenario")),
        ("what", run.get("about")),
        ("kind", run.get("kind")),
        ("level", sentences.level(run)),
        ("target", run.get("target") if run.get("kind") not in sentences.MODELLED else None),
        ("started", moment(run.get("started_at"))),
        ("exit code", run.get("exit_code")),
    ]
    return Band(
        result=verdict,
        word=words.VERDICTS.get(verdict, verdict.upper()),
        passes=f"{words.PASSES.get(verdict, '')}: {sentences.verdict_count(run)}",
        sentence=sentences.verdict_sentence(run),
        facts=tuple((name, str(fact)) for name, fact in facts if fact not in (None, "")),
    )


def moment(stamp: str | None) -> str:
    """An ISO instant as people read it."""
    if not stamp:
        return ""
    day, _, clock = stamp.partition("T")
    return f"{day} {clock[:5]} UTC" if clock else day


def _tiles(run: Mapping[str, Any]) -> list[Tile]:
    limits = {o["measure"]: o for o in run.get("objectives") or ()}
    return [_tile(run, key, name, limits.get(key) or limits.get(f"{key}@interval")) for key, name in INDICATORS.items()]


def _tile(run: Mapping[str, Any], key: str, name: str, objective: Mapping[str, Any] | None) -> Tile:
    worlds = (run.get("measures") or {}).get(key) or {}
    world = next((w for w in _WORLDS if (worlds.get(w) or {}).get("value") is not None), "")
    unit, shown = keys.unit(key), worlds.get(world)
    if objective and run.get("steps") and world:  # of a climb it is judged where it decides
        shown = objective.get(world) or shown
    return Tile(
        name=name,
        value=words.value(shown, unit),
        interval=words.interval(shown, unit),
        world=_WORLDS.get(world, "not measured"),
        limit=words.limit(objective["op"], objective["limit"], unit) if objective else "",
        result=(objective or {}).get("result") or "",
    )


def _stages(record: Record, raised: Sequence[Alert]) -> list[Picture]:
    if record.main is None or record.scenario is None or record.timeline is None:
        return []
    return figures.stages(record, heat_map(record.main.outcomes, record.scenario, record.timeline), raised)


def _alerts(record: Record) -> Sequence[Alert]:
    if record.main is None or record.scenario is None or record.timeline is None or not are_judged(record.run):
        return []
    return alerts(record.main.outcomes, record.scenario, record.timeline)


def _lost(run: Mapping[str, Any]) -> str:
    text = sentences.lost_sentence(run)
    return f"Lost: {text}" if text else ""


def _unseen(run: Mapping[str, Any]) -> list[str]:
    left = unseen.left_sentence(run)
    return [*(f"Unseen: {text}" for text in unseen.sentences(run)), *([f"Left: {left}"] if left else [])]


def _agreement(run: Mapping[str, Any]) -> str:
    found = run.get("agreement") or {}
    if found.get("same_outcome") is None:
        return ""
    share = words.quantity(found["same_outcome"], "share")
    return (
        f"{share} of {words.count(found.get('rows'))} contacts ended alike in the drill and on the same rows simulated"
    )


def _reproduce(record: Record) -> list[tuple[str, str]]:
    run = record.run
    versions = ", ".join(f"{name} {version}" for name, version in (run.get("versions") or {}).items())
    facts = [
        ("command", run.get("command")),
        ("seed", run.get("seed")),
        ("replications", run.get("replications")),
        ("versions", versions),
        ("machine", run.get("machine")),
        ("run folder", record.folder.name),
        ("scenario", "scenario.yaml in the run folder, every value resolved" if record.scenario else None),
    ]
    return [(name, str(fact)) for name, fact in facts if fact not in (None, "")]
