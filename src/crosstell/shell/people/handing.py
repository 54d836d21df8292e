"""What is handed to a channel, and what a channel gives back.

A hand-over says that another system took a message. It never says that a person read it: that
is a stage, and a stage is a person's own act.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from crosstell.core.ids import RoleId
from crosstell.core.instant import format_instant
from crosstell.core.line.message import Reality

ANSWER_LENGTH_MAX = 2_000  # of a receiving system's answer; the rest is cut off
TEXT_LENGTH_MAX = 4_000
AGAIN = "Rung again after "
NAMES_MAX = 20  # matters named where many are told as one


class Kind(StrEnum):
    """What is asked of the person, or told."""

    RING = "ring"
    DRAFT = "draft"  # a brief and a draft call wait: the rung lies above what the node rings
    END = "end"  # taken up or ended: nobody need be rung about it any more
    SHOW = "show"  # an alert or call changed; for systems that show, never for a person's telephone


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """One thing to hand over. `rung` counts from 0. `role` is None for what no role is rung for.

    `asked_at` is when it was asked for here: after a restart, at that start.
    `first_at` is set where it is rung again after a restart, or after a resume in a new feed: when
    it was first handed over.
    `is_stop`: it goes before every other that waits.
    `more` names further matters that are told in this one, because too many wait.
    """

    kind: Kind
    matter: str
    role: RoleId | None
    rung: int | None
    text: str
    asked_at: datetime
    first_at: datetime | None = None
    is_again: bool = False
    after_resume: bool = False
    more: tuple[str, ...] = ()
    more_total: int = 0
    is_stop: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What a newer one replaces: the same matter for the same role."""
        return (self.matter, self.role or "")

    @property
    def step(self) -> tuple[str, str, int]:
        """What is handed over once: kind, role and rung of its matter."""
        return (self.kind, self.role or "", -1 if self.rung is None else self.rung)

    @property
    def words(self) -> str:
        """The text, with what must be said of its being told again or told for many."""
        parts = [self.text[:TEXT_LENGTH_MAX]]
        if self.is_again:
            first = "not handed over before"
            if self.first_at is not None:
                first = f"first handed over {_to_the_second(self.first_at)}"
            after, stands = "a restart of the node", "it still stands"
            if self.after_resume:
                after = "this party went on in a new feed"
                stands = "what was received or answered before stands open again"
            parts.append(f"{AGAIN}{after} ({first}); {stands}.")
        if self.more_total:
            named = ", ".join(self.more)
            parts.append(
                f"{self.more_total} more matters wait for {self.role}, too many to hand over one "
                f"by one: look at the screen. Among them: {named}."
            )
        return " ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Where an object was last held. Degrees WGS-84."""

    track: str
    lat_deg: float
    lon_deg: float
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A handing as it is said at the moment it goes out.

    `level` is the alert's level or the call's precedence, None where neither is known.
    `seen` is filled only for a channel that may carry positions. `attempt` counts from 1: what was
    not taken before, by the end of its time, may have arrived all the same.
    """

    handing: Handing
    at: datetime
    party: str
    reality: Reality | None = None
    level: str | None = None
    call_by: datetime | None = None
    answer_by: datetime | None = None
    seen: tuple[Seen, ...] = ()
    is_over: bool = False  # the matter ended meanwhile: nobody is to be rung about it
    attempt: int = 1

    @property
    def id(self) -> str:
        """The same for every attempt at what was asked once: so a receiver can tell a repeat."""
        handing = self.handing
        asked = format_instant(handing.asked_at)
        parts = (self.party, handing.matter, *map(str, handing.step), asked, handing.text)
        return sha256("\x00".join(parts).encode()).hexdigest()[:32]

    @property
    def heading(self) -> str:
        """One line: what, how urgent, by when. It names no place and no object."""
        handing = self.handing
        reality = "REALITY NOT STATED" if self.reality is None else self.reality.upper()
        if handing.kind is Kind.END:
            return f"{reality}: nobody need be rung any more ({' '.join(handing.text.split())})"
        level = "level not known" if self.level is None else self.level.upper()
        by = ""
        if self.call_by is not None:
            late = ", ALREADY PAST" if self.call_by <= self.at else ""
            by = f", call by {_to_the_second(self.call_by)}{late}"
        elif self.answer_by is not None:
            by = f", answer by {_to_the_second(self.answer_by)}"
        rung = "" if handing.rung is None else f", rung {handing.rung + 1}"
        whom = "" if handing.role is None else f" {handing.role}"
        again = " again" if handing.is_again else ""
        return " ".join(f"{reality} {level}{by}: {handing.kind}{again}{whom}{rung}".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The receiving system took it: to whom it was addressed, and what that system answered.

    `trouble` is what it refused all the same: an address among others, say.
    """

    to: str
    answer: str
    trouble: str | None = None


class NotTaken(Exception):
    """The receiving system did not take it, or cannot be reached; the message says what to do."""

    def __init__(self, text: str, *, to: str = "") -> None:
        """Keep to whom it was to go."""
        super().__init__(text[:ANSWER_LENGTH_MAX])
        self.to = to


class Channel(Protocol):
    """One way to a person. `hand` may block, within a stated time; `interrupt` may not."""

    @property
    def name(self) -> str:
        """As the configuration names it."""
        ...

    def hand(self, said: Said) -> Taken:
        """The receiving system has it. Raises NotTaken."""
        ...

    def interrupt(self, matter: str) -> None:
        """What is being handed over about this matter may end now."""
        ...


def _to_the_second(instant: datetime) -> str:
    """The instant for a person, never told as later than it is."""
    return format_instant(instant.replace(microsecond=0))


def clipped(answer: bytes | str) -> str:
    """A system's answer as one line of printable text, cut at the limit."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    line = " ".join(text[: ANSWER_LENGTH_MAX * 2].split())
    return "".join(c if c.isprintable() else "?" for c in line)[:ANSWER_LENGTH_MAX]
