"""Which acts need a second person, and how their bodies are read without one being named.

No body names its second person: that would be a word, not a person. Whether one is needed is asked
of the mechanism itself: an act that is refused without, and allowed with one, waits for one.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from crosstell.codecs.api.given import ActGiven
from crosstell.codecs.api.json_document import parse_json
from crosstell.codecs.document import from_document
from crosstell.codecs.shape import fields_of, tag_of
from crosstell.codecs.yaml_document import Mapping, Node
from crosstell.core.mechanism.acts import act
from crosstell.core.mechanism.inputs import Act
from crosstell.core.mechanism.outgoing import Step
from crosstell.core.picture.party import Speaker
from crosstell.core.state.events import EVENTS, Event
from crosstell.core.state.state import State
from crosstell.shell.api.problems import Unmet

FIELD = "second"
WITH_SECOND: dict[str, type[Any]] = {
    tag_of(kind): kind for kind in EVENTS if any(field.name == FIELD for field in fields_of(kind))
}


def has_second(body: Event) -> bool:
    """Whether an act of that kind names a second person, or can."""
    return tag_of(type(body)) in WITH_SECOND


def read_act(data: bytes) -> Event:
    """The act in a request's body. Unmet if it names its second person. Implements API-022."""
    document = parse_json(data)
    for tag, said in _under(_at(document.root, "body")):
        if tag in WITH_SECOND and _at(said, FIELD) is not None:
            text = f"leave `{FIELD}` out: a second person confirms with a session of their own"
            raise Unmet("not-fitting", text)
    return from_document(ActGiven, document).body


def with_second(body: Event, second: Speaker) -> Event:
    """The same act with its second person."""
    assert has_second(body), "only these wait"
    return _replaced(body, second)


def needs_second(state: State, asked: Act, now: datetime) -> bool:
    """Whether the act waits for a second person: one is all that it lacks."""
    if not has_second(asked.body):
        return False
    if step_of_both(state, asked, now).no is not None:
        return False  # refused, or recorded already, whoever confirms: it is told at once
    alone = replace(asked, body=_replaced(asked.body, None))
    return act(state, alone, now).no is not None


def step_of_both(state: State, asked: Act, now: datetime) -> Step:
    """What the act would do now, if some second person confirmed it. Implements API-447."""
    other = replace(asked.by, watch="second" if asked.by.watch != "second" else "third")
    return act(state, replace(asked, body=with_second(asked.body, other)), now)


def _replaced(body: Any, second: Speaker | None) -> Event:  # noqa: ANN401 - one of `WITH_SECOND`
    found: Event = replace(body, second=second)
    return found


def _under(node: Node | None) -> Iterator[tuple[str, Node]]:
    """What stands under each key, if it is a mapping."""
    if isinstance(node, Mapping):
        yield from ((key.text, value) for key, value in node.entries)


def _at(node: Node | None, key: str) -> Node | None:
    """What stands under that key."""
    return next((value for name, value in _under(node) if name == key), None)
