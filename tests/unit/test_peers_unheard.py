"""An answer that is lost while all are quiet: who may have lost it says what it holds. NOD-451."""

import asyncio
from concurrent.futures import Future
from datetime import timedelta

import pytest
from line_sites import Site, sites, until
from node_pair import ALPHA, BRAVO, World, call
from starlette.types import Message, Scope
from test_peers_line import act, holds_call

from crosstell.codecs.parcels.blocks import unpack
from crosstell.core.errors import Unavailable
from crosstell.core.mechanism.inputs import Tick
from crosstell.shell.exchange import RESEND_S, Unheard
from crosstell.shell.node import Outcome
from crosstell.shell.peers.known import GAP_S
from crosstell.shell.peers.port import CERTIFICATE, PATH, Caller, PortSettings, peer_app
from crosstell.shell.peers.refusals import Refusals

QUIET_S = RESEND_S - 1.0


def lost() -> World:
    """What alpha recorded last was lost on its way, and nobody says anything more."""
    world = World()
    world.settle(ALPHA, call("c-0"))
    world.act(ALPHA, call("c-1"))
    world.line.clear()
    return world


def calls(world: World) -> int:
    return len(world.state(BRAVO).feeds[ALPHA].calls)


def test_nod_451_quiet_nodes_would_wait_for_patience() -> None:
    """The control: without a word of bravo what was lost comes after 30 s, and not before."""
    world = lost()
    world.pass_time(QUIET_S)
    assert calls(world) == 1
    world.pass_time(RESEND_S - QUIET_S + 1.0)
    assert calls(world) == 2


@pytest.mark.parametrize("after_s", [0.0, 1.0, 10.0, QUIET_S - GAP_S - 1.0])
def test_nod_451_a_word_of_what_is_held_brings_what_was_lost(after_s: float) -> None:
    world = lost()
    world.wait(after_s)
    world.give(BRAVO, Unheard(party=ALPHA))
    world.deliver()
    world.pass_time(GAP_S + 0.1)
    assert calls(world) == 2


@pytest.mark.parametrize("times", [1, 2, 3])
def test_nod_451_answers_lost_again_put_it_off_by_twice_as_long_each_time(times: int) -> None:
    """So a line that loses for ever is not filled, and one that is whole soon has it soon."""
    world = lost()
    for number in range(times):
        world.give(BRAVO, Unheard(party=ALPHA))
        world.deliver()
        world.down = {(ALPHA, BRAVO)}
        world.pass_time(GAP_S * 2.0**number + 0.1)
        world.down = set()
    assert calls(world) == 1
    world.give(BRAVO, Unheard(party=ALPHA))
    world.deliver()
    world.pass_time(GAP_S * 2.0**times + 0.1)
    assert calls(world) == 2


def test_nod_451_a_word_is_for_that_party_alone_and_is_not_answered() -> None:
    """Two nodes do not go on telling each other what they hold."""
    world = World()
    world.settle(ALPHA, call("c-0"))
    outcome = world.give(BRAVO, Unheard(party=ALPHA))
    assert [message.to for message in outcome.messages] == [ALPHA]
    (_, message), *_ = world.line
    assert message.to == ALPHA
    before = len(world.sent)
    world.deliver()
    assert len(world.sent) == before


@pytest.mark.parametrize("is_disk", [False, True])
def test_nod_451_over_a_real_line_the_word_follows_the_loss(*, is_disk: bool) -> None:
    """NOD-537: alpha's node, or its disk, cannot take what an answer brought; alpha can only dial,
    and nobody acts.
    """
    world = World(names=(ALPHA, BRAVO))
    with sites(world) as both:
        both[BRAVO].listen()
        alpha = both[ALPHA]
        take, is_full, told = alpha.post._submit, [False], []

        def full_once(parcel: bytes) -> Future[Outcome]:
            if (
                is_full[0] and b'"rows":[]' not in parcel
            ):  # it brings the call, not a checkpoint alone
                is_full[0] = False
                if not is_disk:
                    raise Unavailable("the line before the node is full")
                lost: Future[Outcome] = Future()
                lost.set_result(Outcome(fault="the disk is full", kept=False))
                return lost
            return take(parcel)

        def say(party: str) -> None:
            told.append(party)
            alpha.submit(Unheard(party=BRAVO))

        alpha.post._submit, alpha.post.unheard = full_once, say
        alpha.post.start()
        act(both[BRAVO], call("c-a", ALPHA))
        until(lambda: holds_call(alpha, BRAVO, "c-a"))
        until(lambda: len(both[BRAVO].outcomes) > 1)  # alpha's thanks
        is_full[0] = True
        act(both[BRAVO], call("c-b", ALPHA))
        until(lambda: bool(told))
        until(lambda: len(both[BRAVO].outcomes) > 3)  # alpha's word
        assert not holds_call(alpha, BRAVO, "c-b")
        world.now += timedelta(seconds=GAP_S + 1.0)
        both[BRAVO].submit(Tick()).result(30)
        until(lambda: holds_call(alpha, BRAVO, "c-b"))
        assert told == [BRAVO]


def test_nod_451_a_caller_that_is_gone_is_handed_nothing() -> None:
    """It died while its parcel was being stored; what waits is for its successor."""
    world = World()
    with sites(world) as both:
        alpha = both[ALPHA]
        act(alpha, call())
        asyncio.run(_asked(alpha, goes=True))
        given = asyncio.run(_asked(alpha, goes=False))
        assert len(unpack(given)) == 1
        assert unpack(asyncio.run(_asked(alpha, goes=False))) == ()


async def _asked(site: Site, *, goes: bool) -> bytes:
    """The answer to bravo, which asks, and is gone before it is answered or is not."""
    digest = next(iter(site.post.callers()))
    caller = Caller(party=BRAVO, feed=site.world.parties[BRAVO].setting.feed)
    settings = PortSettings(
        callers={digest: caller},
        refusals=Refusals(now=lambda: site.world.now),
        steady=lambda: 0.0,
    )
    asked: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]
    if goes:
        asked.append({"type": "http.disconnect"})
    said: list[bytes] = []

    async def receive() -> Message:
        if asked:
            return asked.pop(0)
        return await asyncio.Future()

    async def send(message: Message) -> None:
        said.append(message.get("body", b""))

    scope: Scope = {
        "type": "http",
        "method": "POST",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": b"",
        "headers": [],
        CERTIFICATE: digest,
    }
    await peer_app(site.post, settings)(scope, receive, send)
    return b"".join(said)
