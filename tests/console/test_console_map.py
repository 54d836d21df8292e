"""The map: the plain one without a graphics card, MapLibre behind the same interface, the load."""

import gzip
import json
import re
from collections.abc import Iterator
from typing import get_args

import pytest
from consoles import Seat, scene, seat
from node_pair import ALPHA
from playwright.sync_api import Browser, expect
from room import Room, flying, place

from crosstell.codecs.shape import tag_of
from crosstell.core.picture.content import Content
from crosstell.core.picture.trust.kind import ObjectKind
from crosstell.shell.live.running import STATIC

WEIGHT_MAX = 2_200_000

pytest_plugins = ("browsing",)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="map").open() as found:
        scene(found)
        yield found


def painted(at: Seat, canvas: str) -> int:
    """How many pixels of a canvas are not empty."""
    return int(
        at.page.evaluate(
            """(name) => {
              const c = document.querySelector(name);
              const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
              let n = 0;
              for (let i = 3; i < d.length; i += 4) n += d[i] > 0;
              return n;
            }""",
            canvas,
        )
    )


def test_con_013_without_a_graphics_card_the_plain_map_is_drawn(
    browser: Browser, room: Room
) -> None:
    with seat(browser, room) as at:
        assert at.page.locator("canvas.base").count() == 1
        assert painted(at, "canvas.base") > 500_000  # ready is said once all of it is drawn
        before = painted(at, "canvas.overlay")
        assert before > 3_000
        at.page.keyboard.press("g")
        at.until(lambda: painted(at, "canvas.overlay") > before + 2_000)
        at.page.keyboard.press("d")
        at.page.locator("#map").click(position={"x": 300, "y": 300})
        at.page.locator("#map").click(position={"x": 500, "y": 420})
        expect(at.page.locator(".readout")).to_contain_text("37S")
        at.clean()


BOXES = """async () => {
  const {page} = await import('/console/app/main.js');
  const stroke = CanvasRenderingContext2D.prototype.strokeRect;
  const boxes = [];
  CanvasRenderingContext2D.prototype.strokeRect = function (...how) {
    boxes.push(how);
    return stroke.apply(this, how);
  };
  page.map().overlay.draw();
  CanvasRenderingContext2D.prototype.strokeRect = stroke;
  const map = document.getElementById('map').getBoundingClientRect();
  const open = document.querySelector('.panel').getBoundingClientRect();
  const [from, to] = [open.left - map.left, open.right - map.left];
  const cut = boxes.filter(([x, , w]) => (x < to && x + w > from) || x < 0 || x + w > map.width);
  return [boxes.length, cut];
}"""


@pytest.mark.long
def test_con_383_no_box_is_cut_by_an_open_panel_on_either_side(
    browser: Browser, room: Room
) -> None:
    with seat(browser, room, watch=None, map_kind="canvas", size=(1366, 768)) as at:
        for language, direction in (("en", "ltr"), ("ar", "rtl")):
            at.page.locator(".header select").select_option(language)
            expect(at.page.locator("html")).to_have_attribute("dir", direction)
            for key, is_wide in (("?", False), ("h", True)):
                at.page.locator("#map").focus()
                at.page.keyboard.press(key)
                expect(at.page.locator(".panel")).to_be_visible()
                count, cut = at.page.evaluate(BOXES)
                assert count == 0 if is_wide else count > 0, "beside a wide one none would be whole"
                assert cut == [], language
                at.leave()


@pytest.mark.long
def test_con_444_no_symbol_is_hostile_whatever_the_object_and_whose(
    browser: Browser, room: Room
) -> None:
    """Each code by the fourth figure: 1 unknown, 3 friend, 4 neutral; 5 and 6 are never drawn."""
    kinds = [*ObjectKind, None, "balloon"]
    notices = [tag_of(one) for one in get_args(Content)]
    with seat(browser, room, watch=None, map_kind="canvas") as at:
        tracks, filed = at.page.evaluate(
            """async ([kinds, notices]) => {
              const {trackCode, noticeCode} = await import('/console/app/map/symbols.js');
              const whose = ['ours', 'not-ours', 'not-stated', 'checking', 'disputed', 'foe'];
              return [
                kinds.flatMap((kind) => whose.map((one) => [one, trackCode({whose: one, kind})])),
                notices.flatMap((kind) => [true, false].map((ours) =>
                  [kind, ours, noticeCode(kind, ours)])),
              ];
            }""",
            [kinds, notices],
        )
        assert {(whose, code[3]) for whose, code in tracks} == {
            ("ours", "3"),
            ("not-ours", "4"),
            *((one, "1") for one in ("not-stated", "checking", "disputed", "foe")),
        }
        assert all(re.fullmatch(r"\d{20}", code) for _, code in tracks)
        drawn = {(kind, ours): code[3] for kind, ours, code in filed if code}
        assert drawn == {
            ("own_force_location", True): "3",
            ("own_force_location", False): "4",
            ("avoidance_request", True): "3",
            ("avoidance_request", False): "4",
            ("notified_site", True): "4",
            ("notified_site", False): "4",
            ("notified_movement", True): "4",
            ("notified_movement", False): "4",
        }


@pytest.mark.long
def test_con_013_maplibre_draws_behind_the_same_interface(browser: Browser, room: Room) -> None:
    with seat(browser, room, map_kind="maplibre") as at:
        expect(at.page.locator(".maplibregl-canvas")).to_be_visible(timeout=20_000)
        assert painted(at, "canvas.overlay") > 3_000
        at.page.keyboard.press("f")
        at.settled()
        assert painted(at, "canvas.overlay") > 3_000
        at.clean()


@pytest.mark.long
def test_con_013_each_of_five_hundred_tracks_is_drawn_and_can_be_chosen(
    browser: Browser, room: Room
) -> None:
    """One apart from another, where it was told last; the benchmark of frames has the times."""
    with seat(browser, room) as at:
        for second in range(2):
            now = room.clock.now()
            room.observe(
                ALPHA,
                *(
                    flying(
                        now,
                        f"m{n}",
                        to=place((n % 25 - 12) * 5, (n // 25 - 10) * 6),
                        from_m=40_000 - 70 * second,
                        bearing_deg=n * 7.0,
                    )
                    for n in range(500)
                ),
            )
            room.clock.skip(1.0)
        expect(at.page.locator(".chips")).to_contain_text("502", timeout=20_000)
        at.page.keyboard.press("f")
        at.settled()
        drawn = """async () => {
          const {page} = await import('/console/app/main.js');
          return new Set(page.map().overlay.hits.map((one) => one.key)
            .filter((key) => /^track m\\d+$/.test(key))).size;
        }"""
        assert at.until(lambda: at.page.evaluate(drawn) == 500)
        at.clean()


@pytest.mark.long
def test_con_300_degrees_carry_from_seconds_to_minutes(browser: Browser, room: Room) -> None:
    with seat(browser, room) as at:
        told = """async () => (await import('/console/app/format.js')).dms(
          {lat_deg: 36.9999, lon_deg: -40.99999})"""
        assert at.page.evaluate(told) == "37°00\u203200\u2033N 041°00\u203200\u2033W"


def test_con_014_the_console_keeps_to_its_weight() -> None:
    total = sum(
        len(gzip.compress(path.read_bytes(), 6)) for path in STATIC.rglob("*") if path.is_file()
    )
    assert total < WEIGHT_MAX, total
    manifest = json.loads((STATIC / "map/reference/manifest.json").read_text("utf-8"))
    assert manifest["name"] == "reference"


@pytest.mark.long
def test_con_019_the_lines_of_the_grid_are_where_its_references_say(
    browser: Browser, room: Room
) -> None:
    """The grid's own figures against the grid references of another library, in two zones."""
    with seat(browser, room) as at:
        differ = at.page.evaluate(
            """async () => {
              const {toUtm, fromUtm, zoneOf} = await import('/console/app/map/utm.js');
              const f = await import('/console/app/format.js');
              const found = [];
              for (let i = 0; i < 60; i += 1) {
                const p = {lat_deg: -60 + i * 2.3, lon_deg: 36.1 + (i * 7 % 59) / 10};
                const zone = zoneOf(p.lon_deg);
                const {e, n} = toUtm(p, zone);
                const back = fromUtm({e, n}, zone);
                const off = Math.hypot(back.lat_deg - p.lat_deg, back.lon_deg - p.lon_deg);
                const [, , east, north] = f.mgrs(p).split(' ');
                const figures = [[e, east], [n, north]].map(([v, text]) => {
                  const d = Math.abs((((v % 1e5) + 1e5) % 1e5) - Number(text));
                  return Math.min(d, 1e5 - d);
                });
                if (off > 1e-7 || Math.max(...figures) > 2) found.push([p, off, figures]);
              }
              return found;
            }"""
        )
        assert differ == []


@pytest.mark.long
def test_con_019_the_map_is_printed_bright_and_whole(browser: Browser, room: Room) -> None:
    """Paper has the marking, the map with its name and hash, and what needs a person; no tools."""
    with seat(browser, room) as at:
        page = at.page
        page.evaluate(
            """() => {
              window.sizes = null;
              addEventListener('beforeprint', () => {
                const c = document.querySelector('canvas.overlay');
                const r = document.querySelector('#map').getBoundingClientRect();
                const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
                let n = 0;
                for (let i = 3; i < d.length; i += 4) n += d[i] > 250;
                window.sizes = [document.documentElement.dataset.dim,
                                Math.abs(c.width / c.height - r.width / r.height),
                                n / (d.length / 4)];
              });
            }"""
        )
        paper = page.pdf(format="A4")
        assert paper.startswith(b"%PDF")
        dim, stretched, painted_share = page.evaluate("window.sizes")
        assert dim == "0"
        assert stretched < 0.01
        assert painted_share > 0.99, "land and water stand on paper beneath what moves"
        at.until(lambda: page.locator("html").get_attribute("data-dim") == "1")
        page.emulate_media(media="print")
        for hidden in (".rail", ".bar", ".chips", ".readout"):
            expect(page.locator(hidden)).to_be_hidden()
        for shown in (".banner", ".reference", "#map", ".card >> nth=0"):
            expect(page.locator(shown)).to_be_visible()
        at.clean()
