"""Who puts load on the server: each is a command, an environment, and a way to read what it says of itself."""

from __future__ import annotations

import json
import math
import os
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from statistics import fmean, pvariance
from typing import Any, NamedTuple

from crestline.live.plan import FOLDER, JUDGED, Plan
from crestline.scenario import dump, load

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PATHS = os.pathsep.join(map(str, (ROOT / "src", ROOT / "tests")))
ADAPTERS = "benchmarks.live.adapters"
OF_A_JOURNEY = 4  # requests
BUCKET_S = 0.1  # in which sent instants are counted


class Told(NamedTuple):
    """What a client says of its load; NaN where it says nothing of the kind."""

    sent_share: float = math.nan  # sent / planned
    late_p99_ms: float = math.nan  # sent after planned
    p99_ms: float = math.nan  # response time
    dispersion: float = math.nan  # variance / mean of the requests sent in 100 ms; 1 for a long Poisson stream
    planned_dispersion: float = math.nan  # the same of those planned: what this short stream happens to have


class Client(NamedTuple):
    """A process that puts load on the server."""

    command: list[str]
    environment: Mapping[str, str]
    read: Callable[[str], Told]  # from what it prints


def unpaced(host: str, users: int, seconds: float) -> Client:
    """Stock Locust, as many requests as it can."""
    return Client(_locust(HERE / "in_locust.py", host, users, seconds), _environment(), _read_locust)


def throughput(host: str, rate: float, users: int, seconds: float) -> Client:
    """Stock Locust with ``constant_throughput``."""
    paced = _environment(BENCHMARK_RATE_OF_EACH=str(rate / users))
    return Client(_locust(HERE / "in_locust.py", host, users, seconds), paced, _read_locust)


def open_loop(host: str, rate: float, seconds: float) -> Client:
    """The plain client with planned instants."""
    port = host.rpartition(":")[2]
    command = [sys.executable, str(HERE / "open_loop.py"), port, str(rate), str(seconds)]
    return Client(command, _environment(), _read_open_loop)


def crestline(host: str, adapter: str, rate: float, seconds: float, folder: Path, seed: int = 1) -> Client:
    """The injector: a run folder of its own, whose customers are those of an adapter; ``rate`` counts requests."""
    customers = rate / OF_A_JOURNEY if adapter == "Journey" else rate
    folder.mkdir()
    (folder / "scenario.yaml").write_text(dump(load(scenario(customers, seconds))), encoding="utf-8")
    Plan("benchmark", seed, host=host, adapter=f"{ADAPTERS}:{adapter}", agents=False).write(folder)
    found = find_spec("crestline.locustfile")
    assert found is not None
    assert found.origin is not None
    environment = _environment(**{FOLDER: str(folder), JUDGED: "1"})
    return Client(_locust(Path(found.origin), host), environment, lambda printed: _read_folder(folder, printed))


def scenario(rate: float, seconds: float) -> dict[str, Any]:
    """Customers in a Poisson stream, in real time."""
    kind = {"share": "100%", "handle_time": {"constant": "1s"}, "patience": "never"}
    return {
        "schema": 1,
        "name": "benchmark",
        "day": {"start": "00:00", "length": f"{seconds}s"},
        "interval": f"{seconds}s",
        "demand": {"rate": f"{rate}/s"},
        "contacts": {"all": kind},
        "agents": {"all": {"skills": ["all"], "on_duty": 1}},
        "load_test": {"level": "100%", "time_scale": 1, "max_rate": "100000/s"},
    }


def _locust(file: Path, host: str, users: int = 0, seconds: float = 0.0) -> list[str]:
    asked = ["-u", str(users), "-r", str(users), "-t", f"{seconds:.0f}s"] if users else []
    quiet = ["--headless", "--json", "--only-summary"]
    return [sys.executable, "-m", "locust", "-f", str(file), "--host", host, *quiet, *asked]


def _environment(**more: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": PATHS} | more


def _read_locust(printed: str) -> Told:
    """The p99 of Locust's statistics of requests, from its own buckets."""
    counted: Counter[float] = Counter()
    for entry in json.loads(printed):
        if entry["method"] != "CONTACT":
            counted.update({float(time): number for time, number in entry["response_times"].items()})
    ascending = sorted(counted.elements())
    return Told(p99_ms=ascending[int(0.99 * len(ascending))])


def _read_open_loop(printed: str) -> Told:
    told = json.loads(printed)
    return Told(told["sent"] / told["planned"], told["late_p99_ms"], told["p99_ms"])


def _read_folder(folder: Path, printed: str) -> Told:
    """What the run folder says, and the p99 of the statistics."""
    told = json.loads((folder / "load.json").read_text(encoding="utf-8"))
    lines = [json.loads(line) for line in (folder / "contacts.jsonl").read_text(encoding="utf-8").splitlines()]
    sent, planned = (dispersion([line[what] for line in lines]) for what in ("sent", "planned"))
    p99_ms = _read_locust(printed).p99_ms
    return Told(told["sent"] / told["planned"], 1000 * told["late_p99_s"], p99_ms, sent, planned)


def dispersion(sent: list[float]) -> float:
    """Variance / mean of the counts in 100 ms, over the whole buckets."""
    counted = Counter(int(instant / BUCKET_S) for instant in sent)
    counts = [counted[bucket] for bucket in range(max(counted))]
    return pvariance(counts) / fmean(counts)
