"""What a finding is about: a track at a place, two tracks, two notices, or one of them alone.

Pairs without an order are held in one order, so that either way of naming them is the same.
"""

from dataclasses import dataclass

from crosstell.core.ids import NoticeId, PartyId, TrackId, check_id


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class NoticeOf:
    """A notice, whatever its version, of the party that filed it."""

    party: PartyId
    notice: NoticeId

    def __post_init__(self) -> None:
        """Refuse what is not an id."""
        check_id(self.party, what="party")
        check_id(self.notice, what="notice")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackAtNotice:
    """A track, and a notice that declares a place."""

    track: TrackId
    notice: NoticeOf


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoTracks:
    """Two tracks, the lower id first."""

    first: TrackId
    second: TrackId

    def __post_init__(self) -> None:
        """Refuse a track against itself; put the two in order."""
        if self.first == self.second:
            raise ValueError(f"track {self.first} against itself; name two tracks")
        if self.second < self.first:
            first, second = self.second, self.first
            object.__setattr__(self, "first", first)
            object.__setattr__(self, "second", second)


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoNotices:
    """Two notices, in the order of their parties and ids."""

    first: NoticeOf
    second: NoticeOf

    def __post_init__(self) -> None:
        """Refuse a notice against itself; put the two in order."""
        if self.first == self.second:
            raise ValueError(f"notice {self.first.notice} against itself; name two notices")
        if self.second < self.first:
            first, second = self.second, self.first
            object.__setattr__(self, "first", first)
            object.__setattr__(self, "second", second)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackOnActivity:
    """A party's own track, and the activity of its own that it is to keep to."""

    track: TrackId
    notice: NoticeOf


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTrack:
    """A track by itself: what is wrong with it concerns no other object."""

    track: TrackId


@dataclass(frozen=True, slots=True, kw_only=True)
class OneNotice:
    """A notice by itself: its times, not its neighbours."""

    notice: NoticeOf


About = TrackAtNotice | TwoTracks | TwoNotices | TrackOnActivity | OneTrack | OneNotice


def tracks_of(about: About) -> tuple[TrackId, ...]:
    """The tracks that it names, in its order."""
    match about:
        case TrackAtNotice() | TrackOnActivity() | OneTrack():
            return (about.track,)
        case TwoTracks():
            return (about.first, about.second)
        case TwoNotices() | OneNotice():
            return ()


def notices_of(about: About) -> tuple[NoticeOf, ...]:
    """The notices that it names, in its order."""
    match about:
        case TrackAtNotice() | TrackOnActivity() | OneNotice():
            return (about.notice,)
        case TwoNotices():
            return (about.first, about.second)
        case TwoTracks() | OneTrack():
            return ()


def key_of(about: About) -> tuple[str, ...]:
    """Its kind and ids, in one order: what an id or a sort is made from."""
    kind = _KINDS[type(about)]
    notices = (word for one in notices_of(about) for word in (one.party, one.notice))
    return (kind, *tracks_of(about), *notices)


_KINDS: dict[type[About], str] = {
    TrackAtNotice: "track-at-notice",
    TwoTracks: "two-tracks",
    TwoNotices: "two-notices",
    TrackOnActivity: "track-on-activity",
    OneTrack: "one-track",
    OneNotice: "one-notice",
}


def party_of(about: About) -> PartyId | None:
    """Whose place it is; None where no single party declared one."""
    parties = {one.party for one in notices_of(about)}
    return parties.pop() if len(parties) == 1 else None


def words_of(about: About) -> str:
    """It in words, for a person."""
    match about:
        case TrackAtNotice():
            return f"track {about.track} and {_named(about.notice)}"
        case TwoTracks():
            return f"tracks {about.first} and {about.second}"
        case TwoNotices():
            return f"{_named(about.first)} and {_named(about.second)}"
        case TrackOnActivity():
            return f"track {about.track} on {_named(about.notice)}"
        case OneTrack():
            return f"track {about.track}"
        case OneNotice():
            return _named(about.notice)


def _named(notice: NoticeOf) -> str:
    return f"{notice.notice} of {notice.party}"
