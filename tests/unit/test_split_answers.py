"""When, and with what, a caller is answered by the exchange side. Time is the test's own."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from line_sites import certificate, der_of
from node_pair import ALPHA, BRAVO, roz
from sampling import examples
from split_world import BEAT_S, Split, opened
from starlette.types import Receive, Scope, Send

from crosstell.codecs import parcel as parcels
from crosstell.codecs.parcel import SIZE_MAX, Parcel
from crosstell.codecs.parcels.blocks import unpack
from crosstell.core.errors import Unavailable
from crosstell.core.ids import NoticeId
from crosstell.shell.node import Delivery
from crosstell.shell.peers.pins import digest_of
from crosstell.shell.peers.port import CERTIFICATE, PATH
from crosstell.shell.peers.split.courier import QUOTA
from crosstell.shell.peers.split.departing import Departures
from crosstell.shell.peers.split.exchange_file import ExchangeFile

PART_S = BEAT_S / 64  # a power of two, so that no sum of them is rounded
PINNED = digest_of(der_of(certificate(BRAVO)))
KINDS = {"asks": 200, "parcel": 200, "full": 503, "rubbish": 400, "foreign": 403, "stranger": 403}


@dataclass
class Called:
    """The exchange side of a split alpha, called in-process."""

    split: Split
    digest: str = PINNED
    seen: list[tuple[float, int, int]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[CERTIFICATE] = self.digest
        await self.split.courier.app(scope, receive, send)

    def call(self, body: bytes, digest: str = PINNED) -> bytes:
        """The answer; when it came, its status and its length are kept."""
        self.digest = digest

        async def asked() -> httpx.Response:
            transport = httpx.ASGITransport(self)
            async with httpx.AsyncClient(transport=transport, base_url="https://x") as client:
                return await client.post(PATH, content=body)

        answer = asyncio.run(asked())
        self.seen.append((self.split.hand.seconds, answer.status_code, len(answer.content)))
        return answer.content


@contextmanager
def called() -> Iterator[Called]:
    with TemporaryDirectory() as name:
        yield Called(Split(folder=Path(name)))


def of_bravo(split: Split, sender: str = BRAVO) -> bytes:
    feed = dict(split.world.parties[ALPHA].setting.feeds)[sender]  # type: ignore[index]
    return parcels.encode(Parcel(sender=feed, have=()))


@given(st.integers(0, 10**6), st.sampled_from((0.125, 0.5, 1.0, 16.0)), st.integers(0, 10**6))
def test_answers_leave_half_way_between_two_beats(begun: int, beat_s: float, part: int) -> None:
    """SPLIT-280: at the first such moment after, never more than a beat later."""
    begun_s, at_s = begun / 64, (begun + part) / 64
    due_s = Departures(steady=lambda: at_s, begun_s=begun_s, beat_s=beat_s).after(at_s)
    assert at_s < due_s <= at_s + beat_s
    assert ((due_s - begun_s) / beat_s) % 1.0 == 0.5


@settings(max_examples=examples(25), deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 200), st.sampled_from(sorted(KINDS)), st.integers(0, 150)),
        min_size=1,
        max_size=6,
    )
)
def test_every_answer_waits_for_the_beat(calls: list[tuple[int, str, int]]) -> None:
    """SPLIT-280: whatever it is, whenever it was called for, and however long the disk took."""
    with called() as site:
        split, hand = site.split, site.split.hand
        for gap, kind, work in calls:
            hand.seconds += gap * PART_S
            done_s = hand.seconds + (work * PART_S if kind in ("parcel", "full") else 0.0)
            split.courier.post._submit = taking(split, work * PART_S, is_full=kind == "full")
            body = {"asks": b"", "rubbish": b"{", "foreign": of_bravo(split, ALPHA)}
            site.call(body.get(kind, of_bravo(split)), "0" * 64 if kind == "stranger" else PINNED)
            left_s, status, _ = site.seen[-1]
            assert status == KINDS[kind]
            assert left_s % BEAT_S == BEAT_S / 2
            assert done_s < left_s <= done_s + BEAT_S


def taking(split: Split, work_s: float, *, is_full: bool) -> Callable[[bytes], Future[None]]:
    """The folder takes a parcel in so long a time, or takes none."""

    def take(_parcel: bytes) -> Future[None]:
        split.hand.seconds += work_s
        if is_full:
            raise Unavailable("nothing more is taken")
        done: Future[None] = Future()
        done.set_result(None)
        return done

    return take


def test_a_flood_and_a_body_too_large_wait_as_well() -> None:
    """SPLIT-280: what the port refuses by itself tells no other time."""
    with called() as site:
        site.call(b"x" * (SIZE_MAX + 1))
        for _ in range(QUOTA + 1):
            site.call(of_bravo(site.split))
        assert [status for _, status, _ in site.seen] == [413, *([200] * QUOTA), 503]
        assert {left_s % BEAT_S for left_s, _, _ in site.seen} == {BEAT_S / 2}


def test_an_answer_holds_what_waits_when_it_leaves() -> None:
    """SPLIT-280: what a beat brought while the caller waited goes with it."""
    with called() as site:
        split = site.split

        def meanwhile() -> None:
            split.world.act(ALPHA, roz("roz-late", BRAVO))
            split.hand_over()
            split.picture.beat()
            split.courier.beat()

        split.meanwhile = meanwhile
        (body,) = unpack(site.call(b""))
        assert b"roz-late" in opened(body)


def test_what_is_done_at_home_changes_no_moment_and_size_of_an_answer(tmp_path: Path) -> None:
    """SPLIT-281: the same releases and calls, with and without a busy watch at home."""
    seen = []
    for busy in (False, True):
        folder = tmp_path / str(busy)
        folder.mkdir()
        site = Called(Split(folder=folder))
        site.split.world.tick(ALPHA)
        for number in range(20):
            one_beat(site, number, busy=busy and number > 4)  # by then they know each other
        assert NoticeId("roz-16") in site.split.world.state(BRAVO).feeds[ALPHA].notices
        seen.append(site.seen)
    assert seen[0] == seen[1]


def one_beat(site: Called, number: int, *, busy: bool) -> None:
    """What is done in it at home, the beat of both sides, and bravo's calls."""
    split, world = site.split, site.split.world
    began, world.now = world.now, world.now.replace(microsecond=0)
    split.hand.seconds = max(split.hand.seconds, float(number))
    if busy:
        world.sees(ALPHA, 4_000.0 - number, track=f"t{number % 3}")
        world.act(ALPHA, roz(f"home-{number}"))
        split.hand.seconds += (number % 5) * PART_S  # it takes its time of the beat
        world.now = max(began, world.now).replace(microsecond=0)
    else:
        world.wait(1.0)
    if number % 4 == 0:
        world.act(ALPHA, roz(f"roz-{number}", BRAVO))
    split.picture.send([one for sender, one in world.line if sender == ALPHA])
    said = [one.body for sender, one in world.line if sender == BRAVO]
    world.line.clear()
    split.picture.beat()
    split.courier.beat()
    for body in (b"", *said):
        for found in unpack(site.call(body)):
            world.give(BRAVO, Delivery(body=found))


def test_no_beat_is_longer_than_a_caller_waits() -> None:
    """SPLIT-280: a beat of 20 s is taken, a longer one is not."""
    assert ExchangeFile(outgoing="x", incoming="y", beat_s=20.0).beat_s == 20.0
    with pytest.raises(ValueError, match="20 s"):
        ExchangeFile(outgoing="x", incoming="y", beat_s=20.5)
