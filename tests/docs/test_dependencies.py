"""Every dependency has its reason, every pin its hashes, and the lists agree."""

import re
import tomllib
from itertools import pairwise

from documents import ROOT

REQUIREMENTS = ROOT / "requirements"


def wanted(*names: str) -> set[str]:
    """Package names in these .in files; lines that name other files are left out."""
    lines = [line for name in names for line in (REQUIREMENTS / name).read_text().splitlines()]
    named = {line.strip().lower() for line in lines if line.strip() and line[0] not in "-#"}
    return {name.split("==")[0] for name in named}


def reasons(text: str) -> dict[str, str]:
    """Package and reason, by row of the tables."""
    rows = re.findall(r"^\| ([\w-]+) \| (.+) \|$", text, re.MULTILINE)
    return {name.lower(): reason for name, reason in rows if name != "package"}


def pins(name: str) -> dict[str, str]:
    """Package and version of one locked file."""
    text = (REQUIREMENTS / name).read_text()
    return dict(re.findall(r"^([\w-]+)==(\S+) \\$", text, re.MULTILINE))


def without_hash(text: str) -> list[str]:
    """Pins that no hash follows."""
    lines = [*text.splitlines(), ""]
    pairs = pairwise(lines)
    return [line for line, below in pairs if "==" in line and "--hash=sha256:" not in below]


def test_every_dependency_has_its_reason_and_nothing_else_has() -> None:
    text = (ROOT / "docs" / "decisions" / "dependencies.md").read_text(encoding="utf-8")
    assert set(reasons(text)) == wanted(*(path.name for path in REQUIREMENTS.glob("*.in")))
    assert [name for name, reason in reasons(text).items() if len(reason) < 20] == []


def test_the_package_asks_for_what_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {re.split("[<>=]", line)[0].lower() for line in project["dependencies"]}
    assert asked == wanted("runtime.in")
    assert wanted("runtime.in") <= set(pins("runtime.txt"))
    assert {name.lower() for name in wanted("dev.in")} <= {name.lower() for name in pins("dev.txt")}


def test_development_runs_on_the_pins_of_the_product() -> None:
    development = pins("dev.txt")
    assert {name: development.get(name) for name in pins("runtime.txt")} == pins("runtime.txt")


def test_every_pin_has_a_hash() -> None:
    locked = sorted(REQUIREMENTS.glob("*.txt"))
    assert {path.stem for path in locked} == {path.stem for path in REQUIREMENTS.glob("*.in")}
    for path in locked:
        assert without_hash(path.read_text()) == [], path.name
    assert without_hash("a==1\nb==2 \\\n    --hash=sha256:00\n") == ["a==1"]
