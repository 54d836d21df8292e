"""The body of an entry: who said it and what, in the canonical bytes that are committed to.

A body is `{"by": {...}, "said": {"kind": {...}}}` in JCS-int; `by` is absent where a node wrote
the entry itself. The kind stands in the entry's header too, and both must agree. A kind that
this version does not know, or a body that does not fit its kind, is kept as `Unreadable`.
"""

from dataclasses import dataclass

from crosstell.codecs.shape import tag_of
from crosstell.codecs.values import from_signed, to_signed
from crosstell.core.errors import PartyError
from crosstell.core.picture.party import Speaker
from crosstell.core.record import canonical
from crosstell.core.state.events import EVENTS, Event
from crosstell.core.state.held import Unread, Unreadable

BODY_SIZE_MAX = 256 * 1024
_KINDS: dict[str, type[Event]] = {tag_of(event): event for event in EVENTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A body in the core's terms."""

    by: Speaker | None
    body: Event | Unreadable


def kind_of(event: Event) -> str:
    """The word that stands in the header for this event."""
    return tag_of(type(event))


def encode(event: Event, by: Speaker | None) -> bytes:
    """The canonical bytes of the body."""
    document: dict[str, canonical.Json] = {"said": {kind_of(event): to_signed(event)}}
    if by is not None:
        document["by"] = to_signed(by)
    return canonical.encode(document, what=f"body of {kind_of(event)}")


def decode(kind: str, content: bytes) -> Said:
    """What the body says, or why it cannot be read. Never raises for what another party wrote."""
    event_class = _KINDS.get(kind)
    if event_class is None:
        text = f"kind {kind!r} is not known to this version; kept, not acted on"
        return Said(by=None, body=Unreadable(why=Unread.NOT_UNDERSTOOD, text=text))
    try:
        return _decode(kind, event_class, content)
    except (PartyError, ValueError) as fault:
        text = f"the body does not fit its kind {kind}: {fault}; kept, not acted on"
        return Said(by=None, body=Unreadable(why=Unread.MALFORMED, text=text))


def _decode(kind: str, event_class: type[Event], content: bytes) -> Said:
    if len(content) > BODY_SIZE_MAX:
        raise ValueError(f"{len(content)} bytes; at most {BODY_SIZE_MAX}")
    document = canonical.decode(content, size_max=BODY_SIZE_MAX, what="body")
    if not isinstance(document, dict) or not {"said"} <= set(document) <= {"said", "by"}:
        raise ValueError("it must hold 'said' and may hold 'by'")
    said = document["said"]
    if not isinstance(said, dict) or set(said) != {kind}:
        raise ValueError(f"'said' must hold {kind!r} and nothing else")
    by = from_signed(Speaker, document["by"]) if "by" in document else None
    return Said(by=by, body=from_signed(event_class, said[kind]))
