"""The tidy rules: sizes, names, words. Each is a pure function of a folder; each has a control.

The limits are CONTRIBUTING.md's. A rule that hurts is a reason to split by the question that an
operator asks, not to raise the limit.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
PACKAGE_MODULES_MAX = 12
CODE = ("src", "tests", "benchmarks")

# Files that people write; what a tool makes (environment, caches, out/) is not looked at.
WRITTEN = (*CODE, "docs", "scenarios", "requirements", ".ci")
TEXT = frozenset(
    [
        ".cfg",
        ".css",
        ".csv",
        ".html",
        ".in",
        ".j2",
        ".js",
        ".json",
        ".md",
        ".mmd",
        ".py",
        ".sh",
        ".sql",
        ".svg",
        ".toml",
        ".txt",
        ".yaml",
        ".yml",
    ]
)

FORBIDDEN_NAMES = frozenset(
    [
        "util",
        "utils",
        "helper",
        "helpers",
        "common",
        "manager",
        "managers",
        "service",
        "services",
        "misc",
    ]
)
# Joined here so that this file does not hold the words it forbids.
UNFINISHED = re.compile(
    r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b"
)
# Each begins with its rarest letter, for which a search is quick, and looks back from there.
MACHINE_PATH = re.compile(
    r"/(?<![\w.<>]/)(?:root|home|Users|work|tmp)/\w|:(?<=\b[A-Z]:)\\\\?Users\b"
)
REGISTRY = re.compile(
    "py" + r"pi\.|python" + r"hosted|(?<!-no-emit-)\bindex-" + r"url\b|trusted-" + r"host="
)
ADDRESS = re.compile(r"\w://")
NO_ADDRESS = ("requirements/", ".ci/", "Makefile", "pyproject.toml")


@cache
def _source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _functions(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function, wherever it is defined; no expression holds one, so none is looked into."""
    below: list[ast.AST] = [ast.parse(source)]
    while below:
        node = below.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            inner = getattr(node, block, ())
            below += inner if isinstance(inner, list) else ()


def _python(root: Path, folders: tuple[str, ...] = CODE) -> list[Path]:
    return sorted(path for folder in folders for path in (root / folder).rglob("*.py"))


@cache
def _texts(root: Path) -> list[tuple[str, str]]:
    """Name and text of every file that a person wrote."""
    paths = [path for path in root.iterdir() if path.suffix in TEXT or path.name == "Makefile"]
    for folder in WRITTEN:
        paths += [path for path in (root / folder).rglob("*") if "__pycache__" not in path.parts]
    return [
        (path.relative_to(root).as_posix(), _source(path))
        for path in sorted(paths)
        if path.is_file() and (path.suffix in TEXT or path.name in ("Makefile", "run"))
    ]


def long_modules(root: Path) -> list[str]:
    """Modules over the limit of lines."""
    counts = [(path, _source(path).count("\n")) for path in _python(root)]
    return [
        f"{path.relative_to(root)}: {lines} lines, at most {MODULE_LINES_MAX}"
        for path, lines in counts
        if lines > MODULE_LINES_MAX
    ]


def long_functions(root: Path) -> list[str]:
    """Functions over the limit, from `def` to the last line, docstring included."""
    found = []
    for path in _python(root):
        for node in _functions(_source(path)):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                where = f"{path.relative_to(root)}:{node.lineno}"
                found.append(f"{where}: {node.name} has {lines} lines, at most 60")
    return found


def full_packages(root: Path) -> list[str]:
    """Packages with more modules than a reader keeps in mind; `__init__.py` is not counted."""
    counts = Counter(path.parent for path in _python(root, ("src",)) if path.name[0] != "_")
    return [
        f"{folder.relative_to(root)}: {count} modules, at most {PACKAGE_MODULES_MAX}"
        for folder, count in sorted(counts.items())
        if count > PACKAGE_MODULES_MAX
    ]


def empty_names(root: Path) -> list[str]:
    """Modules and packages whose name says nothing of what they hold."""
    return [
        f"{path.relative_to(root)}: a name must say what is inside"
        for path in _python(root)
        for part in path.relative_to(root).with_suffix("").parts
        if FORBIDDEN_NAMES & set(part.split("_"))
    ]


def repeated_test_names(root: Path) -> list[str]:
    """Test modules that share a name; pytest and mypy know a module by its name alone."""
    of_packages = ("__init__.py", "__main__.py")
    paths = [path for path in _python(root, ("tests",)) if path.name not in of_packages]
    counts = Counter(path.name for path in paths if path.name != "conftest.py")
    return [
        f"{name}: {count} test modules of this name" for name, count in counts.items() if count > 1
    ]


def _lines_matching(
    root: Path, pattern: re.Pattern[str], only: tuple[str, ...] = ("",)
) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in _texts(root)
        if name.startswith(only) and pattern.search(text)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def unfinished_words(root: Path) -> list[str]:
    """Lines that put work off; a gap is said plainly in the documents or does not exist."""
    return _lines_matching(root, UNFINISHED)


def machine_paths(root: Path) -> list[str]:
    """Lines that name a folder of somebody's machine."""
    return _lines_matching(root, MACHINE_PATH)


def registry_addresses(root: Path) -> list[str]:
    """Lines that say where packages come from; that is the machine's to say."""
    return _lines_matching(root, REGISTRY) + _lines_matching(root, ADDRESS, NO_ADDRESS)


RULES = (
    long_modules,
    long_functions,
    full_packages,
    empty_names,
    repeated_test_names,
    unfinished_words,
    machine_paths,
    registry_addresses,
)


@pytest.mark.parametrize("rule", RULES)
def test_the_project_is_tidy(rule: object) -> None:
    assert callable(rule)
    assert rule(ROOT) == []


def test_the_rules_read_the_whole_project() -> None:
    names = [name for name, _ in _texts(ROOT)]
    for expected in ("Makefile", "README.md", ".ci/run", "requirements/dev.txt", "pyproject.toml"):
        assert expected in names
    assert len(_python(ROOT)) > 20


CONTROLS = [
    ("long_modules", "src/a/x.py", "\n" * 401),
    ("long_functions", "src/a/x.py", "class C:\n    def f(self):\n" + "        pass\n" * 60),
    ("long_functions", "src/a/x.py", "if a:\n pass\nelse:\n def f():\n" + "  pass\n" * 60),
    ("long_functions", "src/a/x.py", "try:\n pass\nexcept E:\n def f():\n" + "  pass\n" * 60),
    ("long_functions", "src/a/x.py", "match a:\n case 1:\n  def f():\n" + "   pass\n" * 60),
    ("empty_names", "src/a/date_utils.py", ""),
    ("empty_names", "src/common/x.py", ""),
    ("unfinished_words", "docs/x.md", "# Later\n\n" + "TO" + "DO: write this\n"),
    ("machine_paths", "docs/x.md", "see /ho" + "me/someone/x\n"),
    ("machine_paths", "src/a/x.py", 'X = "/wo' + 'rk/x"\n'),
    ("registry_addresses", "requirements/x.txt", "--index-" + "url x\n"),
    ("registry_addresses", "requirements/x.txt", "a @ https://example.org/a.whl\n"),
    ("registry_addresses", "docs/x.md", "from py" + "pi.org\n"),
]


@pytest.mark.parametrize(("rule", "name", "text"), CONTROLS)
def test_a_breach_is_caught(rule: str, name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    assert [found for each in RULES if each.__name__ == rule for found in each(tmp_path)] != []


def test_a_full_package_and_a_repeated_name_are_caught(tmp_path: Path) -> None:
    for number in range(PACKAGE_MODULES_MAX + 1):
        path = tmp_path / "src" / "a" / f"m{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert len(full_packages(tmp_path)) == 1
    for folder in ("unit", "sim"):
        (tmp_path / "tests" / folder).mkdir(parents=True)
        (tmp_path / "tests" / folder / "test_call.py").touch()
    assert len(repeated_test_names(tmp_path)) == 1


def test_what_keeps_the_rules_passes(tmp_path: Path) -> None:
    path = tmp_path / "src" / "a" / "call.py"
    path.parent.mkdir(parents=True)
    path.write_text("def f():\n" + "    pass\n" * 59 + "\n" * 340, encoding="utf-8")
    assert [found for rule in RULES for found in rule(tmp_path)] == []
