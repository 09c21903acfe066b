"""The committed run in ``reports/sample``: its report comes out of its folder again, word for word."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from crestline import report
from crestline.runs import RunFolder

SAMPLE = Path(__file__).parents[2] / "reports" / "sample"


class Words(HTMLParser):
    """The words of a page, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.feed(text)

    def handle_data(self, data: str) -> None:
        self.words += data.split()


@pytest.fixture(scope="module")
def sample(reported: RunFolder) -> Path:
    """A run with its report: the committed one."""
    return SAMPLE if SAMPLE.is_dir() else reported.path


@pytest.fixture(scope="module")
def rebuilt(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same run with its report built anew."""
    left_out = shutil.ignore_patterns("report", "summary.md", "junit.xml", "metrics.txt")
    copy = Path(shutil.copytree(sample, tmp_path_factory.mktemp("again") / sample.name, ignore=left_out))
    report.write(RunFolder(copy))
    return copy


def test_the_page_says_the_same_words_and_numbers(sample: Path, rebuilt: Path) -> None:
    before, after = (Words((run / "report" / "index.html").read_text("utf-8")).words for run in (sample, rebuilt))
    assert after == before
    assert len(after) > 500


@pytest.mark.parametrize("name", ["summary.md", "junit.xml", "metrics.txt", "report/style.css"])
def test_what_programs_read_is_the_same(sample: Path, rebuilt: Path, name: str) -> None:
    assert (rebuilt / name).read_text("utf-8") == (sample / name).read_text("utf-8")


def test_all_pictures_are_there_and_none_is_blank(sample: Path, rebuilt: Path) -> None:
    before, after = ({path.name for path in (run / "report").glob("*.svg")} for run in (sample, rebuilt))
    assert after == before
    for name in after:
        drawn = re.sub(r"<defs>.*?</defs>", "", (rebuilt / "report" / name).read_text("utf-8"), flags=re.DOTALL)
        assert len(ElementTree.fromstring(drawn).findall(".//{*}path")) > 8, name  # noqa: S314 - our own


def test_the_sample_is_small(sample: Path) -> None:
    assert sum(path.stat().st_size for path in sample.rglob("*") if path.is_file()) < 1_500_000
