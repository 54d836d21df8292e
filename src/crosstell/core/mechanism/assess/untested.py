"""What becomes of shown alerts that are no longer tested: stale, ended, withdrawn, over."""

from collections.abc import Iterator
from datetime import UTC, datetime

from crosstell.core.detection.about import (
    About,
    NoticeOf,
    OneNotice,
    OneTrack,
    TrackAtNotice,
    TrackOnActivity,
    TwoNotices,
    TwoTracks,
    key_of,
    notices_of,
    tracks_of,
)
from crosstell.core.detection.alert import AlertDecision, AlertKey
from crosstell.core.detection.alert_table import AlertState
from crosstell.core.detection.decision import NotTestedBecause, not_tested
from crosstell.core.ids import PartyId, RuleId, TrackId
from crosstell.core.instant import later, seconds_between
from crosstell.core.mechanism.assess.alerted import Settled, held_alerts
from crosstell.core.mechanism.assess.judged import Judged, judged_tests
from crosstell.core.mechanism.assess.ownership import is_excepted, is_ours
from crosstell.core.mechanism.assess.pairs.own import kept_until
from crosstell.core.mechanism.assess.pairs.plans import bearing_of
from crosstell.core.mechanism.assess.pairs.traffic import is_concerned
from crosstell.core.mechanism.assess.picturing import ahead
from crosstell.core.mechanism.concern import (
    Bearing,
    Subject,
    bears_on_notice,
    bears_on_own,
    bears_on_track_at,
)
from crosstell.core.picture.content import Content, volumes_of
from crosstell.core.picture.notice import NoticeState, NoticeTime, time_of
from crosstell.core.picture.picture import StandingNotice, standing_version
from crosstell.core.picture.track import TrackState
from crosstell.core.state.state import State

LAST = datetime.max.replace(tzinfo=UTC)
STALE_GRAIN_S = 0.001  # a track is stale once older than its stale time, not at it


def untested(state: State, now: datetime) -> tuple[AlertDecision, ...]:
    """What becomes of shown alerts whose track is stale or ended, or whose notice is gone."""
    found: list[AlertDecision] = []
    held = held_alerts(state)
    subjects = {_SUBJECTS[type(key.about)] for key in held.shown}
    tests = {subject: judged_tests(state, subject) for subject in subjects}
    named = {subject: _by_name(each) for subject, each in tests.items()}
    asked: dict[AlertKey, tuple[object, ...]] = {}
    for key, alert in held.shown.items():
        on = (
            alert,
            state.journal.ownership,
            tests[_SUBJECTS[type(key.about)]],
            *_rests_on(state, key),
        )
        settled = held.settled.get(key)
        if settled is None or not settled.holds(on, now):
            asked[key] = on
    for key in sorted(asked, key=_in_order):
        judged = named[_SUBJECTS[type(key.about)]].get((key.rule, key.reading))
        because = _why_untested(state, key, judged, now)
        decision = None
        if because is not None:
            decision = not_tested(held.shown[key], because, at=now)
        if decision is not None:
            found.append(decision)
        elif because in (None, NotTestedBecause.TRACK_STALE):
            until = _changes_at(state, key, now, is_stale=because is not None)
            held.settled[key] = Settled(asked[key], now, until)
    return tuple(found)


def _rests_on(state: State, key: AlertKey) -> Iterator[object]:
    """The tracks and the notices that it is about."""
    for name in tracks_of(key.about):
        yield state.journal.tracks.get(name)
    for named in notices_of(key.about):
        yield state.notice(named.party, named.notice)


def _changes_at(state: State, key: AlertKey, now: datetime, *, is_stale: bool) -> datetime:
    """Until when time alone changes nothing of why the alert is, or is not, tested."""
    due = [LAST]
    if not is_stale:
        stale_after_s = state.setting.protocol.alerts.stale_after_s
        for name in tracks_of(key.about):
            latest = state.journal.tracks[name].latest
            if latest is not None:
                due.append(later(latest.motion.at, by_s=stale_after_s))
    window = ahead(state, now)
    for named in notices_of(key.about):
        notice = state.notice(named.party, named.notice)
        assert notice is not None, "an alert whose notice is gone is not tested"
        windows = [volume.window for volume in volumes_of(notice.latest.event.content)]
        due.append(max((one.end for one in windows), default=LAST))
        if isinstance(key.about, TrackAtNotice):
            due.append(max((one.end for one in windows if one.overlaps(window)), default=now))
    return min(due)


def next_untested_at(state: State) -> datetime | None:
    """When the next shown alert's track goes stale or its notice's last window ends."""
    stale_after_s = state.setting.protocol.alerts.stale_after_s
    due: list[datetime] = []
    for key, alert in held_alerts(state).shown.items():
        for name in tracks_of(key.about):
            track = state.journal.tracks.get(name)
            if alert.state is AlertState.SHOWN and track is not None and track.latest is not None:
                due.append(later(track.latest.motion.at, by_s=stale_after_s + STALE_GRAIN_S))
        for named in notices_of(key.about):
            notice = state.notice(named.party, named.notice)
            content = None if notice is None else notice.latest.event.content
            if content is not None and volumes_of(content):
                due.append(_over_at(state, key.about, content))
    return min(due, default=None)


def _by_name(tests: tuple[Judged, ...]) -> dict[tuple[RuleId, PartyId | None], Judged]:
    return {(one.criterion.rule, one.party): one for one in tests}


def _over_at(state: State, about: About, content: Content) -> datetime:
    """When the notice is over for this alert: with its last window, or past it for a late track."""
    if isinstance(about, TrackOnActivity):
        return kept_until(state, content)
    return max(volume.window.end for volume in volumes_of(content))


def _why_untested(
    state: State, key: AlertKey, judged: Judged | None, now: datetime
) -> NotTestedBecause | None:
    """The first of: a track ended, a notice gone, the rule, no longer concerned, a track stale."""
    gone = _gone(state, key, now)
    if gone is not None:
        return gone
    if judged is None:
        return NotTestedBecause.RULE_NOT_IN_FORCE
    if not _is_concerned(state, key, judged, now):
        return NotTestedBecause.NOT_CONCERNED
    if any(_is_stale(state, track, now) for track in tracks_of(key.about)):
        return NotTestedBecause.TRACK_STALE
    return None


_SUBJECTS: dict[type[About], Subject] = {
    TrackAtNotice: Subject.TRACK_AT_NOTICE,
    TwoTracks: Subject.TWO_TRACKS,
    TwoNotices: Subject.TWO_NOTICES,
    TrackOnActivity: Subject.TRACK_OF_ACTIVITY,
    OneTrack: Subject.TRACK,
    OneNotice: Subject.NOTICE,
}


def _gone(state: State, key: AlertKey, now: datetime) -> NotTestedBecause | None:
    """Why one of those it is about is not there any more."""
    for name in tracks_of(key.about):
        track = state.journal.tracks.get(name)
        if track is None or track.state is TrackState.ENDED:
            return NotTestedBecause.TRACK_ENDED
    for named in notices_of(key.about):
        notice = state.notice(named.party, named.notice)
        if notice is None or notice.state is NoticeState.WITHDRAWN:
            return NotTestedBecause.NOTICE_WITHDRAWN
        content = notice.latest.event.content
        if (
            time_of(content, now) is NoticeTime.EXPIRED
            and _over_at(state, key.about, content) <= now
        ):
            return NotTestedBecause.NOTICE_EXPIRED
    return None


def _is_concerned(state: State, key: AlertKey, judged: Judged, now: datetime) -> bool:
    """Whether the rule still concerns what the alert is about, within the horizon."""
    match key.about:
        case TrackAtNotice(track=track, notice=place):
            return _at_place(state, track, place, judged, now)
        case TwoTracks() as both:
            return is_concerned(state, state.journal.tracks, both)
        case TwoNotices(first=first, second=second):
            return bearing_of(judged, *_standing(state, first, second)) is not Bearing.NOT
        case OneNotice(notice=notice):
            (one,) = _standing(state, notice)
            return bears_on_notice(judged.rule, one.content) is not Bearing.NOT
        case TrackOnActivity(track=track, notice=notice):
            (one,) = _standing(state, notice)
            is_about = bears_on_own(judged.rule, one.content) is not Bearing.NOT
            return is_about and is_ours(state, state.journal.tracks[track])
        case OneTrack(track=track):
            is_home = judged.party == state.setting.party
            return not (is_home and is_ours(state, state.journal.tracks[track]))


def _at_place(state: State, track: TrackId, place: NoticeOf, judged: Judged, now: datetime) -> bool:
    (standing,) = _standing(state, place)
    window, content = ahead(state, now), standing.content
    soon = any(volume.window.overlaps(window) for volume in volumes_of(content))
    if not soon or bears_on_track_at(judged.rule, content) is Bearing.NOT:
        return False
    own = place.party == state.setting.party
    held = state.journal.tracks[track]
    return not is_excepted(state, held, judged.rule, is_own_place=own)


def _standing(state: State, *named: NoticeOf) -> tuple[StandingNotice, ...]:
    """The standing versions of notices that are known to stand."""
    held = (state.notice(one.party, one.notice) for one in named)
    return tuple(
        standing_version(one.party, notice)
        for one, notice in zip(named, held, strict=True)
        if notice is not None
    )


def _is_stale(state: State, name: TrackId, now: datetime) -> bool:
    latest = state.journal.tracks[name].latest
    stale_after_s = state.setting.protocol.alerts.stale_after_s
    return latest is not None and seconds_between(latest.motion.at, now) > stale_after_s


def _in_order(key: AlertKey) -> tuple[str, ...]:
    return (key.rule, key.reading or "", *key_of(key.about))
