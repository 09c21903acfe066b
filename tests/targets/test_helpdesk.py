"""A help desk of somebody else's is rehearsed as it comes: django-helpdesk, whose claims are not atomic."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from crestline import launch
from crestline.live import adapters
from crestline.live.adapters import Adapter, Opening, Refused, Seat
from crestline.live.adapters.race import Crew, race
from crestline.live.wire import Wire
from crestline.scenario import load
from crestline.verbs.adapter import check_adapter
from crestline.verbs.drill import drill

from .postgres import why_not

ROOT = Path(__file__).parents[2]
ADAPTER, SCENARIO = "loadtests.adapters.helpdesk:HelpdeskAdapter", str(ROOT / "loadtests" / "helpdesk.yaml")
NO_POSTGRES = why_not()
Dial = Callable[[], Adapter]

pytestmark = pytest.mark.skipif(find_spec("helpdesk") is None, reason="django-helpdesk is not installed")


@pytest.fixture(scope="module", autouse=True)
def password() -> Iterator[None]:
    """The word that site and adapter have to find in the environment; and adapters are looked for in this folder."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HELPDESK_PASSWORD", secrets.token_hex(8))
        environment.syspath_prepend(str(ROOT))
        yield


@contextmanager
def site(log: Path, *options: str, made: Path | None = None) -> Iterator[str]:
    """A site of its own as long as the block lasts: its address. What it makes is in the folder ``made``."""
    command = [sys.executable, str(Path(__file__).with_name("start_helpdesk.py")), *options]
    with pytest.MonkeyPatch.context() as environment:
        if made:
            environment.setenv("TMPDIR", str(made))
        child = launch.start_desk(command, log=log / "helpdesk.log")
    try:
        yield child.told
    finally:
        child.stop()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site on SQLite; when it has ended, nothing of it is left."""
    made = tmp_path_factory.mktemp("made")
    with site(tmp_path_factory.mktemp("log"), made=made) as url:
        yield url
    assert list(made.iterdir()) == []


@pytest.fixture
def dial(desk: str) -> Iterator[Dial]:
    """A new customer or agent at the site, on a connection of its own."""
    kind = adapters.load(ADAPTER)
    with ExitStack() as closing:

        def call() -> Adapter:
            wire = Wire(desk, 15.0)
            closing.callback(wire.close)
            return kind(wire)

        yield call


def ticket(run: str, row: int = 0, title: str = "") -> Opening:
    """What a customer asks; its title is its key unless it is a stranger's."""
    return Opening(title or f"{run}/{row}", run, row, row, "order", False, f"About {run}", False, 0.0, False, "order")


# An adapter to a real target fits on two pages of a screen.
def test_the_adapter_is_short() -> None:
    text = (ROOT / "loadtests" / "adapters" / "helpdesk.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 80


# One customer's ticket goes the whole way: form, list, take, reply, resolved page, history.
def test_every_verb_is_understood(desk: str) -> None:
    steps = list(check_adapter(load(SCENARIO), ADAPTER, desk))
    assert [step for step in steps if not step.ok] == []
    assert {step.verb for step in steps if not step.there} >= {"rate", "abandon"}
    assert next(step for step in steps if step.verb == "export").told == "1 conversations"


# The flaw that the target is known for: both of two agents who take a ticket at one instant have it, each for sure.
def test_two_agents_get_the_same_ticket(dial: Dial) -> None:
    seen = race(dial(), (dial(), dial()), Crew("race", "general", "order"), pairs=5)
    assert (seen.pairs, seen.nobody) == (5, 0)
    assert seen.doubled > 0


# A ticket that two agents have worked on is doubled work in the site's own history, and one with one agent is not.
def test_the_history_tells_doubled_work(dial: Dial) -> None:
    customer, first, second = dial(), dial(), dial()
    seats = [Seat(f"general-{number}", "twice", "general", ("order",)) for number in (1, 2)]
    names = [agent.login(seat) for agent, seat in zip((first, second), seats, strict=True)]
    for row in (0, 1):
        opened = customer.open(ticket("twice", row)).id
        claim = first.claim(names[0], row, 5.0)
        assert claim is not None
        assert (claim.id, claim.row, claim.queue) == (opened, row, "order")
        first.resolve(names[0], opened)
    second.reply(names[1], opened, "Hello, this is your other agent.")
    told = sorted(customer.export("twice"), key=lambda entry: int(entry["row"]))
    assert told == [
        {"row": 0, "state": "resolved", "resolutions": 1},
        {"row": 1, "state": "resolved", "resolutions": 2},
    ]


# Whatever strangers ask, even about this very run, stays as it is.
def test_strangers_are_left_alone(dial: Dial) -> None:
    customer, agent = dial(), dial()
    for title in ("The printer is on fire", "ours", "another/0", "re: ours/0"):
        customer.open(ticket("ours", title=title))
    session = agent.login(Seat("general-1", "ours", "general", ("order",)))
    assert agent.claim(session, 1, 0.0) is None


# Without the right password an agent does not come in, and the reason is told without the word.
def test_a_wrong_password_is_told(dial: Dial, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPDESK_PASSWORD", "open sesame")
    with pytest.raises(Refused, match="POST /login/: the target answered 200") as refused:
        dial().login(Seat("general-1", "run", "general", ("order",)))
    assert "sesame" not in str(refused.value)


def rehearse(url: str, out: Path, *sets: str) -> dict[str, Any]:
    """A drill against the site; its run.json."""
    return drill(load(SCENARIO, sets), host=url, adapter=ADAPTER, replications=3, out=out).run


def check_run(run: dict[str, Any]) -> None:
    """Everybody was let in and nobody got lost; the forecast stands beside."""
    assert run["load"]["sent"] == run["load"]["planned"] == run["integrity"]["accepted"]
    assert (run["integrity"]["lost"], run["integrity"]["orphaned"]) == (0, 0)
    for objective in run["objectives"]:
        assert objective["measured"]["value"] is not None
        assert objective["forecast"]["value"] is not None


# A minute against the real thing: measured objectives, its own log held against the records, a forecast beside it.
# With many idle agents some tickets are taken twice, and that is counted.
@pytest.mark.long
def test_a_drill(desk: str, tmp_path: Path) -> None:
    run = rehearse(desk, tmp_path, "agents.general.on_duty=16")
    check_run(run)
    assert run["integrity"]["doubled"] > 0
    assert any("doubled work" in finding for finding in run["findings"])
    assert (tmp_path / "latest" / "report" / "index.html").is_file()


# The same on PostgreSQL, where requests really overlap; half a minute of it.
@pytest.mark.long
@pytest.mark.skipif(bool(NO_POSTGRES), reason=NO_POSTGRES)
def test_a_drill_on_postgresql(tmp_path: Path) -> None:
    with site(tmp_path, "--postgres") as url:
        steps = list(check_adapter(load(SCENARIO), ADAPTER, url, with_race=True))
        assert [step for step in steps if not step.ok] == []
        assert "given to both agents" in steps[-1].told
        check_run(rehearse(url, tmp_path, "load_test.for=6min"))
