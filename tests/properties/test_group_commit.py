"""Many inputs in one commit give the same entries, to the byte, as each of them by itself."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from node_pair import ALPHA, BRAVO, DUTY, World, answered, call, post, received, roz, seen
from sampling import examples

from crosstell.core.ids import NoticeId
from crosstell.core.mechanism.inputs import Act, Observed, Tick
from crosstell.core.picture.notice import NoticeWithdrawn
from crosstell.core.picture.party import Speaker
from crosstell.core.state.events import Event
from crosstell.shell.node import Delivery, NodeInput, Outcome
from crosstell.shell.store.contract import StoredEntry

Op = Callable[[World], list[NodeInput]]


def _acts(body: Event) -> Op:
    by = Speaker(party=ALPHA, role=DUTY, watch="1")
    return lambda _world: [Act(by=by, body=body)]


def _sees(north_m: float, track: str) -> Op:
    return lambda world: [Observed(observations=(seen(world.now, north_m, track=track),))]


def _comes(body: Event) -> Op:
    """Bravo does this, and its parcels come; what alpha sends is on its way for long."""

    def op(world: World) -> list[NodeInput]:
        by = Speaker(party=BRAVO, role=DUTY, watch="1")
        outcome = world.parties[BRAVO].node.handle(Act(by=by, body=body), world.now)
        return [Delivery(body=message.body) for message in outcome.messages]

    return op


OPS: tuple[Op, ...] = (
    lambda _world: [Tick()],
    *(_sees(north_m, track) for north_m in (4_000.0, 9_000.0) for track in ("t1", "t2")),
    *(_acts(roz(f"roz-{number}", BRAVO)) for number in range(3)),  # said again they are refused
    _acts(roz("roz-0", version=2)),
    _acts(NoticeWithdrawn(notice=NoticeId("roz-0"), version=1, reason="over")),
    _acts(post(ALPHA)),
    _acts(call()),
    _acts(received("c-b", BRAVO)),
    _acts(answered(name="c-1")),
    _comes(roz("roz-b", ALPHA)),
    _comes(call("c-b", ALPHA)),
)
INSTANTS = st.lists(
    st.tuples(st.sampled_from((0.0, 1.0, 30.0, 3_600.0)), st.lists(st.sampled_from(OPS))),
    max_size=6,
)


def played(
    instants: list[tuple[float, list[Op]]], *, together: bool
) -> tuple[World, list[Outcome]]:
    """Alpha's node after all of it, and what it told of each input."""
    world = World()
    node = world.parties[ALPHA].node
    outcomes: list[Outcome] = []
    for after_s, ops in instants:
        world.now += timedelta(seconds=after_s)
        inputs = [one for op in ops for one in op(world)]
        if together:
            outcomes += node.handle_all(inputs, world.now)
        else:
            outcomes += [node.handle(one, world.now) for one in inputs]
    assert node.degraded is None
    return world, outcomes


def rows_of(world: World) -> list[StoredEntry]:
    store = world.parties[ALPHA].store
    return [row for feed in store.feeds() for row in store.entries(feed)]


@given(instants=INSTANTS)
@settings(max_examples=examples(60))
def test_together_is_as_one_by_one(instants: list[tuple[float, list[Op]]]) -> None:
    """NOD-015: entries, answers, effects and state are the same, and so is what the peer gets."""
    alone, told_alone = played(instants, together=False)
    world, told = played(instants, together=True)
    assert rows_of(world) == rows_of(alone)
    assert world.state(ALPHA) == alone.state(ALPHA)
    assert [(one.no, one.effects, one.recorded, one.fault) for one in told] == [
        (one.no, one.effects, one.recorded, one.fault) for one in told_alone
    ]
    for each in (world, alone):
        each.pass_time(600.0)
    assert rows_of(world) == rows_of(alone)
    assert world.state(BRAVO) == alone.state(BRAVO)
