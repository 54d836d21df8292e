"""What is done beside a node of an exercise goes by the exercise's clock, not by the day's."""

from datetime import UTC, datetime
from pathlib import Path

from carried_sites import Sites, act, done, refused
from carried_sites import sites as sites
from node_pair import ALPHA, BRAVO, roz

from crosstell.codecs.parcels import carried
from crosstell.core.instant import to_us
from crosstell.core.mechanism.inputs import Tick
from crosstell.shell.clock import ExerciseClock, Pace, SystemClock, read_steady, write_pace
from crosstell.shell.config.node_file import read_installation
from crosstell.shell.live.opening import note_pace, open_node
from crosstell.shell.store.sqlite import SqliteStore

AHEAD = datetime(2090, 1, 1, tzinfo=UTC)


def ran_by(folder: Path, pace: Path | None) -> None:
    """The node of that folder ran by that pace, and was stopped."""
    opened = open_node(read_installation(folder))
    note_pace(opened.store, pace)
    clock = SystemClock() if pace is None else ExerciseClock(path=pace)
    opened.node.handle(Tick(), clock.now())
    opened.store.close()


def latest_at(folder: Path) -> datetime:
    opened = open_node(read_installation(folder))
    opened.store.close()
    found = opened.node.state.own.latest_at
    assert found is not None
    return found


def test_run_064_a_file_is_taken_by_the_clock_of_the_exercise(sites: Sites, tmp_path: Path) -> None:
    """And so is every ceremony: refused without the pace, with the pace to give."""
    act(sites[ALPHA], roz("roz-1", BRAVO))
    pace = tmp_path / "pace.json"
    write_pace(pace, Pace(at=AHEAD, mark=read_steady(), rate=1.0))
    ran_by(sites[BRAVO], pace)
    opened = open_node(read_installation(sites[ALPHA]))
    note_pace(opened.store, pace)
    opened.store.close()
    write = ("node", "write-file", sites[ALPHA], BRAVO, "--out", tmp_path / "file")
    assert f"--pace {pace}" in refused(*write)
    done(*write, "--pace", pace)
    with (tmp_path / "file").open("rb") as file:
        label, _ = carried.read(file)
    assert label.at_ms >= to_us(AHEAD) // 1_000, "it says the exercise's time, not the day's"
    root = sites[BRAVO] / "offline-root"
    take = ("node", "take-file", sites[BRAVO], tmp_path / "file")
    revoke = ("node", "revoke", sites[BRAVO], "--root", root, "--from", "nothing")
    resume = ("node", "resume", sites[BRAVO], "--root", root, "--out", tmp_path / "again")
    for words in (take, ("node", "rotate", sites[BRAVO]), revoke, resume):
        assert f"--pace {pace}" in refused(*words)
    done(*take, "--pace", pace)
    assert latest_at(sites[BRAVO]) >= AHEAD
    done("node", "rotate", sites[BRAVO], "--pace", pace)
    done(*resume, "--pace", pace)
    store = SqliteStore.open_read_only(tmp_path / "again" / "record.store")
    assert store.blob("run/paced") == str(pace).encode(), "the new node is of the same exercise"
    store.close()
    ran_by(sites[ALPHA], None)
    done("node", "rotate", sites[ALPHA])
