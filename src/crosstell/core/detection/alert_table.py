"""What is shown of an alert, and what may follow what. Implements ALR-010."""

from enum import StrEnum

from crosstell.core.table import Table, Verdict


class AlertState(StrEnum):
    """What is shown of an alert."""

    NONE = "none"
    WATCHED = "watched"  # findings are counted, nothing is shown
    SHOWN = "shown"
    LAST_KNOWN = "last-known"  # shown, of a track that is stale or long not trusted
    CLEARED = "cleared"  # no longer shown; may return


class AlertStep(StrEnum):
    """What can happen to an alert."""

    WATCH = "watch"
    RAISE = "raise"
    HOLD = "hold"
    CHANGE = "change"
    LOSE = "lose"
    CLEAR = "clear"
    ACKNOWLEDGE = "acknowledge"


_S, _E, _V = AlertState, AlertStep, Verdict

ALERT_TABLE: Table[AlertState, AlertStep] = Table(
    name="alert",
    states=AlertState,
    events=AlertStep,
    rows={
        (_S.NONE, _E.WATCH): _S.WATCHED,
        (_S.NONE, _E.RAISE): _S.SHOWN,
        (_S.NONE, _E.HOLD): _V.REFUSED,
        (_S.NONE, _E.CHANGE): _V.REFUSED,
        (_S.NONE, _E.LOSE): _V.REFUSED,
        (_S.NONE, _E.CLEAR): _V.REFUSED,
        (_S.NONE, _E.ACKNOWLEDGE): _V.REFUSED,
        (_S.WATCHED, _E.WATCH): _S.WATCHED,
        (_S.WATCHED, _E.RAISE): _S.SHOWN,
        (_S.WATCHED, _E.HOLD): _V.REFUSED,
        (_S.WATCHED, _E.CHANGE): _V.REFUSED,
        (_S.WATCHED, _E.LOSE): _V.REFUSED,
        (_S.WATCHED, _E.CLEAR): _V.REFUSED,
        (_S.WATCHED, _E.ACKNOWLEDGE): _V.REFUSED,
        (_S.SHOWN, _E.WATCH): _V.REFUSED,
        (_S.SHOWN, _E.RAISE): _V.REFUSED,
        (_S.SHOWN, _E.HOLD): _S.SHOWN,
        (_S.SHOWN, _E.CHANGE): _S.SHOWN,
        (_S.SHOWN, _E.LOSE): _S.LAST_KNOWN,
        (_S.SHOWN, _E.CLEAR): _S.CLEARED,
        (_S.SHOWN, _E.ACKNOWLEDGE): _S.SHOWN,
        (_S.LAST_KNOWN, _E.WATCH): _V.REFUSED,
        (_S.LAST_KNOWN, _E.RAISE): _V.REFUSED,
        (_S.LAST_KNOWN, _E.HOLD): _S.SHOWN,
        (_S.LAST_KNOWN, _E.CHANGE): _S.SHOWN,
        (_S.LAST_KNOWN, _E.LOSE): _V.DUPLICATE,
        (_S.LAST_KNOWN, _E.CLEAR): _S.CLEARED,
        (_S.LAST_KNOWN, _E.ACKNOWLEDGE): _S.LAST_KNOWN,
        (_S.CLEARED, _E.WATCH): _S.CLEARED,
        (_S.CLEARED, _E.RAISE): _S.SHOWN,
        (_S.CLEARED, _E.HOLD): _V.REFUSED,
        (_S.CLEARED, _E.CHANGE): _V.REFUSED,
        (_S.CLEARED, _E.LOSE): _V.REFUSED,
        (_S.CLEARED, _E.CLEAR): _V.DUPLICATE,
        (_S.CLEARED, _E.ACKNOWLEDGE): _S.CLEARED,
    },
)
