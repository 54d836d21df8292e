"""Pieces of forms: a place more, a small form that was left, values that look alike."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from consoles import Seat, seat
from node_pair import ALPHA
from playwright.sync_api import Browser
from room import Room

from crosstell.core.line.content import Danger, RequestedAct

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="pieces").open() as opened:
        yield opened


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, ALPHA, size=(1366, 768), map_kind="canvas") as opened:
        yield opened
        opened.clean()


@pytest.fixture(autouse=True)
def nothing_open(alpha: Seat) -> Iterator[None]:
    yield
    alpha.leave()


PAIRS = """async (pairs) => {
  const {fieldText} = await import('/console/app/content.js');
  const {use} = await import('/console/app/i18n.js');
  const found = {};
  for (const language of ['tr', 'ru', 'ar', 'en']) {
    await use(language);
    found[language] = pairs.map(([field, one, other]) => {
      const [a, b] = [one, other].map((value) => ({[field.replace('-', '_')]: value}));
      return [fieldText(a, field, b), fieldText(b, field, a), fieldText(a, field, a)];
    });
  }
  return found;
}"""


def height(value_m: float, datum: str = "msl-egm96") -> dict[str, Any]:
    return {"altitude": {"value_m": value_m, "datum": datum}}


def ring(lat_deg: float, radius_m: float = 5_000.0) -> dict[str, Any]:
    return {"circle": {"centre": {"lat_deg": lat_deg, "lon_deg": 40.75}, "radius_m": radius_m}}


def area(lat_deg: float) -> dict[str, Any]:
    corners = ((36.5, 40.75), (36.6, 40.75), (lat_deg, 40.85))
    return {"polygon": {"vertices": [{"lat_deg": a, "lon_deg": b} for a, b in corners]}}


def test_con_748_two_values_that_differ_never_look_the_same_side_by_side(alpha: Seat) -> None:
    second, day = "2026-02-22T02:00:30", "2026-02-22T03:00:00Z"
    seen: list[tuple[str, Any, Any, str]] = [
        ("altitude-upper", height(1_524.0), height(1_524.001), "5000.000 ft MSL"),
        ("altitude-upper", height(1_524.0), height(1_525.0), "5000 ft MSL"),
        ("altitude-lower", height(1_524.0, "standard-pressure"),
         height(1_530.0, "standard-pressure"), "FL050.0"),
        ("altitude-lower", height(152.4), height(152.4, "above-ground"), "500 ft MSL"),
        ("window", {"start": f"{second}Z", "end": day}, {"start": f"{second}.000001Z", "end": day},
         "22 FEB 2026 02:00:30Z"),
        ("place", ring(36.5), ring(36.5000001), "37S FA 5672 4083 · 36.5000000, 40.7500000"),
        ("place", ring(36.5), ring(36.5, 5_000.001), "· 5000 m"),
        ("place", area(36.6), area(36.6000001), "· 3: 36.6000000, 40.8500000"),
        ("place", {"position": {"lat_deg": 36.5, "lon_deg": 40.75}},
         {"position": {"lat_deg": 36.5000001, "lon_deg": 40.75}}, "· 36.5000000, 40.7500000"),
    ]  # fmt: skip
    words = [
        (field, one.value, other.value)
        for field, each in (("danger", Danger), ("act", RequestedAct))
        for one, other in combinations(each, 2)
    ]
    found = alpha.page.evaluate(PAIRS, [*(one[:3] for one in seen), *words])
    for language, told in found.items():
        assert [one for one in told if one[0] == one[1]] == [], language
    english = found["en"][: len(seen)]
    for (*_, text), (first, *_) in zip(seen, english, strict=True):
        assert text in first
    assert english[0][2] == english[1][2] == "5000 ft MSL"  # beside the same one, or none
    assert english[5][2] == "circle 5.0 km at 37S FA 5672 4083"


BESIDE = """async ([said, back]) => {
  const {render} = await import('/console/vendor/lit.mjs');
  const {callSides} = await import('/console/app/views/queue.js');
  const box = document.createElement('div');
  render(callSides({
    call: 'c', party: 'alpha', to_party: 'bravo',
    content: {altitude_upper: said}, read_back_content: {altitude_upper: back},
    read_back_findings: [{field: 'altitude-upper', finding: 'differ'}],
  }), box);
  return [...box.querySelectorAll('td')].map((one) => one.textContent.trim());
}"""


def test_con_748_beside_the_sign_that_they_differ_what_was_said_and_read_back_differs(
    alpha: Seat,
) -> None:
    told = alpha.page.evaluate(BESIDE, [height(1_524.0), height(1_524.1)])
    assert told == ["5000.0 ft MSL", "5000.3 ft MSL", "\u2260"]
