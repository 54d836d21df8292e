"""Whose a track is, as far as our own party has said so."""

from crosstell.core.mechanism.concern import FiguresRule, of_others_only
from crosstell.core.picture.ownership import OwnershipState, OwnTrack, state_for
from crosstell.core.picture.scoped import ANY_OTHER
from crosstell.core.picture.track import Track
from crosstell.core.state.state import State


def is_ours(state: State, track: Track) -> bool:
    """Whether our own party has stated, for all of itself, that the track is ours."""
    held = state.journal.ownership.get(OwnTrack(track=track.track))
    return state_for(held, ANY_OTHER) is OwnershipState.OURS


def is_stated_not_ours(state: State, track: Track) -> bool:
    """Whether our own party has stated, for all of itself, that the track is not ours."""
    held = state.journal.ownership.get(OwnTrack(track=track.track))
    return state_for(held, ANY_OTHER) is OwnershipState.NOT_OURS


def is_excepted(state: State, track: Track, rule: FiguresRule, *, is_own_place: bool) -> bool:
    """Whether the rule is about others' tracks, and this is our own at a place of our own."""
    return is_own_place and of_others_only(rule) and is_ours(state, track)
