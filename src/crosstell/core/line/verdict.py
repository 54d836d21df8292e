"""How every machine of the line says no, in one form.

A refusal names what happened, to what, and what to do next. Nothing here knows a machine.
"""

from typing import TypeVar

from crosstell.core.errors import Duplicate, RefusalCode, Refused
from crosstell.core.ids import EntryRef, ForeignRef
from crosstell.core.table import EventT, Stamp, StateT, Table, Verdict

MachineT = TypeVar("MachineT")


def decide(
    table: Table[StateT, EventT], state: StateT, event: EventT, *, remedy: str
) -> StateT | Refused | Duplicate:
    """The table's answer for this pair, as a next state or as a value that says no."""
    answer = table.next(state, event)
    if answer is Verdict.REFUSED:
        text = f"{table.name}: {event} is not possible when {state}; {remedy}"
        return Refused(code=RefusalCode.WRONG_STATE, text=text)
    if answer is Verdict.DUPLICATE:
        return Duplicate(text=f"{table.name}: {event} was already recorded ({state})")
    assert not isinstance(answer, Verdict)
    return answer


def need_person(stamp: Stamp, *, what: str) -> Refused | None:
    """Refused unless a person stands behind the entry: no machine speaks for one."""
    if stamp.by is not None:
        return None
    return Refused(
        code=RefusalCode.NOT_OWNER,
        text=f"{what}: only a person on watch can say this; record it with the role and watch",
    )


def need_resolved(*refs: ForeignRef | None) -> Refused | None:
    """Refused if a reference is still a name: only the hash of an entry binds what was meant."""
    for ref in refs:
        if ref is not None and not isinstance(ref, EntryRef):
            return Refused(
                code=RefusalCode.UNKNOWN_OBJECT,
                text=f"{ref.party}/{ref.id} names no entry that is held here; "
                "wait for the entry or correct the name",
            )
    return None


def need_held(state: MachineT | None, *, what: str) -> Refused | None:
    """Refused if the object that the event speaks about was never declared."""
    if state is not None:
        return None
    return Refused(
        code=RefusalCode.UNKNOWN_OBJECT,
        text=f"{what} is not known here; check the id, or record its beginning first",
    )
