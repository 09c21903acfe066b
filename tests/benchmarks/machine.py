"""Where figures come from: the machine, its Python, and the day."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")


def describe_machine() -> str:
    """Processor, cores, system, Python and date in one line."""
    python = f"Python {platform.python_version()}"
    day = f"{datetime.now(UTC):%d %B %Y}".lstrip("0")
    return f"{processor()}, {os.cpu_count()} cores, {platform.system()}, {python}, {day}"


def processor() -> str:
    """The processor's name, as well as the system knows it."""
    if CPU_INFO.exists() and (found := re.search(r"model name\s*: (.+)", CPU_INFO.read_text(encoding="utf-8"))):
        return found[1].strip()
    return platform.processor() or platform.machine()


def with_version(name: str, package: str) -> str:
    """A simulator's name with the version that was played."""
    try:
        return f"{name} {version(package)}"
    except PackageNotFoundError:
        return name
