"""How a target knows a live run's requests and customers from all others."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from crestline.scenario.block import Block
from crestline.scenario.transport import HeaderName

RUN = "{run}"  # stands for the run's name
TRACE = "traceparent"  # the header by which traces know each other (W3C Trace Context)
OTHERS = frozenset(
    {
        TRACE,
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "cookie",
        "expect",
        "host",
        "transfer-encoding",
        "upgrade",
    }
)  # headers that mean something else
_PLAIN = re.compile(r"[\x20-\x7e]+")
_PATH = re.compile(r"/[\x21-\x7e]*")


def _plain(value: object) -> str:
    if not isinstance(value, str) or not _PLAIN.fullmatch(value) or value != value.strip():
        msg = f'got {value!r}, expected text of printable ASCII characters, such as "{RUN}"'
        raise ValueError(msg)
    if "${" in value:
        msg = "a mark is there to be seen, and takes nothing from the environment; load_test.headers does"
        raise ValueError(msg)
    return value


def _free(name: str) -> str:
    if name.lower() in OTHERS:
        msg = f"got {name!r}, which has a meaning of its own; expected a header such as X-Load-Test"
        raise ValueError(msg)
    return name


def _path(value: object) -> str:
    if not isinstance(value, str) or not _PATH.fullmatch(value):
        msg = f"got {value!r}, expected a path at the target, such as /v1/mark"
        raise ValueError(msg)
    return value


Plain = Annotated[str, BeforeValidator(_plain)]
TargetPath = Annotated[str, BeforeValidator(_path), WithJsonSchema({"type": "string", "pattern": "^/"})]


class MarkProbe(Block):
    """What the target is asked before a run, to see that it honours the mark; if not, nothing is played."""

    path: TargetPath = Field(description="what is asked for (GET), with the mark, such as /v1/mark")
    expect: Plain | None = Field(None, description="text that the answer has to hold; left out, the mark itself")


class Mark(Block):
    """Every request of a run carries a header, and every customer a name by which tests are known."""

    header: Annotated[HeaderName, AfterValidator(_free)] = Field("X-Load-Test", description="header of every request")
    value: Plain = Field(RUN, description=f"what it says; {RUN} stands for the run's name")
    prefix: Plain = Field("rehearsal-", description="what names of customers begin with")
    probe: MarkProbe | None = Field(None, description="ask the target before the run whether it honours the mark")

    def told(self, run: str) -> str:
        """What the header of a run says."""
        return self.value.replace(RUN, run)

    def wanted(self, run: str) -> str:
        """What the answer to the probe has to hold."""
        return self.told(run) if self.probe is None or self.probe.expect is None else self.probe.expect
