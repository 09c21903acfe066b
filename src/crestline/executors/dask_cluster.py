"""Days on a Dask cluster: an executor like any other, whose places are the cores of other machines.

Dask gives what a lost worker was at to another one, so that no replication is lost with it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from crestline import __version__
from crestline.engine import COMPILED
from crestline.errors import TargetError, UsageError

if TYPE_CHECKING:
    from distributed import Client

ANSWER_S = 10.0  # how long a scheduler has to answer
LOGGERS = ("distributed.client", "distributed.core", "tornado.application")
RETRIES = 3  # of a day that failed on a worker, as where its memory ran out


@contextmanager
def cluster(address: str, engine: str) -> Iterator[Executor]:
    """The workers of the Dask scheduler at an address, as an executor."""
    try:
        from distributed import Client
        from distributed.comm.addressing import resolve_address
    except ImportError:
        msg = "--cluster: dask.distributed is not installed; pip install 'crestline[cluster]'"
        raise UsageError(msg) from None
    try:
        resolve_address(address)
    except ValueError as error:
        msg = f"--cluster {address}: {error}; expected an address such as tcp://10.0.0.1:8786"
        raise UsageError(msg) from None
    except OSError as error:
        msg = f"--cluster {address}: {error.strerror or error}; is this the scheduler's address?"
        raise TargetError(msg) from None
    with _quiet(), _connected(Client, address) as client:
        _check(client, address, engine)

        lost = TargetError(f"--cluster {address}: the scheduler was lost while days were played")

        def watch() -> None:
            if client.status not in ("running", "connecting"):
                raise lost

        executor = client.get_executor(retries=RETRIES, pure=False)
        executor.places, executor.watch = sum(client.ncores().values()), watch
        try:
            yield executor
        except CancelledError:  # nobody here calls off what is waited for
            raise lost from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing of the connection's own troubles, which are told in one sentence."""
    before = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


@contextmanager
def _connected(kind: type[Client], address: str) -> Iterator[Client]:
    try:
        client = kind(address, timeout=ANSWER_S, set_as_default=False)
    except OSError:
        msg = f"--cluster {address}: no Dask scheduler answers there within {ANSWER_S:.0f} s; is this its address?"
        raise TargetError(msg) from None
    try:
        yield client
    finally:
        client.close(timeout=ANSWER_S)


def _check(client: Client, address: str, engine: str) -> None:
    """Refuse workers that would play other days, or none: all must have this crestline, and the engine."""

    def told(engine: str = engine) -> Any:  # sent as it is: a worker need not have crestline to run it
        from importlib.util import find_spec

        if not find_spec("crestline"):
            return None
        from crestline import __version__
        from crestline.engine import ENGINES

        return __version__, engine in ENGINES and (engine != "compiled" or find_spec("numba") is not None)

    workers: dict[str, Any] = client.run(told)
    if not workers:
        msg = f"--cluster {address}: the scheduler has no workers; start some with: dask worker {address}"
        raise TargetError(msg)
    for name, there in workers.items():
        if there is None:
            lacks = "crestline is not installed"
        elif there[0] != __version__:
            lacks = f"crestline is {there[0]}, here it is {__version__}"
        elif not there[1]:
            lacks = "numba is not installed" if engine == COMPILED else f"there is no engine {engine}"
        else:
            continue
        msg = f"--cluster {address}: on worker {name} {lacks}; install the same as here, crestline {__version__}"
        raise TargetError(msg)
