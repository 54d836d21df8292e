"""The lists of planted bugs stay usable: `make mutants` itself takes minutes and runs apart."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


def _loaded(name: str) -> ModuleType:
    """A module of `tests/mutants/`, as part of a package of its own."""
    place = ROOT / "tests" / "mutants" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"mutants.{name}", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[f"mutants.{name}"] = module
    spec.loader.exec_module(module)
    return module


def test_every_planted_bug_still_applies() -> None:
    """SIM-050: at least 20, each with a name of its own and an old text that stands there once."""
    planted = [
        *_loaded("planted").SPINE,
        *_loaded("detection").DETECTIONS,
        *_loaded("assessment").ASSESSMENT,
        *_loaded("releasing").RELEASING,
    ]
    assert len(planted) >= 20
    assert len({one.name for one in planted}) == len(planted)
    for one in planted:
        text = (ROOT / "src" / "crosstell" / one.file).read_text(encoding="utf-8")
        assert text.count(one.old) == 1, one.name
