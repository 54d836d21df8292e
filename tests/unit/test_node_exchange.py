"""What comes from another node: rubbish, repeats, forks, bodies late, kinds nobody knows."""

import copy
from dataclasses import replace
from random import Random

import pytest
from node_pair import ALPHA, BRAVO, CHARLIE, DUTY, START, World, answered, call, received, roz
from sampling import seeds

from crosstell.codecs import entry_body, parcel
from crosstell.codecs.parcel import Parcel, Row
from crosstell.core.ids import CallId, FeedId, PartyId
from crosstell.core.instant import to_us
from crosstell.core.line.acknowledgement import CallReceived
from crosstell.core.mechanism.inputs import Tick
from crosstell.core.picture.party import Speaker
from crosstell.core.record.cosignature import COSIGNER_PREFIX
from crosstell.core.record.entry import SALT_SIZE, Body, Entry, parse, seal
from crosstell.core.record.note import parse_note
from crosstell.core.state.held import Unread
from crosstell.shell.exchange import RESEND_S, RESEND_S_MAX
from crosstell.shell.log import Log
from crosstell.shell.node import Delivery, Outcome
from crosstell.shell.store.names import FORKS, checkpoint_name

SALT = b"s" * SALT_SIZE


def entry_of(world: World, party: PartyId, kind: str, content: bytes, **changes: object) -> Row:
    """The next entry of that party's feed, made past its node with the party's own key."""
    node = world.parties[party].node
    head = node._rebuilt.own.head
    assert head is not None
    body = Body(salt=SALT, content=content)
    header = head.next_header(
        kind=kind,
        body=body.commitment(),
        hlc=head.hlc.next(wall_ms=to_us(world.now) // 1_000),
        to=tuple(sorted(feed for name, feed in node.state.setting.feeds if name != party)),
    )
    sealed = seal(replace(header, **changes), world.parties[party].keys().online)  # type: ignore[arg-type]
    return Row(leaf=sealed.leaf, salt=body.salt, body=body.content)


def send(world: World, sender: PartyId, to: PartyId, *rows: Row, **more: object) -> Outcome:
    """A parcel of that sender with these rows arrives."""
    feed = world.parties[sender].setting.feed
    body = parcel.encode(Parcel(sender=feed, have=(), rows=rows, **more))  # type: ignore[arg-type]
    return world.give(to, Delivery(body=body))


def met() -> World:
    """Two parties that hold each other's founding."""
    world = World()
    for name in world.names:
        world.observe(name)
    world.deliver()
    return world


def alarms(world: World, party: PartyId) -> str:
    return " ".join(alarm.text for alarm in world.parties[party].node.alarms)


@pytest.mark.parametrize(
    "body",
    [b"", b"\x00\xff", b"{}", b'{"v":2}', b"[" * 5_000, b"1" * (parcel.SIZE_MAX + 1), b"null"],
    ids=["empty", "bytes", "object", "version", "deep", "large", "null"],
)
def test_rubbish_changes_nothing_and_is_shown(body: bytes) -> None:
    """NOD-021."""
    world = World()
    before = world.state(ALPHA)
    world.give(ALPHA, Delivery(body=body))
    assert world.state(ALPHA) == before
    assert "parcel" in alarms(world, ALPHA)


def test_a_flipped_byte_anywhere_changes_nothing_that_is_believed() -> None:
    """NOD-021: what is believed of bravo is what bravo signed, whatever arrives."""
    world = World()
    world.act(BRAVO, roz("roz-b", ALPHA))
    world.act(BRAVO, call("b-1", ALPHA))
    good = world.line[-1][1].body
    random = Random("flips")
    for _ in range(150):
        place = random.randrange(len(good))
        bad = bytearray(good)
        bad[place] ^= 1 << random.randrange(8)
        world.give(ALPHA, Delivery(body=bytes(bad)))
        assert set(world.state(ALPHA).feeds[BRAVO].notices) <= {"roz-b"}
        assert set(world.state(ALPHA).feeds[BRAVO].calls) <= {"b-1"}
    world.deliver()
    world.pass_time(2 * RESEND_S)
    assert set(world.state(ALPHA).feeds[BRAVO].calls) == {"b-1"}


def test_a_stranger_and_another_founding_are_not_heard() -> None:
    """NOD-021: of a feed that is no counterpart's; of a counterpart with another founding."""
    world = World()
    other = World(seed="other")
    other.act(BRAVO, roz("roz-b", ALPHA))
    world.give(ALPHA, Delivery(body=other.line[0][1].body))
    assert "which is no counterpart's" in alarms(world, ALPHA)
    late = World(seed="pair")
    peer = late.parties[ALPHA].peers[0]
    late.parties[ALPHA].peers = (replace(peer, founding="ab" * 32),)
    late.parties[ALPHA].start()
    late.act(BRAVO, roz("roz-b", ALPHA))
    late.deliver()
    late.pass_time(2 * RESEND_S)
    assert "begins with another founding than was compared" in alarms(late, ALPHA)
    assert late.state(ALPHA).feeds[BRAVO].size == 0


@pytest.mark.parametrize("seed", seeds(12, few=2))
def test_parcels_may_come_twice_late_turned_round_or_never(seed: int) -> None:
    """NOD-022, NOD-014: in the end both hold the same, each thing once."""
    random = Random(f"line {seed}")
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    for number in range(8):
        for name, to in ((ALPHA, BRAVO), (BRAVO, CHARLIE), (CHARLIE, ALPHA)):
            world.act(name, call(f"c-{number}", to))
            random.shuffle(world.line)
            kept = [one for one in world.line if random.random() > 0.3]
            world.line = kept + [one for one in kept if random.random() < 0.3]
            for _ in range(random.randrange(6)):
                if world.line:
                    sender, message = world.line.pop()
                    assert sender != message.to
                    world.give(message.to, Delivery(body=message.body))
    world.pass_time(4 * RESEND_S)
    sizes = {name: world.state(name).own.size for name in world.names}
    for name in world.names:
        assert {p: feed.size for p, feed in world.state(name).feeds.items()} == sizes
    for name, to in ((ALPHA, BRAVO), (BRAVO, CHARLIE), (CHARLIE, ALPHA)):
        assert len(world.state(name).feeds[to].acknowledgements) == 8
    world.no_irregular()


def test_nodes_that_said_everything_fall_silent() -> None:
    """NOD-027: also of three parties, two of which cannot hear each other."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    world.down = {(ALPHA, CHARLIE), (CHARLIE, ALPHA)}
    world.settle(ALPHA, roz("roz-a", BRAVO))
    world.settle(CHARLIE, roz("roz-c", BRAVO))
    world.tick()
    world.deliver()
    before = len(world.sent)
    for name in (ALPHA, BRAVO, CHARLIE):
        world.give(name, Tick())
    world.deliver()
    assert len(world.sent) == before
    pair = World()
    pair.settle(ALPHA, roz("roz-a", BRAVO))
    pair.tick()
    pair.deliver()
    quiet = len(pair.sent)
    pair.wait(10 * RESEND_S)
    pair.tick()
    pair.deliver()
    assert len(pair.sent) == quiet


def test_an_unknown_kind_of_a_newer_peer_is_kept_shown_and_not_fatal() -> None:
    """MEC-005: and what follows it is understood."""
    world = met()
    row = entry_of(world, BRAVO, "hologram_shown", b'{"said":{"hologram_shown":{"x":1}}}')
    send(world, BRAVO, ALPHA, row)
    ((ref, kind, unread),) = world.state(ALPHA).feeds[BRAVO].unread
    assert (ref.seq, kind, unread.why) == (1, "hologram_shown", Unread.NOT_UNDERSTOOD)
    world.parties[ALPHA].start()
    assert world.state(ALPHA).feeds[BRAVO].size == 2
    assert world.parties[ALPHA].node.alarms == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b'{"said":{"call_received":{}}}',
        b'{"said":{"notice_filed":{"notice":"x"}}}',
        b'{"by":{"party":"bravo"},"said":{"call_received":"x"}}',
        b'{"said":{"call_received":{"call":{"named":{"id":"c","party":"alpha"}}}},"x":1}',
        b"[" * 200,
        b'{"said":{"call_received":' + b"9" * 400 + b"}}",
    ],
)
def test_a_malformed_body_is_kept_and_not_acted_on(content: bytes) -> None:
    """MEC-005."""
    world = met()
    send(world, BRAVO, ALPHA, entry_of(world, BRAVO, "call_received", content))
    ((_, _, unread),) = world.state(ALPHA).feeds[BRAVO].unread
    assert unread.why is Unread.MALFORMED
    assert world.state(ALPHA).feeds[BRAVO].acknowledgements == {}


def test_a_body_that_is_not_the_one_committed_to_is_not_taken() -> None:
    """NOD-021: the entry comes again with its own body."""
    world = met()
    row = entry_of(world, BRAVO, "hologram_shown", b"{}")
    send(world, BRAVO, ALPHA, replace(row, body=b"[]"))
    assert world.state(ALPHA).feeds[BRAVO].size == 1
    assert "not the one it commits to" in alarms(world, ALPHA)


def test_an_entry_that_speaks_as_another_party_is_irregular() -> None:
    """MEC-006: bravo cannot say that alpha received its own call."""
    world = met()
    world.settle(ALPHA, call())
    ref = world.state(ALPHA).own.calls[CallId("c-1")].placed_stamp.ref
    by = Speaker(party=ALPHA, role=DUTY, watch="1")
    content = entry_body.encode(CallReceived(call=ref), by)
    send(world, BRAVO, ALPHA, entry_of(world, BRAVO, "call_received", content))
    (odd,) = world.state(ALPHA).feeds[BRAVO].irregular
    assert "a party speaks for itself only" in odd.refused.text
    assert len(world.state(ALPHA).feeds[BRAVO].acknowledgements[ref].marks) == 1


def test_an_entry_that_its_tables_forbid_is_irregular_and_without_effect() -> None:
    """MEC-006: acted on before received."""
    world = met()
    content = b'{"said":{"call_closed":{"call":"c-9","closing":"without-summary"}}}'
    send(world, BRAVO, ALPHA, entry_of(world, BRAVO, "call_closed", content))
    (odd,) = world.state(ALPHA).feeds[BRAVO].irregular
    assert "was not placed" in odd.refused.text


def test_an_entry_that_breaks_a_rule_of_its_feed_is_kept_as_evidence() -> None:
    """NOD-024: signed by bravo with another previous hash; the feed stops, the node does not."""
    world = met()
    row = entry_of(world, BRAVO, "hologram_shown", b"{}", prev="ab" * 32)
    send(world, BRAVO, ALPHA, row)
    (kept,) = world.parties[ALPHA].store.blobs("broken/")
    assert kept.value == row.leaf
    assert "does not follow" in alarms(world, ALPHA)
    assert world.state(ALPHA).feeds[BRAVO].size <= 1
    world.settle(BRAVO, roz("roz-b", ALPHA))
    world.pass_time(2 * RESEND_S)
    assert set(world.state(ALPHA).feeds[BRAVO].notices) == {"roz-b"}
    world.parties[ALPHA].start()
    assert set(world.state(ALPHA).feeds[BRAVO].notices) == {"roz-b"}


def forked(world: World) -> tuple[Entry, Entry]:
    """Bravo signs two entries at one number; alpha is given both, charlie one."""
    one = entry_of(world, BRAVO, "hologram_shown", b"{}")
    two = entry_of(world, BRAVO, "hologram_shown", b"[]")
    send(world, BRAVO, CHARLIE, one)
    send(world, BRAVO, ALPHA, two)
    send(world, BRAVO, ALPHA, one)
    return parse(one.leaf), parse(two.leaf)


def test_a_fork_is_kept_spread_and_shown_at_the_third_party() -> None:
    """NOD-023."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    world.settle(ALPHA, roz("roz-a"))
    world.tick()
    world.deliver()
    forked(world)
    assert "signed two different entries" in alarms(world, ALPHA)
    world.deliver()
    for name in (ALPHA, CHARLIE):
        assert len(world.parties[name].store.blobs(FORKS)) == 1
        assert "signed two different entries" in alarms(world, name)
    assert world.parties[ALPHA].node.degraded is None


def test_heads_that_differ_are_shown_and_cut_no_line() -> None:
    """NOD-025: charlie holds another branch of bravo than alpha; alpha still hears charlie."""
    world = World(names=(ALPHA, BRAVO, CHARLIE), seed="three")
    world.tick()
    world.deliver()
    one = entry_of(world, BRAVO, "hologram_shown", b"{}")
    two = entry_of(world, BRAVO, "hologram_shown", b"[]")
    send(world, BRAVO, CHARLIE, one)
    send(world, BRAVO, ALPHA, two)
    world.down = {(BRAVO, ALPHA), (BRAVO, CHARLIE)}
    world.settle(CHARLIE, call("c-1", ALPHA))
    assert CallId("c-1") in world.state(ALPHA).feeds[CHARLIE].calls
    assert "names another root" in alarms(world, ALPHA)
    live = world.state(ALPHA)
    world.parties[ALPHA].start()
    assert world.state(ALPHA) == live
    assert "names another root" in alarms(world, ALPHA)


def test_a_body_that_comes_late_is_read_in_its_place() -> None:
    """NOD-026: first the header alone, then the call with its body; the call is then delivered."""
    world = World()
    world.act(ALPHA, call())
    (row,) = world.parties[ALPHA].store.entries(world.parties[ALPHA].setting.feed, 1)
    world.tick()
    world.line.clear()
    founding = next(iter(world.parties[ALPHA].store.entries(row.feed)))
    first = Row(leaf=founding.leaf, salt=founding.salt, body=founding.body)
    send(world, ALPHA, BRAVO, first, Row(leaf=row.leaf))
    assert world.state(BRAVO).feeds[ALPHA].calls == {}
    ((_, _, unread),) = world.state(BRAVO).feeds[ALPHA].unread
    assert unread.why is Unread.NOT_HELD
    send(world, ALPHA, BRAVO, Row(leaf=row.leaf, salt=row.salt, body=row.body))
    world.tick()
    assert CallId("c-1") in world.state(BRAVO).feeds[ALPHA].calls
    assert len(world.state(BRAVO).own.acknowledgements) == 1
    assert world.rings(BRAVO) != []


def test_a_time_that_no_calendar_holds_is_borne() -> None:
    """NOD-024: an author may sign any time; a year 285428 is not ours to fall over."""
    world = met()
    row = entry_of(world, BRAVO, "hologram_shown", b"{}")
    header = parse(row.leaf).header
    far = replace(header.hlc, ms=2**53 - 1)
    before = world.state(ALPHA)
    send(world, BRAVO, ALPHA, entry_of(world, BRAVO, "hologram_shown", b"{}", hlc=far))
    assert world.parties[ALPHA].node.degraded is None
    assert world.state(ALPHA).own == before.own


def test_a_copied_store_tells_the_same() -> None:
    """NOD-003: a node on a copy of the store knows what the first knew."""
    world = World()
    world.settle(ALPHA, call())
    world.settle(BRAVO, received())
    world.settle(BRAVO, answered())
    live = world.state(BRAVO)
    world.parties[BRAVO].store = copy.deepcopy(world.parties[BRAVO].store)
    world.parties[BRAVO].start()
    assert world.state(BRAVO) == live
    assert world.now > START
    assert FeedId(live.own.feed) == live.own.feed


def test_a_cosignature_lost_on_the_way_is_said_again() -> None:
    """NOD-014, NOD-028: a checkpoint ends up cosigned, whichever parcel is lost."""
    for lost in range(4):
        world = World()
        world.act(ALPHA, roz("roz-1", BRAVO))
        for number in range(40):
            if not world.line:
                break
            _, message = world.line.pop(0)
            if number != lost:
                world.give(message.to, Delivery(body=message.body))
        world.pass_time(4 * RESEND_S)
        for one, other in ((ALPHA, BRAVO), (BRAVO, ALPHA)):
            store, setting = world.parties[one].store, world.parties[one].setting
            note = store.blob(checkpoint_name(setting.feed))
            assert note is not None, lost
            cosigner = COSIGNER_PREFIX + world.parties[other].setting.feed
            lines = [line.name for line in parse_note(note).signatures]
            assert cosigner in lines, (lost, one)
        assert world.line == []


def test_a_line_that_is_down_is_asked_less_and_less_often() -> None:
    """NOD-014: but never less than once in the longest patience."""
    world = World()
    world.sign()
    world.down = {(ALPHA, BRAVO), (BRAVO, ALPHA)}
    world.act(ALPHA, roz("roz-1", BRAVO))
    before = len([m for name, m in world.sent if name == ALPHA])
    world.pass_time(3_600)
    told = len([m for name, m in world.sent if name == ALPHA]) - before
    assert 3_600 / RESEND_S_MAX <= told <= 2 * 3_600 / RESEND_S_MAX
    world.down = set()
    world.pass_time(RESEND_S_MAX)
    assert "roz-1" in world.state(BRAVO).feeds[ALPHA].notices


def test_a_peer_that_asks_for_our_word_all_the_time_is_answered_now_and_then() -> None:
    """NOD-027: world 75 talked without end; a rogue stripped our line from what it sent."""
    world = World()
    world.settle(BRAVO, roz("roz-1", ALPHA))
    feed = world.parties[BRAVO].setting.feed
    held = world.parties[BRAVO].store.blob(checkpoint_name(feed))
    assert held is not None
    note = parse_note(held)
    stripped = replace(note, signatures=note.signatures[:1]).print()
    have = tuple((name, log.size) for name, log in _logs(world, BRAVO))
    asking = parcel.encode(Parcel(sender=feed, have=have, notes=(stripped,)))
    told = 0
    for _ in range(60):
        world.wait(1.0)
        told += len(world.give(ALPHA, Delivery(body=asking)).messages)
    assert 1 <= told <= 60 / (RESEND_S / 2) + 1


def _logs(world: World, party: PartyId) -> list[tuple[FeedId, Log]]:
    return list(world.parties[party].node._rebuilt.exchange.logs.items())
