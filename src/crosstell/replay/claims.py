"""What was only said: both accounts, broadcasts, hearings, tracks told, and logs of one call.

Each stands with who said it and on whose word; none is a fact of the record beyond having been
said. Parts of a replay's result. Implements REP-066, REP-067.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one side said about one topic, and where it was published."""

    party: str
    text: str
    status: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Both accounts of one topic, side by side; no merged truth."""

    topic: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One relay of a call: who it is said to be, and its times where they are stated."""

    who: str
    received_at: datetime | None
    passed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """Somebody is said to have heard a broadcast: who, on whose word. No acknowledgement."""

    heard_by: str
    source: str
    heard_at: datetime | None
    told_at: datetime
    told_by: str
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastTold:
    """One broadcast as its sender recorded it. `heard` empty says nothing of who heard it."""

    party: str
    broadcast: str
    reality: str
    frequency: str
    addressed: str
    text: str
    language: str
    sent_at: tuple[datetime, ...]
    heard: tuple[Hearing, ...]
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackTold:
    """An object that a person told of: who (`reporter`), how they know, and in what words."""

    party: str
    track: str
    reporter: str
    source: str
    text: str
    told_at: datetime
    told_by: str
    position: str
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCompared:
    """How one field of a voice call stands in two accounts: agree, differ, or stated by one."""

    field: str
    finding: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceClaims:
    """Logs of voice calls set side by side: two claims of one call, or one that stands alone.

    `logs` names each as `party log`; `fields` is empty unless exactly two were matched. Starts
    that lie within `tolerance_s` are taken to be one.
    """

    logs: tuple[str, ...]
    standing: str
    tolerance_s: float
    fields: tuple[FieldCompared, ...]
