"""Wrong input of every kind: every fault by file, line, column and remedy, exit 2, nothing written.

Each case changes one line of the shipped scenario. Proves REP-001, REP-002, REP-007, REP-009,
REP-018, REP-076.
"""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sampling import thinned

from crosstell.cli.replay import check_target, replay
from crosstell.core.errors import CrosstellError
from crosstell.replay.given.loading import load
from crosstell.replay.page import render_page
from crosstell.replay.replaying import replay as replayed

SHIPPED = Path(__file__).parents[2] / "scenarios" / "2023-10-05-hasakah"
SMALL = Path(__file__).parent / "small"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "scenario"
    shutil.copytree(SHIPPED, target)
    return target


def change(folder: Path, name: str, old: str, new: str) -> int:
    """One place of one file changed; the line it stands on."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name} has no {old!r}"
    before = text.split(old)[0]
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return before.count("\n") + 1


def run(folder: Path, *more: str) -> Result:
    page = folder.parent / "page.html"
    result = CliRunner().invoke(replay, [str(folder), "--html", str(page), *more])
    assert result.exit_code == 2, result.output
    assert not page.exists(), "nothing is written"
    assert list(folder.parent.glob(".page*")) == []
    return result


CASES = [
    ("scenario.yaml", "mode: exercise", "mode: excercise", "did you mean exercise?"),
    ("scenario.yaml", "title: 5 October", "titel: 5 October", "did you mean title?"),
    ("scenario.yaml", "value_s: 60, low_s: 20", "value_s: 10, low_s: 20", "not between low_s 20"),
    ("scenario.yaml", "counted_to: shoot-down", "counted_to: lunch", "there is no point 'lunch'"),
    ("scenario.yaml", "repeat: [recipient]", "repeat: [relay-time]", "relay-time is no choice"),
    ("scenario.yaml", "delay: line-delay", "delay: line-dely", "there is no assumption"),
    ("scenario.yaml", "at: 2023-10-05T04:30:00Z", "at: 2023-10-05T04:30:00", "with the Z"),
    ("scenario.yaml", "at: 2023-10-05T04:30:00Z", "at: 2023-10-05T07:30:00+03:00", "not a UTC"),
    ("scenario.yaml", "end: 2023-10-05T08:50:00Z", "end: 2023-10-04T08:50:00Z", "after its start"),
    ("scenario.yaml", "words: [down-from-0445]", "words: [down]", "there is no word 'down'"),
    ("scenario.yaml", "warned: tr", "warned: ru", "there is no party 'ru'"),
    ("scenario.yaml", '["1", "2", "3"]', '["77"]', "there is no source '77'"),
    ("scenario.yaml", "status: US", "status: UK", "no status 'UK'; there are US, TR, AID, INV"),
    ("scenario.yaml", "lat_deg: 36.5", "lat_deg: 136.5", "outside -90 to 90"),
    ("protocol.yaml", "critical_s: 120", "critical_s: 1200", "critical < urgent < advisory"),
    ("us/inputs.yaml", "field_type: roz", "field_type: rozz", "did you mean roz?"),
    ("us/inputs.yaml", "datum: msl-egm96", "datum: feet", "write wgs84-ellipsoid"),
    ("us/inputs.yaml", ", datum: msl-egm96", "", "datum: is missing"),
    ("us/inputs.yaml", "{assumed: zone-radius}", "{assumed: zone-radios}", "no assumption"),
    ("us/inputs.yaml", "radius_m: {assumed: zone-radius}", "radius_m: {assumed: speed}", "_mps"),
    ("us/inputs.yaml", "start: 2023-10-05T04:00:00Z", "start: 2023-10-07T00:00:00Z", "its start"),
    ("us/inputs.yaml", "legs:", "leggs:", "unknown key 'leggs'"),
    ("us/inputs.yaml", "every_s: 60", "every_s: 0", "every_s is over 0"),
    ("us/inputs.yaml", "to_party: tr", "to_party: tr\n            to_party: tr", "on line"),
    ("people.yaml", "level: {the: level}", "level: {the: hight}", "nothing of that name"),
    ("people.yaml", "again: each-time", "again: sometimes", "write once-per-matter"),
    ("people.yaml", "call_received: {call: {the: call}}", "call_recieved: {call: {the: call}}",
     "is it call_received"),
    ("people.yaml", "habits:", "habits: *anchor\nx:", "alias"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "remedy"), thinned(CASES, every=4))
def test_rep_009_one_fault_is_told_with_its_place(
    folder: Path, name: str, old: str, new: str, remedy: str
) -> None:
    line = change(folder, name, old, new)
    said = run(folder, "--run", "as-reported/unable").stderr
    assert remedy in said
    places = [text for text in said.splitlines() if text.startswith(str(folder / name))]
    assert places, said
    lines = [int(text.removeprefix(str(folder / name)).split(":")[1]) for text in places]
    assert min(abs(found - line) for found in lines) <= 4, f"line {line}: {said}"


def test_rep_009_every_fault_is_told_at_once(folder: Path) -> None:
    change(folder, "us/inputs.yaml", "field_type: roz", "field_type: rozz")
    change(folder, "us/inputs.yaml", "kind: warn", "kind: warm")
    change(folder, "us/inputs.yaml", "speed_mps: {assumed: speed}", "speed_mps: fast")
    said = run(folder, "--run", "as-reported/unable").stderr
    for word in ("'rozz'", "'warm'", "'fast'"):
        assert word in said


def test_rep_009_a_crossing_polygon_is_refused(folder: Path) -> None:
    change(
        folder, "us/inputs.yaml",
        "circle:\n                      centre: {at_place: hasakah}\n"
        "                      radius_m: {assumed: zone-radius}",
        "polygon:\n                      vertices:\n"
        "                        - {lat_deg: 36, lon_deg: 40}\n"
        "                        - {lat_deg: 37, lon_deg: 41}\n"
        "                        - {lat_deg: 36, lon_deg: 41}\n"
        "                        - {lat_deg: 37, lon_deg: 40}\n",
    )  # fmt: skip
    assert "cross" in run(folder, "--run", "as-reported/unable").stderr


def test_rep_009_a_file_over_the_limit_is_not_read(folder: Path) -> None:
    with (folder / "tr" / "inputs.yaml").open("r+b") as file:
        file.truncate(200 * 1024 * 1024)
    assert "over the limit" in run(folder).stderr


@pytest.mark.parametrize("name", ["scenario.yaml", "protocol.yaml", "tr/inputs.yaml"])
def test_rep_001_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    said = run(folder).stderr
    assert str(folder / name) in said
    assert "missing" in said


def test_rep_081_people_who_are_not_there_are_said_to_be_none(folder: Path) -> None:
    change(folder, "scenario.yaml", "\nparties:", "\npeople: none\nparties:")
    assert "is none, but" in run(folder).stderr
    (folder / "people.yaml").unlink()
    assert load(folder).people.habits == ()


def test_rep_081_an_empty_list_of_habits_is_nobody(folder: Path) -> None:
    (folder / "people.yaml").write_text("habits: []\n", encoding="utf-8")
    assert load(folder).people.habits == ()
    result = CliRunner().invoke(replay, [str(folder), "--run", "quiet-day"])
    assert result.exit_code == 0, result.output
    assert "quiet-day" in result.stdout
    (folder / "people.yaml").write_text("# nothing\n{}\n", encoding="utf-8")
    assert "habits is missing" in run(folder).stderr


def test_rep_081_a_people_file_that_is_missing_or_misspelt_is_refused(folder: Path) -> None:
    (folder / "people.yaml").rename(folder / "poeple.yaml")
    said = run(folder).stderr
    assert f"{folder / 'people.yaml'}:1:1: this file is missing; is it 'poeple.yaml'?" in said
    assert "'people: none'" in said


def test_rep_081_a_people_file_that_cannot_be_read_is_refused(folder: Path) -> None:
    (folder / "people.yaml").unlink()
    (folder / "people.yaml").symlink_to("people.yaml")
    said = run(folder).stderr
    assert f"{folder / 'people.yaml'}:1:1: cannot be read" in said


def test_rep_001_what_is_no_folder_is_said(tmp_path: Path) -> None:
    assert "is not a folder" in run(tmp_path / "nowhere").stderr


def test_rep_009_an_unknown_run_is_told_with_those_there_are(folder: Path) -> None:
    said = run(folder, "--run", "as-reportd").stderr
    assert f"{folder / 'scenario.yaml'}: --run: there is no run 'as-reportd'" in said
    assert "as-reported/unable" in said


def test_rep_009_a_page_that_cannot_be_written_is_told_before_anything_runs(
    folder: Path,
) -> None:
    page = folder / "no-such-folder" / "page.html"
    result = CliRunner().invoke(replay, [str(folder), "--html", str(page)])
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_rep_082_a_page_never_replaces_an_input(folder: Path) -> None:
    before = (folder / "people.yaml").read_bytes()
    linked = folder.parent / "linked"
    linked.symlink_to(folder)
    for page in (folder / "people.yaml", folder / "new.html", linked / "tr" / "page.html"):
        result = CliRunner().invoke(replay, [str(folder), "--html", str(page)])
        assert result.exit_code == 2
        assert "lies in the folder that is read" in result.stderr
    assert (folder / "people.yaml").read_bytes() == before
    assert not (folder / "new.html").exists()


def test_rep_082_a_page_replaces_only_a_page(folder: Path) -> None:
    page = folder.parent / "notes.html"
    page.write_text("<!doctype html><title>my notes</title>", encoding="utf-8")
    with pytest.raises(CrosstellError, match="no page of a replay"):
        check_target(folder, page)
    page.write_text(render_page(replayed(SMALL)), encoding="utf-8")
    check_target(folder, page)
    assert sorted(path.name for path in folder.parent.iterdir()) == ["notes.html", "scenario"]


def test_rep_082_an_unwritable_place_is_told_before_anything_runs(folder: Path) -> None:
    for page in ("/proc/page.html", str(folder.parent / ("x" * 300))):
        result = CliRunner().invoke(replay, [str(folder), "--html", page, "--run", "nope"])
        assert result.exit_code == 2
        assert f"{page}: cannot be written" in result.stderr


MESSAGES = [
    ("scenario.yaml", "low_km: 2", "low_km: 90", "low_km 90 is over high_km"),
    ("us/inputs.yaml", "every_s: 60", "every_s: 0.000001", "every_s is over 0, at least 0.001"),
    ("people.yaml", "call_received: {call: {the: call}}", "call_recieved: {call: {the: call}}",
     "there is no body 'call_recieved'; is it call_received"),
    ("us/inputs.yaml", "centre: {at_place: hasakah}",
     "centre: {at_place: hasakah, bearing_deg: 1, distance_m: 1e300}",
     "distance_m is 1e+300; write 0 to 2000000"),
    ("us/inputs.yaml", "centre: {at_place: hasakah}",
     "centre: {at_place: hasakah, bearing_deg: 1, distance_m: " + "9" * 5_000 + "}",
     "distance_m has 5000 characters; write 40 at most"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "remedy"), thinned(MESSAGES, every=4))
def test_rep_009_a_message_says_what_the_author_wrote(
    folder: Path, name: str, old: str, new: str, remedy: str
) -> None:
    change(folder, name, old, new)
    said = run(folder, "--run", "quiet-day").stderr
    assert remedy in said
    assert max(map(len, said.splitlines())) < 400, "no endless list"


UNMEANT = [
    ("us/inputs.yaml", "by: {party: us,", "by: {party: tr,", "but the node is of 'us'"),
    ("us/inputs.yaml", "role: duty-officer", "role: duty-oficer", "is it duty-officer"),
    ("us/inputs.yaml", "to_party: tr", "to_party: tk", "there is no party 'tk'"),
    ("us/inputs.yaml", "to_role: duty-officer", "to_role: captain", "there is no role 'captain'"),
    ("us/inputs.yaml", "releasable_to: [tr]", "releasable_to: [tr, xx]", "there is no party 'xx'"),
    ("people.yaml", "party: tr", "party: tt", "there is no party 'tt'"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "remedy"), thinned(UNMEANT, every=3))
def test_rep_085_an_act_that_cannot_be_meant_is_told_with_its_place(
    folder: Path, name: str, old: str, new: str, remedy: str
) -> None:
    line = change(folder, name, old, new)
    said = run(folder, "--run", "quiet-day").stderr
    assert remedy in said
    assert f"{folder / name}:{line}:" in said


def test_rep_085_unmeant_acts_are_told_together(folder: Path) -> None:
    change(folder, "us/inputs.yaml", "to_party: tr", "to_party: tk")
    change(folder, "people.yaml", "role: duty-officer", "role: captain")
    said = run(folder).stderr
    assert "'tk'" in said
    assert "'captain'" in said


def test_rep_085_a_voice_log_names_a_party_of_the_protocol(folder: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(SMALL, folder)
    line = change(folder, "b/inputs.yaml", "counterpart: a", "counterpart: q")
    assert f"{folder / 'b/inputs.yaml'}:{line}:" in run(folder).stderr


def test_rep_084_an_input_that_no_run_would_take_is_refused(folder: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(SMALL, folder)
    change(folder, "b/inputs.yaml", "at: 2019-06-19T20:02:00Z", "at: 2019-06-19T19:02:00Z")
    change(folder, "b/inputs.yaml", "at: 2019-06-19T23:20:00Z", "at: 2019-06-20T00:00:00Z")
    said = run(folder).stderr
    assert f"{folder / 'b/inputs.yaml'}:2:9: at 2019-06-19T19:02:00Z this is put in no run" in said
    assert "from 2019-06-19T20:00:00Z to 2019-06-20T00:00:00Z" in said
    assert "at 2019-06-20T00:00:00Z this is put in no run" in said, "the window is half-open"


@pytest.mark.parametrize("name", ["scenario.yaml", "people.yaml", "us/inputs.yaml"])
@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\x85"])
def test_rep_086_an_unseen_character_is_told_with_its_place(
    folder: Path, name: str, hidden: str
) -> None:
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(f'"x{hidden.encode("unicode_escape").decode()}": y\n')
    lines = (folder / name).read_text(encoding="utf-8").count("\n")
    said = run(folder).stderr
    assert f"{folder / name}:{lines}:1: text holds the unseen character U+{ord(hidden):04X}" in said


@pytest.mark.parametrize("name", ["scenario.yaml", "people.yaml", "us/inputs.yaml"])
def test_rep_086_a_nul_byte_has_a_place(folder: Path, name: str) -> None:
    with (folder / name).open("ab") as file:
        file.write(b"# one\n# tw\x00o\n")
    lines = (folder / name).read_bytes().count(b"\n")
    assert f"{folder / name}:{lines}:5: holds the character U+0000" in run(folder).stderr


def test_rep_007_parts_that_contradict_are_told_together(folder: Path) -> None:
    change(folder, "scenario.yaml", "warned: tr", "warned: ru")
    change(folder, "scenario.yaml", "delay: line-delay", "delay: nothing")
    with pytest.raises(CrosstellError, match=r"no party 'ru'[\s\S]*no assumption 'nothing'"):
        load(folder)


def test_rep_018_an_act_is_read_before_it_happens(folder: Path) -> None:
    change(folder, "people.yaml", "danger: own-forces-endangered", "danger: own-forces")
    said = run(folder, "--run", "quiet-day").stderr
    assert "people.yaml" in said
    assert "own-forces-endangered" in said


def test_rep_002_an_assumption_says_why(folder: Path) -> None:
    change(folder, "scenario.yaml", "    why: no call log of either side is public\n", "")
    assert "why: is missing" in run(folder).stderr
