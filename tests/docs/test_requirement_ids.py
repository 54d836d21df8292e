"""Every requirement is named by a test, and every id that code or tests name is a requirement."""

import re
from collections import Counter
from pathlib import Path

from documents import ROOT

_DEFINED = re.compile(r"^- \*\*([A-Z]{2,6}-\d{3})\*\* ", re.MULTILINE)
_RANGE = re.compile(r"\b([A-Z]{2,6})-(\d{3}) to (?:\1-)?(\d{3})\b")
_ID = re.compile(r"\b[A-Z]{2,6}-\d{3}\b")
_IN_NAME = re.compile(r"\bdef test_([a-z]{2,6})((?:_\d{3})+)_")


def defined(root: Path) -> list[str]:
    """Ids of the requirements in docs/spec, in order of file and line."""
    pages = sorted((root / "docs" / "spec").glob("*.md"))
    return [each for page in pages for each in _DEFINED.findall(page.read_text(encoding="utf-8"))]


def named(text: str) -> set[str]:
    """Ids in a text; `REC-003 to REC-009` names all seven, `def test_rec_003_004_x` both."""
    spans = [
        f"{prefix}-{number:03}"
        for prefix, first, last in _RANGE.findall(text)
        for number in range(int(first), int(last) + 1)
    ]
    in_names = [
        f"{prefix.upper()}-{number}"
        for prefix, numbers in _IN_NAME.findall(text)
        for number in numbers.strip("_").split("_")
    ]
    return {*_ID.findall(text), *spans, *in_names}


def named_in(root: Path, folder: str) -> dict[str, str]:
    """Id and one file that names it; only prefixes of the specification count (not SHA-256)."""
    prefixes = {each.partition("-")[0] for each in defined(root)}
    found: dict[str, str] = {}
    for path in sorted((root / folder).rglob("*.py")):
        if path.parent != root / "tests" / "docs":  # these tests name ids that are no requirement
            for each in named(path.read_text(encoding="utf-8")):
                if each.partition("-")[0] in prefixes:
                    found.setdefault(each, str(path.relative_to(root)))
    return found


def untested(root: Path) -> list[str]:
    """Requirements that no test names."""
    return sorted(set(defined(root)) - set(named_in(root, "tests")))


def unknown(root: Path) -> list[str]:
    """Ids in code or tests that are no requirement."""
    known = set(defined(root))
    places = {**named_in(root, "src"), **named_in(root, "tests")}
    return sorted(f"{each} in {where}" for each, where in places.items() if each not in known)


def test_every_requirement_is_named_by_a_test() -> None:
    assert len(defined(ROOT)) > 10
    assert untested(ROOT) == []


def test_every_id_in_code_and_tests_is_a_requirement() -> None:
    assert unknown(ROOT) == []


def test_no_id_is_defined_twice() -> None:
    assert [each for each, count in Counter(defined(ROOT)).items() if count > 1] == []


def test_what_is_untested_or_unknown_is_caught(tmp_path: Path) -> None:
    for folder in ("docs/spec", "tests/unit", "src"):
        (tmp_path / folder).mkdir(parents=True)
    spec = "- **ABC-001** One.\n- **ABC-002** Two.\n- **ABC-003** Three.\n"
    (tmp_path / "docs" / "spec" / "x.md").write_text(spec)
    (tmp_path / "tests" / "unit" / "test_x.py").write_text('"""ABC-001, ABC-009, SHA-256."""\n')
    assert named("def test_abc_001_004_it_holds()") == {"ABC-001", "ABC-004"}
    (tmp_path / "src" / "x.py").write_text('"""Implements ABC-001 to ABC-004."""\n')
    assert untested(tmp_path) == ["ABC-002", "ABC-003"]
    assert unknown(tmp_path) == [
        "ABC-004 in src/x.py",
        "ABC-009 in tests/unit/test_x.py",
    ]
