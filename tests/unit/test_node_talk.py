"""Two nodes talk: what one records is held by the other, once, and rebuilds to the same state."""

from dataclasses import replace

import pytest
from node_pair import ALPHA, BRAVO, World, answered, call, received, roz

from crosstell.core.errors import PartyError
from crosstell.core.line.acknowledgement import Stage
from crosstell.core.line.answer import AnswerState


def test_a_call_is_delivered_received_and_answered() -> None:
    """MEC-011: the recipient's node says delivered, once; the stages and answers are people's."""
    world = World()
    world.settle(ALPHA, call())
    ref = world.state(ALPHA).own.calls[call().call].placed_stamp.ref
    held = world.state(ALPHA).feeds[BRAVO].acknowledgements[ref]
    assert held.stage is Stage.DELIVERED
    world.settle(BRAVO, received())
    world.settle(BRAVO, answered())
    bravo = world.state(ALPHA).feeds[BRAVO]
    assert bravo.acknowledgements[ref].stage is Stage.RECEIVED
    assert len(bravo.acknowledgements[ref].marks) == 2
    assert bravo.answers[ref].state is AnswerState.ANSWERED
    world.no_irregular()


def test_each_holds_the_others_feed_and_rebuilds_to_the_same_state() -> None:
    """NOD-003: what is rebuilt from the store equals what was live."""
    world = World()
    world.sign()
    world.settle(ALPHA, roz("roz-1", BRAVO))
    world.settle(ALPHA, call())
    for name in (ALPHA, BRAVO):
        live = world.state(name)
        assert live.feeds[ALPHA].size == world.state(ALPHA).own.size
        assert live.feeds[BRAVO].size == world.state(BRAVO).own.size
        world.parties[name].start()
        assert world.state(name) == live


def test_run_523_a_checkpoint_that_says_nothing_new_is_not_stored_again() -> None:
    """Nor verified; one with a line that was changed on the way is."""
    world = World()
    world.sign()
    world.act(ALPHA, roz("roz-1", BRAVO))
    world.pass_time(60.0)
    for party in (ALPHA, BRAVO):
        notes = world.parties[party].node.rebuilt.notes
        for feed, note in dict(notes.newest).items():
            assert notes.take(note.print(), world.now) == (), "a second time"
            line = note.signatures[0]
            forged = replace(line, signature=bytes([line.signature[0] ^ 1]) + line.signature[1:])
            with pytest.raises(PartyError):
                notes.take(replace(note, signatures=(forged,)).print(), world.now)
            assert notes.newest[feed] == note
