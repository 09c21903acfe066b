"""A simulator in a process of its own, for one that cannot stand the others beside it."""

from __future__ import annotations

import atexit
import functools
import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict

from .fresh_process import with_benchmarks
from .model import CommonModel, Seen


@functools.cache
def player(file: str) -> Callable[[int, int, CommonModel], Seen]:
    """``play`` of a file, as a process that lives as long as this one and compiles what it compiles once."""
    code = f"from {__name__} import serve; serve({file!r})"
    child = subprocess.Popen(
        [sys.executable, "-c", code], env=with_benchmarks(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    asks, answers = child.stdin, child.stdout
    assert asks is not None
    assert answers is not None
    atexit.register(child.communicate)

    def play(contacts: int, seed: int, model: CommonModel) -> Seen:
        print(json.dumps([contacts, seed, asdict(model)]), file=asks, flush=True)
        answer = answers.readline()
        assert answer, f"{file} gave no answer; its error is above"
        return Seen(*json.loads(answer))

    return play


def serve(file: str) -> None:
    """Play what is asked for, line by line."""
    module = importlib.import_module(f".{file}", __package__)
    for line in sys.stdin:
        contacts, seed, model = json.loads(line)
        print(json.dumps(module.play(contacts, seed, CommonModel(**model))), flush=True)
