"""Every alert as the screen shows it: level, times, by when to call, why, what is offered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosstell.core.detection.about import About, key_of, tracks_of
from crosstell.core.detection.alert import Alert, Attention, ClearedBecause, shown_alert
from crosstell.core.detection.alert_table import AlertState
from crosstell.core.detection.finding import Assessed, Finding, Reason
from crosstell.core.geometry.position import Position
from crosstell.core.ids import AlertId, CallId, PartyId, RoleId, RuleId, TrackId
from crosstell.core.instant import later, seconds_between
from crosstell.core.line.call import Call
from crosstell.core.line.chain import Basis, CallByStanding, Offer
from crosstell.core.line.content import AboutAlert, CallContent
from crosstell.core.line.health import ChainStep
from crosstell.core.line.message import CallKind, Precedence
from crosstell.core.mechanism.line.drafting import draft_for_alert
from crosstell.core.mechanism.screen.said.phrase import (
    ArgKind,
    CodedText,
    figure,
    instant,
    named,
    phrase,
    word,
)
from crosstell.core.mechanism.screen.said.why import why
from crosstell.core.mechanism.view import AlertOnScreen, LineToCall, alert_view
from crosstell.core.protocol.rule import AlertLevel
from crosstell.core.state.state import State

CLEARED_SHOWN_S = 3_600.0  # how long a cleared alert that somebody acknowledged stays on screen
AHEAD_S_MAX = 3_600.0  # beyond this a course says nothing about where an object will be


class Words(StrEnum):
    """Whether what is said holds now, or is what was last found."""

    CURRENT = "current"
    LAST_KNOWN = "last-known"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainPartView:
    """One step of the chain: what it counts, and what that rests on."""

    step: ChainStep
    took_s: float
    basis: Basis
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallByPart:
    """By when to call one party: its chain, the moment, whether it is past, what is offered."""

    party: PartyId
    at: datetime
    standing: CallByStanding
    infringement_at: datetime
    chain_s: float
    cap_s: float
    parts: tuple[ChainPartView, ...]
    offers: tuple[Offer, ...]
    said: CodedText


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedCall:
    """The call that a person could send about it: nothing is sent by itself."""

    to_party: PartyId
    to_role: RoleId
    kind: CallKind
    precedence: Precedence
    content: CallContent


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedPlace:
    """Where the last course and speed of a track lead by an instant; not where it will be."""

    track: TrackId
    at: datetime
    position: Position


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenAlert:
    """One alert. `infringement_at` is the earliest that cannot be excluded, `nominal_at` by the
    values as reported; `calls` are our own calls about it. `text` are its lines in English.
    """

    alert: AlertId
    level: AlertLevel
    words: Words
    state: AlertState
    attention: Attention
    rule: RuleId
    reading: PartyId | None
    about: About
    versions: tuple[int, ...]
    assessed: Assessed
    reasons: tuple[Reason, ...]
    why: tuple[CodedText, ...]
    raised_at: datetime
    level_since: datetime
    finding_at: datetime
    infringement_at: datetime
    nominal_at: datetime | None
    exit_at: datetime | None
    nearest_at: datetime | None
    nearest_m: float | None
    distance_m: float
    margin_m: float
    returns: int
    call_by: tuple[CallByPart, ...]
    offers: tuple[Offer, ...]
    draft: DraftedCall | None
    calls: tuple[CallId, ...]
    places: tuple[PredictedPlace, ...]
    said: tuple[CodedText, ...]
    text: tuple[str, ...]
    cleared_at: datetime | None = None
    cleared_because: ClearedBecause | None = None
    doubted_since: datetime | None = None
    lost_at: datetime | None = None


def alerts_of(state: State, now: datetime) -> tuple[ScreenAlert, ...]:
    """The alerts that stand, those cleared that nobody saw, and those cleared of late.

    In order of level, then of time to infringement. Implements SCR-010 to SCR-014.
    """
    calls = tuple(state.own.calls.values())
    found = []
    for key in sorted(state.journal.alerts, key=_key):
        alert = state.journal.alerts[key]
        if _is_on_screen(alert, now):
            view = alert_view(state, alert, now)
            assert view is not None, "an alert on screen was shown"
            found.append(_screen_alert(state, alert, view, calls))
    return tuple(sorted(found, key=_order))


_LEVELS = {AlertLevel.CRITICAL: 0, AlertLevel.URGENT: 1, AlertLevel.ADVISORY: 2}


def _order(one: ScreenAlert) -> tuple[int, int, datetime, str]:
    return list(Words).index(one.words), _LEVELS[one.level], one.infringement_at, one.alert


def _key(key: object) -> tuple[str, ...]:
    rule, reading, about = (getattr(key, name) for name in ("rule", "reading", "about"))
    return (rule, reading or "", *key_of(about))


def _is_on_screen(alert: Alert, now: datetime) -> bool:
    if shown_alert(alert):
        return True
    if alert.shown is None or alert.shown.cleared_at is None:
        return False
    unseen = alert.attention is Attention.UNACKNOWLEDGED
    return unseen or seconds_between(alert.shown.cleared_at, now) < CLEARED_SHOWN_S


def _screen_alert(
    state: State, alert: Alert, view: AlertOnScreen, calls: tuple[Call, ...]
) -> ScreenAlert:
    shown = alert.shown
    assert shown is not None
    finding, at = shown.finding, shown.finding_at
    signers = state.setting.protocol.signers  # a notifier owes no duty: it is called last
    lines = sorted(view.lines, key=lambda line: line.party not in signers)
    words = Words.CLEARED if shown.cleared_at is not None else Words.CURRENT
    if alert.state is AlertState.LAST_KNOWN:
        words = Words.LAST_KNOWN
    return ScreenAlert(
        alert=shown.alert,
        level=shown.level,
        words=words,
        state=alert.state,
        attention=alert.attention,
        rule=finding.rule,
        reading=finding.reading,
        about=alert.key.about,
        versions=finding.versions,
        assessed=finding.assessed,
        reasons=finding.reasons,
        why=why(state, finding),
        raised_at=shown.raised_at,
        level_since=shown.level_since,
        finding_at=at,
        infringement_at=shown.infringement_at,
        nominal_at=shown.nominal_at,
        exit_at=_after(at, finding.exit_in_s),
        nearest_at=_after(at, finding.nearest_in_s),
        nearest_m=finding.nearest_m,
        distance_m=finding.distance_m,
        margin_m=finding.margin_m,
        returns=shown.returns,
        call_by=tuple(_call_by(line) for line in lines),
        offers=lines[0].view.offers if lines else (),
        draft=_draft(state, alert) if shown_alert(alert) else None,
        calls=tuple(one.placed.call for one in calls if _is_about(state, one, shown.alert)),
        places=_places(state, finding, at),
        said=_said(alert, words, view),
        text=view.text,
        cleared_at=shown.cleared_at,
        cleared_because=shown.cleared_because,
        doubted_since=shown.doubted_since,
        lost_at=shown.lost_at,
    )


def _after(at: datetime, in_s: float | None) -> datetime | None:
    return None if in_s is None else later(at, by_s=in_s)


def _call_by(line: LineToCall) -> CallByPart:
    by, view = line.call_by, line.view
    return CallByPart(
        party=line.party,
        at=by.at,
        standing=view.standing,
        infringement_at=by.infringement_at,
        chain_s=by.chain.total_s,
        cap_s=by.chain.cap_s,
        parts=tuple(
            ChainPartView(step=p.step, took_s=p.took_s, basis=p.basis, samples=p.samples)
            for p in by.chain.parts
        ),
        offers=view.offers,
        said=phrase(
            f"call-by.{view.standing}",
            view.text,
            named("party", line.party),
            instant("at", by.at),
            instant("infringement_at", by.infringement_at),
            figure("chain", ArgKind.SPAN, by.chain.total_s),
        ),
    )


def _draft(state: State, alert: Alert) -> DraftedCall | None:
    draft = draft_for_alert(state, alert, state.setting.test_role)
    if draft is None:
        return None
    return DraftedCall(
        to_party=draft.to_party,
        to_role=draft.to_role,
        kind=draft.kind,
        precedence=draft.precedence,
        content=draft.content,
    )


def _is_about(state: State, call: Call, alert: AlertId) -> bool:
    mine = AboutAlert(party=state.setting.party, alert=alert)
    return mine in call.placed.about


def _places(state: State, finding: Finding, at: datetime) -> tuple[PredictedPlace, ...]:
    """Where each track's course leads by the infringement as reported, for the drawing."""
    in_s = finding.nominal_in_s
    if in_s is None or in_s > AHEAD_S_MAX:
        return ()
    when = later(at, by_s=in_s)
    found = []
    for name in tracks_of(finding.about):
        track = state.journal.tracks.get(name)
        seen = None if track is None else track.latest
        position = None if seen is None else seen.motion.position_at(when)
        if position is not None:
            found.append(PredictedPlace(track=name, at=when, position=position))
    return tuple(found)


def _said(alert: Alert, words: Words, view: AlertOnScreen) -> tuple[CodedText, ...]:
    """Its lines as phrases: the verdict, the rule and what it is about, how it stands."""
    shown = alert.shown
    assert shown is not None
    finding = shown.finding
    verdict = phrase(
        f"alert.{finding.assessed}",
        view.alert.text[0],
        word("level", shown.level),
        instant("nominal_at", shown.nominal_at),
        instant("at", later(shown.finding_at, by_s=finding.infringement_in_s)),
        instant("found_at", shown.finding_at),
    )
    reading = "alert.rule" if finding.reading is None else "alert.rule-understood"
    rule = phrase(
        reading,
        view.alert.text[1],
        named("rule", finding.rule),
        None if finding.reading is None else named("party", finding.reading),
    )
    standing = phrase(
        f"alert.standing.{words}",
        view.alert.text[2],
        word("attention", alert.attention),
        instant("raised_at", shown.raised_at),
        instant("found_at", shown.finding_at),
        instant("cleared_at", shown.cleared_at),
        None if shown.cleared_because is None else word("because", shown.cleared_because),
    )
    return verdict, rule, standing
