"""How a call stands, from both feeds: what its caller recorded and what its recipient did.

Views over the state; whatever depends on two feeds is computed here when asked for.
"""

from crosstell.core.ids import PartyId
from crosstell.core.line.acknowledgement import Acknowledgement
from crosstell.core.line.call import Call
from crosstell.core.line.view import CallSides
from crosstell.core.line.watch.voice import VoiceLog
from crosstell.core.state.state import FeedState, State


def caller_of(state: State, call: Call) -> PartyId:
    """The party whose feed holds the call."""
    party = state.setting.party_of(call.placed_stamp.ref.feed)
    assert party is not None, "a held call is of a feed of this protocol"
    return party


def acknowledgement_of(state: State, call: Call) -> Acknowledgement | None:
    """What the call's recipient recorded of its receipt."""
    recipient = state.feeds.get(call.placed.to_party)
    return None if recipient is None else recipient.acknowledgements.get(call.placed_stamp.ref)


def sides_of(state: State, call: Call) -> CallSides:
    """Both sides of the call, as far as they are held here."""
    ref = call.placed_stamp.ref
    recipient = state.feeds.get(call.placed.to_party)
    return CallSides(
        call=call,
        acknowledgement=acknowledgement_of(state, call),
        answers=None if recipient is None else recipient.answers.get(ref),
        caller_logs=_logs(state.feeds[caller_of(state, call)], call),
        recipient_logs=() if recipient is None else _logs(recipient, call),
        stand_by_s_max=state.setting.protocol.stand_by_s_max,
    )


def _logs(feed: FeedState, call: Call) -> tuple[VoiceLog, ...]:
    ref = call.placed_stamp.ref
    return tuple(log for log in feed.voice_logs.values() if log.logged.call == ref)
