from __future__ import annotations

import json
from pathlib import Path

import pytest

from crestline.__main__ import main
from crestline.runs import RunFolder


def test_the_report_is_built_anew_and_ends_with_the_code_of_the_run(
    bare: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    bare.write_run(bare.read_run() | {"verdict": "missed", "exit_code": 1})
    assert main(["report", str(bare.path)]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("QUICK")
    assert str(bare.path / "report" / "index.html") in err
    assert (bare.path / "report" / "index.html").is_file()
    assert not (bare.path / "report.html").exists()


def test_json_on_standard_output_is_the_account_itself(bare: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["report", str(bare.path), "--format", "json"])
    run = json.loads(capsys.readouterr().out)
    assert run == bare.read_run()
    assert code == run["exit_code"]


def test_one_contact_is_shown_on_its_own(drill: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(drill.path), "--contact", "0"]) == 0
    assert capsys.readouterr().out.startswith("CONTACT 0  customer 0, attempt 1")
    assert not (drill.path / "report").exists()


def test_one_file_comes_on_request(bare: RunFolder) -> None:
    main(["report", str(bare.path), "--self-contained"])
    assert (bare.path / "report.html").is_file()


def test_a_folder_that_cannot_be_read_is_bad_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(tmp_path / "none")]) == 2
    assert "no such folder" in capsys.readouterr().err
    assert main(["report", str(tmp_path)]) == 2
    assert "no run.json here" in capsys.readouterr().err
