"""Both sides of a call, brought together from the feeds in which each is recorded."""

from crosstell.core.line.acknowledgement import Acknowledgement
from crosstell.core.line.call import Call
from crosstell.core.line.view import CallSides
from crosstell.core.line.watch.voice import VoiceLog
from crosstell.core.state.state import FeedState, State


def acknowledgement_of(state: State, call: Call) -> Acknowledgement | None:
    """What the call's recipient recorded of its receipt."""
    recipient = state.feeds.get(call.placed.to_party)
    return None if recipient is None else recipient.acknowledgements.get(call.placed_stamp.ref)


def sides_of(state: State, call: Call) -> CallSides:
    """What its caller and its recipient recorded of this call, as far as it is held here."""
    caller = state.by_feed(call.placed_stamp.ref.feed)
    recipient = state.feeds.get(call.placed.to_party)
    ref = call.placed_stamp.ref
    return CallSides(
        call=call,
        acknowledgement=None if recipient is None else recipient.acknowledgements.get(ref),
        answers=None if recipient is None else recipient.answers.get(ref),
        caller_logs=_logs(caller, call),
        recipient_logs=_logs(recipient, call),
    )


def _logs(feed: FeedState | None, call: Call) -> tuple[VoiceLog, ...]:
    logs = () if feed is None else feed.voice_logs.values()
    return tuple(log for log in logs if log.logged.call == call.placed_stamp.ref)
