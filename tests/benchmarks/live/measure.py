"""One server, one client at a time, and what each request costs the client: counted and timed from outside."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import psutil  # type: ignore[import-untyped]

from .clients import Client, Told

SETTLE_S = 2.0  # from the first request until measuring begins: start-up is not what is compared
STEP_S = 0.02
GRACE_S = 60.0  # for a client to start, and to end after its time


class Seen(NamedTuple):
    """One play of a client."""

    per_s: float  # requests a second that the server answered
    cpu_us: float  # the client's processor time for each of them
    others: float  # cores that other processes used meanwhile
    told: Told


class Server:
    """The target, in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self._port = int(process.stdout.readline())
        self.host, self.pid = f"http://127.0.0.1:{self._port}", process.pid

    def answered(self) -> int:
        """Requests that it has answered until now."""
        connection = HTTPConnection("127.0.0.1", self._port)
        try:
            connection.request("GET", "/count")
            return int(connection.getresponse().read())
        finally:
            connection.close()

    def stop_for(self, seconds: float) -> None:
        """Let it stand still; connections are taken by the system, and nothing is answered."""
        process = psutil.Process(self.pid)
        process.suspend()
        time.sleep(seconds)
        process.resume()


@contextmanager
def serve() -> Iterator[Server]:
    """A server for as long as the block."""
    command = [sys.executable, str(Path(__file__).parent / "server.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Server(process)
        finally:
            process.kill()


def play(server: Server, client: Client, window_s: float) -> Seen:
    """Start a client, look at it for a while in its midst, and hear what it says at its end."""
    with started(client) as child:
        wait_for_load(server, child)
        time.sleep(SETTLE_S)
        before = _mark(server, child)
        time.sleep(window_s)
        after = _mark(server, child)
        told = ended(client, child)
    seconds, requests, cpu_s, ours_s, all_s = (now - then for now, then in zip(after, before, strict=True))
    return Seen(requests / seconds, 1e6 * cpu_s / requests, max(0.0, all_s - ours_s) / seconds, told)


def play_standstill(server: Server, clients: list[Client], seconds: float, stop_s: float) -> list[Told]:
    """What clients say who play at once, when the server stands still in the midst of it."""
    with ExitStack() as playing:
        children = [playing.enter_context(started(client)) for client in clients]
        wait_for_load(server, children[0])
        time.sleep((seconds - stop_s) / 2)
        server.stop_for(stop_s)
        return [ended(client, child) for client, child in zip(clients, children, strict=True)]


def standstill_p99_ms(seconds: float, stop_s: float) -> float:
    """The p99 of response times in theory: requests come evenly, and wait for the end of the standstill."""
    return 1000 * max(0.0, stop_s - 0.01 * seconds)


@contextmanager
def started(client: Client) -> Iterator[subprocess.Popen[str]]:
    """A client's process, which does not outlive the block."""
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(
            client.command, env=dict(client.environment), stdout=subprocess.PIPE, stderr=said, text=True
        ) as child,
    ):
        try:
            yield child
        except BaseException:
            said.seek(0)
            sys.stderr.write(said.read())
            raise
        finally:
            child.kill()


def wait_for_load(server: Server, child: subprocess.Popen[str]) -> None:
    """Until the first requests have come."""
    before, last = server.answered(), time.monotonic() + GRACE_S
    while server.answered() == before:
        assert child.poll() is None, "the client ended before it began; what it said is above"
        assert time.monotonic() < last, "no request came"
        time.sleep(STEP_S)


def ended(client: Client, child: subprocess.Popen[str]) -> Told:
    """What a client says when its time is over."""
    printed, _ = child.communicate(timeout=GRACE_S)
    return client.read(printed)


def _mark(server: Server, child: subprocess.Popen[str]) -> tuple[float, ...]:
    """Now: the clock, requests answered, and processor seconds of the client, of client and server, of everyone."""
    client_s, server_s = (_used_s(psutil.Process(pid)) for pid in (child.pid, server.pid))
    everyone = psutil.cpu_times()
    all_s = everyone.user + everyone.nice + everyone.system
    return time.monotonic(), server.answered(), client_s, client_s + server_s, all_s


def _used_s(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)
