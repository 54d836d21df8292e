"""A run of a scenario through real processes: REP-120 to REP-127.

The small scenario of two parties and no people; the whole of Hasakah is in the long suite.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from sampling import thinned

from crosstell.core.errors import CallerError, Fatal, Unavailable
from crosstell.core.ids import FeedId, PartyId
from crosstell.replay.given.timed import TimedInput
from crosstell.replay.live import compared, leader
from crosstell.replay.live.compared import compare
from crosstell.replay.live.leader import Leader, opens_at
from crosstell.replay.live.playing import exercise, one_run, play_live
from crosstell.replay.live.report import apart_s, live_lines, live_value
from crosstell.replay.live.site import stop_all
from crosstell.replay.live.watching import Watching
from crosstell.shell.clock import Pace, write_pace

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "scenarios" / "small"
LIVE = (sys.executable, "-P", "-m", "crosstell", "live")
HASAKAH = ROOT / "scenarios" / "2023-10-05-hasakah"


def left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("crosstell-live-*")]


def followed(monkeypatch: pytest.MonkeyPatch) -> tuple[list[datetime], list[str]]:
    """The moments that the clock was set to, and what was asked of a node from the first on."""
    moments: list[datetime] = []
    asked: list[str] = []

    def kept(path: Path, pace: Pace) -> None:
        moments.append(pace.at)
        write_pace(path, pace)

    def sent(self: httpx.Client, request: httpx.Request, **more: Any) -> httpx.Response:  # noqa: ANN401
        if moments:
            asked.append(request.url.path.removeprefix("/api/v1"))
        return send(self, request, **more)

    send = httpx.Client.send
    monkeypatch.setattr(leader, "write_pace", kept)
    monkeypatch.setattr(httpx.Client, "send", sent)
    return moments, asked


def test_a_small_run_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """REP-120 to REP-124, RUN-441: as in virtual time, the records the same, nothing left; the
    clock went from one moment at which something was due to the next, and stood nowhere else.
    RUN-501: nobody was asked whether it is quiet.
    """
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    moments, asked = followed(monkeypatch)
    found = play_live(SMALL, run="silent", seed=1)
    assert found.observations > 0
    assert [feed.of for feed in found.compared.feeds] == ["a", "b"]
    assert all(feed.is_whole for feed in found.compared.feeds)
    assert all(count > 0 for _, count in found.compared.statements)
    live, virtual = found.result, found.virtual
    both = apart_s(live, virtual)
    assert len(both) == len(virtual.timeline) > 5
    assert moments == sorted(set(moments))
    assert len(moments) <= 2 * len(virtual.timeline), "26 moments for 20 things, in November 2026"
    assert "/observations" in asked
    assert {path.partition("/pending")[0] for path in asked} <= {"/acts", "/observations"}
    assert max(both) < 5.0, "the line's delay of 2 s, once or twice, and nothing else"
    told = json.loads(json.dumps(live_value(found)))  # API-443
    assert (told["acts"], told["run"]["name"]) == (found.acts, "silent")
    assert [
        feed["held"] == {"a": feed["the_same"], "b": feed["the_same"]} for feed in told["feeds"]
    ]
    said = "\n".join(live_lines(found))
    assert "at most" in said
    assert "the same everywhere" in said
    assert left_over(tmp_path) == []


def test_nodes_are_stopped_together() -> None:
    """RUN-441: each is told before any is waited for, so the slowest alone is waited for."""
    done: list[str] = []

    def site(party: str) -> tuple[PartyId, Any]:
        said = SimpleNamespace(
            end=lambda: done.append(f"told {party}"), ended=lambda: done.append(f"{party} ended")
        )
        return PartyId(party), said

    stop_all(dict(map(site, ("a", "b"))))
    assert done == ["told a", "told b", "a ended", "b ended"]


def test_a_difference_between_records_is_fatal(tmp_path: Path) -> None:
    """REP-123: planted, since honest nodes give none."""
    held: dict[PartyId, dict[FeedId, tuple[bytes, ...]]] = {
        PartyId("a"): {FeedId("f"): (b"1", b"2")},
        PartyId("b"): {FeedId("f"): (b"1", b"3")},
    }
    with pytest.raises(Fatal, match="entry 1 is not the same"):
        compared._held(PartyId("a"), FeedId("f"), held)
    held[PartyId("b")] = {FeedId("f"): (b"1",)}
    short = compared._held(PartyId("a"), FeedId("f"), held)
    assert not short.is_whole
    assert short.agreed == 1
    assert compare({}, {}, frozenset(), tmp_path / "out").feeds == ()


@pytest.mark.long
def test_nothing_is_left_after_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """REP-124, RUN-525: neither process nor file, and no thread."""
    threads = threading.active_count()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    begun: list[Any] = []

    def fails(self: Leader) -> bool:
        begun.extend(self.seats)
        raise Unavailable("a fault in the middle")

    monkeypatch.setattr(Leader, "step", fails)
    with pytest.raises(Unavailable, match="in the middle"):
        play_live(SMALL, run="silent", seed=1)
    assert begun == ["a", "b"]
    assert threading.active_count() == threads
    assert left_over(tmp_path) == []
    still = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(tmp_path) not in still


def test_rep_128_told_to_end_it_stops_its_nodes_first(tmp_path: Path) -> None:
    """Terminated as soon as its nodes run, it leaves neither process nor file."""
    with subprocess.Popen(
        [*LIVE, str(SMALL), "--run", "silent"],
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        text=True,
    ) as going:
        assert going.stdout is not None
        assert going.stdout.readline() == "2 nodes run: a, b.\n"
        assert len(left_over(tmp_path)) == 1
        going.terminate()
        assert going.wait(60) == 128 + signal.SIGTERM
    assert left_over(tmp_path) == []
    still = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(tmp_path) not in still


@pytest.mark.parametrize(
    ("run", "said"),
    thinned(
        [
            ("line-down/unaware", "cuts its line at 2023-10-05T04:45:00Z"),
            ("as-reported", "is several runs"),
            ("nothing", "there is no run"),
        ],
        every=3,
    ),
)
def test_a_run_that_cannot_be_played_live_is_refused(run: str, said: str) -> None:
    """REP-125: before anything is made."""
    with pytest.raises(CallerError, match=said):
        one_run(HASAKAH, run)


def test_an_exercise_to_follow_begins_shortly_before_anything_is_seen() -> None:
    """REP-127: not at 20:00Z the evening before, hours away from the first track."""
    given = one_run(HASAKAH, "as-reported/unable")
    assert given.run.spec.window.start == datetime(2023, 10, 4, 20, tzinfo=UTC)
    assert opens_at(given) == datetime(2023, 10, 5, 4, 25, tzinfo=UTC)
    unseen: dict[PartyId, tuple[TimedInput, ...]] = {party: () for party in given.inputs}
    assert opens_at(replace(given, inputs=unseen)) == given.run.spec.window.start


@pytest.mark.long
def test_an_exercise_takes_orders(tmp_path: Path) -> None:
    """REP-126, REP-127: held, let go, a party taken; wrong words change nothing."""
    given = one_run(SMALL, "silent")
    said: list[str] = []
    with exercise(given, tmp_path) as live:
        leader = Leader(given=given, seats=live.seats, pace=live.pace, seed=1)
        watching = Watching(leader=leader, live=live, rate=100.0, say=said.append)
        orders = ["hold", "pace x", "pace 200", "take b", "take c", "give b", "dance", "", "quit"]
        watching.run(iter(orders))
        assert leader.now >= opens_at(given)
        assert live.seats[PartyId("b")].is_played
    assert "are passed over" in said[0]
    assert "runs at 100 times" in said[1]
    assert "held; say go" in said[2]
    assert "give a number from 0 to 1000" in said[3]
    assert "200 times" in said[4]
    assert "are yours" in said[5]
    assert "there are a, b" in said[6]
    assert "played by the scenario again" in said[7]
    assert "is no order" in said[8]
    assert "hold | go" in said[9]


@pytest.mark.long
def test_the_whole_of_hasakah_live() -> None:
    """REP-120 to REP-123: the command that `make run` runs."""
    done = subprocess.run(
        [*LIVE, str(HASAKAH), "--run", "as-reported/unable"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("the same everywhere") == 3
