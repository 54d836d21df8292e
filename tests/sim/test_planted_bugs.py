"""The list of planted bugs stays usable: `make mutants` itself takes minutes and runs apart."""

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_planted_bug_still_applies() -> None:
    """SIM-050: at least 20, each with a name of its own and an old text that stands there once."""
    place = ROOT / "tests" / "mutants" / "planted.py"
    spec = importlib.util.spec_from_file_location("planted", place)
    assert spec is not None
    assert spec.loader is not None
    planted = importlib.util.module_from_spec(spec)
    sys.modules["planted"] = planted
    spec.loader.exec_module(planted)
    assert len(planted.MUTANTS) >= 20
    assert len({one.name for one in planted.MUTANTS}) == len(planted.MUTANTS)
    for one in planted.MUTANTS:
        text = (ROOT / "src" / "crosstell" / one.file).read_text(encoding="utf-8")
        assert text.count(one.old) == 1, one.name
