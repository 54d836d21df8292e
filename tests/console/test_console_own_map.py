"""The operator's own map: chosen on the page, drawn, named; the plain map stays where it must."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from consoles import Seat, scene, seat
from map_package import package
from playwright.sync_api import Browser, expect
from room import Room

from crosstell.codecs.api.maps import MapShown
from crosstell.shell.console.maps import add_map

DRAWN = """async () => {
  const {page} = await import('/console/app/main.js');
  const {base} = page.map();
  const layers = ['package-fill-water', 'package-symbol-places'];
  if (!layers.every((one) => base.map?.getLayer(one))) return [];
  return layers.map((one) => base.map.queryRenderedFeatures({layers: [one]}).length);
}"""

pytest_plugins = ("browsing",)
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("maps")


@pytest.fixture(scope="module")
def own(maps: Path) -> MapShown:
    file = maps / "given.pmtiles"
    file.write_bytes(package())
    return add_map(maps / "held", file, "Own map 2026")


@pytest.fixture(scope="module")
def room(maps: Path, own: MapShown) -> Iterator[Room]:
    assert own.size > 0
    with Room(seed="own-map", maps=maps / "held").open() as found:
        scene(found)
        yield found


def kind(at: Seat) -> str:
    return str(
        at.page.evaluate("async () => (await import('/console/app/main.js')).page.map().base.kind")
    )


def test_con_018_the_own_map_is_chosen_drawn_and_named_with_its_hash(
    browser: Browser, room: Room, own: MapShown
) -> None:
    """Chosen on the plain map, too, where there is WebGL of any kind."""
    with seat(browser, room) as at:
        assert kind(at) == "canvas"
        expect(at.page.locator(".reference")).to_contain_text("Reference map")
        at.page.locator("select[name=map]").select_option(own.id)
        name = at.page.locator(".reference")
        expect(name).to_contain_text(f"Own map 2026, not for targeting · {own.sha256[:8]}")
        expect(name).to_contain_text("made for a test")
        assert kind(at) == "maplibre"
        at.until(lambda: all(at.page.evaluate(DRAWN)) and at.page.evaluate(DRAWN))
        asked = [url for url in at.asked if own.id in url]
        assert asked, "its parts come from the own node"
        at.page.keyboard.press("m")
        at.until(lambda: all(at.page.evaluate(DRAWN)) and at.page.evaluate(DRAWN))
        at.page.locator("select[name=map]").select_option("")
        expect(name).to_contain_text("Reference map")
        assert at.page.evaluate(DRAWN) == []
        at.clean()


def test_con_018_without_webgl_the_reference_map_stays_and_says_so(
    browser: Browser, room: Room
) -> None:
    with seat(browser, room, watch="join", script=NO_WEBGL) as at:
        expect(at.page.locator("select[name=map]")).to_be_disabled()
        expect(at.page.locator(".noweb")).to_contain_text("no WebGL: the reference map stays")
        assert kind(at) == "canvas"
        at.clean()


def test_con_018_a_map_that_is_gone_gives_the_reference_map_back(
    browser: Browser, room: Room, maps: Path, own: MapShown
) -> None:
    with seat(browser, room, watch="join") as at:
        held = maps / "held" / f"{own.id}.pmtiles"
        away = held.rename(held.with_suffix(".away"))
        try:
            at.page.locator("select[name=map]").select_option(own.id)
            at.told("could not be drawn; the reference map is shown")
            expect(at.page.locator(".reference")).to_contain_text("Reference map")
            keep = "localStorage.setItem('crosstell.console', JSON.stringify({package: '%s'}))"
            at.page.evaluate(keep % own.id)
            at.page.reload()
            at.told("The map Own map 2026 is not at this node any more")  # CON-445
            listed = at.page.locator("select[name=map] option[disabled]")
            expect(listed).to_have_text("Own map 2026 · its file is missing")
        finally:
            away.rename(held)


NO_WEBGL = """
  const of = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
    return kind === 'webgl2' ? null : of.call(this, kind, ...more);
  };
"""
