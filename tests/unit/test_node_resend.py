"""What is sent again, and when; and who says less than was received."""

from random import Random

import pytest
from node_pair import ALPHA, BRAVO, CHARLIE, World, call, roz
from test_node_exchange import _logs, alarms, entry_of, met, send

from crosstell.codecs import parcel
from crosstell.codecs.parcel import Parcel
from crosstell.shell.exchange import RESEND_S
from crosstell.shell.node import Delivery
from crosstell.shell.peers.known import GAP_S


def test_acts_all_the_time_do_not_put_off_what_was_lost() -> None:
    """NOD-014: the line loses one parcel; then somebody acts more often than patience lasts."""
    world = World()
    world.settle(ALPHA, call("c-0"))
    world.act(ALPHA, call("c-1"))
    world.line.clear()
    answers = []
    for number in range(2, 12):
        world.wait(5.0)
        world.act(ALPHA, call(f"c-{number}"))
        answers += [one for one in world.line if one[0] == BRAVO]
        sent = [one for one in world.line if one[0] == ALPHA]
        world.line.clear()
        for _, message in sent:
            world.give(BRAVO, Delivery(body=message.body))
            world.line.clear()  # bravo's words are lost, all of them
    assert len(world.state(BRAVO).feeds[ALPHA].calls) >= 6
    assert answers == []


def test_a_word_that_may_have_crossed_is_remembered_until_it_cannot_have() -> None:
    """NOD-029: after a cut under load the first words come too soon; no more are needed."""
    world = World()
    world.settle(ALPHA, call("c-0"))
    for number in range(1, 6):
        world.act(ALPHA, call(f"c-{number}"))
    carried = [message for of, message in world.line if of == ALPHA]
    world.line.clear()
    for message in (carried[0], carried[-1]):  # what lay between was dropped
        world.give(BRAVO, Delivery(body=message.body))
        for of, word in tuple(world.line):
            assert of == BRAVO
            world.give(ALPHA, Delivery(body=word.body))
        world.line.clear()
    assert len(world.state(BRAVO).feeds[ALPHA].calls) == 2
    world.pass_time(2.0 * GAP_S)
    assert len(world.state(BRAVO).feeds[ALPHA].calls) == 6


def test_a_word_that_shows_a_gap_is_answered_with_what_is_lacking() -> None:
    """NOD-029: at once, and not over and over to one that never takes it."""
    world = World()
    world.settle(ALPHA, call("c-0"))
    for number in range(1, 6):
        world.act(ALPHA, call(f"c-{number}"))
    (_, newest) = world.line[-1]
    world.line.clear()
    world.wait(2.0)
    world.give(BRAVO, Delivery(body=newest.body))
    assert len(world.state(BRAVO).feeds[ALPHA].calls) == 1
    world.deliver()
    assert len(world.state(BRAVO).feeds[ALPHA].calls) == 6
    world.act(ALPHA, call("c-6"))
    world.line.clear()
    feed = world.parties[BRAVO].setting.feed
    have = tuple((name, log.size) for name, log in _logs(world, BRAVO))
    stubborn = parcel.encode(Parcel(sender=feed, have=have))
    told = 0
    for _ in range(600):
        world.wait(1.0)
        told += len(world.give(ALPHA, Delivery(body=stubborn)).messages)
    assert 3 <= told <= 600 / RESEND_S + 8


@pytest.mark.parametrize("restarted", [False, True])
def test_a_peer_that_names_less_than_it_cosigned_is_shown(*, restarted: bool) -> None:
    """NOD-030: signed with bravo's very key, past its node; not within the first minute."""
    for wait_s, shown in ((30.0, False), (70.0, True)):
        world = met()
        world.settle(ALPHA, roz("roz-1", BRAVO))
        world.wait(wait_s)
        if restarted:
            world.parties[ALPHA].start()
        send(world, BRAVO, ALPHA, entry_of(world, BRAVO, "hologram_shown", b"{}"))
        assert world.state(ALPHA).feeds[BRAVO].size == 2
        assert ("it keeps back what it received" in alarms(world, ALPHA)) is shown


def test_an_honest_peer_never_seems_to_keep_back() -> None:
    """NOD-030: a busy line, one that is cut, and one whose parcels come late."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    random = Random("honest")
    for number in range(12):
        for name, to in ((ALPHA, BRAVO), (BRAVO, CHARLIE), (CHARLIE, ALPHA)):
            world.act(name, call(f"c-{number}", to))
            world.wait(random.uniform(0, 90))
            random.shuffle(world.line)
            for _ in range(random.randrange(6)):
                if world.line:
                    _, message = world.line.pop()
                    world.give(message.to, Delivery(body=message.body))
    world.line.clear()
    world.deliver()
    world.pass_time(4 * RESEND_S)
    for name in world.names:
        assert "keeps back" not in alarms(world, name)
