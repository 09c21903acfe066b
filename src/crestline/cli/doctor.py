"""``crestline doctor``: what is installed, and what could be broken here."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from crestline.cli.options import Sets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crestline.verbs.doctor import Findings, Possible


class Shape(StrEnum):
    """How findings are printed."""

    table = "table"
    json = "json"


def doctor(
    scenario: Annotated[
        str | None, typer.Argument(metavar="[SCENARIO]", help="Whose faults are looked at; left out, every kind.")
    ] = None,
    host: Annotated[
        str, typer.Option(metavar="URL", help="The target; left out, a reference desk started for a drill.")
    ] = "",
    adapter: Annotated[
        str | None, typer.Option(metavar="MODULE:CLASS", help="How the target is spoken to.", show_default=False)
    ] = None,
    sets: Sets = None,
    shape: Annotated[Shape, typer.Option("--format", help="How to print it.")] = Shape.table,
) -> None:
    """Say what is installed here, which faults a drill could bring about, and why not the others.

    Nothing is broken or changed; a host is asked once whether it lets itself be broken. Exit code 4 when a fault of
    the scenario cannot be brought about, else 0.

    \b
    Examples:
      crestline doctor
      crestline doctor my-service.yaml --host https://staging.example --adapter my_desk:MyDesk
    """
    import json

    from crestline.live.adapters import DESK
    from crestline.scenario import load
    from crestline.verbs.doctor import examine

    found = examine(load(scenario, sets or ()) if scenario else None, host, adapter or DESK)
    if shape is Shape.json:
        typer.echo(json.dumps(found.told(), indent=1, ensure_ascii=False))
    else:
        for line in lines(found):
            typer.echo(line)
    raise typer.Exit(found.exit_code)


def lines(found: Findings) -> Iterator[str]:
    """The findings for people, a line each."""
    here, kernel = found.machine, found.machine["kernel"]
    yield f"CRESTLINE  {here['crestline']}, Python {here['python']} ({here['executable']}), {here['system']}"
    yield f"MACHINE    {here['cores']} cores, {here['memory_gb']:g} GB"
    most = here["open_files_at_most"]
    yield f"FILES      {_many(most)} open at once by one process: a customer under way is one, an agent's slot another"
    kept = f"kept in {kernel['folder']}" if kernel["kept"] else "not made yet: the first forecast takes seconds longer"
    yield f"KERNEL     {kept if not kernel['why'] else 'not to be had (' + kernel['why'] + '); --engine simpy'}"
    yield f"BROWSER    {here['browser'] or 'none; nothing but tests of the pages would use one'}"
    yield from _packages(found)
    yield f"FAULTS     {found.target}"
    yield from map(_fault, found.faults)
    if not found.faults:
        yield "  none in this scenario"


def _packages(found: Findings) -> Iterator[str]:
    needed = [package for package in found.packages if not package.extra]
    missing = [package.name for package in needed if not package.version]
    there = f"{len(needed) - len(missing)} of {len(needed)} are there"
    yield f"PACKAGES   {there}" + (f"; missing: {', '.join(missing)}" if missing else "")
    for extra in sorted({package.extra for package in found.packages} - {""}):
        parts = [package for package in found.packages if package.extra == extra]
        told = ", ".join(f"{part.name} {part.version or 'missing'}" for part in parts)
        how = "" if all(part.version for part in parts) else f"; pip install 'crestline[{extra}]'"
        yield f"  {extra:<17} {told}{how}"


def _fault(fault: Possible) -> str:
    named = fault.kind if fault.place is None else f"{fault.kind} at {fault.at}"
    return f"  {named:<26} {'no: ' + fault.why if fault.why else 'yes'}"


def _many(number: int | None) -> str:
    return "any number of files" if number is None else f"{number:,} files"
