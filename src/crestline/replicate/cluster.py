"""Days on a Dask cluster: an executor like any other, whose places are the cores of other machines.

Dask gives what a lost worker was at to another one, so that no replication is lost with it.
"""

from __future__ import annotations

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
RETRIES = 3  # of a day that failed on a worker, as where its memory ran out


@contextmanager
def cluster(address: str, engine: str) -> Iterator[Executor]:
    """The workers of the Dask scheduler at an address, as an executor."""
    try:
        from distributed import Client
    except ImportError:
        msg = "--cluster: dask.distributed is not installed; pip install 'crestline[cluster]'"
        raise UsageError(msg) from None
    with _connected(Client, address) as client:
        _check(client, address, engine)
        executor = client.get_executor(retries=RETRIES, pure=False)
        executor.places = sum(client.ncores().values())
        try:
            yield executor
        except (CancelledError, OSError) as error:
            if isinstance(error, CancelledError) or client.status != "running":
                msg = f"--cluster {address}: the scheduler was lost while days were played"
                raise TargetError(msg) from error
            raise


@contextmanager
def _connected(kind: type[Client], address: str) -> Iterator[Client]:
    try:
        client = kind(address, timeout=ANSWER_S, set_as_default=False)
    except OSError:
        msg = f"--cluster {address}: no Dask scheduler answers there within {ANSWER_S:.0f} s; is this its address?"
        raise TargetError(msg) from None
    except ValueError as error:
        msg = f"--cluster {address}: {error}; expected an address such as tcp://10.0.0.1:8786"
        raise UsageError(msg) from None
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
