"""Each planted bug still finds the text that it changes; `make mutants` runs the tests on it."""

from pathlib import Path

import pytest

import crosstell

from .__main__ import MUTANTS
from .planted import Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_the_patch_applies(mutant: Mutant) -> None:
    """A patch that no longer applies is a gap in the list, found here and not months later."""
    text = (Path(crosstell.__file__).parent / mutant.file).read_text(encoding="utf-8")
    assert text.count(mutant.old) == 1
