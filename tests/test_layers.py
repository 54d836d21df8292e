"""The layers hold, and the checks that say so can fail.

import-linter (pyproject.toml, `make layers`) decides which package may import which. Its lists
deny; an allow-list decides here what the core may import at all, by reading the syntax tree, so
that an import inside a function is seen too. Each check has a negative control.
"""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORE = ROOT / "src" / "crosstell" / "core"

PURE = frozenset(
    [
        "__future__",
        "base64",
        "binascii",
        "bisect",
        "collections",
        "dataclasses",
        "datetime",
        "enum",
        "functools",
        "hashlib",
        "heapq",
        "itertools",
        "json",
        "math",
        "operator",
        "re",
        "statistics",
        "string",
        "struct",
        "types",
        "typing",
        "unicodedata",
    ]
)
ARRAYS_AND_GEODESICS = ("geographiclib", "numpy")
ARRAYS_AND_GEODESICS_IN = ("assessment", "detection", "geometry")
LOADING = ("pathlib", "platform")  # to find the kernel, and nothing else
LOADING_IN = "core/detection/bulk/kernel.py"
HANDING = "ctypes"  # to hand arrays to the kernel
HANDING_IN = "core/detection/bulk/"

# What a module reaches without an import: files, the screen, code from text, memory addresses
# and string hashes (both differ from run to run).
FORBIDDEN_CALLS = frozenset(
    [
        "open",
        "print",
        "input",
        "breakpoint",
        "eval",
        "exec",
        "compile",
        "__import__",
        "globals",
        "hash",
        "id",
    ]
)


def _imported(nodes: list[ast.AST]) -> list[tuple[int, str]]:
    """Line and module of every import, wherever it stands."""
    found: list[tuple[int, str]] = []
    for node in nodes:
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.lineno, "." * node.level + (node.module or "")))
    return found


def _allowed(module: str, *, where: str, room: str) -> bool:
    top = module.split(".", maxsplit=1)[0]
    if top in ARRAYS_AND_GEODESICS:
        return room in ARRAYS_AND_GEODESICS_IN
    if top in LOADING:
        return where.endswith(LOADING_IN)
    if top == HANDING:
        return HANDING_IN in where
    return top in PURE or module == "crosstell.core" or module.startswith("crosstell.core.")


def impurities(source: str, *, where: str, room: str) -> list[str]:
    """Every import, call and coroutine that a pure module may not have; empty if it is pure."""
    nodes = list(ast.walk(ast.parse(source)))
    found = [
        f"{where}:{line}: imports {module}; the core may not"
        for line, module in _imported(nodes)
        if not _allowed(module, where=where, room=room)
    ]
    for node in nodes:
        if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
            found.append(f"{where}:{node.lineno}: async; the core has none")
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in FORBIDDEN_CALLS
        ):
            found.append(f"{where}:{node.lineno}: calls {node.func.id}(); the core may not")
    return found


def test_every_module_of_the_core_is_pure() -> None:
    modules = sorted(CORE.rglob("*.py"))
    assert len(modules) > 10, "the core was not found where it should be"
    found = [
        line
        for path in modules
        for line in impurities(
            path.read_text(encoding="utf-8"),
            where=str(path.relative_to(ROOT)),
            room=path.relative_to(CORE).parts[0],
        )
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "room"),
    [
        ("import os", "line"),
        ("import time as enum", "line"),
        ("def f():\n    import tempfile", "line"),
        ("def f():\n    from crosstell.shell import node", "line"),
        ("from crosstell import codecs", "line"),
        ("from .. import shell", "line"),
        ("if True:\n    import random", "line"),
        ("from geographiclib.geodesic import Geodesic", "record"),
        ("import numpy", "line"),
        ("import ctypes", "detection"),
        ("import cryptography", "record"),
        ("import crosstell.corelike", "record"),
        ("def f():\n    return open('x')", "line"),
        ("x = hash('x')", "line"),
        ("async def f() -> None: ...", "line"),
    ],
)
def test_an_impure_module_is_caught(source: str, room: str) -> None:
    assert impurities(source, where="x.py", room=room) != []


@pytest.mark.parametrize(
    ("source", "room"),
    [
        ("from collections.abc import Mapping", "line"),
        ("from crosstell.core import ids", "line"),
        ("from geographiclib.geodesic import Geodesic", "geometry"),
        ("from geographiclib.geodesic import Geodesic", "detection"),
        ("import numpy as np", "detection"),
        ("import numpy as np", "assessment"),
    ],
)
def test_a_pure_module_passes(source: str, room: str) -> None:
    assert impurities(source, where="x.py", room=room) == []


def test_party_is_a_leaf() -> None:
    """The one import that points up (table to party) is safe while party imports ids only."""
    tree = ast.parse((CORE / "picture" / "party.py").read_text(encoding="utf-8"))
    found = [module for _, module in _imported(list(ast.walk(tree)))]
    ours = {module for module in found if module.startswith("crosstell")}
    assert ours <= {"crosstell.core.ids"}


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """import-linter with the project's contracts over the copy in `folder`."""
    command = "from importlinter.cli import lint_imports_command as main; main()"
    environment = {"PYTHONPATH": str(folder / "src"), "NO_COLOR": "1"}
    arguments = [sys.executable, "-P", "-c", command, "--no-logo", "--no-cache"]
    return subprocess.run(
        arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the project's source and contracts, to be spoilt."""
    hidden = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=hidden)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_an_arrow_that_points_up_breaks_the_contract(copy: Path) -> None:
    module = copy / "src" / "crosstell" / "core" / "ids.py"
    text = module.read_text(encoding="utf-8")
    module.write_text(
        text + "\ndef _up():\n    from crosstell.shell import store\n    return store\n"
    )
    answer = _lint(copy)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "crosstell.core.ids -> crosstell.shell.store" in answer.stdout


def test_a_package_that_no_layer_names_breaks_the_contract(copy: Path) -> None:
    (copy / "src" / "crosstell" / "core" / "attic.py").write_text('"""Nobody placed this."""\n')
    (copy / "src" / "crosstell" / "cellar").mkdir()
    (copy / "src" / "crosstell" / "cellar" / "__init__.py").write_text('"""Nor this."""\n')
    answer = _lint(copy)
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "attic" in answer.stdout
    assert "cellar" in answer.stdout
