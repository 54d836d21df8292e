"""What a person sees of releases: under which id a notice went out, what is shared and until when.

Pure views, computed when asked for. A share is shown by itself, never in a list of
objects or beside our own tracks, and one that is over shows no position.
"""

from dataclasses import dataclass
from datetime import datetime

from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import EntryRef, NoticeId, PartyId, TrackId
from crosstell.core.instant import format_instant
from crosstell.core.picture.releasing.release import Release
from crosstell.core.picture.releasing.share import Contains, Share, ShareId, ShareState, ShareTerms
from crosstell.core.picture.wording import NOT_CLEAR_TO_ENGAGE, SHARED_FOR_A_PURPOSE, quoted
from crosstell.core.state.state import State
from crosstell.core.table import Stamp

__all__ = ["NOT_CLEAR_TO_ENGAGE", "SharedShown", "released_as", "shares_shown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedShown:
    """One share at one moment. `volume` is None where nothing was told, or once it is over.

    `track` is ours, of a share of ours; `revoked` says why it ended before its time.
    """

    by: PartyId
    share: ShareId
    terms: ShareTerms
    granted: Stamp
    track: TrackId | None
    revoked: str | None
    is_open: bool
    volume: Volume | None
    contains: Contains | None
    told_at: datetime | None
    text: str


def released_as(state: State, notice: NoticeId, party: PartyId) -> NoticeId | None:
    """The id under which that party got this notice of ours, which stays at home; the newest."""
    held = state.journal.notices.get(notice)
    found: list[Release] = []
    for one in state.journal.releases.values() if held is not None else ():
        item, form = one.event.item, state.own.notices.get(NoticeId(one.event.under))
        is_of = (
            held is not None and isinstance(item, EntryRef) and held.version_of(item) is not None
        )
        if is_of and party in one.event.to and form is not None and form.withdrawal is None:
            found.append(one)
    newest = max(found, key=lambda one: one.stamp.ref.seq, default=None)
    return None if newest is None else NoticeId(newest.event.under)


def shares_shown(state: State, now: datetime) -> tuple[SharedShown, ...]:
    """Every share that is held, ours and theirs, as it stands at `now`. Implements REL-034."""
    return tuple(
        _shown(state, feed.party, share, now)
        for feed in (state.own, *state.others())
        for share in feed.shares.values()
    )


def _shown(state: State, party: PartyId, share: Share, now: datetime) -> SharedShown:
    name, terms = share.granted.share, share.granted.terms
    home = state.journal.shared_tracks.get(name) if party == state.setting.party else None
    is_open = share.is_open(now)
    latest = share.latest if is_open else None
    said = f"{quoted(terms.called)}: shared by {party} {terms.text}"
    if share.state is ShareState.REVOKED and share.revoked is not None:
        said = f"{said}; revoked: {quoted(share.revoked.reason)}"
    elif not is_open:
        said = f"{said}; over, nothing of it is shown"
    elif latest is None:
        said = f"{said}; nothing was told of it yet"
    else:
        said = f"{said}; told {format_instant(latest.stamp.at)}"
        if latest.event.contains is Contains.POSITION_ALONE:
            said = f"{said}, of a source that states no accuracy: it may be outside"
    return SharedShown(
        by=party,
        share=name,
        terms=terms,
        granted=share.stamp,
        track=None if home is None else home.event.track,
        revoked=None if share.revoked is None else share.revoked.reason,
        is_open=is_open,
        volume=None if latest is None else latest.event.volume,
        contains=None if latest is None else latest.event.contains,
        told_at=None if latest is None else latest.stamp.at,
        text=f"{said}. {SHARED_FOR_A_PURPOSE}",
    )
