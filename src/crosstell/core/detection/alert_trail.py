"""The entries that an alert rests on: the first, the newest ones, as many as a screen opens."""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.detection.alert_table import AlertStep
from crosstell.core.ids import EntryRef
from crosstell.core.table import Stamp

TRAIL_MAX = 24  # of one alert; the journal holds every one


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One step of an alert, with the journal's entry that holds it."""

    step: AlertStep
    ref: EntryRef
    at: datetime


def marked(trail: tuple[Mark, ...], step: AlertStep, stamp: Stamp) -> tuple[Mark, ...]:
    """The trail with that entry: the first stays, of those that changed nothing the newest."""
    if step is AlertStep.HOLD:
        trail = tuple(mark for mark in trail if mark.step is not AlertStep.HOLD)
    trail = (*trail, Mark(step=step, ref=stamp.ref, at=stamp.at))
    return trail if len(trail) <= TRAIL_MAX else (trail[0], *trail[-TRAIL_MAX + 1 :])
