"""The bodies that the guide to scenarios shows are read as they stand."""

import re
from pathlib import Path

import pytest

from crosstell.codecs.document import from_document
from crosstell.codecs.shape import tag_of
from crosstell.codecs.yaml_document import parse_yaml
from crosstell.core.state.acts import BY_NODE_ALONE, HOME_ACTS
from crosstell.core.state.events import SHARED_EVENTS, Event

GUIDE = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")
BODIES = GUIDE.split("## The bodies")[1].split("\n## ")[0]
EXAMPLES = re.findall(r"```yaml\n(.*?)```", BODIES, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split(":")[0])
def test_an_example_of_a_body_is_read(example: str) -> None:
    body = from_document(Event, parse_yaml(example.encode(), name="scenarios.md"))
    assert tag_of(type(body)) == example.split(":", maxsplit=1)[0]


def test_every_body_that_a_person_may_record_is_listed() -> None:
    shown = set(re.findall(r"`([a-z]+_[a-z_]+)`", BODIES.split("All else")[0]))
    by_people = [kind for kind in SHARED_EVENTS if kind not in BY_NODE_ALONE]
    assert shown == {tag_of(kind) for kind in (*by_people, *HOME_ACTS)}
    assert len(EXAMPLES) >= 7
