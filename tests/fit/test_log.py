from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from crestline.errors import ScenarioError
from crestline.fit.columns import Columns
from crestline.fit.log import read_log

BANK_HEADER = (
    "call_no,customer,priority,type,date,vru_entry,vru_exit,vru_time,q_start,q_exit,q_time,outcome,"
    "ser_start,ser_exit,ser_time,agent"
)
BANK_ROWS = (
    "1,0,0,PS,1999-02-01,8:00:00,8:00:10,10,8:00:10,8:01:10,60,AGENT,8:01:10,8:03:10,120,A1",
    "2,77,2,NW,1999-02-01,8:05:00,8:05:10,10,8:05:10,8:05:40,30,HANG,0:00:00,0:00:00,0,",
    "3,0,0,PS,1999-02-01,8:06:00,8:06:20,20,0:00:00,0:00:00,0,HANG,0:00:00,0:00:00,0,",
    "4,0,0,PS,1999-02-02,8:06:00,8:06:20,20,8:06:20,8:06:20,0,PHANTOM,8:06:20,8:06:40,20,A1",
    "5,0,0,PS,1999-02-02,8:06:00,8:04:20,-100,8:06:20,8:06:20,0,AGENT,8:06:20,8:06:40,20,A1",
    "6,0,0,PS,1999-02-02,8:06:00,8:06:20,20,8:06:20,8:06:20,0,AGENT,8:06:20,11:06:20,10800,A1",
)


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    path = tmp_path / "bank.csv"
    path.write_text("\n".join([BANK_HEADER, *BANK_ROWS]) + "\n")
    return path


# The bank's names are recognised by themselves; what is impossible is dropped and counted, what is long is capped.
def test_the_bank_log_is_read_as_it_is(bank: Path) -> None:
    log = read_log([bank], Columns())
    assert [(d.why, d.rows) for d in log.dropped] == [
        ("outcome PHANTOM is neither AGENT nor HANG", 1),
        ("a duration is negative", 1),
    ]
    assert (log.rows, log.capped, log.timezone) == (6, 1, "Asia/Jerusalem")
    calls = log.calls
    assert calls.day.tolist() == [0, 0, 0, 1]
    assert calls.queue_s.tolist() == [28810.0, 29110.0, 29180.0, 29180.0]
    assert calls.queued.tolist() == [True, True, False, True]
    assert calls.abandoned.tolist() == [False, True, False, False]
    assert calls.handle_s.tolist() == [120.0, 0.0, 0.0, 7200.0]
    assert calls.vip.tolist() == [False, True, False, False]
    assert calls.customer.tolist() == [-1, 0, -1, -1]
    assert [calls.contacts[i] for i in calls.contact] == ["PS", "NW", "PS", "PS"]


# The bank asks to be acknowledged, so whoever reads its file carries the acknowledgement along.
def test_the_bank_is_acknowledged(bank: Path) -> None:
    acknowledgement = read_log([bank], Columns()).acknowledgement
    assert acknowledgement == "data: Anonymous Bank, Technion, A. Mandelbaum and the SEE Center"


# Time stamps without a date column, and words of outcomes in another language, are told by flags.
def test_columns_and_words_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(
        "beginn,warten,dauer,ergebnis\n2024-01-01 08:00:00,0:00:30,0:02:00,erledigt\n2024-01-01 09:00,5,,aufgelegt\n"
    )
    named = {"arrival": "beginn", "wait": "warten", "handle": "dauer", "outcome": "ergebnis"}
    log = read_log([path], Columns(named, answered=("erledigt",), abandoned=("aufgelegt",)))
    assert log.calls.queue_s.tolist() == [28800.0, 32400.0]
    assert log.calls.wait_s.tolist() == [30.0, 5.0]
    assert log.calls.handle_s.tolist() == [120.0, 0.0]
    assert log.calls.contacts == ("all",)
    assert np.all(log.calls.customer == -1)


# Every missing column is told at once: what it would say, what the file has instead, which flag names it.
def test_missing_columns_are_told_together(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("arrival,wait,talk\n2024-01-01 08:00,1,2\n")
    with pytest.raises(ScenarioError) as caught:
        read_log([path], Columns())
    assert str(caught.value).splitlines() == [
        f"{path}: 2 problems",
        '  1:1    no column "ser_time" or "handle_s" or "handle_time", which would say how long an agent held it; '
        "the file has arrival, wait, talk; name the right one with --handle-column",
        '  1:1    no column "outcome" or "status", which would say how it ended; '
        "the file has arrival, wait, talk; name the right one with --outcome-column",
    ]


# A column that was named and is not there is an error even when the log could do without it.
def test_a_named_column_must_exist(bank: Path) -> None:
    with pytest.raises(ScenarioError, match=r'no column "client".*--customer-column'):
        read_log([bank], Columns({"customer": "client"}))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "cannot be read as CSV: No columns to parse from file; expected CSV in UTF-8"),
        (BANK_HEADER + "\n", "holds no calls; expected a header and a row for each call"),
        ("arrival,wait,handle_time,status\n8:00,1,2,answered\nlater,1,2,abandoned\n", "no row has a readable date and"),
    ],
)
def test_a_file_without_calls_is_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=told.replace("(", r"\(")):
        read_log([path], Columns())


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read as CSV: No such file or directory"):
        read_log([tmp_path / "none.csv"], Columns())


# Without answered calls there is no handle time, without leavers no patience: both are told with the words found.
def test_a_log_without_ends_is_refused(write_log: Callable[..., Path]) -> None:
    row = {"arrival": "2024-01-01 08:00", "wait": "5", "handle_time": "9", "status": "done"}
    path = write_log([row, row | {"status": "gone"}])
    with pytest.raises(ScenarioError) as caught:
        read_log([path], Columns())
    assert str(caught.value).splitlines()[1:] == [
        '  -      no usable answered call among 2 rows; column status has "done", "gone"; '
        "say which of them means answered with --answered-value",
        '  -      nobody left the queue, so patience cannot be fitted; column status has "done", "gone"; '
        "say which of them means abandoned with --abandoned-value",
    ]


# Months may come in several files of one layout, and of one layout only.
def test_several_files_are_one_log(write_log: Callable[..., Path], rows_of_days: Callable[..., list[Any]]) -> None:
    rows = rows_of_days(2)
    one, two = write_log(rows[::2], "one.csv"), write_log(rows[1::2], "two.csv")
    log = read_log([one, two], Columns())
    assert log.rows == len(rows)
    assert np.all(np.diff(log.calls.day * 86400 + log.calls.asked_s) >= 0)
    other = write_log([{"when": "2024-01-01"}], "other.csv")
    with pytest.raises(ScenarioError, match=r"has other columns than .*one.csv"):
        read_log([one, other], Columns())


# What was recognised by itself needs no flag to do it again; what was told does.
def test_flags_say_what_was_told() -> None:
    assert Columns().flags == []
    named = Columns.of({"wait": "hold", "agent": None}, ["ok"], None, None)
    assert named.flags == ["--wait-column", "hold", "--answered-value", "ok"]
