"""What a hook does: run a command, send a request, or call an activity of the Chaos Toolkit.

A deed is plain data that stands in the scenario. Secrets stand in it as ``${NAME}``; they are put in here, in the
process that does the deed, and taken out of whatever is told of it.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urlsplit

from crestline.live.adapters import Unanswered
from crestline.live.spoken import brief
from crestline.live.transport import HIDDEN, Transport
from crestline.live.wire import ERRORS, Wire
from crestline.scenario.transport import REFERENCE

Deed = Mapping[str, Any]  # ``kind`` and what belongs to it
CHAOS = "the Chaos Toolkit is not installed; pip install 'crestline[chaos]'"


class Failed(Exception):
    """A deed that was not done, in words."""


def perform(deed: Deed, within: float) -> str:
    """Do a deed within that many real seconds, and say what came of it; ``Failed`` where it was not done."""
    secrets: list[str] = []
    try:
        put_in = _resolved(deed, secrets)
        return brief(_hidden(PERFORM[deed["kind"]](put_in, within), secrets))
    except Failed as failed:
        raise Failed(brief(_hidden(str(failed), secrets))) from None


def unknown_variables(deed: Any) -> list[str]:
    """Variables of the environment that a deed names and nobody has set."""
    return sorted({name for text in _texts(deed) for name in REFERENCE.findall(text) if not os.environ.get(name)})


def _run(deed: Deed, within: float) -> str:
    """A command, without a shell; it inherits the environment, which is where its secrets are."""
    argv = [str(word) for word in deed["argv"]]
    with TemporaryFile() as said:  # a pipe would be open for as long as whatever it leaves in the background
        try:
            child = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
            )
        except (OSError, ValueError) as error:
            msg = f"{argv[0]} cannot be run ({error})"
            raise Failed(msg) from None
        code = _ended(child, within)
        said.seek(0)
        last = said.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
    told = f"{argv[0]} ended with code {code}" + (f": {last}" if last else "")
    if code:
        raise Failed(told)
    return told


def _ended(child: subprocess.Popen[bytes], within: float) -> int:
    """The exit code; what has not ended in time is killed with everything that it has started."""
    try:
        return child.wait(within)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        msg = f"{child.args[0]!s} had not ended after {within:.1f} s"  # type: ignore[index]
        raise Failed(msg) from None


def _request(deed: Deed, within: float) -> str:
    """A request; an answer of the expected ``status`` is a deed done, or one below 400 where none is expected."""
    parts = urlsplit(deed["url"])
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with closing(Wire(Transport(f"{parts.scheme}://{parts.netloc}"), within)) as wire:
        try:
            answer = wire.request(deed["method"], path, json=deed.get("json"), headers=deed.get("headers"))
        except Unanswered as error:
            raise Failed(str(error)) from None
    told = f"{deed['method']} {parts.path or '/'} was answered {answer.status}"
    expected = deed.get("status")
    if answer.status != expected if expected else answer.status >= ERRORS:
        msg = f"{told} ({answer.body})"
        raise Failed(msg)
    return told


def _call(deed: Deed, _within: float) -> str:
    """An activity of the Chaos Toolkit or one of its extensions: any Python function; a false result is a failure."""
    try:
        from chaoslib.exceptions import ChaosException
        from chaoslib.provider.python import run_python_activity
    except ImportError:
        raise Failed(CHAOS) from None
    named = f"{deed['module']}.{deed['func']}"
    arguments = dict(deed.get("arguments") or {})
    configuration = arguments.pop("configuration", {})
    provider = {"type": "python", "module": deed["module"], "func": deed["func"], "arguments": arguments}
    activity = {"name": named, "type": "action", "provider": provider}
    try:
        got = run_python_activity(activity, configuration, {})
    except (ChaosException, ImportError, AttributeError, TypeError) as error:
        msg = f"{named}: {type(error).__name__}: {error}"
        raise Failed(msg) from None
    if got is False:
        msg = f"{named} returned False"
        raise Failed(msg)
    return f"{named} returned {got!r}"


PERFORM: dict[str, Callable[[Deed, float], str]] = {"command": _run, "http": _request, "chaos": _call}


def _resolved(value: Any, secrets: list[str]) -> Any:
    """The same with the values of the variables that it names, which are added to ``secrets``."""
    if isinstance(value, Mapping):
        return {key: _resolved(inner, secrets) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_resolved(inner, secrets) for inner in value]
    if not isinstance(value, str):
        return value
    for name in REFERENCE.findall(value):
        found = os.environ.get(name, "")
        if not found:
            msg = f"the environment variable {name} is not set"
            raise Failed(msg)
        secrets.append(found)
    return REFERENCE.sub(lambda found: os.environ[found[1]], value)


def _hidden(text: str, secrets: list[str]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list | tuple):
        return [text for inner in value for text in _texts(inner)]
    return [value] if isinstance(value, str) else []
