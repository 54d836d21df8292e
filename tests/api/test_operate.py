"""The commands of an operator, against a real node over its interface on a loopback port."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from api_desk import ADMIN, DIRECTOR_ACCOUNT, OPERATOR, PASSWORD, READER, Desk
from node_pair import ALPHA, BRAVO, World, call, roz
from operate_desk import Room, room

from crosstell.core.mechanism.screen.screen import screen

VIEWS = (
    "alerts",
    "calls",
    "claims",
    "given",
    "lines",
    "notices",
    "papers",
    "protocol",
    "shares",
    "status",
    "tracks",
)


def world_with_call() -> World:
    """Bravo has placed a call to alpha, and alpha's node holds it."""
    world = World()
    world.sign()
    world.settle(BRAVO, call("warn-1", to=ALPHA))
    world.settle(ALPHA, roz("roz-1", BRAVO))
    return world


@pytest.fixture
def here(tmp_path: Path) -> Any:  # noqa: ANN401 - a Room, until the test ends
    desk = Desk(world=world_with_call(), signed=False, screen=screen)
    with room(tmp_path, desk) as found:
        yield found


def on_watch(here: Room) -> Room:
    here.come_in()
    here.told("watch", "take")
    return here


def test_a_session_is_opened_kept_private_and_ended(here: Room) -> None:
    """OPE-010: the password is in no file and in no argument, the session for its owner alone."""
    told = here.come_in()
    assert "alpha duty-officer, not on watch" in told
    file = here.folder / "olga.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "four plain words" not in file.read_text()
    assert "on watch 1" in here.told("watch", "take")
    assert json.loads(here.told("watch", "join", "--json")) == {
        "role": "duty-officer",
        "watch": "1",
    }
    assert "logged out" in here.told("logout")
    assert not file.exists()
    assert "crosstell login" in here.refused("show", "status")


def test_a_wrong_password_and_another_node_are_one_message(here: Room) -> None:
    """OPE-011, OPE-012: exit code 2, what it is, what to do."""
    words = ("login", "--node", here.url, "--account", "olga", "--password-file", "-")
    assert "check the account, the password" in here.refused(*words, given="wrong")
    here.come_in()
    assert "the session is with" in here.refused("show", "status", "--node", "http://localhost:1")
    far = ("login", "--node", "http://node.example:8470", "--account", "olga")
    piped = (*words[:-2], "--password-stdin")  # RUN-494: as the other commands have it
    assert "olga at" in here.told(*piped, given=PASSWORD)
    assert "give one of them" in here.refused(*words, "--password-stdin", given=PASSWORD)
    assert "by https alone" in here.refused(*far, "--password-file", "-", given="x")


@pytest.mark.parametrize("view", [*VIEWS, "queue", "ladders", "entries"])
def test_every_view_is_shown_in_lines_and_as_json(here: Room, view: str) -> None:
    """OPE-020: a person reads lines, a machine the node's own answer."""
    here.come_in()
    assert here.told("show", view).strip()
    assert json.loads(here.told("show", view, "--json"))


def test_what_is_shown_names_what_the_next_command_takes(here: Room) -> None:
    """OPE-020: ids as `act` takes them, the state of the call, the words of a search, one entry."""
    here.come_in()
    assert "bravo/warn-1  warn flash EXERCISE to alpha duty-officer" in here.told("show", "calls")
    assert "alpha/roz-1  version 1, zone" in here.told("show", "notices")
    assert "warn-1" in here.told("show", "search", "warn-1")
    assert "NEEDS YOU" in here.told("show", "queue")
    (first, *_) = here.json("show", "entries", "--count", "1")["entries"]
    named = f"{first['entry']['feed']}/{first['entry']['seq']}"
    ladders = here.told("show", "ladders")  # API-441
    assert 'call-not-received {"incoming_call": {"call": {"feed"' in ladders
    assert "rung 1, duty-officer: reached, due 2" in ladders
    assert "a person decides" in ladders
    whole = json.loads(here.told("show", "entry", *named.split("/")))
    assert whole == json.loads(here.told("show", "entry", named))
    assert whole["shown"]["entry"] == first["entry"]


def test_a_plan_is_checked_and_what_clears_it_is_said(here: Room) -> None:
    """OPE-020: in words, against what the node holds; nothing is filed."""
    here.come_in()
    volume = (
        "{footprint: {circle: {centre: {lat_deg: -36.5, lon_deg: -19.0}, radius_m: 900}}, lower: "
        "unbounded, upper: unbounded, window: {start: 2023-06-01T01:00:00Z, end: "
        "2023-06-01T02:00:00Z}}"
    )
    file = here.folder / "plan.yaml"
    plan = f"plan: {{kind: crewed-flight, volumes: [{volume}]}}"
    file.write_text(f"party: bravo\nat: 2023-06-01T00:00:00Z\n{plan}\nnotices: []\n")
    told = here.told("show", "plan", str(file))
    assert "part 1 and roz-1 of alpha" in told
    assert "clears all of them by itself: later by " in told


def test_an_act_needs_the_watch_and_is_recorded(here: Room) -> None:
    """OPE-012, OPE-020: refused in one message before; recorded with its entry after."""
    here.come_in()
    assert "Take the watch first" in here.refused("act", "receive-call", "--call", "bravo/warn-1")
    here.told("watch", "take")
    told = here.told("act", "receive-call", "--call", "bravo/warn-1")
    assert told.startswith("call received: recorded as ")
    assert "stage received" in here.told("show", "calls")
    words = ("--call", "bravo/warn-1", "--answer-id", "new", "--answer-kind", "noted")
    assert "out-of-scope" in here.refused("act", "give-answer", *words)
    scoped = ("--answer-scope", "alpha-forces")
    assert "answer given: recorded" in here.told("act", "give-answer", *words, *scoped)
    refusal = here.refused("act", "receive-call", "--call", "bravo/none")
    assert "unknown-object; the refusal is recorded" in refusal


def test_an_act_asked_twice_with_its_key_is_recorded_once(here: Room) -> None:
    """OPE-013: a line that broke before the answer is no reason not to ask again."""
    on_watch(here)
    words = ("act", "receive-call", "--call", "bravo/warn-1", "--key", "k-1", "--json")
    first, again = (json.loads(here.told(*words)) for _ in range(2))
    assert first == again
    assert len(first["recorded"]) >= 1


def test_a_call_is_placed_with_what_the_session_knows(here: Room) -> None:
    """OPE-002: role, reality and carriage need no typing; a time is said from now."""
    on_watch(here)
    words = (
        *("--call", "stop-1", "--kind", "stop", "--precedence", "flash", "--to-party", "bravo"),
        *("--to-role", "duty-officer", "--content-danger", "zone-entered"),
        *("--content-act", "leave", "--expires-at", "+10m"),
        *("--content-place", "{circle: {centre: {lat_deg: -36.5, lon_deg: -19.0}, radius_nm: 2}}"),
        *("--content-remarks", "leave to the north"),
    )
    assert "call placed: recorded" in here.told("act", "place-call", *words)
    (placed,) = [
        one["call"]["placed"]
        for one in here.json("show", "calls")["calls"]
        if one["caller"] == "alpha" and one["call"]["placed"]["kind"] == "stop"
    ]
    assert placed["from_role"] == "duty-officer"
    assert placed["reality"] == "exercise"
    assert placed["content"]["place"]["circle"]["radius_m"] == 3704.0
    assert placed["content"]["remarks"] == {"text": "leave to the north", "language": "en"}


def test_a_telephone_call_is_logged(here: Room) -> None:
    """OPE-002: each side logs a voice call of its own, from the command line alone."""
    on_watch(here)
    words = (
        *("--log", "tel-1", "--call", "bravo/warn-1", "--account-direction", "taken"),
        *("--account-counterpart", "bravo", "--account-kind", "warn"),
        *("--account-started-at", "2023-06-01T00:00:01Z"),
        *("--account-ended-at", "2023-06-01T00:00:05Z", "--account-notes", "heard well"),
    )
    assert "voice logged: recorded" in here.told("act", "log-voice", *words)
    (entry,) = [
        one for one in here.json("show", "entries")["entries"] if one["kind"] == "voice_logged"
    ]
    account = entry["body"]["voice_logged"]["account"]
    assert account["own_role"] == "duty-officer"
    assert account["carriage"] == "telephone"


def test_a_line_is_tested_and_reported_down(here: Room) -> None:
    """OPE-002: a test is a call like any other."""
    on_watch(here)
    words = ("--call", "new", "--kind", "test", "--precedence", "routine", "--to-party", "bravo")
    told = here.told("act", "place-call", *words, "--to-role", "duty-officer", "--content", "{}")
    assert "call placed: recorded" in told
    line = "{party: bravo, role: duty-officer, medium: telephone}"
    report = ("--line", line, "--report", "down", "--since", "2023-06-01T00:00:01Z")
    assert "line reported: recorded" in here.told("act", "report-line", *report)


def test_a_form_is_filled_in_and_filed(here: Room) -> None:
    """OPE-003: the form is what the act takes; a fault is told by its line in the file."""
    on_watch(here)
    form = here.told("act", "withdraw-notice", "--form")
    assert form.startswith("# The notice, whose standing version is `version`, no longer holds.")
    file = here.folder / "notice.yaml"
    file.write_text("notice: roz-1\nversion: one\nreason: over\n")
    assert "notice.yaml:2:" in here.refused("act", "withdraw-notice", "--file", str(file))
    told = here.told("act", "withdraw-notice", "--file", str(file), "--version", "1")
    assert "notice withdrawn: recorded" in told
    piped = here.run("act", "withdraw-notice", "--file", "-", given='{"notice": "x"}')
    assert piped.exit_code == 2
    assert "version" in piped.stderr


def test_a_second_person_confirms_what_was_asked(here: Room) -> None:
    """OPE-021: they see the whole act first; whoever asked cannot be it."""
    on_watch(here)
    post = (
        "{own_force_location: {volume: {footprint: {circle: {centre: {lat_deg: -36.5, lon_deg: "
        "-19.0}, radius_m: 500}}, lower: unbounded, upper: unbounded, window: {start: "
        "2023-06-01T00:00:00Z, end: 2023-06-01T05:00:00Z}}}}"
    )
    words = ("--notice", "post-1", "--version", "1", "--content", post, "--marking", "TEST")
    told = here.told("act", "file-notice", *words, "--releasable-to", "bravo")
    assert "waits for a second person" in told
    name = told.split("crosstell pending confirm ")[1].split()[0]
    assert "cannot be its second person" in here.refused("pending", "confirm", name, "--yes")
    own = here.run("pending", "confirm", name, given="y\n")  # RUN-493: before it shows and asks
    assert "cannot be its second person" in own.stderr
    assert "footprint" not in own.stderr
    here.come_in(DIRECTOR_ACCOUNT)
    here.told("watch", "take", who=DIRECTOR_ACCOUNT)
    assert "confirm or drop it" in here.told("pending", "list", who=DIRECTOR_ACCOUNT)
    shown = json.loads(here.told("pending", "show", name, who=DIRECTOR_ACCOUNT))
    assert shown["body"]["notice_filed"]["notice"] == "post-1"
    unsure = here.run("pending", "confirm", name, who=DIRECTOR_ACCOUNT, given="n\n")
    assert unsure.exit_code == 1
    told = here.told("pending", "confirm", name[:6], who=DIRECTOR_ACCOUNT, given="y\n")
    assert "notice filed: recorded" in told
    assert "waits no longer: confirmed, entry" in here.refused("pending", "drop", name)
    goes_out_and_is_read(here)


def goes_out_and_is_read(here: Room) -> None:
    """API-447: of a release what goes out is read too, and why the node would refuse it now."""
    out = ("--under", "post-2", "--to", "bravo", "--purpose", "so that they keep clear")
    item = (
        "--release",
        "rel-1",
        "--kind",
        "notice",
        "--item",
        "{latest: {party: alpha, id: post-1}}",
    )
    coarse = ("--marking", "TEST", "--coarsened", "{area_m: 5000}")
    name = here.json("act", "release-item", *item, *out, *coarse)["pending"]
    unsure = here.run("pending", "confirm", name, who=DIRECTOR_ACCOUNT, given="n\n")
    _, mark, goes_out = unsure.stderr.partition("What goes out of it:")
    assert mark
    assert '"notice": "post-2"' in goes_out
    here.told("act", "withdraw-notice", "--notice", "post-1", "--version", "1", "--reason", "over")
    refused = here.refused("pending", "confirm", name, who=DIRECTOR_ACCOUNT)
    assert "the node would refuse it now" in refused
    here.told("pending", "drop", name)


def test_an_act_that_waits_is_dropped(here: Room) -> None:
    """OPE-021: by who asked, or by who would not be its second person."""
    on_watch(here)
    position = (
        "{own_force_location: {volume: {footprint: {circle: {centre: {lat_deg: 1, lon_deg: 1}, "
    )
    rest = (
        "radius_m: 5}}, lower: unbounded, upper: unbounded, window: {start: 2023-06-01T00:00:00Z, "
    )
    words = ("--notice", "p", "--version", "1", "--marking", "TEST", "--content")
    content = position + rest + "end: 2023-06-01T05:00:00Z}}}}"
    name = here.json("act", "file-notice", *words, content)["pending"]
    assert here.told("pending", "drop", name).strip() == "taken back"
    assert f"act {name} waits no longer: taken back" in here.refused("pending", "drop", name)


def test_the_stream_is_followed_and_taken_up_where_it_broke(here: Room) -> None:
    """OPE-030: entries by their local number, effects as they come, each in a line."""
    on_watch(here)
    last = here.json("show", "entries", "--count", "500")["last"]
    words = ("watch", "follow", "--after", str(last - 2), "--until", "3")
    told = here.told(*words).splitlines()
    assert len(told) == 3
    found = [json.loads(line) for line in here.told(*words, "--json").splitlines()]
    assert {one["number"] for one in found if one["event"] == "entry"} <= {last - 1, last}
    assert any(one["event"] == "effect" for one in found) or len(found) == 3


def test_accounts_are_kept_by_an_administrator(here: Room) -> None:
    """OPE-022: made, disabled, with tokens for systems, and an audit."""
    here.come_in(ADMIN)
    words = ("account", "add", "nora", "--kind", "operator", "--role", "duty-officer")
    assert "nora" in here.told(*words, who=ADMIN, given="a long password here\n" * 2)
    assert "nora  operator duty-officer" in here.told("account", "list", who=ADMIN)
    token = json.loads(here.told("account", "token", "radar", "--json", who=ADMIN))
    assert token["token"]
    assert token["id"] in here.told("account", "token", "radar", "--list", who=ADMIN)
    here.told("account", "token", "radar", "--revoke", token["id"], who=ADMIN)
    here.told("account", "disable", "nora", who=ADMIN)
    assert "nora" in here.told("account", "audit", who=ADMIN)
    found = json.loads(here.told("account", "audit", "--count", "2", "--json", who=ADMIN))
    numbers = [one["number"] for one in found["lines"]]
    assert numbers == [found["size"] - 1, found["size"]], "API-472: the newest"
    older = json.loads(here.told("account", "audit", "--after", "0", "--json", who=ADMIN))
    assert older["lines"][0]["number"] == 1
    here.come_in(READER)
    assert "may not" in here.refused("account", "list", who=READER)


def test_acs_260_a_password_that_rests_is_told_before_it_is_in_the_way(here: Room) -> None:
    here.come_in()
    assert "RESTS" not in here.told("whoami")
    here.come_in(ADMIN)
    here.told("account", "password", OPERATOR, who=ADMIN, given=f"{PASSWORD}\n" * 2)
    for said in (here.come_in(), here.told("whoami")):
        assert "YOUR PASSWORD RESTS" in said
        assert "before its owner has set another" in said
    shown = here.json("whoami")
    assert (shown["account"], shown["rests"]) == (OPERATOR, True)
    assert "csrf" not in shown


def test_a_node_that_is_away_is_told_as_such(here: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """OPE-014: with what to do instead."""
    on_watch(here)
    monkeypatch.setattr("crosstell.cli.operate.desk.time.sleep", lambda _s: None)
    file = here.folder / "olga.json"
    kept = json.loads(file.read_text())
    file.write_text(json.dumps(kept | {"node": "http://127.0.0.1:1"}))
    assert "Is the node running? Go on by telephone" in here.refused("show", "status")
