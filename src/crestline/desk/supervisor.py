"""The supervisor: holds the listening socket, starts, restarts and kills the desk's processes, outlives none of them.

It decides nothing about contacts. Its children hold the reading end of a pipe whose writing end only it has: however
it ends, the pipe does too, and they with it.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from crestline.desk import worker
from crestline.desk.harm import Harm
from crestline.desk.log import check_database
from crestline.desk.settings import read_settings
from crestline.desk.wire import Message, Peer
from crestline.errors import UsageError

LONGEST_SOCKET_FOLDER = 80  # a Unix socket's path may have 103 characters on macOS
FALLS_AT_MOST = 5  # web workers that end within a second of their start, one after the other


@dataclass(frozen=True)
class Options:
    """How a desk is started; ``parent_pipe`` is an inherited descriptor whose end means that the parent is gone."""

    settings: Path
    port: int = 0
    db: Path | None = None
    allow_faults: bool = False
    parent_pipe: int | None = None


@dataclass(eq=False)
class Supervisor:
    """The processes of one desk."""

    options: Options
    folder: Path
    listener: socket.socket
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    code: int = 0

    def __post_init__(self) -> None:
        self._life, self._life_end = os.pipe()
        self._started = time.monotonic()
        self._offset = time.time() - self._started
        self._web: subprocess.Popen[bytes] | None = None
        self._web_started = 0.0
        self._falls = 0
        self._peer: Peer | None = None
        self._workers: dict[int, subprocess.Popen[bytes]] = {}
        self._leaving: list[subprocess.Popen[bytes]] = []
        self._told = False
        self._harm = Harm(self._db, self._workers, self._shoot_web, self._tell)

    @property
    def address(self) -> str:
        """Where the desk answers."""
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    async def run(self) -> int:
        """Keep the desk up until it is told to stop; the exit code."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGCHLD, self._reap)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop, 128 + number)
        if self.options.parent_pipe is not None:
            watch = (self.options.parent_pipe, loop, self._stop)
            threading.Thread(target=_watch_parent, args=watch, daemon=True).start()
        await self._start_web(replaces=False)
        await self.stopped.wait()
        await self._end()
        return self.code

    # --- the web worker -----------------------------------------------------------------------------------------

    async def _start_web(self, *, replaces: bool) -> None:
        """Start it, and tell it whether it comes in the place of one that died."""
        ours, theirs = socket.socketpair()
        fds = {"listen": self.listener.fileno(), "control": theirs.fileno(), "life": self._life}
        values = {"folder": self.folder, "db": self._db, "offset": self._offset, "started": self._started}
        command = [sys.executable, "-m", "crestline.desk.serve"]
        command += [f"--{name}={value}" for name, value in (fds | values).items()]
        command += ["--allow-faults"] if self.options.allow_faults else []
        self._web = subprocess.Popen(command, pass_fds=tuple(fds.values()), start_new_session=True)
        self._web_started = time.monotonic()
        theirs.close()
        peer = Peer(self._heard, lambda _: None)
        await asyncio.get_running_loop().create_connection(lambda: peer, sock=ours)
        self._peer = peer
        peer.send(workers=sorted(self._workers), replaces=replaces)

    @property
    def _db(self) -> Path:
        return self.options.db.absolute() if self.options.db is not None else self.folder / "desk.db"

    def _heard(self, _: Peer, message: Message) -> None:
        match message:
            case {"start": number, "opens": opens}:
                self._start_worker(number, opens)
            case {"stop": number}:
                self._stop_worker(number)
            case {"kill": fault}:
                self._kill_workers()
                self._tell(struck=fault, at=time.monotonic())
            case {"harm": fault, **how}:
                self._harm.do(fault, how)
            case {"undo": fault}:
                self._harm.undo(fault)
            case {"ready": _} if not self._told:
                self._told = True
                print(f"desk ready at {self.address}", flush=True)

    def _tell(self, **message: object) -> None:
        if self._peer is not None:
            self._peer.send(**message)

    def _restart_web(self) -> None:
        self._falls = self._falls + 1 if time.monotonic() - self._web_started < 1.0 else 0
        if self._falls >= FALLS_AT_MOST:
            logging.getLogger(__name__).error("the web worker does not stay up; the desk ends")
            self._stop(1)
        elif not self.stopped.is_set():
            self._restarting = asyncio.ensure_future(self._start_web(replaces=True))

    def _shoot_web(self) -> bool:
        """Kill the web worker, which is no fall of its own; False if there is none at the moment."""
        if self._web is None:
            return False
        self._web.kill()
        self._web.wait()
        self._web_started = -math.inf
        return True

    # --- triage workers -----------------------------------------------------------------------------------------

    def _start_worker(self, number: int, opens: float) -> None:
        script, path = str(worker.__file__), str(self.folder / "triage.sock")
        command = [sys.executable, "-I", "-S", script, str(number), repr(opens), path, str(self._life)]
        self._workers[number] = subprocess.Popen(command, pass_fds=(self._life,), start_new_session=True)

    def _stop_worker(self, number: int) -> None:
        process = self._workers.pop(number, None)
        if process is not None:
            process.terminate()
            self._leaving.append(process)

    def _kill_workers(self) -> None:
        killed = [*self._workers.values(), *self._leaving]
        self._workers.clear()
        self._leaving.clear()
        for process in killed:
            process.kill()
        for process in killed:
            process.wait()

    # --- the end ------------------------------------------------------------------------------------------------

    def _reap(self) -> None:
        self._leaving = [process for process in self._leaving if process.poll() is None]
        for number, process in list(self._workers.items()):
            if process.poll() is not None:
                del self._workers[number]
                self._tell(gone=number)
        if self._web is not None and self._web.poll() is not None:
            self._web = None
            self._restart_web()

    def _stop(self, code: int) -> None:
        if not self.stopped.is_set():
            self.code = code
            self.stopped.set()

    async def _end(self) -> None:
        self.listener.close()
        self._harm.end()
        if self._web is not None:
            self._web.terminate()
            for _ in range(60):
                if self._web is None or self._web.poll() is not None:
                    break
                await asyncio.sleep(0.01)
            else:
                self._web.kill()
                self._web.wait()
        self._kill_workers()


def _watch_parent(pipe: int, loop: asyncio.AbstractEventLoop, stop: object) -> None:
    while os.read(pipe, 4096):
        pass
    loop.call_soon_threadsafe(stop, 0)  # type: ignore[arg-type]


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        listener.close()
        msg = f"port {port} cannot be taken ({error.strerror}); --port 0 takes a free one"
        raise UsageError(msg) from error
    listener.listen(2048)
    return listener


def _make_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="crestline-desk-"))
    if len(str(folder)) > LONGEST_SOCKET_FOLDER:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="crestline-desk-", dir="/tmp"))
    return folder


def supervise(options: Options) -> int:
    """Run a desk in the foreground until it is stopped; the exit code. Raises ``UsageError`` before it starts."""
    if options.allow_faults and not os.environ.get("CRESTLINE_DESK_TOKEN"):
        msg = "--allow-faults: faults need a token; set CRESTLINE_DESK_TOKEN to one of your choice"
        raise UsageError(msg)
    settings = read_settings(options.settings)
    if options.db is not None:
        check_database(options.db)
    listener = _listen(options.port)
    folder = _make_folder()
    try:
        (folder / "settings.json").write_text(settings.model_dump_json(), encoding="utf-8")
        with asyncio.Runner() as runner:
            return runner.run(_run(options, folder, listener))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _run(options: Options, folder: Path, listener: socket.socket) -> int:
    return await Supervisor(options, folder, listener).run()
