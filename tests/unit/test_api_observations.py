"""Observations by systems (docs/spec/api.md)."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from api_desk import BASE, OPERATOR, Desk, person
from asgi_inside import Inside
from node_pair import ALPHA, SEA, START, roz, seen

from crosstell.codecs.plain import to_plain
from crosstell.core.ids import TrackId
from crosstell.core.mechanism.inputs import OBSERVATIONS_MAX
from crosstell.core.picture.track import TrackState


def measured(track: str = "t1", north_m: float = 0.0, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    found = to_plain(seen(START, north_m, track=track))
    assert isinstance(found, dict)
    del found["received_at"]
    return found | changes


def give(desk: Desk, client: Inside, *items: object, **more: Any) -> httpx.Response:  # noqa: ANN401
    body = {"observations": list(items)}
    headers = {"Authorization": f"Bearer {desk.token}"} | more
    return client.request("POST", BASE + "/observations", json=body, headers=headers)


def test_api_032_observations_are_durable_when_they_are_answered() -> None:
    desk = Desk()
    with desk.running() as client:
        found = give(desk, client, measured("t1"), measured("t2", 500.0))
        assert (found.status_code, found.json()) == (202, {"taken": 2})
        tracks = desk.world.state(ALPHA).journal.tracks
        assert set(tracks) == {"t1", "t2"}
        held = tracks[TrackId("t1")].latest
        assert held is not None
        assert held.received_at == desk.clock.at, "when it reached us, by our own clock"
        assert held.motion.position == SEA


def test_api_032_the_observation_that_completes_a_conflict_raises_the_alert_at_once() -> None:
    desk = Desk()
    with desk.running() as client:
        olga = person(client, OPERATOR, watch=True)
        assert olga.act(roz()).status_code == 201
        for number in range(3):
            motion = to_plain(seen(desk.clock.at, 100.0 - number))
            assert isinstance(motion, dict)
            del motion["received_at"]
            assert give(desk, client, motion).status_code == 202
            desk.clock.at += timedelta(seconds=5)
        shown = olga.get("/alerts").json()["alerts"]
        assert len(shown) == 1
        assert shown[0]["view"]["alert"]["state"] == "shown"


def test_api_033_a_faulty_measurement_is_kept_as_faulty_and_the_others_are_used() -> None:
    desk = Desk()
    with desk.running() as client:
        beyond = measured("t2")
        beyond["motion"] = beyond["motion"] | {"position": {"lat_deg": 91.0, "lon_deg": 0.0}}
        blind = measured("t3")
        del blind["motion"]
        found = give(desk, client, measured("t1"), beyond, blind, measured("t4", extra=1))
        assert found.status_code == 202
        told = found.json()
        assert told["taken"] == 4
        assert [one["path"] for one in told["faulty"]] == [
            "observations[1]",
            "observations[2]",
            "observations[3]",
        ]
        assert "91" in told["faulty"][0]["text"]
    tracks = desk.world.state(ALPHA).journal.tracks
    assert tracks[TrackId("t1")].state is TrackState.HELD
    for name in ("t2", "t3", "t4"):
        assert tracks[TrackId(name)].state is TrackState.UNPLACED
        assert tracks[TrackId(name)].irregular_total == 1


@pytest.mark.parametrize(
    "item",
    [
        {},
        "t1",
        None,
        [],
        {"track": "t1"},
        measured() | {"track": "no id"},
        measured("t1", source=""),
        measured("t1", source="a\x1b[2J", motion=None),
    ],
    ids=range(8),
)
def test_api_033_one_that_names_neither_track_nor_source_refuses_the_body(item: object) -> None:
    desk = Desk()
    with desk.running() as client:
        found = give(desk, client, measured("t9"), item)
        assert found.status_code == 422, found.text
        assert "observations[1]" in found.json()["detail"]
    assert desk.world.state(ALPHA).journal.tracks == {}


def test_api_033_a_time_of_receipt_later_than_now_is_now() -> None:
    desk = Desk()
    with desk.running() as client:
        give(desk, client, measured("t1", received_at="2023-05-31T23:59:00Z"))
        give(desk, client, measured("t2", received_at="2199-01-01T00:00:00Z"))
        tracks = desk.world.state(ALPHA).journal.tracks
        early, late = tracks[TrackId("t1")].latest, tracks[TrackId("t2")].latest
        assert early is not None
        assert late is not None
        assert early.received_at < START
        assert late.received_at == desk.clock.at


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"observations": []}',
        b'{"observations": {}}',
        b'{"observations": [], "observations": []}',
        b'{"observations": [], "more": 1}',
        b"\xff",
        b'{"observations": ["\\ud800"]}',
        b"[" * 100_000,
        b'{"observations":' + b"[" * 40 + b"]" * 40 + b"}",
    ],
    ids=range(11),
)
def test_api_030_what_cannot_be_read_is_refused(body: bytes) -> None:
    desk = Desk()
    with desk.running() as client:
        found = client.request(
            "POST",
            BASE + "/observations",
            content=body,
            headers={
                "Authorization": f"Bearer {desk.token}",
                "Content-Type": "application/json",
            },
        )
        assert found.status_code == 422, found.text
    assert desk.world.state(ALPHA).journal.tracks == {}


def test_api_032_more_than_one_step_may_carry_is_refused() -> None:
    desk = Desk()
    with desk.running() as client:
        body = b'{"observations":[' + b",".join([b"1"] * (OBSERVATIONS_MAX + 1)) + b"]}"
        found = client.request(
            "POST",
            BASE + "/observations",
            content=body,
            headers={
                "Authorization": f"Bearer {desk.token}",
                "Content-Type": "application/json",
            },
        )
        assert found.status_code == 422
        assert f"at most {OBSERVATIONS_MAX}" in found.json()["detail"]


def test_acs_030_a_token_opens_nothing_but_observations() -> None:
    desk = Desk()
    with desk.running() as client:
        headers = {"Authorization": f"Bearer {desk.token}"}
        for method, path in (("GET", "/notices"), ("POST", "/acts"), ("GET", "/stream")):
            found = client.request(method, BASE + path, headers=headers)
            assert found.status_code == 403, path
        olga = person(client, OPERATOR, watch=True)
        assert olga.ask("POST", "/observations", json={}).status_code == 403
        desk.wall += timedelta(days=1)
        assert give(desk, client, measured()).status_code == 401


def test_run_280_run_282_what_would_wait_too_long_is_refused_with_a_time_and_shown() -> None:
    desk = Desk()
    with desk.running() as client:
        pressure = desk.sequencer.pressure
        pressure.waiting = 10 * int(pressure.per_s)  # as if so many waited
        refused = give(desk, client, measured())
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
        assert "nothing was taken" in refused.json()["detail"]
        olga = person(client, OPERATOR, watch=True)
        assert olga.act(roz()).status_code == 201, "an act is not refused for observations"
        (alarm,) = olga.get("/status").json()["alarms"]
        assert alarm.startswith("observations are refused: 1 since the start")
        pressure.waiting = 0
        assert give(desk, client, measured()).status_code == 202
