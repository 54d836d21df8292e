"""The post: what waits, when it is tried, what an answer may be; a line that was down for long."""

from concurrent.futures import Future
from datetime import timedelta
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_sites import Site, sites, until
from node_pair import ALPHA, BRAVO, CHARLIE, START, World, call
from test_node_exchange import entry_of, met
from test_peers_line import act, holds_call

from crosstell.codecs import parcel as parcels
from crosstell.codecs.parcel import Parcel, Row, sender_of
from crosstell.codecs.parcels import merging
from crosstell.codecs.parcels.blocks import PARCELS_MAX, pack, pad, unpack, unpad
from crosstell.codecs.parcels.merging import merged
from crosstell.core.errors import PartyError, Unavailable
from crosstell.core.ids import CallId, FeedId, PartyId
from crosstell.core.mechanism.inputs import Tick
from crosstell.shell.node import Delivery, Message, Outcome
from crosstell.shell.peers.waiting import BYTES_MAX, Waiting
from crosstell.shell.peers.waiting import PARCELS_MAX as WAITING_MAX

PIECES = st.lists(st.binary(min_size=1, max_size=300), max_size=8)


@given(PIECES, st.booleans())
def test_parcels_packed_are_unpacked(pieces: list[bytes], padded: bool) -> None:
    """PEER-004, PEER-005."""
    packed = pack(pieces, 1_024 if padded else 0)
    assert unpack(packed) == tuple(pieces)
    assert not padded or len(packed) in {1_024, 2_048, 4_096}


@given(st.binary(max_size=2_000))
def test_no_bytes_unpack_to_anything_else_than_parcels(data: bytes) -> None:
    """PEER-004: whatever is unpacked packs to how the bytes began."""
    try:
        found = unpack(data)
    except PartyError:
        return
    assert data.startswith(pack(found))
    assert not data[len(pack(found)) :].strip(b"\0")


def test_an_answer_is_bounded_and_whole() -> None:
    """PEER-004."""
    assert unpack(b"") == ()
    assert len(unpack(pack([b"x"] * PARCELS_MAX))) == PARCELS_MAX
    for bad in (
        pack([b"x"] * (PARCELS_MAX + 1)),
        b"\0\0\0\2x",
        b"\0\0",
        (parcels.SIZE_MAX + 1).to_bytes(4, "big") + b"x" * (parcels.SIZE_MAX + 1),
        b"\0\0\0\0x",
    ):
        if bad == b"\0\0":
            assert unpack(bad) == ()
            continue
        with pytest.raises(PartyError):
            unpack(bad)


@given(st.binary(max_size=3_000))
def test_padding_hides_the_size_and_nothing_else(data: bytes) -> None:
    """PEER-005."""
    body = b"{" + data + b"}"
    assert unpad(pad(body, 1_024)) == body
    assert pad(body, 0) == body
    assert len(pad(body, 1_024)) in {1_024, 2_048, 4_096}


@given(
    st.from_regex(r"[0-9a-z\-]{1,64}", fullmatch=True), st.lists(st.binary(max_size=60), max_size=3)
)
def test_the_sender_is_read_from_the_beginning(name: str, forks: list[bytes]) -> None:
    """PEER-008: as `decode` gives it."""
    body = parcels.encode(Parcel(sender=FeedId(name), have=(), forks=tuple(forks)))
    assert sender_of(body) == parcels.decode(body).sender == name


@given(st.binary(max_size=200))
def test_the_sender_of_anything_is_that_of_decode_or_none(data: bytes) -> None:
    """PEER-008: never another."""
    for body in (data, b'{"forks":[],"from":"' + data):
        found = sender_of(body)
        try:
            decoded = parcels.decode(body)
        except PartyError:
            continue
        assert found in (None, decoded.sender)


def test_where_there_is_no_room_the_newest_stays() -> None:
    """PEER-020, PEER-021: by number and by bytes."""
    queue = Waiting(now=lambda: START)
    for number in range(WAITING_MAX):
        queue.put(b"%d" % number)
    assert queue.backlog() == (WAITING_MAX, sum(len(b"%d" % n) for n in range(64)), START)
    queue.put(b"newest")
    assert (queue.first(), queue.backlog()[0], queue.dropped) == (b"newest", 1, WAITING_MAX)
    queue.put(b"x" * BYTES_MAX)
    assert (queue.backlog()[0], queue.dropped) == (1, WAITING_MAX + 1)


def test_what_was_carried_is_what_goes() -> None:
    """PEER-022: one that was replaced meanwhile takes no other with it."""
    queue = Waiting(now=lambda: START)
    queue.put(b"one")
    first = queue.first()
    assert first is not None
    assert queue.take(parcels_max=5, bytes_max=1) == (b"one",)
    queue.put(b"two")
    queue.carried(first)
    assert queue.first() == b"two"
    queue.put(b"three")
    assert queue.take(parcels_max=1, bytes_max=100) == (b"two",)
    assert queue.take(parcels_max=9, bytes_max=100) == (b"three",)


def test_a_line_that_was_down_is_made_good_without_waiting_for_patience() -> None:
    """PEER-021, PEER-022, PEER-031: more was recorded meanwhile than parcels may wait."""
    world = World()
    with sites(world) as both:
        both[ALPHA].listen()
        both[ALPHA].post.start()
        count = WAITING_MAX + 20
        for number in range(count):
            act(both[ALPHA], call(f"c-{number}"))
        until(lambda: both[ALPHA].post.lines()[0].fails > 2)
        line = both[ALPHA].post.lines()[0]
        assert line.backlog < count
        assert line.since is not None
        world.now += timedelta(seconds=5)
        both[BRAVO].listen()
        both[BRAVO].post.start()
        until(lambda: holds_call(both[BRAVO], ALPHA, f"c-{count - 1}"))
        until(lambda: len(world.state(ALPHA).feeds[BRAVO].acknowledgements) == count)
        until(lambda: both[ALPHA].post.lines()[0].fails == 0)


def test_new_entries_are_tried_at_once_and_a_dead_line_not_all_the_time() -> None:
    """PEER-022, PEER-023: the pause would be an hour."""
    world = World()
    with sites(world) as both:
        site = both[ALPHA]
        slow = type(site.pace)(
            now=lambda: world.now, steady=site.hand, jitter=lambda: 1.0, again_s_min=0.05,
            again_s_max=3_600.0, poll_s=3_600.0,
        )  # fmt: skip
        pusher = site.post._pushers[BRAVO]
        pusher.pace = slow
        pusher.course.fails = 12
        site.post.start()
        until(lambda: pusher.course.fails == 13)
        both[BRAVO].listen()
        Event().wait(0.2)
        assert pusher.course.fails == 13
        act(site, call())
        until(lambda: holds_call(both[BRAVO], ALPHA))
        assert pusher.course.fails == 0


def test_the_pause_doubles_up_to_its_bound() -> None:
    """PEER-022: half of it at least, whatever the jitter."""
    world = World()
    with sites(world) as both:
        pusher = both[ALPHA].post._pushers[BRAVO]
        pauses = [pusher._failed("down") for _ in range(5)]
        assert pauses == pytest.approx([0.0375, 0.075, 0.15, 0.15, 0.15])
        assert pusher.course.fault == "down"


def test_a_quiet_line_is_asked_all_the_same() -> None:
    """PEER-024, PEER-028: bravo is called, though nobody says anything, and shows when."""
    with sites(World()) as both:
        both[BRAVO].listen()
        both[ALPHA].post.start()
        until(lambda: both[BRAVO].post.lines()[0].heard_at is not None)
        assert both[ALPHA].outcomes == both[BRAVO].outcomes == []
        first = both[ALPHA].post.lines()[0].reached_at
        both[ALPHA].world.now += timedelta(seconds=9)
        until(lambda: both[ALPHA].post.lines()[0].reached_at != first)


def test_what_is_refused_for_good_goes_and_a_busy_node_is_waited_for() -> None:
    """PEER-017, PEER-026."""
    world = World()
    with sites(world) as both:
        busy = [True]
        target = both[BRAVO]
        submit = target.submit

        def full(parcel: bytes) -> Future[object]:
            if busy[0]:
                raise Unavailable("the inbox is full; send it again in 1 s")
            return submit(parcel)  # type: ignore[return-value]

        target.post._submit = full
        target.listen()
        both[ALPHA].post.send([Message(to=BRAVO, body=b"no parcel")])
        both[ALPHA].post.start()
        until(
            lambda: target.refused() == {"bravo/rubbish": 1} or "alpha/rubbish" in target.refused()
        )
        until(lambda: both[ALPHA].post.lines()[0].backlog == 0)
        act(both[ALPHA], call())
        until(lambda: "503" in str(both[ALPHA].post.lines()[0].fault))
        assert both[ALPHA].post.lines()[0].backlog == 1
        busy[0] = False
        until(lambda: holds_call(both[BRAVO], ALPHA))


def test_a_reach_that_is_none_is_told_and_its_thread_goes_on() -> None:
    """PEER-026: the card of another party may name what is no host and port."""
    world = World()
    with sites(world) as both:
        both[ALPHA].meet({BRAVO: "bravo.example:port"})
        both[ALPHA].post.start()
        until(lambda: both[ALPHA].post.lines()[0].fails > 1)
        assert "port" in str(both[ALPHA].post.lines()[0].fault)


def test_what_could_not_be_stored_is_not_taken_and_comes_again() -> None:
    """PEER-018: a full disk at bravo; nothing is left to the sender's patience."""
    world = World()
    with sites(world) as both:
        full = [True]
        target = both[BRAVO]
        submit = target.submit

        def stored(parcel: bytes) -> Future[object]:
            if not full[0]:
                return submit(parcel)  # type: ignore[return-value]
            done: Future[object] = Future()
            done.set_result(Outcome(fault="the disk is full", kept=False))
            return done

        target.post._submit = stored
        target.listen()
        both[ALPHA].post.start()
        act(both[ALPHA], call())
        until(lambda: "503" in str(both[ALPHA].post.lines()[0].fault))
        assert both[ALPHA].post.lines()[0].backlog == 1
        full[0] = False
        until(lambda: holds_call(both[BRAVO], ALPHA))


def test_a_message_to_nobody_known_is_left() -> None:
    """PEER-020."""
    with sites(World()) as both:
        both[ALPHA].post.send([Message(to=PartyId("nobody"), body=b"x")])
        assert both[ALPHA].post.lines()[0].backlog == 0


def _calls(site: Site, party: PartyId) -> set[CallId]:
    return set(site.world.state(site.party).feeds[party].calls)


def test_a_party_cut_off_from_one_hears_the_other() -> None:
    """PEER-020: charlie is gone; what goes to bravo does not wait for it."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    with sites(world) as every:
        every[BRAVO].listen()
        every[ALPHA].post.start()
        for number in range(5):
            act(every[ALPHA], call(f"c-{number}"))
            act(every[ALPHA], call(f"d-{number}", CHARLIE))
        until(lambda: len(_calls(every[BRAVO], ALPHA)) == 5)
        states = {line.party: line for line in every[ALPHA].post.lines()}
        assert states[CHARLIE].backlog > 0
        assert states[BRAVO].fails == 0


def test_what_may_be_withheld_goes_fresh_or_without_its_body() -> None:
    """PEER-029: in the pusher's hands and in an answer; every other body stays."""
    world = met()
    passing = entry_of(world, BRAVO, "share_updated", b"{}")
    lasting = entry_of(world, BRAVO, "notice_filed", b"{}")
    sender = world.parties[BRAVO].setting.feed
    parcel = parcels.encode(Parcel(sender=sender, have=(), rows=(passing, lasting)))
    now = [START]
    queue = Waiting(now=lambda: now[0])
    queue.put(parcel)
    now[0] += timedelta(seconds=1)
    assert queue.first() == parcel
    now[0] += timedelta(seconds=2)
    late = queue.first()
    assert late is not None
    assert parcels.decode(late).rows == (Row(leaf=passing.leaf), lasting)
    queue.carried(late)
    assert queue.backlog()[0] == 0
    queue.put(parcel)
    now[0] += timedelta(seconds=3)
    assert queue.take(parcels_max=1, bytes_max=10**6) == (late,)


def test_parcels_that_wait_together_go_as_one() -> None:
    """PEER-031: the node that gets it holds what it would hold of each by itself."""
    apart, together = met(), met()
    for world in (apart, together):
        for number in range(6):
            world.act(ALPHA, call(f"c-{number}"))
            if number == 3:
                world.wait(40.0)
                world.give(ALPHA, Tick())  # all is sent again meanwhile
    bodies = [message.body for name, message in together.line if name == ALPHA]
    queue = Waiting(now=lambda: START)
    for body in bodies:
        queue.put(body)
    (one,) = queue.take(parcels_max=9, bytes_max=10**7)
    found = parcels.decode(one)
    leaves = [row.leaf for row in found.rows]
    assert len(leaves) == len(set(leaves)) == together.state(ALPHA).own.size - 1
    assert found.have == parcels.decode(bodies[-1]).have
    together.line.clear()
    together.give(BRAVO, Delivery(body=one))
    apart.deliver()
    assert together.state(BRAVO).feeds[ALPHA].calls == apart.state(BRAVO).feeds[ALPHA].calls


def test_what_does_not_fit_into_one_stays_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """PEER-031: by rows, by sender, and what is no parcel."""
    world = met()
    sender = world.parties[BRAVO].setting.feed
    rows = tuple(entry_of(world, BRAVO, "hologram_shown", b"%d" % n) for n in range(4))
    some = [parcels.encode(Parcel(sender=sender, have=(), rows=rows[n : n + 2])) for n in range(3)]
    assert merged(some)[1] == 3
    monkeypatch.setattr(merging, "ROWS_MAX", 3)
    assert merged(some)[1] == 2
    other = parcels.encode(Parcel(sender=FeedId("other"), have=()))
    assert merged([some[0], other]) == (some[0], 1)
    assert merged([b"rubbish", some[0]]) == (b"rubbish", 1)
    assert merged([some[0], b"rubbish"]) == (some[0], 1)


def test_a_body_withheld_meanwhile_does_not_go_out_after_all() -> None:
    """PEER-029, PEER-031: the same entry waits with its body, and sent again without."""
    world = met()
    row = entry_of(world, BRAVO, "notice_filed", b"{}")
    sender = world.parties[BRAVO].setting.feed
    pair = [
        parcels.encode(Parcel(sender=sender, have=(), rows=(one,)))
        for one in (row, Row(leaf=row.leaf))
    ]
    assert parcels.decode(merged(pair)[0]).rows == (Row(leaf=row.leaf),)


def test_what_was_sent_again_from_before_a_gap_is_put_in_front_of_it() -> None:
    """PEER-031: first the newest entry alone, then those before it: all are taken at once."""
    world = World()
    for number in range(4):
        world.act(ALPHA, call(f"c-{number}"))
    rows = [row_of(world, number) for number in range(5)]
    sender = world.parties[ALPHA].setting.feed
    pair = [
        parcels.encode(Parcel(sender=sender, have=(), rows=tuple(part)))
        for part in (rows[4:], rows[:4])
    ]
    world.line.clear()
    world.give(BRAVO, Delivery(body=merged(pair)[0]))
    assert len(world.state(BRAVO).feeds[ALPHA].calls) == 4


def row_of(world: World, number: int) -> Row:
    of = world.parties[ALPHA]
    found = next(iter(of.store.entries(of.setting.feed, number, 1)))
    return Row(leaf=found.leaf, salt=found.salt, body=found.body)
