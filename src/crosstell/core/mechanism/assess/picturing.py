"""What this party holds at an instant, and how far ahead it looks."""

from datetime import datetime

from crosstell.core.instant import Window, later
from crosstell.core.picture.content import volumes_of
from crosstell.core.picture.picture import (
    HeldNotice,
    Picture,
    StandingNotice,
    in_force_during,
    standing,
)
from crosstell.core.state.state import State


def picture_of(state: State, *, at: datetime) -> Picture:
    """All that this party holds at `at`: every feed's notices, its own home ones, its tracks."""
    held = [
        HeldNotice(party=feed.party, notice=notice)
        for feed in state.feeds.values()
        for notice in feed.notices.values()
    ]
    shared = set(state.own.notices)
    held += [
        HeldNotice(party=state.setting.party, notice=notice)
        for notice in state.journal.notices.values()
        if notice.notice not in shared
    ]
    return Picture(
        party=state.setting.party,
        at=at,
        notices=tuple(held),
        tracks=tuple(state.journal.tracks.values()),
    )


def ahead(state: State, now: datetime) -> Window:
    """How far detection looks: to the advisory horizon."""
    horizon_s = state.setting.protocol.alerts.horizons.advisory_s
    return Window(start=now, end=later(now, by_s=horizon_s))


def notices_ahead(state: State, now: datetime) -> tuple[StandingNotice, ...]:
    """The standing notices one of whose windows shares an instant with what lies ahead."""
    return in_force_during(picture_of(state, at=now), window=ahead(state, now))


def notices_standing(state: State, now: datetime) -> tuple[StandingNotice, ...]:
    """The standing notices of which some window is not over yet."""
    return tuple(
        notice
        for notice in standing(picture_of(state, at=now))
        if any(volume.window.end > now for volume in volumes_of(notice.content))
    )
