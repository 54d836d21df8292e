"""Who is on watch. Relief hands over; it never touches a clock.

Rules of this file:
- Journal only; one machine per role. The counterpart sees roles and watch numbers elsewhere,
  in the speaker of each entry.
- A watch is taken once; after that it is relieved, from the watch that holds it to the next.
- Calls, answers and ladders are other machines: nothing here can start or stop their clocks.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import RoleId, check_id
from crosstell.core.line.content import LABEL_LENGTH_MAX
from crosstell.core.line.verdict import decide, need_person
from crosstell.core.picture.wording import check_text
from crosstell.core.table import Stamp, Table, Verdict

BRIEFED_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchTaken:
    """The role, so far without a watch, is held by this watch. Journal."""

    role: RoleId
    watch: str

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.role, what="role")
        check_id(self.watch, what="watch")


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchRelieved:
    """One watch hands the role to the next; `briefed` are the keys of the open matters told."""

    role: RoleId
    from_watch: str
    to_watch: str
    briefed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse bad ids and a watch that relieves itself."""
        check_id(self.role, what="role")
        check_id(self.from_watch, what="relieved watch")
        check_id(self.to_watch, what="relieving watch")
        if self.from_watch == self.to_watch:
            raise ValueError(f"watch {self.to_watch} cannot relieve itself; give the next watch")
        if len(self.briefed) > BRIEFED_MAX:
            raise ValueError(f"watch relief: at most {BRIEFED_MAX} matters briefed")
        for matter in self.briefed:
            check_text(matter, what="matter briefed", length_max=2 * LABEL_LENGTH_MAX)


WatchEvent = WatchTaken | WatchRelieved


class WatchState(StrEnum):
    """Whether anybody holds the role."""

    VACANT = "vacant"
    HELD = "held"


class WatchStep(StrEnum):
    """What can happen to a watch."""

    TAKE = "take"
    RELIEVE = "relieve"


WATCH_TABLE: Table[WatchState, WatchStep] = Table(
    name="watch",
    states=WatchState,
    events=WatchStep,
    rows={
        (WatchState.VACANT, WatchStep.TAKE): WatchState.HELD,
        (WatchState.VACANT, WatchStep.RELIEVE): Verdict.REFUSED,
        (WatchState.HELD, WatchStep.TAKE): Verdict.REFUSED,
        (WatchState.HELD, WatchStep.RELIEVE): WatchState.HELD,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The watch that holds a role, and every relief so far."""

    role: RoleId
    watch: str
    reliefs: tuple[tuple[Stamp, WatchEvent], ...]


def advance(held: Watch | None, event: WatchEvent, stamp: Stamp) -> Watch | Refused | Duplicate:
    """The watch after the journal's next entry. Implements LINE-080, LINE-081."""
    refused = need_person(stamp, what="the watch")
    if refused is not None:
        return refused
    if held is not None and held.reliefs[-1][1] == event:
        return Duplicate(text=f"watch {held.watch} already holds {held.role}")
    now = WatchState.VACANT if held is None else WatchState.HELD
    step = WatchStep.TAKE if isinstance(event, WatchTaken) else WatchStep.RELIEVE
    remedy = "take it" if held is None else f"watch {held.watch} holds it; relieve that one"
    state = decide(WATCH_TABLE, now, step, remedy=remedy)
    if not isinstance(state, WatchState):
        return state
    if isinstance(event, WatchTaken):
        return Watch(role=event.role, watch=event.watch, reliefs=((stamp, event),))
    assert held is not None
    if event.from_watch != held.watch:
        return Refused(
            code=RefusalCode.WRONG_STATE,
            text=f"{event.role} is held by watch {held.watch}, not {event.from_watch}; "
            "relieve the watch that holds it",
        )
    return replace(held, watch=event.to_watch, reliefs=(*held.reliefs, (stamp, event)))
