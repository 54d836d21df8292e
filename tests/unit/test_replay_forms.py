"""The forms that stand for values in a scenario's inputs, and legs."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crosstell.codecs.document import from_document
from crosstell.codecs.yaml_document import Document, DocumentRefused, parse_yaml
from crosstell.core.altitude import Altitude, Datum
from crosstell.core.geometry.footprint import Circle
from crosstell.core.geometry.geodesic import distance_m
from crosstell.core.geometry.motion import Motion
from crosstell.core.geometry.position import Position
from crosstell.core.ids import TrackId
from crosstell.core.line.content import CallContent, Danger, FreeText, Subject, SubjectKind
from crosstell.core.mechanism.inputs import Observed
from crosstell.core.picture.track import Observation
from crosstell.core.picture.trust.kind import ObjectKind
from crosstell.replay.given.forms import Assumed, Setting
from crosstell.replay.given.habits import HERE
from crosstell.replay.given.items import rewritten
from crosstell.replay.given.timed import Leg, sights_of
from crosstell.replay.given.written import written

TOWN = Position(lat_deg=36.5, lon_deg=40.75)
STRIKE = datetime(2023, 10, 5, 4, 30, tzinfo=UTC)
SETTING = Setting(
    assumptions={
        "radius": Assumed(text="5000", unit="m"),
        "wait": Assumed(text="90", unit="s"),
        "word": Assumed(text="open", unit=""),
    },
    points={"strike": STRIKE},
    places={"town": TOWN},
    things={"now": STRIKE},
)


def rewrite(text: str) -> Document:
    document = parse_yaml(text.encode(), name="inputs.yaml")
    return rewritten(document.name, document.root, SETTING)


def values(text: str) -> dict[str, str]:
    root = rewrite(text).root
    return {key.text: getattr(value, "text", "") for key, value in root.entries}  # type: ignore[union-attr]


def test_rep_003_an_assumption_stands_for_its_value() -> None:
    found = values("radius_m: {assumed: radius}\nwait_s: {assumed: wait}\nkind: {assumed: word}\n")
    assert found == {"radius_m": "5000", "wait_s": "90", "kind": "open"}


def test_rep_003_an_assumption_stands_in_any_unit_of_its_quantity() -> None:
    found = values(
        "lower_ft: {assumed: radius}\nradius_km: {assumed: radius}\nwait_minutes: {assumed: wait}\n"
    )
    assert float(found["lower_ft"]) == pytest.approx(5_000 / 0.3048)
    assert (float(found["radius_km"]), float(found["wait_minutes"])) == (5.0, 1.5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("radius_kt: {assumed: radius}", "inputs.yaml:1:22: .*needs a key that ends in _m or _km"),
        ("radius_m: {assumed: wait}", "needs a key that ends in _s"),
        ("radius_m: {assumed: word}", "needs a key for a word"),
        ("radius_m: {assumed: rdius}", "no assumption 'rdius'; .* radius, wait, word"),
        ("radius_m: {assumed: radius, plus: 3}", "nothing beside it"),
        ("at: {at_point: lunch}", "no such point of interest; there are strike"),
        ("at: {at_point: strike, plus_m: 3}", "unknown key; write one of plus_s"),
        ("at: {at_point: strike, plus_s: soon}", "plus_s is not a number"),
        ("at: {at_point: strike, plus_s: 99999999}", "more than a year"),
        ("at: {at_place: river}", "no such place; there are town"),
        ("at: {at_place: town, bearing_deg: 3}", "give both bearing_deg and distance_m"),
        ("call: {the: call}", "nothing of that name is at hand; there is now"),
    ],
)
def test_rep_003_a_form_that_stands_for_nothing_is_told(text: str, message: str) -> None:
    with pytest.raises(DocumentRefused, match=message):
        rewrite(text)


def test_rep_004_a_time_from_a_point() -> None:
    found = values(
        "a: {at_point: strike}\nb: {at_point: strike, plus_s: 30, plus_minutes: 1}\n"
        "c: {at_point: strike, minus_s: {assumed: wait}}\nd: {the: now, plus_s: 5}\n"
    )
    assert found["a"] == "2023-10-05T04:30:00Z"
    assert found["b"] == "2023-10-05T04:31:30Z"
    assert found["c"] == "2023-10-05T04:28:30Z"
    assert found["d"] == "2023-10-05T04:30:05Z"


def test_rep_004_a_repeat_numbers_its_ids() -> None:
    document = parse_yaml(b"call: {numbered: c}\n", name="x")
    third = SETTING.with_things({}, number=3)
    root = rewritten("x", document.root, third).root
    assert root.entries[0][1].text == "c-3"  # type: ignore[union-attr]


def test_rep_005_a_position_along_the_geodesic() -> None:
    document = rewrite("{at_place: town, bearing_deg: 45, distance_m: {assumed: radius}}")
    position = from_document(Position, document)
    assert distance_m(TOWN, position) == pytest.approx(5_000.0, abs=0.02)
    assert position.lat_deg > TOWN.lat_deg
    assert position.lon_deg > TOWN.lon_deg
    assert from_document(Position, rewrite("{at_place: town}")) == TOWN


def leg(holds_at_m: float | None) -> Leg:
    return Leg(
        track=TrackId("t"),
        source="s",
        towards=TOWN,
        at=STRIKE,
        bearing_deg=90.0,
        distance_m=1_000.0,
        speed_mps=50.0,
        every_s=10.0,
        before_s=20.0,
        after_s=40.0,
        holds_at_m=holds_at_m,
        delay_s=2.0,
        altitude=Altitude(value_m=4_000.0, datum=Datum.MSL_EGM96),
    )


def motion(number: int, leg_: Leg) -> Motion:
    given = sights_of(leg_)[number].input
    assert isinstance(given, Observed)
    (seen,) = given.observations
    assert isinstance(seen, Observation)
    return seen.motion


def far(number: int, leg_: Leg) -> float:
    return distance_m(TOWN, motion(number, leg_).position)


def test_rep_005_a_leg_closes_and_holds() -> None:
    sights = sights_of(leg(450.0))
    assert len(sights) == 7
    assert [round(far(n, leg(450.0))) for n in range(7)] == [2000, 1500, 1000, 500, 450, 450, 450]
    assert (sights[0].at - STRIKE).total_seconds() == -18.0, "seen 20 s before, held 2 s later"
    velocity = motion(0, leg(450.0)).velocity
    assert velocity is not None
    assert velocity.track_deg == 270.0
    assert motion(6, leg(450.0)).velocity is None, "circling: not known"


def test_rep_005_a_leg_without_hold_flies_on() -> None:
    assert [round(far(n, leg(None))) for n in (3, 4, 5, 6)] == [500, 0, 500, 1000]


@pytest.mark.parametrize("kind", [None, ObjectKind.SMALL_DRONE])
def test_rep_005_a_leg_says_the_kind_that_its_source_says(kind: ObjectKind | None) -> None:
    """TRU-030: at every sight, or at none."""
    for sight in sights_of(replace(leg(None), kind=kind)):
        assert isinstance(sight.input, Observed)
        (seen,) = sight.input.observations
        assert isinstance(seen, Observation)
        assert seen.kind is kind


def test_rep_005_a_leg_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 1000 sights"):
        Leg(
            track=TrackId("t"),
            source="s",
            towards=TOWN,
            at=STRIKE,
            bearing_deg=0.0,
            distance_m=0.0,
            speed_mps=1.0,
            every_s=0.1,
            before_s=0.0,
            after_s=9_999.0,
        )


def test_rep_006_what_lies_before_a_person_can_be_repeated() -> None:
    content = CallContent(
        subjects=(Subject(kind=SubjectKind.AIRCRAFT, label="007"),),
        place=Circle(centre=TOWN, radius_m=2_000.5),
        altitude_lower=Altitude(value_m=-3.5, datum=Datum.MSL_EGM96),
        danger=Danger.COLLISION,
        remarks=FreeText(text='yes: "no"\n#x', language="en"),
    )
    tree = written(CallContent, content, HERE)
    assert from_document(CallContent, Document("said", tree)) == content
