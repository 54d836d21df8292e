"""Every Python block of a document runs, one after the other, as a reader would type them."""

import re

import pytest
from documents import ROOT

DOCUMENTS = ("docs/detection-from-python.md", "docs/discrepancy.md")
_BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_blocks_run_in_order(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = _BLOCK.findall((ROOT / name).read_text(encoding="utf-8"))
    assert len(blocks) > 3
    known: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, name, "exec"), known)  # noqa: S102 - our own document
    assert capsys.readouterr().out.count("\n") >= 4
