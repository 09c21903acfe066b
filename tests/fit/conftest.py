"""A small world whose parameters are known, as a call log."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

MONDAY = dt.date(2024, 1, 1)
OPENS_S, CLOSES_S = 8 * 3600.0, 16 * 3600.0
RATE_PER_H = 60.0
HANDLE = {"sales": (180.0, 1.2), "service": (90.0, 0.8)}
SHARES = {"sales": 0.6, "service": 0.4}
PATIENCE_S = 200.0
MEAN_OFFERED_WAIT_S = 60.0
WAITS = 0.8  # share that has to wait at all
AGAIN = {"abandoned": 0.4, "answered": 0.1}
DELAY_S = 600.0
VIP = 0.2
AGENTS = 6

Row = dict[str, Any]


def _visit(rng: np.random.Generator, contact: str) -> tuple[float, float, str]:
    """Wait, handle time and outcome of one contact; nobody is held up by anyone else in this world."""
    offered = rng.exponential(MEAN_OFFERED_WAIT_S) if rng.random() < WAITS else 0.0
    patience = rng.exponential(PATIENCE_S)
    if patience < offered:
        return patience, 0.0, "abandoned"
    mean, cv = HANDLE[contact]
    sigma = np.sqrt(np.log1p(cv**2))
    return offered, float(mean * np.exp(sigma * rng.normal() - sigma**2 / 2)), "answered"


def _customer(rng: np.random.Generator, date: dt.date, at_s: float, number: int) -> list[Row]:
    """All contacts of one customer on one day, recontacts included."""
    contact = "sales" if rng.random() < SHARES["sales"] else "service"
    priority, rows = "vip" if rng.random() < VIP else "normal", []
    while at_s < CLOSES_S:
        wait, handle, outcome = _visit(rng, contact)
        stamp = dt.datetime.combine(date, dt.time()) + dt.timedelta(seconds=round(at_s, 1))
        agent = f"a{rng.integers(AGENTS)}" if outcome == "answered" else ""
        rows.append(
            {"arrival": stamp.isoformat(" "), "wait": f"{wait:.1f}", "handle_time": f"{handle:.1f}", "status": outcome,
             "contact": contact, "customer": f"c{number}", "priority": priority, "agent": agent}
        )  # fmt: skip
        if rng.random() >= AGAIN[outcome]:
            break
        at_s += wait + handle + min(rng.exponential(DELAY_S), 3599.0)
    return rows


def make_rows(days: int, seed: int = 1, per_h: float = RATE_PER_H) -> list[Row]:
    """Rows of ``days`` working days, Monday to Friday, in order of time."""
    rng, rows, number, date = np.random.default_rng(seed), [], 0, MONDAY
    for _ in range(days):
        while date.weekday() > 4:
            date += dt.timedelta(days=1)
        hours = (CLOSES_S - OPENS_S) / 3600
        for at_s in np.sort(rng.uniform(OPENS_S, CLOSES_S, rng.poisson(per_h * hours))):
            number += 1
            rows += _customer(rng, date, float(at_s), number)
        date += dt.timedelta(days=1)
    return sorted(rows, key=lambda row: str(row["arrival"]))


@pytest.fixture
def rows_of_days() -> Callable[..., list[Row]]:
    return make_rows


@pytest.fixture
def write_log(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as a CSV file."""

    def write(rows: list[Row], name: str = "calls.csv") -> Path:
        path = tmp_path / name
        with path.open("w", newline="") as file:
            table = csv.DictWriter(file, list(rows[0]))
            table.writeheader()
            table.writerows(rows)
        return path

    return write


@pytest.fixture(scope="session")
def twenty_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of twenty working days of the known world."""
    path = tmp_path_factory.mktemp("log") / "calls.csv"
    rows = make_rows(20)
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return path
