"""A peer that answers with ever more fills nothing here but its own line (docs/spec/node.md)."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from line_sites import Hand, identity, until
from node_pair import ALPHA, BRAVO, CHARLIE, START, World, call
from split_world import Split

from crosstell.codecs import parcel as parcels
from crosstell.codecs.parcel import SIZE_MAX, Parcel
from crosstell.codecs.parcels.blocks import pack
from crosstell.core.errors import Unavailable
from crosstell.core.ids import FeedId, PartyId
from crosstell.shell.exchange import Unheard
from crosstell.shell.peers.pins import Pins
from crosstell.shell.peers.port import BURST, PER_S, Allowance
from crosstell.shell.peers.post import Correspondent, Post
from crosstell.shell.peers.pusher import Pace, Pusher
from crosstell.shell.peers.refusals import Reason, Refusals
from crosstell.shell.peers.split import handed
from crosstell.shell.peers.split.handed import Handed

FEED = FeedId("bravo-feed")
PARCEL = parcels.encode(Parcel(sender=FEED, have=()))


def answered(
    folder: Path, submit: Callable[[bytes], Future[Any]], steady: Callable[[], float]
) -> Pusher:
    """The line to bravo of a node whose line is `submit`."""
    return Post(
        [Correspondent(party=BRAVO, feed=FEED, reach="bravo:1")],
        Pins(identity=identity(folder, "alpha"), digests={}),
        submit,
        Pace(now=lambda: START, steady=steady, jitter=lambda: 0.0),
        Refusals(now=lambda: START),
    )._pushers[BRAVO]


def test_nod_560_each_parcel_of_an_answer_waits_until_the_one_before_is_worked_off(
    tmp_path: Path,
) -> None:
    """NOD-537: one that could not be taken is told of once the others are done."""
    line: list[Future[Any]] = []

    def submit(_parcel: bytes) -> Future[Any]:
        line.append(Future())
        return line[-1]

    pusher = answered(tmp_path, submit, Hand())
    untaken: list[Unavailable] = []

    def take() -> None:
        try:
            pusher._take(pack([PARCEL] * 4))
        except Unavailable as fault:
            untaken.append(fault)

    taking = Thread(target=take, daemon=True)
    taking.start()
    for number in range(4):
        until(lambda: bool(line) and not line[-1].done())
        assert len(line) == number + 1
        if number == 2:
            line[-1].set_exception(Unavailable("the node has stopped; nothing was taken"))
        else:
            line[-1].set_result(None)
    taking.join(10.0)
    assert not taking.is_alive()
    assert ["the node has stopped" in str(fault) for fault in untaken] == [True]


def test_nod_560_a_node_that_never_answers_holds_no_thread_that_is_to_end(tmp_path: Path) -> None:
    line: list[Future[Any]] = []

    def submit(_parcel: bytes) -> Future[Any]:
        line.append(Future())
        return line[-1]

    pusher = answered(tmp_path, submit, Hand())
    taking = Thread(target=pusher._take, args=(pack([PARCEL] * 2),), daemon=True)
    taking.start()
    until(lambda: len(line) == 1)
    pusher.stop()
    taking.join(10.0)
    assert not taking.is_alive()


def test_nod_560_no_more_parcels_a_second_are_taken_of_answers_than_at_the_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand, taken = Hand(), 0

    def submit(_parcel: bytes) -> Future[Any]:
        nonlocal taken
        taken += 1
        assert taken <= BURST + 1.0 + hand.seconds * PER_S
        done: Future[Any] = Future()
        done.set_result(None)
        return done

    def rest(_pusher: Pusher, pause_s: float) -> None:
        hand.seconds += pause_s

    monkeypatch.setattr(Pusher, "_rest", rest)
    pusher = answered(tmp_path, submit, hand)
    for _ in range(5):
        pusher._take(pack([PARCEL] * 60))
    assert taken == 300
    assert hand.seconds == pytest.approx(100 / PER_S)


def test_nod_560_an_allowance_fills_again_up_to_its_burst() -> None:
    one = Allowance(per_s=2.0, burst=3.0, at_s=0.0)
    assert [one.take(0.0) for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    assert [one.take(0.5), one.take(0.5)] == [0.0, 0.5]
    assert [one.take(100.0) for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]


def frames(split: Split, party: PartyId, *counts: int) -> None:
    """The exchange side hands over frames with so many parcels of that party."""
    feed = dict(split.world.parties[ALPHA].setting.feeds)[party]
    body = parcels.encode(Parcel(sender=feed, have=()))
    for count in counts:
        split.courier.outbox.write([(party, body)] * count, ())


def rate_of(split: Split, party: PartyId) -> int:
    row = split.refusals.row(party, Reason.RATE)
    return 0 if row is None else row.count


def test_nod_561_of_each_party_so_much_waits_before_the_node_and_the_rest_is_asked_for_again(
    tmp_path: Path,
) -> None:
    """The beat waits for nothing, and another party's parcels are taken meanwhile."""
    split = Split(tmp_path, world=World(names=(ALPHA, BRAVO, CHARLIE)))
    line: list[Future[Any]] = []
    asked: list[PartyId] = []

    def submit(_parcel: bytes) -> Future[Any]:
        line.append(Future())
        return line[-1]

    split.picture.submit, split.picture.unheard = submit, asked.append
    frames(split, BRAVO, *[16] * 5)
    split.picture.beat()
    frames(split, CHARLIE, 2)
    frames(split, BRAVO, 1)
    split.picture.beat()
    assert (len(line), rate_of(split, BRAVO), rate_of(split, CHARLIE)) == (64 + 2, 16 + 1, 0)
    assert asked == []
    for one in line:
        one.set_result(None)
    split.picture.beat()
    assert asked == [BRAVO]
    frames(split, BRAVO, 1)
    split.picture.beat()
    assert (len(line), asked) == (67, [BRAVO])


def test_nod_561_what_waits_of_a_party_is_bounded_in_bytes_too() -> None:
    large = b"x" * (SIZE_MAX // 2)
    line: list[Future[Any]] = []

    def submit(_parcel: bytes) -> Future[Any]:
        line.append(Future())
        return line[-1]

    one = Handed()
    assert [one.give(BRAVO, large, submit) for _ in range(3)] == [True, True, False]
    assert one.give(BRAVO, b"behind it", submit) is False, "it would have a gap before it"
    assert one.give(CHARLIE, b"x" * (SIZE_MAX + 1), submit), "one alone goes, whatever its size"


def test_nod_561_a_line_that_is_full_is_asked_for_again_as_soon_as_it_is_not(
    tmp_path: Path,
) -> None:
    split = Split(tmp_path)
    full = [True]
    asked: list[PartyId] = []

    def submit(_parcel: bytes) -> Future[Any]:
        raise Unavailable("4096 inputs wait before this one; nothing was taken")

    def unheard(party: PartyId) -> None:
        if full[0]:
            raise Unavailable("4096 inputs wait before this one; nothing was taken")
        asked.append(party)

    split.picture.submit, split.picture.unheard = submit, unheard
    frames(split, BRAVO, 1)
    for _ in range(2):
        split.picture.beat()
    assert asked == []
    full[0] = False
    for _ in range(2):
        split.picture.beat()
    assert asked == [BRAVO]


def test_nod_561_no_call_is_lost_however_little_waits_before_the_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One parcel at a time, worked off at the next beat: all calls arrive, long before patience."""
    monkeypatch.setattr(handed, "HANDED_MAX", 1)
    world = World()
    split = Split(tmp_path, world=world)
    line: list[Future[Any]] = []

    def submit(parcel: bytes) -> Future[Any]:
        split.submit(parcel)
        line.append(Future())
        return line[-1]

    split.picture.submit = submit
    split.picture.unheard = lambda party: world.give(ALPHA, Unheard(party=party))
    for number in range(5):
        world.act(BRAVO, call(f"c-{number}", ALPHA))
        split.hand_over()
    beats = 0
    while len(world.state(ALPHA).feeds[BRAVO].calls) < 5:
        beats += 1
        assert beats < 20
        split.beat()
        for one in line:
            if not one.done():
                one.set_result(None)
    assert rate_of(split, BRAVO) > 0, "something was left"
