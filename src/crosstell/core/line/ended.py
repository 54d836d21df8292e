"""What is kept of the ladders that ended: the newest in full, of the others only that they ended.

Rules of this file
- Whether a matter ended is known for as long as it could wait again, so no ladder opens twice.
- A call's matters are kept as long as the call is. Of an alert the last that ended is enough: the
  moment of its level, which tells its matters apart, only goes on.
- Nothing here is walked to see what is due: a step costs as much as there is running.
"""

from collections.abc import Mapping
from dataclasses import replace

from crosstell.core.errors import Duplicate, Refused
from crosstell.core.line.escalation import (
    AGAIN,
    LADDER_TABLE,
    Ladder,
    LadderEvent,
    LadderState,
    Matter,
    RaisedAlert,
    step_of,
)
from crosstell.core.line.verdict import decide

LATELY_MAX = 20  # kept in full, for the screen; the journal holds every one

EndedMatters = Mapping[Matter, Matter]
"""By what a matter is kept under, the last one that ended under it."""


def kept_under(matter: Matter) -> Matter:
    """What the end of a matter is kept under: of an alert one place, whatever its mark."""
    return replace(matter, mark=None) if isinstance(matter.subject, RaisedAlert) else matter


def has_ended(ended: EndedMatters, matter: Matter) -> bool:
    """Whether the ladder over this matter ended. Implements LINE-370."""
    return ended.get(kept_under(matter)) == matter


def again(ended: EndedMatters, event: LadderEvent) -> Refused | Duplicate | None:
    """Why an event of an ended ladder changes nothing; None: its ladder did not end."""
    if not has_ended(ended, event.matter):
        return None
    no = decide(LADDER_TABLE, LadderState.ENDED, step_of(None, event), remedy=AGAIN)
    assert not isinstance(no, LadderState), "nothing follows an end"
    return no


def is_over(ladder: Ladder) -> bool:
    """Whether it is to be laid by."""
    return ladder.state is LadderState.ENDED


def lay_by(lately: dict[Matter, Ladder], ended: dict[Matter, Matter], ladder: Ladder) -> None:
    """Keep of a ladder that just ended what these maps are for. Implements LINE-371."""
    matter = ladder.opened.matter
    ended[kept_under(matter)] = matter
    lately[matter] = ladder
    if len(lately) > LATELY_MAX:
        del lately[next(iter(lately))]
