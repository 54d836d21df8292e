"""The live stream: nothing skipped, nothing twice, slow clients dropped (docs/spec/api.md)."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, get_args
from urllib.parse import urlencode

import pytest
from api_desk import BASE, OPERATOR, PATIENT, READER, Desk, Person, person
from asgi_inside import Followed, Inside
from hypothesis import given, settings
from hypothesis import strategies as st
from node_pair import BRAVO, DUTY, START, roz, seen
from sampling import examples

from crosstell.codecs.api.running import SizeShown
from crosstell.core.ids import AlertId, CallId, FeedId
from crosstell.core.instant import format_instant
from crosstell.core.mechanism.effects import (
    DraftReady,
    Effect,
    Ring,
    RingRank,
    ShowAlert,
    ShowCall,
    StopRinging,
)
from crosstell.core.mechanism.inputs import Observed
from crosstell.core.state.state import State
from crosstell.shell.api.stream.following import effect_event

QUICK = replace(PATIENT, keepalive_s=0.05, stalled_s=0.3, screen_s=0.2, screen_idle_s=600.0)


def cookie_of(who: Person) -> str:
    return "; ".join(f"{k}={v}" for k, v in who.cookies.items())


@contextmanager
def following(
    client: Inside, who: Person, path: str = "/stream", **headers: str
) -> Iterator[Followed]:
    """An open stream of that person, closed at the end."""
    found = client.follow(BASE + path, {"Cookie": cookie_of(who)} | headers)
    try:
        yield found
    finally:
        found.close()


def entry(stream: Followed) -> tuple[int, str]:
    """The number and kind of the next entry."""
    _, number, data = stream.next("entry")
    told = json.loads(data)
    assert told["arrival"] == int(number)
    return int(number), told["kind"]


def test_api_050_resumed_by_its_number_it_gives_every_entry_once_across_a_restart() -> None:
    desk = Desk(limits=QUICK)
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        with following(client, olga, "/stream?after=0") as stream:
            last = desk.settings().store.last_arrival()
            found = [entry(stream)[0] for _ in range(last)]
            assert found == list(range(1, last + 1))
            olga.act(roz("roz-1", BRAVO))
            number, kind = entry(stream)
            assert (number, kind) == (last + 1, "notice_filed")
    again = Desk(limits=QUICK, world=desk.world, signed=False)
    with again.running() as client:
        olga = person(client, OPERATOR, watch=True)
        olga.act(roz("roz-2", BRAVO))
        newest = again.settings().store.last_arrival()
        with following(client, olga, **{"Last-Event-ID": str(number)}) as stream:
            got = [entry(stream)[0] for _ in range(newest - number)]
            assert got == list(range(number + 1, newest + 1))


def test_api_050_kinds_that_are_not_wanted_are_left_out_and_the_place_goes_on() -> None:
    desk = Desk(limits=QUICK)
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        with following(client, olga, "/stream?without=observation,command_refused") as stream:
            stream.next(":")
            for number in range(5):
                observed = Observed(observations=(seen(START, 10.0 * number, track=f"t{number}"),))
                desk.sequencer.really(observed)
            newest = desk.settings().store.last_arrival()
            while stream.next("")[1] != str(newest):
                pass
            olga.act(roz())
            assert entry(stream) == (newest + 1, "notice_filed")


def test_api_050_two_clients_at_different_places_get_the_same_entries() -> None:
    desk = Desk(limits=QUICK)
    with desk.running() as client:
        olga, rita = person(client, OPERATOR, watch=True), person(client, READER)
        with following(client, rita) as late:
            late.next(":")
            for number in range(20):
                assert olga.act(roz(f"roz-{number}", BRAVO)).status_code == 201
            with following(client, olga, "/stream?after=0") as early:
                newest = desk.settings().store.last_arrival()
                everything = [entry(early) for _ in range(newest)]
                seen_late = [entry(late)]
                while seen_late[-1][0] < newest:
                    seen_late.append(entry(late))
                assert seen_late == everything[seen_late[0][0] - 1 :]


def test_api_051_without_a_place_it_begins_with_what_comes_now() -> None:
    desk = Desk(limits=QUICK)
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        before = desk.settings().store.last_arrival()
        with following(client, olga) as stream:
            stream.next(":")
            olga.act(roz())
            assert entry(stream) == (before + 1, "notice_filed")
        for place in ("x", "-1", "1" * 17, str(before + 1_000)):
            with following(client, olga, **{"Last-Event-ID": place}) as stream:
                with pytest.raises(EOFError):
                    stream.next("entry")
                assert stream.status == 400


def test_run_520_521_a_standing_comes_after_what_led_to_it_and_an_answer_names_it() -> None:
    desk = Desk(limits=QUICK)
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        with following(client, olga, "/stream?after=0&events=standing") as stream:
            answered = olga.act(roz("roz-1", BRAVO))
            done = int(answered.headers["Crosstell-Batches"])
            newest = desk.settings().store.last_arrival()
            entries = 0
            told: dict[str, Any] = {"batches": -1}
            while told["batches"] < done:
                name, _, data = stream.next("entry", "standing")
                if name == "entry":
                    entries += 1
                    continue
                told = json.loads(data)
                assert told["arrivals"] == entries, "all that it stands on was told before"
            assert told["arrivals"] == newest
            assert told["behind"] == ["bravo"], "nothing has reached it yet"
            own = desk.sequencer.state().own
            assert {"feed": own.feed, "size": own.size} in told["feeds"]
            due = desk.sequencer.due
            assert told["next_wake"] == (due and format_instant(due))
        assert int(olga.act(roz("roz-2", BRAVO)).headers["Crosstell-Batches"]) > done
        assert int(olga.get("/status").headers["Crosstell-Batches"]) > done
        assert "Crosstell-Batches" not in client.request("GET", BASE + "/status").headers


def test_run_520_whoever_comes_is_told_where_the_node_stands() -> None:
    desk = Desk(limits=QUICK)
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        with following(client, olga, "/stream?events=standing") as stream:
            told = json.loads(stream.next("standing", ":")[2])
            assert told["arrivals"] == desk.settings().store.last_arrival()


def test_run_522_only_what_is_wanted_is_told() -> None:
    drawn: list[datetime] = []

    def screen(_state: State, now: datetime) -> object:
        drawn.append(now)
        return SizeShown(feed=FeedId("f"), size=1)

    desk = Desk(limits=QUICK, screen=screen)
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        olga.act(roz())
        with following(client, olga, "/stream?events=effect") as stream:
            stream.next(":")
            alarmed(desk)
            assert stream.next("screen", "standing", "effect")[0] == "effect"
            stream.next(":")
            assert drawn == []
        with following(client, olga) as stream:
            assert stream.next("screen", "standing")[0] == "screen"
        with following(client, olga, "/stream?events=screens") as stream:
            with pytest.raises(EOFError):
                stream.next("entry")
            assert stream.status == 400


def alarmed(desk: Desk) -> None:
    """An object enters a zone: the node rings."""
    for number in range(3):
        observed = Observed(observations=(seen(desk.clock.at, 100.0 - number),))
        desk.sequencer.really(observed)
        desk.clock.at += timedelta(seconds=5)


def test_api_052_whoever_comes_again_is_told_every_effect_that_stands() -> None:
    desk = Desk(limits=QUICK)
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        olga.act(roz())
        with following(client, olga) as stream:
            stream.next(":")
            alarmed(desk)
            first = json.loads(stream.next("effect")[2])
            assert set(first) <= {"show_alert", "ring"}
            effects = [first]
            while "ring" not in effects[-1]:
                effects.append(json.loads(stream.next("effect")[2]))
        with following(client, olga) as stream:
            rung = [one["ring"]["matter"] for one in standing(stream) if "ring" in one]
            assert effects[-1]["ring"]["matter"] in rung


EFFECTS = (
    Ring(matter="m", role=DUTY, rung=0, text="stop", rank=RingRank.STOP),
    Ring(matter="m", role=DUTY, rung=0, text="a question"),
    StopRinging(matter="m", text="ended"),
    DraftReady(matter="m", role=DUTY, text="a draft"),
    ShowAlert(alert=AlertId("a-1"), text="raised"),
    ShowCall(party=BRAVO, call=CallId("c-1"), text="placed"),
)


def test_api_052_every_kind_of_effect_can_be_told() -> None:
    assert {type(one) for one in EFFECTS} == set(get_args(Effect))
    for effect in EFFECTS:
        data = effect_event(effect).split(b"data: ")[1]
        ((kind, told),) = json.loads(data).items()
        assert told["text"] == effect.text, kind


def standing(stream: Followed) -> list[dict[str, Any]]:
    """The effects that are told before the first entry or comment."""
    found = []
    while (told := stream.next("effect", "entry", ":"))[0] == "effect":
        found.append(json.loads(told[2]))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A screen that says how many notices there are."""

    at: datetime
    notices: int


def draw(state: State, now: datetime) -> Drawn:
    return Drawn(at=now, notices=len(state.own.notices) + len(state.journal.notices))


def test_api_053_a_screen_comes_seldom_while_nothing_rings_and_at_once_when_something_does() -> (
    None
):
    desk = Desk(limits=QUICK, screen=draw)
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        assert olga.get("/screen").json()["notices"] == 0
        with following(client, olga) as stream:
            first = json.loads(stream.next("screen")[2])
            assert first["notices"] == 0
            assert first["arrivals"] == desk.settings().store.last_arrival()
            for number in range(5):
                olga.act(roz(f"roz-{number}"))
            names = [stream.next()[0] for _ in range(8)]
            assert "screen" not in names, "real time stands still here: no second has passed"
            desk.wall += timedelta(seconds=0.2)
            assert json.loads(stream.next("screen")[2])["notices"] == 5
            alarmed(desk)
            assert json.loads(stream.next("screen")[2])["arrivals"] > first["arrivals"]


def test_api_054_a_client_for_which_effects_do_not_fit_is_dropped_and_loses_nothing() -> None:
    desk = Desk(limits=replace(QUICK, effects_waiting=2, stalled_s=60.0))
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        olga.act(roz())
        with following(client, olga) as stream:
            stream.next(":")
            stream.held.set()
            alarmed(desk)
            for number in range(4):
                olga.act(roz(f"roz-{number + 2}"))
            mailbox = next(iter(serving(desk).hub.mailboxes))
            client.run(until(lambda: mailbox.overflowed))
            stream.held.clear()
            last = 0
            while (told := stream.next("entry", "dropped"))[0] == "entry":
                last = int(told[1])
            assert "come again" in json.loads(told[2])["reason"]
        newest = desk.settings().store.last_arrival()
        with following(client, olga, **{"Last-Event-ID": str(last)}) as stream:
            came = [stream.next("effect", "entry") for _ in range(2 + newest - last)]
            numbers = [int(number) for name, number, _ in came if name == "entry"]
            assert numbers == list(range(last + 1, last + 1 + len(numbers)))
            assert any("ring" in json.loads(data) for name, _, data in came if name == "effect")
            while numbers[-1] < newest:
                numbers.append(entry(stream)[0])
            assert numbers == list(range(last + 1, newest + 1))


def test_api_054_a_client_that_takes_nothing_is_given_up() -> None:
    desk = Desk(limits=QUICK)
    with desk.running() as client:
        rita = person(client, READER)
        with following(client, rita) as stream:
            stream.next(":")
            assert len(serving(desk).hub.mailboxes) == 1
            stream.held.set()
            client.run(until(lambda: not serving(desk).hub.mailboxes))
            stream.held.clear()


def test_api_486_a_fault_of_ours_in_a_stream_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crosstell.shell.api.stream.following.effect_event", lambda _effect: 1 / 0)
    desk = Desk(limits=QUICK)
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        olga.act(roz())
        alarmed(desk)
        stream = client.follow(BASE + "/stream", {"Cookie": cookie_of(olga)})
        with pytest.raises(ZeroDivisionError):
            stream.task.result(10.0)


def test_api_055_a_session_that_ends_ends_its_streams_and_an_idle_one_does_not() -> None:
    desk = Desk(limits=QUICK)
    with desk.running() as client:
        rita = person(client, READER)
        with following(client, rita) as stream:
            desk.wall += timedelta(seconds=7_200)
            for _ in range(3):
                stream.next(":")
            with following(client, rita) as beside:
                beside.next(":")
            desk.access.disable(READER, now=desk.wall)
            desk.wall += timedelta(seconds=1)
            assert "session has ended" in stream.next("dropped")[2]


def test_api_056_no_more_streams_than_are_served() -> None:
    desk = Desk(limits=replace(QUICK, streams=3, streams_of_account=2))
    with desk.running() as client:
        olga, rita = person(client, OPERATOR), person(client, READER)
        with following(client, olga) as one, following(client, olga) as two:
            one.next(":")
            two.next(":")
            assert olga.get("/stream").status_code == 503
            with following(client, rita) as three:
                three.next(":")
                assert person(client, "dmitri").get("/stream").status_code == 503


def test_api_057_when_the_node_stops_its_streams_end_with_a_reason() -> None:
    desk = Desk(limits=QUICK)
    with desk.running() as client:
        rita = person(client, READER)
        with following(client, rita) as stream:
            stream.next(":")
            client.loop.call_soon_threadsafe(serving(desk).hub.stop)
            assert "being stopped" in stream.next("dropped")[2]


def serving(desk: Desk) -> Any:  # noqa: ANN401 - what the application keeps for itself
    return desk.app.state.serving


async def until(holds: Callable[[], bool]) -> None:
    """Soon it holds; the loop's own patience bounds the wait."""
    while not holds():
        await asyncio.sleep(0.01)


def test_api_011_no_place_to_go_on_from_is_a_fault_of_ours() -> None:
    """The fuzz from the document asks everything else; a stream has no end to wait for."""
    desk = Desk(limits=QUICK)
    odd = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)
    numbers = st.integers(-2, 2**64).map(str)
    names = st.sampled_from(("after", "without", "at", ""))
    queries = st.lists(st.tuples(names, odd | numbers), max_size=3).map(urlencode)
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)

        @settings(max_examples=examples(25), deadline=None)
        @given(query=queries, place=st.none() | odd | numbers)
        def ask(query: str, place: str | None) -> None:
            more = {} if place is None else {"Last-Event-ID": place}
            with following(client, olga, f"/stream?{query}", **more) as stream:
                with suppress(EOFError):
                    stream.next()
                assert 200 <= stream.status < 500

        ask()
