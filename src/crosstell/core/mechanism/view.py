"""What a person sees of an alert and of a call: pure views, computed when asked for, never stored.

Units: seconds. An alert's time to infringement is its finding's, aged; its call-by is counted
back from that by the measured chain of the line to each party that could be called.
"""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.detection.about import notices_of
from crosstell.core.detection.alert import Alert, shown_alert
from crosstell.core.detection.alert_view import AlertView
from crosstell.core.detection.alert_view import alert_view as words_of
from crosstell.core.ids import PartyId
from crosstell.core.line import chain as chains
from crosstell.core.line.call import Call
from crosstell.core.line.chain import CallBy, CallByView, Chain, Offer, StepFigure
from crosstell.core.line.health import ChainStep, LineKey, LineState, Medium
from crosstell.core.line.view import CallView
from crosstell.core.line.view import call_view as view_of_sides
from crosstell.core.line.watch.episode import (
    Episode,
    StopCount,
    broadcast_item,
    call_item,
    count_stops,
    episodes,
)
from crosstell.core.mechanism.line.sides import sides_of
from crosstell.core.picture.party import Standing
from crosstell.core.state.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class LineToCall:
    """By when to call one party about an alert, by that line's chain, and how that stands."""

    party: PartyId
    call_by: CallBy
    view: CallByView


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOnScreen:
    """An alert at one moment: its words and times, the lines to call by, what is offered.

    `lines` begins with the one to be called soonest; empty for an alert that is cleared, and
    where there is nobody to call.
    """

    alert: AlertView
    lines: tuple[LineToCall, ...]
    offers: tuple[Offer, ...]
    text: tuple[str, ...]

    @property
    def call_by(self) -> datetime | None:
        """The earliest call-by of the lines."""
        return self.lines[0].call_by.at if self.lines else None


def alert_view(state: State, alert: Alert, now: datetime) -> AlertOnScreen | None:
    """The alert at `now` with its call-by; None if it was never shown. Implements MEC-060."""
    base = words_of(alert, now=now)
    if base is None:
        return None
    lines = _lines(state, alert, now) if shown_alert(alert) else ()
    return AlertOnScreen(
        alert=base,
        lines=lines,
        offers=lines[0].view.offers if lines else (),
        text=(*base.text, *(f"{line.party}: {line.view.text}" for line in lines)),
    )


def call_view(state: State, call: Call, now: datetime) -> CallView:
    """Everything a person sees of one call at `now`, from both feeds. Implements MEC-061."""
    return view_of_sides(sides_of(state, call), now=now)


def episodes_of(state: State) -> tuple[Episode, ...]:
    """Every episode that this party can see: calls and broadcasts of all parties by their matter.

    Two calls that cross about one matter fall into one. Implements MEC-062.
    """
    feeds = [state.feeds[party] for party in sorted(state.feeds)]
    calls = [call_item(call) for feed in feeds for call in feed.calls.values()]
    sent = [broadcast_item(one) for feed in feeds for one in feed.broadcasts.values()]
    return episodes((*calls, *sent))


def stops_of(state: State, now: datetime) -> tuple[StopCount, ...]:
    """The stops of every party towards every other, both sides counted alike. MEC-063."""
    calls = [
        (party, sides_of(state, call))
        for party in sorted(state.feeds)
        for call in state.feeds[party].calls.values()
    ]
    return count_stops(tuple(calls), now=now)


def chain_to(state: State, party: PartyId) -> Chain:
    """The measured chain to that party's cell, under the protocol's figures.

    By node, telephone, radio or relay, whichever of those in use is the quickest: a party that
    has only a telephone is a full party. A line reported down, or never used, is left out; where
    none is left, the protocol's figures stand.
    """
    figures = state.setting.protocol.chain
    steps = tuple(
        StepFigure(step=step, figure_s=took_s)
        for step, (_, took_s) in zip(ChainStep, figures.steps, strict=True)
    )
    keys = (LineKey(party=party, role=state.setting.test_role, medium=one) for one in Medium)
    lines = [state.journal.lines.get(key) for key in keys]
    used = [
        line
        for line in lines
        if line is not None and line.samples and line.state is not LineState.REPORTED_DOWN
    ]
    measured = [chains.measure(line, steps, cap_s=figures.cap_s) for line in used]
    unmeasured = chains.measure(None, steps, cap_s=figures.cap_s)
    return min(measured, key=lambda chain: chain.total_s, default=unmeasured)


def to_call(state: State, alert: Alert) -> tuple[PartyId, ...]:
    """Whom to call about the alert: who declared its places, or, if only we did, everyone.

    Parties come before notifiers, who owe no duty. Implements MEC-060.
    """
    notifiers = {
        one.id for one in state.setting.protocol.parties if one.standing is Standing.NOTIFIER
    }
    others = tuple(sorted((one.party for one in state.others()), key=notifiers.__contains__))
    named = {one.party for one in notices_of(alert.key.about)} & set(others)
    return tuple(party for party in others if party in named) or others


def _lines(state: State, alert: Alert, now: datetime) -> tuple[LineToCall, ...]:
    assert alert.shown is not None, "only an alert that is shown has lines to call"
    found = []
    for party in to_call(state, alert):
        by = chains.call_by(
            infringement_at=alert.shown.infringement_at, chain=chain_to(state, party)
        )
        found.append(LineToCall(party=party, call_by=by, view=chains.view(by, now=now)))
    return tuple(sorted(found, key=lambda line: line.call_by.at))
