"""A duress word was heard: who of our own side is rung, where, and by which rungs.

Nothing of it crosses: the ladder is in the journal, no draft calls anybody, and the role that
noted the word is passed over, since its telephone stands beside the line that is still open.
Implements LINE-262 to LINE-264.
"""

from collections.abc import Iterator

from crosstell.core.line.escalation import Matter, MatterKind, OwnVoiceLog, Rung
from crosstell.core.line.watch.queue import Wait
from crosstell.core.line.watch.voice import VoiceLogId
from crosstell.core.state.state import State


def duress_waits(state: State) -> Iterator[Wait]:
    """Each duress word that was heard, from when it was noted, until a person takes it."""
    for log, held in state.journal.duress.items():
        matter = Matter(kind=MatterKind.DURESS_HEARD, subject=OwnVoiceLog(log=log))
        yield Wait(matter=matter, opens_at=held.stamp.at)


def duress_rungs(
    state: State, log: VoiceLogId, rungs: tuple[Rung, ...], rings: int
) -> tuple[tuple[Rung, ...], int]:
    """The rungs that ring about it, the first at once, and how many of them ring.

    From the ring limit's up, without the role that noted it; where that is the ring limit's own,
    every other rung, and where all others stand above the limit, the lowest of them is rung. Where
    nobody else is on the ladder, the ring limit's role all the same.
    """
    by = state.journal.duress[log].stamp.by
    noted_by = None if by is None else by.role
    limit = rungs[rings - 1]
    lowest = 0 if limit.role == noted_by else rings - 1
    kept = [(n, rung) for n, rung in enumerate(rungs) if n >= lowest and rung.role != noted_by]
    kept = kept or [(rings - 1, limit)]
    first_s = kept[0][1].after_s
    climbed = tuple(Rung(role=rung.role, after_s=rung.after_s - first_s) for _, rung in kept)
    return climbed, max(1, sum(number < rings for number, _ in kept))


def duress_words(log: VoiceLogId) -> str:
    """What whoever is rung is told."""
    return f"A duress word was heard in voice call {log}. Say nothing on the line."
