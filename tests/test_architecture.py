"""Who may import whom: the rooms of ``src/crestline`` and their doors, read from the source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src"

ROOMS = {
    1: ("units", "errors"),
    2: ("tables",),
    3: ("scenario", "scenarios"),
    4: ("rules", "faults", "mitigations"),
    5: ("workload", "measures"),
    6: ("engine", "live", "desk"),
    7: ("executors",),
    8: ("replicate", "fit", "runs", "launch", "notify"),
    9: ("verdict", "compare", "bottleneck", "staffing", "release"),
    10: ("gates", "steps", "remedies", "report", "history"),
    11: ("verbs",),
    12: ("board", "planner", "locustfile"),
    13: ("cli",),
    14: ("__main__", "__init__"),
}
NUMBER = {room: number for number, rooms in ROOMS.items() for room in rooms}

DOORS = {
    "simpy": ("crestline.engine.reference",),
    "numba": ("crestline.engine.compiled",),
    "llvmlite": ("crestline.engine.compiled",),
    "locust": ("crestline.live.injector", "crestline.live.session", "crestline.board", "crestline.locustfile"),
    "matplotlib": ("crestline.report.figures",),
    "ruamel": ("crestline.scenario",),
}
LAZY = ("apprise", "pandas", "scipy", "matplotlib", "numba")


class Import(NamedTuple):
    """One import: which module, what it names, and whether it happens as the module is loaded."""

    module: str
    imported: str
    line: int
    at_load: bool

    def __str__(self) -> str:
        return f"{self.module}, line {self.line}: imports {self.imported}"


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(SOURCE.rglob("*.py"))}


def statements(tree: ast.AST, at_load: bool = True) -> Iterator[tuple[ast.stmt, bool]]:
    """Every import statement, and whether it runs as the module is loaded: not in a function, not for types alone."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, at_load
        elif isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        else:
            yield from statements(child, at_load and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef))


def names(statement: ast.stmt) -> list[str]:
    """The modules that one import statement loads; a name that is no module of its own counts as its package."""
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    assert isinstance(statement, ast.ImportFrom)
    assert statement.level == 0, f"relative import: {ast.unparse(statement)}"
    package = statement.module or ""
    full = [f"{package}.{alias.name}" for alias in statement.names]
    return [name if name in MODULES else package for name in full]


IMPORTS = [
    Import(module, name, statement.lineno, at_load)
    for module, path in MODULES.items()
    for statement, at_load in statements(ast.parse(path.read_text(encoding="utf-8")))
    for name in names(statement)
]
OWN = [found for found in IMPORTS if found.imported.split(".")[0] == "crestline"]


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def within(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(package + ".") for package in packages)


def test_every_module_belongs_to_a_room() -> None:
    """A new file or folder of the package has a place in the order, or the order is amended on purpose."""
    assert {room(module) for module in MODULES} <= set(NUMBER)


def test_rooms_import_only_smaller_numbers() -> None:
    """What a room imports lies before it in the flow; rooms of one number do not know each other."""
    wrong = [
        str(found)
        for found in OWN
        if found.imported != "crestline"  # __version__, the one name of the package itself
        and room(found.imported) != room(found.module)
        and NUMBER[room(found.imported)] >= NUMBER[room(found.module)]
    ]
    assert wrong == []


def test_the_package_itself_is_asked_only_for_its_version() -> None:
    """Inside, a thing is imported from its room and never by way of the public names."""
    for module, path in MODULES.items():
        for statement, _ in statements(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(statement, ast.ImportFrom) and statement.module == "crestline":
                plain = {alias.name for alias in statement.names if f"crestline.{alias.name}" not in MODULES}
                assert plain <= {"__version__"}, f"{module}, line {statement.lineno}: from crestline import {plain}"


def test_the_desk_shares_no_code_with_what_judges_it() -> None:
    """The reference desk imports its own files, units and errors."""
    strange = [str(f) for f in OWN if room(f.module) == "desk" and room(f.imported) not in {"desk", "units", "errors"}]
    assert strange == []


def test_no_module_imports_itself_in_a_circle() -> None:
    """The modules can be put in an order in which each imports only earlier ones."""
    graph: dict[str, set[str]] = {module: set() for module in MODULES}
    for found in OWN:
        if found.imported not in {"crestline", found.module}:
            graph[found.module].add(found.imported)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize("package", sorted(DOORS))
def test_a_package_enters_only_by_its_door(package: str) -> None:
    """A library that shapes everything near it stays in one place, where it can be replaced."""
    inside = [f for f in IMPORTS if f.imported.split(".")[0] == package]
    assert [str(f) for f in inside if not within(f.module, DOORS[package])] == []


def test_heavy_packages_are_imported_where_they_are_used() -> None:
    """A command that needs no table, statistics or figure does not wait for one; the doors themselves are lazy."""
    wrong = [
        str(found)
        for found in IMPORTS
        if found.at_load
        and found.imported.split(".")[0] in LAZY
        and not within(found.module, DOORS.get(found.imported.split(".")[0], ()))
    ]
    assert wrong == []


def test_no_module_bears_the_name_of_a_public_function() -> None:
    """``crestline.forecast`` is the function; a module ``crestline/forecast.py`` would take its place."""
    public = ast.literal_eval(assigned(MODULES["crestline"], "__all__"))
    assert {f"crestline.{name}" for name in public} & set(MODULES) == set()


def assigned(path: Path, name: str) -> ast.expr:
    """What a module assigns to a name at its top level."""
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == name:
            return statement.value
    msg = f"{path} does not assign {name}"
    raise AssertionError(msg)
