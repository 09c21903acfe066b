"""Faults of the wire, and faults that somebody else's tool brings about; secrets in them are named as ``${NAME}``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from crestline.scenario.block import Block, refuse
from crestline.scenario.quantities import ByteRate, Clock, Count, Duration, Length, SomeShare, Words
from crestline.scenario.transport import ADVICE, HeaderName, HeaderValue, is_literal_secret
from crestline.units import show

_AT = Field(description='when it strikes, such as "20:30"')
_FOR = Field(alias="for", description="how long it lasts, such as 5min")
_UNDO = "how it is taken back; done whatever becomes of the run"
_VERIFY = "succeeds while the fault is in force; left out, inject is believed"
_AS = Field(None, alias="as", description="the kind of fault whose effect the forecast takes; left out, none")
Modelled = Literal["triage-outage", "triage-brownout", "platform-outage", "storage-stall", "pool-freeze"]
NEEDS = {"latency": "delay", "jitter": "jitter", "bandwidth": "rate"}
MAY = {"share": ("reset", "hang", "errors"), "paths": ("errors",), "status": ("errors",)}


def _path(value: object) -> str:
    if not isinstance(value, str) or not value.startswith("/"):
        msg = f"got {show(value)}, expected the beginning of a path, such as /conversations"
        raise ValueError(msg)
    return value


def _address(value: object) -> str:
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
        is_address = parts is not None and parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        is_address = False
    if not isinstance(value, str) or not is_address or "@" in value.partition("://")[2].partition("/")[0]:
        msg = "expected an address without user and password, such as http://127.0.0.1:8000/break"
        raise ValueError(msg)
    return _without_secret_pairs(value, urlsplit(value).query.split("&"))


def _method(value: object) -> str:
    if not isinstance(value, str) or not value.isalpha():
        msg = f"got {show(value)}, expected the method of a request, such as POST"
        raise ValueError(msg)
    return value.upper()


def _argv(words: tuple[str, ...]) -> tuple[str, ...]:
    if not words or not words[0]:
        msg = "got nothing, expected a program and its arguments, such as [systemctl, stop, bot]"
        raise ValueError(msg)
    for word in words[1:]:
        _without_secret_pairs(word, [word.lstrip("-")])
    return words


def _without_secret_pairs(value: str, pairs: Sequence[str]) -> str:
    """The value, unless one of its ``name=value`` is a secret that it holds itself."""
    for name, _, told in (pair.partition("=") for pair in pairs):
        if told and is_literal_secret(name, told):
            msg = f"{name}: a secret must not stand in a scenario; {ADVICE}"
            raise ValueError(msg)
    return value


def _status(value: int) -> int:
    if not 100 <= value <= 599:
        msg = f"got {value}, expected the status of an answer, such as 503"
        raise ValueError(msg)
    return value


def _python_name(value: object) -> str:
    if not isinstance(value, str) or not all(part.isidentifier() for part in value.split(".")):
        msg = f"got {show(value)}, expected a name in Python, such as chaosk8s.pod.actions"
        raise ValueError(msg)
    return value


PathPrefix = Annotated[str, BeforeValidator(_path), WithJsonSchema({"type": "string", "pattern": "^/"})]
Address = Annotated[str, BeforeValidator(_address), WithJsonSchema({"type": "string", "pattern": "^https?://"})]
Method = Annotated[str, BeforeValidator(_method), WithJsonSchema({"type": "string", "examples": ["POST"]})]
Argv = Annotated[tuple[Words, ...], AfterValidator(_argv)]
Status = Annotated[Count, AfterValidator(_status)]
PythonName = Annotated[str, BeforeValidator(_python_name), WithJsonSchema({"type": "string", "examples": ["os.path"]})]


class WireFault(Block):
    """The wire between customers and target is bad: a proxy of our own spoils it. Agents have a wire of their own."""

    kind: Literal["wire"] = "wire"
    at: Clock = _AT
    for_: Length = _FOR
    how: Literal["latency", "jitter", "reset", "refuse", "hang", "bandwidth", "errors"] = Field(
        description="latency, jitter, reset, refuse, hang, bandwidth or errors"
    )
    delay: Duration = Field(0.0, description="how much later every answer comes")
    jitter: Duration = Field(0.0, description="how far the delay scatters to both sides")
    share: SomeShare = Field(1.0, description="the share of requests that reset, hang or errors meet")
    rate: ByteRate | None = Field(None, description="bytes per real second that pass, such as 20kB/s")
    status: Status = Field(503, description="what errors answer in the target's place")
    paths: tuple[PathPrefix, ...] = Field((), description="beginnings of the paths that errors meet; none: all of them")

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> Self:
        needed = NEEDS.get(self.how)
        if needed and not getattr(self, needed):
            raise refuse(f"how: {self.how} needs {needed}; expected {type(self).model_fields[needed].description}")
        for key, hows in MAY.items():
            if self.how not in hows and getattr(self, key) != type(self).model_fields[key].default:
                raise refuse(f"has no effect with how: {self.how}; it belongs to {', '.join(hows)}", key)
        return self


class CommandHook(Block):
    """A command breaks the target and another one mends it; argument lists, no shell."""

    kind: Literal["command"] = "command"
    at: Clock = _AT
    for_: Length = _FOR
    inject: Argv = Field(description="the command that breaks it, such as [systemctl, stop, bot]")
    undo: Argv = Field(description=_UNDO)
    verify: Argv | None = Field(None, description=_VERIFY)
    as_: Modelled | None = _AS


class HttpRequest(Block):
    """A request to a switch of the target or its platform."""

    method: Method = Field("POST", description="such as POST")
    url: Address = Field(description="where to, such as http://127.0.0.1:8000/break")
    json_: dict[str, Any] | None = Field(None, alias="json", description="its body")
    headers: dict[HeaderName, HeaderValue] = Field(
        default_factory=dict, description="its headers; secrets as ${NAME} of the environment"
    )
    status: Status | None = Field(None, description="the answer that is expected; left out, any below 400")

    @model_validator(mode="after")
    def _names_its_secrets(self) -> Self:
        _without_literal_secrets(self.headers, "headers")
        _without_literal_secrets(self.json_ or {}, "json")
        return self


class HttpHook(Block):
    """A request breaks the target and another one mends it."""

    kind: Literal["http"] = "http"
    at: Clock = _AT
    for_: Length = _FOR
    inject: HttpRequest = Field(description="the request that breaks it")
    undo: HttpRequest = Field(description=_UNDO)
    verify: HttpRequest | None = Field(None, description=_VERIFY)
    as_: Modelled | None = _AS


class Activity(Block):
    """An action or probe of the Chaos Toolkit or an extension of it: any Python function."""

    module: PythonName = Field(description="where it is, such as chaosk8s.pod.actions")
    func: PythonName = Field(description="its name, such as terminate_pods")
    arguments: dict[str, Any] = Field(default_factory=dict, description="its arguments; secrets as ${NAME}")

    @model_validator(mode="after")
    def _names_its_secrets(self) -> Self:
        _without_literal_secrets(self.arguments, "arguments")
        return self


class ChaosHook(Block):
    """An activity of the Chaos Toolkit breaks the target and another one mends it."""

    kind: Literal["chaos"] = "chaos"
    at: Clock = _AT
    for_: Length = _FOR
    inject: Activity = Field(description="the action that breaks it")
    undo: Activity = Field(description=_UNDO)
    verify: Activity | None = Field(None, description=_VERIFY)
    as_: Modelled | None = _AS


def _without_literal_secrets(fields: Mapping[str, Any], *place: str | int) -> None:
    """Refuse a value that stands for itself where its name speaks of a secret, however deep it lies."""
    for name, value in fields.items():
        if isinstance(value, Mapping):
            _without_literal_secrets(value, *place, name)
        elif isinstance(value, str) and is_literal_secret(name, value):
            raise refuse(f"a secret must not stand in a scenario; {ADVICE}", *place, name)
