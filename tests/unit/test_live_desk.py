"""A desk at a node of an exercise, and its leader, when the node says no (docs/spec/running.md)."""

from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from node_pair import ALPHA, BRAVO, DUTY, START, World, roz

from crosstell.core.errors import CallerError, Unavailable
from crosstell.core.mechanism.inputs import Act, Observed
from crosstell.core.picture.party import Speaker
from crosstell.replay.live.desk import Heard, PartyDesk, _Session
from crosstell.replay.live.leader import Leader, Seat
from crosstell.shell.live.batch import standing_of


def desk_of(answer: httpx.Response) -> PartyDesk:
    """A desk whose node answers so."""
    desk = PartyDesk(party=ALPHA, address="http://node", logins=(), token="")
    transport = httpx.MockTransport(lambda _request: answer)
    desk._sensors = httpx.Client(base_url="http://node", transport=transport)
    return desk


def test_run_526_an_answer_without_a_count_is_told_as_what_it_is() -> None:
    by = Speaker(party=ALPHA, role=DUTY, watch="1")
    desk = desk_of(httpx.Response(503, json={"detail": "the node is being stopped"}))
    desk._sessions[DUTY, None] = _Session(client=desk._sensors, csrf="")
    assert desk.act(Act(by=by, body=roz("roz-1", BRAVO))) == "the node is being stopped"
    with pytest.raises(CallerError, match=r"observations: .*the node is being stopped"):
        desk.observe(Observed(observations=()))
    assert desk.batches == 0
    desk = desk_of(httpx.Response(202, headers={"Crosstell-Batches": "7"}))
    desk.observe(Observed(observations=()))
    assert desk.batches == 7


def test_run_526_a_stream_that_the_node_dropped_is_told_with_its_reason() -> None:
    desk = desk_of(httpx.Response(200))
    reason = b'{"reason":"it took nothing for 15 s"}'
    desk.heard.put(Heard(kind="dropped", number=0, data=reason))
    seat = Seat(desk=desk, mirror=cast("Any", None))
    with pytest.raises(Unavailable, match=r"alpha: .*it took nothing for 15 s"):
        Leader._look(cast("Leader", SimpleNamespace()), seat)


def test_run_520_whoever_has_not_been_heard_is_not_known_to_hold_all() -> None:
    """As after a start; once it says that it does, nobody is behind."""
    world = World()
    world.settle(ALPHA, roz("roz-1", BRAVO))
    node = world.parties[ALPHA].node
    assert standing_of(node, 1, START, 0, None).behind == ()
    world.parties[ALPHA].start()
    node = world.parties[ALPHA].node
    assert standing_of(node, 1, START, 0, None).behind == (BRAVO,)
    world.wait(1.0)
    world.tick()
    world.deliver()
    assert standing_of(node, 1, START, 0, None).behind == ()
