"""Which acts need a second person, and how their bodies are read without one being named.

No body names its second person: that would be a word, not a person. Whether one is needed is asked
of the mechanism itself: an act that is refused without, and allowed with one, waits for one.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from crosstell.codecs.api.given import ActGiven
from crosstell.codecs.api.json_document import NAME, parse_json
from crosstell.codecs.document import from_document
from crosstell.codecs.shape import fields_of, tag_of
from crosstell.codecs.yaml_document import Document, Mapping, Node, Scalar
from crosstell.core.mechanism.acts import act
from crosstell.core.mechanism.inputs import Act
from crosstell.core.picture.party import Speaker
from crosstell.core.state.events import EVENTS, Event
from crosstell.core.state.state import State
from crosstell.shell.api.problems import Unmet

FIELD = "second"
WITH_SECOND: dict[str, type[Any]] = {
    tag_of(kind): kind for kind in EVENTS if any(field.name == FIELD for field in fields_of(kind))
}
_NOT_YET = "not-yet"  # stands where a second person must be named, until there is one


def has_second(body: Event) -> bool:
    """Whether an act of that kind names a second person, or can."""
    return tag_of(type(body)) in WITH_SECOND


def read_act(data: bytes) -> Event:
    """The act in a request's body. Unmet if it names its second person. Implements API-022."""
    document = parse_json(data)
    root = document.root
    if isinstance(root, Mapping):
        root = _each(root, "body", _without_second)
    return from_document(ActGiven, Document(NAME, root)).body


def with_second(body: Event, second: Speaker) -> Event:
    """The same act with its second person."""
    assert has_second(body), "only these wait"
    return _replaced(body, second)


def needs_second(state: State, asked: Act, now: datetime) -> bool:
    """Whether the act waits for a second person: one is all that it lacks."""
    if not has_second(asked.body):
        return False
    other = replace(asked.by, watch="second" if asked.by.watch != "second" else "third")
    both = replace(asked, body=with_second(asked.body, other))
    if act(state, both, now).no is not None:
        return False  # refused, or recorded already, whoever confirms: it is told at once
    if _is_required(type(asked.body)):
        return True
    alone = replace(asked, body=_replaced(asked.body, None))
    return act(state, alone, now).no is not None


def _replaced(body: Any, second: Speaker | None) -> Event:  # noqa: ANN401 - one of `WITH_SECOND`
    found: Event = replace(body, second=second)
    return found


def _is_required(kind: type[Any]) -> bool:
    return any(field.name == FIELD and field.required for field in fields_of(kind))


def _without_second(body: Node) -> Node:
    if not isinstance(body, Mapping):
        return body
    for tag, kind in WITH_SECOND.items():
        body = _each(body, tag, lambda said, kind=kind: _unsaid(said, kind))
    return body


def _unsaid(said: Node, kind: type[Any]) -> Node:
    if not isinstance(said, Mapping):
        return said
    if any(key.text == FIELD for key, _ in said.entries):
        text = f"leave `{FIELD}` out: a second person confirms with a session of their own"
        raise Unmet("not-fitting", text)
    if not _is_required(kind):
        return said
    mark = said.mark
    nobody = Mapping(
        tuple(
            (Scalar(name, plain=False, mark=mark), Scalar(_NOT_YET, plain=False, mark=mark))
            for name in ("party", "role", "watch")
        ),
        mark,
    )
    return Mapping((*said.entries, (Scalar(FIELD, plain=False, mark=mark), nobody)), mark)


def _each(node: Mapping, key: str, change: Any) -> Mapping:  # noqa: ANN401
    """The mapping with what stands under that key changed."""
    entries = tuple(
        (name, change(value) if name.text == key else value) for name, value in node.entries
    )
    return Mapping(entries, node.mark)
