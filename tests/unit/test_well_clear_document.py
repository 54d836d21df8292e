"""The figures and the examples in docs/well-clear.md are what the code gives."""

import re
from pathlib import Path

import pytest

from crosstell.core.detection.well_clear.alerting import assess
from crosstell.core.detection.well_clear.arrays import ROWS
from crosstell.core.detection.well_clear.exact import EnuState
from crosstell.core.detection.well_clear.thresholds import ALERT_SETS, LOOKAHEAD_S, WellClearLevel
from crosstell.core.protocol.rules.traffic import WellClearVolume
from crosstell.core.quantity import feet_to_m, nautical_miles_to_m

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "well-clear.md").read_text(encoding="utf-8")
SPEC = (DOCS / "spec" / "well-clear.md").read_text(encoding="utf-8")


def cells(text: str, columns: int) -> list[list[str]]:
    """The rows of every table of so many columns, without heads and rules."""
    found = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|") and line.count("|") == columns + 1
    ]
    return [row for row in found if not row[1].startswith(("---", "east", "level"))]


@pytest.mark.parametrize("row", cells(PAGE, 11), ids=lambda row: f"{row[0]}, {row[7]}")
def test_worked_numbers(row: list[str]) -> None:
    state = EnuState(**dict(zip(ROWS, map(float, row[1:7]), strict=True)))
    found = assess(state, ALERT_SETS[WellClearVolume(row[7])])
    span = found.of(WellClearLevel.CORRECTIVE)
    assert found.level == int(row[8])
    expected = ["none", "none"] if span is None else [f"{span.start_s:.6f}", f"{span.end_s:.6f}"]
    assert row[9:] == expected


def test_the_page_has_its_cases() -> None:
    assert len(cells(PAGE, 11)) == 12


def test_the_table_of_the_specification_is_that_of_the_code() -> None:
    """WCL-003."""
    assert f"Look-ahead: {LOOKAHEAD_S:g} s" in SPEC
    name, told = "", 0
    for row in cells(SPEC, 8):
        name = row[0] or name
        wanted = ["preventive", "corrective", "warning"] if "all" in row[1] else row[1].split(", ")
        for word in wanted:
            alert = ALERT_SETS[WellClearVolume(name)].alert(WellClearLevel[word.upper()])
            distance, unit = row[2].split()
            to_m = {"NM": nautical_miles_to_m, "ft": feet_to_m}[unit]
            volume = alert.volume
            assert volume.distance_m == to_m(float(distance))
            assert volume.height_m == feet_to_m(float(row[3].removesuffix(" ft")))
            figures = (volume.tau_s, volume.coaltitude_s, alert.alert_s, alert.early_s)
            assert [f"{figure:g} s" for figure in figures] == row[4:]
            told += 1
    assert told == 9


def test_the_examples_run_and_give_what_they_say() -> None:
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL):
        exec(block, names)  # noqa: S102 (the page's own examples)
    found, many = names["found"], names["many"]
    assert found.level is WellClearLevel.WARNING  # type: ignore[attr-defined]
    corrective = found.of(WellClearLevel.CORRECTIVE)  # type: ignore[attr-defined]
    assert f"{corrective.start_s:.6f}" == "13.963505"
    h1 = names["h1"]
    assert h1.level is WellClearLevel.NONE  # type: ignore[attr-defined]
    assert not h1.is_violated(WellClearLevel.CORRECTIVE)  # type: ignore[attr-defined]
    assert f"{h1.time_to_s(WellClearLevel.CORRECTIVE):.6f}" == "165.268871"  # type: ignore[attr-defined]
    assert many.levels.tolist() == [3, 2]  # type: ignore[attr-defined]
    starts_s = many.starts_s(WellClearLevel.CORRECTIVE)  # type: ignore[attr-defined]
    assert starts_s.tolist() == pytest.approx([13.963505, 39.650584], abs=1e-6)
