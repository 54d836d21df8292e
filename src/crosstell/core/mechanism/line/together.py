"""Many calls of one party that no person received are rung about as one matter.

A party whose node floods ours, broken or hostile, would else ring our people thousands of times,
and a stop would be one ring among them. Nothing is refused, held back or left out: every call is
delivered, shown, received and answered by itself, and its own ladder climbs and is recorded. What
is put together is only who is rung about it. Implements NOD-547 to NOD-551, decision 31.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from crosstell.core.instant import format_instant
from crosstell.core.line.call import Call
from crosstell.core.line.escalation import (
    IncomingCall,
    Ladder,
    MatterKind,
    OwnCall,
    Subject,
    matter_key,
)
from crosstell.core.line.message import CallKind, Precedence, Reality
from crosstell.core.mechanism.effects import DraftReady, Effect, Ring, StopRinging
from crosstell.core.mechanism.line.drafting import brief_of
from crosstell.core.mechanism.line.incoming import Group, held_calls
from crosstell.core.state.state import State

ALONE_MAX = 10  # calls of one group that ring by themselves. An assumption: more than a desk works
# off at once, and more than any party known to us had open; no measurement is behind it
TOGETHER = f"{MatterKind.CALL_NOT_RECEIVED} together: "  # how the name of such a matter begins

Crowds = Mapping[Group, tuple[Ladder, ...]]


def precedence_told(matter: str) -> tuple[Reality, Precedence] | None:
    """Of which reality and precedence the calls are, if a matter of this name is many calls."""
    if not matter.startswith(TOGETHER):
        return None
    reality, precedence = matter.removeprefix(TOGETHER).split(" ")[:2]
    return Reality(reality), Precedence(precedence)


def ringing(state: State) -> tuple[Effect, ...]:
    """Whatever is rung and drafted as the ladders stand. Implements MEC-013, NOD-550."""
    crowds = _crowds(state)
    within = {one.opened.matter for many in crowds.values() for one in many[ALONE_MAX:]}
    ladders = state.journal.ladders
    alone = sorted((one for one in ladders if one not in within), key=matter_key)
    return (
        *(_standing(state, ladders[matter]) for matter in alone if ladders[matter].reached > 0),
        *_of_crowds(crowds),
    )


def put_together(before: State, after: State, effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """These effects, where calls of many are rung as one. Implements NOD-547, NOD-549."""
    if not any(_is_of_a_call(one) for one in effects):
        return effects
    was, now = _crowds(before), _crowds(after)
    if not was and not now:
        return effects
    within = {matter_key(one.opened.matter) for many in now.values() for one in many[ALONE_MAX:]}
    told = {_step(one) for one in _of_crowds(was)}
    new = [one for one in _of_crowds(now) if _step(one) not in told]
    over = {matter for matter, _, _ in told} - {one.matter for one in _of_crowds(now)}
    return (
        *(e for e in effects if not (isinstance(e, Ring | DraftReady) and e.matter in within)),
        *_by_themselves_again(after, [group for group in was if group not in now]),
        *new,
        *(StopRinging(matter=one, text="ended: their number changed") for one in sorted(over)),
    )


def _crowds(state: State) -> Crowds:
    """The groups of which more are rung than may be alone, each as it began to be rung."""
    return {
        group: tuple(sorted(held.values(), key=_first_rung))
        for group, held in sorted(held_calls(state).groups.items())
        if len(held) > ALONE_MAX
    }


def _first_rung(ladder: Ladder) -> int:
    return ladder.steps[1][0].ref.seq


def _is_of_a_call(effect: Effect) -> bool:
    if not isinstance(effect, Ring | DraftReady | StopRinging):
        return False
    return effect.matter.startswith(MatterKind.CALL_NOT_RECEIVED)


def _of_crowds(crowds: Crowds) -> tuple[Ring | DraftReady, ...]:
    """Each as one matter, for every rung that any of its calls has reached. Implements NOD-549."""
    return tuple(effect for group, many in crowds.items() for effect in _of_crowd(group, many))


def _of_crowd(group: Group, many: tuple[Ladder, ...]) -> Iterator[Ring | DraftReady]:
    passed = ALONE_MAX
    while passed * 2 < len(many):
        passed *= 2
    matter = f"{TOGETHER}{group.text}, more than {passed}"
    since = format_instant(min(one.opened.opened_at for one in many))
    text = (
        f"{len(many)} {group.text} wait, the first since {since}: no person has received them. "
        "They are rung together; each is on the screen, and is received and answered by itself."
    )
    steps = {
        (number, ladder.opened.rungs[number].role, number < ladder.opened.rings): None
        for ladder in many
        for number in range(ladder.reached)
    }
    for number, role, is_rung in sorted(steps):
        if is_rung:
            yield Ring(matter=matter, role=role, rung=number, text=text)
        else:
            yield DraftReady(matter=matter, role=role, text=text)


def _step(effect: Ring | DraftReady) -> tuple[str, str, int | None]:
    return effect.matter, effect.role, effect.rung if isinstance(effect, Ring) else None


def _by_themselves_again(state: State, groups: list[Group]) -> Iterator[Effect]:
    """What was rung as one and now rings each by itself: few enough are left. NOD-550."""
    for group in groups:
        for ladder in held_calls(state).groups[group].values():
            yield _standing(state, ladder)


def _standing(state: State, ladder: Ladder) -> Effect:
    rung, matter = ladder.reached - 1, ladder.opened.matter
    assert ladder.steps, "a ladder has at least its opening"
    at = ladder.steps[-1][0].at
    if rung < ladder.opened.rings:
        return rung_of(state, ladder, rung, at)
    role = ladder.opened.rungs[rung].role
    return DraftReady(matter=matter_key(matter), role=role, text=brief_of(state, matter, at))


def rung_of(state: State, ladder: Ladder, rung: int, at: datetime) -> Ring:
    """That this rung is rung; a stop goes before all else that waits. Implements NOD-552."""
    matter = ladder.opened.matter
    return Ring(
        matter=matter_key(matter),
        role=ladder.opened.rungs[rung].role,
        rung=rung,
        text=brief_of(state, matter, at),
        is_stop=_is_stop(state, matter.subject),
    )


def _is_stop(state: State, subject: Subject) -> bool:
    call: Call | None = None
    if isinstance(subject, OwnCall):
        call = state.own.calls.get(subject.call)
    elif isinstance(subject, IncomingCall):
        call = state.call_at(subject.call)
    return call is not None and call.placed.kind is CallKind.STOP
