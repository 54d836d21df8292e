"""How a call stands, from both feeds: what its caller recorded and what its recipient did."""

from datetime import datetime

from crosstell.core.line.acknowledgement import Acknowledgement
from crosstell.core.line.answer import Answers, AnswerState, settles
from crosstell.core.line.call import Call, CallState
from crosstell.core.state.state import FeedState, State


def is_over(call: Call) -> bool:
    """Whether its caller ended it."""
    return call.state in (CallState.CLOSED, CallState.DISREGARDED)


def acknowledgement_of(state: State, call: Call) -> Acknowledgement | None:
    """What the call's recipient recorded of its receipt."""
    recipient = state.feeds.get(call.placed.to_party)
    return None if recipient is None else recipient.acknowledgements.get(call.placed_stamp.ref)


def answers_of(state: State, call: Call) -> Answers | None:
    """What the call's recipient answered."""
    recipient = state.feeds.get(call.placed.to_party)
    return None if recipient is None else recipient.answers.get(call.placed_stamp.ref)


def heard_by_caller(caller: FeedState, call: Call) -> bool:
    """Whether the caller logged that it heard a settling answer by voice. A claim of one side."""
    ref = call.placed_stamp.ref
    return any(
        log.logged.call == ref
        and log.account.answer is not None
        and settles(log.account.answer.kind)
        for log in caller.voice_logs.values()
    )


def is_settled(state: State, call: Call) -> bool:
    """Whether the caller has an answer that ends its waiting, by node or as heard by voice."""
    answers = answers_of(state, call)
    if answers is not None and answers.state is AnswerState.ANSWERED:
        return True
    caller = state.by_feed(call.placed_stamp.ref.feed)
    return caller is not None and heard_by_caller(caller, call)


def stand_by_until(state: State, call: Call) -> datetime | None:
    """Until when the recipient said to stand by, if that is how the call stands."""
    answers = answers_of(state, call)
    return None if answers is None else answers.stand_by_until
