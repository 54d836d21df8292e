"""The areas that the guide to scenarios shows are read as they stand."""

import re
from pathlib import Path

from crosstell.codecs.document import from_document
from crosstell.codecs.shape import tag_of
from crosstell.codecs.yaml_document import parse_yaml
from crosstell.core.geometry.footprint import Footprint, Orbit, Polygon

GUIDE = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
AREAS = GUIDE.split("## Areas")[1].split("\n## ")[0]


def test_every_shape_has_an_example_that_is_read() -> None:
    """GEO-046: in a person's units, as a scenario or a protocol writes them."""
    texts = re.findall(r"```yaml\n(.*?)```", AREAS, re.DOTALL)
    shapes = [
        from_document(Footprint, parse_yaml(text.encode(), name="scenarios.md")) for text in texts
    ]
    assert {type(shape) for shape in shapes} == set(Footprint.__args__)
    for text, shape in zip(texts, shapes, strict=True):
        assert text.startswith(tag_of(type(shape)))
    assert next(shape for shape in shapes if isinstance(shape, Polygon)).holes
    assert next(shape for shape in shapes if isinstance(shape, Orbit)).width_m == 18_520.0
