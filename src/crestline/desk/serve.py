"""The web worker: one asyncio loop that owns queue, slots and SQLite, behind the socket that the supervisor holds."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import logging
import os
import shutil
import signal
import socket
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import uvicorn

from crestline.desk.log import Log
from crestline.desk.service import Desk
from crestline.desk.settings import read_settings
from crestline.desk.web import Web
from crestline.desk.wire import Message, Peer

KEEP_ALIVE_S = 600
PING_S = 20.0
LARGEST_FRAME = 65_536  # bytes
LOOP_FACTORY: Callable[[], asyncio.AbstractEventLoop] | None = None
with contextlib.suppress(ImportError):
    import uvloop

    LOOP_FACTORY = uvloop.new_event_loop


class _Server(uvicorn.Server):
    """A uvicorn server that answers its long-polls before it closes."""

    def __init__(self, config: uvicorn.Config, desk: Desk) -> None:
        super().__init__(config)
        self._desk = desk

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._desk.release()
        await super().shutdown(sockets)
        self._desk.journal.log.close()


def arguments() -> argparse.ArgumentParser:
    """What the supervisor passes to its web worker."""
    parser = argparse.ArgumentParser(prog="python -m crestline.desk.serve")
    for name in ("--listen", "--control", "--life"):
        parser.add_argument(name, type=int, required=True)
    for name in ("--folder", "--db"):
        parser.add_argument(name, type=Path, required=True)
    for name in ("--offset", "--started"):
        parser.add_argument(name, type=float, required=True)
    parser.add_argument("--allow-faults", action="store_true")
    return parser


def main() -> None:
    """Serve until the supervisor says so, or is gone."""
    options = arguments().parse_args()
    logging.basicConfig(level=logging.WARNING, format="desk: %(message)s")
    stopped: set[int] = set()
    threading.Thread(target=_watch, args=(options.life, options.folder, stopped), daemon=True).start()
    with asyncio.Runner(loop_factory=LOOP_FACTORY) as runner:
        runner.run(serve(options, stopped))


def _watch(life: int, folder: Path, stopped: set[int]) -> None:
    """The supervisor is gone: nobody else could wake the processes that it has stopped, so that they can end, too."""
    os.read(life, 1)
    for pid in stopped:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGCONT)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


async def serve(options: argparse.Namespace, stopped: set[int]) -> None:
    """Wire the desk to its supervisor, to its triage workers and to HTTP, and serve.

    ``stopped`` takes the processes that the supervisor says it has stopped.
    """
    settings = read_settings(options.folder / "settings.json")
    greeting: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
    desk: Desk | None = None
    early: list[Message] = []

    def heard(_: Peer, message: Message) -> None:
        if "workers" in message:
            greeting.set_result(message)
        elif desk is None:
            early.append(message)
        elif "gone" in message and desk.pool is not None:
            desk.journal.once_free(partial(desk.pool.gone, message["gone"]))
        elif "struck" in message:
            stopped.update(message.get("pids", ()))
            desk.faults.struck(message["struck"], message["at"])
        elif "lifted" in message:
            desk.faults.lifted(message["lifted"], message["at"])

    supervisor = Peer(heard, lambda _: None)
    control = socket.socket(fileno=options.control)
    await asyncio.get_running_loop().create_connection(lambda: supervisor, sock=control)
    greeted = await greeting
    log = Log(options.db, options.offset)
    log.keep_short()
    desk = Desk(settings, log, supervisor.send, options.started)
    desk.start(greeted["workers"])
    for message in early:
        heard(supervisor, message)
    web = _web(desk, allows_faults=options.allow_faults, replaces=greeted["replaces"])
    if desk.pool is None:
        await _serve_http(web, desk, supervisor, options)
        return
    pool, path, once_free = desk.pool, str(options.folder / "triage.sock"), desk.journal.once_free

    def peer() -> Peer:
        return Peer(
            lambda *said: once_free(partial(pool.heard, *said)), lambda of: once_free(partial(pool.hung_up, of))
        )

    door = await asyncio.get_running_loop().create_unix_server(peer, path)
    async with door:  # a server that nobody holds is closed by the garbage collector
        await _serve_http(web, desk, supervisor, options)


def _web(desk: Desk, *, allows_faults: bool, replaces: bool) -> Web:
    """The endpoints; ``replaces``: they come in the place of a web worker that died."""
    web = Web(desk, os.environ.get("CRESTLINE_DESK_TOKEN") if allows_faults else None)
    if replaces:
        web.alarms.take_over()
    return web


async def _serve_http(web: Web, desk: Desk, supervisor: Peer, options: argparse.Namespace) -> None:
    config = uvicorn.Config(
        web.app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=1,
        ws="wsproto",
        ws_max_size=LARGEST_FRAME,
        ws_ping_interval=PING_S,
        ws_ping_timeout=None,  # who talks to an agent need not listen
    )
    server = _Server(config, desk)
    ready = asyncio.create_task(_tell_ready(server, desk, supervisor))
    watching = asyncio.create_task(web.alarms.watch())
    gc.collect()
    gc.freeze()
    await server.serve(sockets=[socket.socket(fileno=options.listen)])
    watching.cancel()
    await ready


async def _tell_ready(server: uvicorn.Server, desk: Desk, supervisor: Peer) -> None:
    while not (server.started and (desk.triage is None or desk.triage.ready)):
        if server.should_exit:
            return
        await asyncio.sleep(0.01)
    supervisor.send(ready=True)


if __name__ == "__main__":
    main()
