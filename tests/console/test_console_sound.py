"""What a watch officer hears, and what stays in sight, when something new happens."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from api_desk import PASSWORD
from consoles import LISTEN, OPEN, SHUT, SPY, Entrance, Seat, come_in, scene, seat
from node_pair import ALPHA, BRAVO, call
from playwright.sync_api import Browser, expect
from room import OFFICER, Room

from crosstell.core.line.message import CallKind, Precedence

pytest_plugins = ("browsing",)

# What a screen makes heard, by the tone that each kind begins with; no other comes meanwhile.
PLAYED = """async ({what, ...given}) => {
  const [{take}, {set, store}, sound] = await Promise.all(
    ['main', 'store', 'sound'].map((name) => import(`/console/app/${name}.js`)));
  const KINDS = {1180: 'stop', 960: 'critical', 740: 'urgent', 440: 'failure', 620: 'call',
                 660: 'notice', 800: 'rising', 880: 'test'};
  const heard = (act) => {
    window.tones.length = 0;
    act();
    return [...new Set(window.tones.map((hz) => KINDS[hz]).filter(Boolean))];
  };
  const first = structuredClone(store.screen);
  const shown = (change) => {
    const screen = structuredClone(first);
    change?.(screen, (level) => screen.queue.find(
      (one) => one.level === level && one.why.code === 'queue.alert-ringing'));
    return heard(() => take(screen));
  };
  const later = (ms, act) => {
    const now = performance.now.bind(performance);
    performance.now = () => now() + ms;
    const found = act();
    performance.now = now;
    return found;
  };
  set({silenced: new Map()});
  return (WHAT)({heard, later, set, shown, sound, store, ...given});
}"""


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="sound").open() as found:
        scene(found)
        yield found


@pytest.fixture(scope="module")
def at(browser: Browser, room: Room) -> Iterator[Seat]:
    size = (1366, 768)
    with seat(browser, room, map_kind="canvas", size=size, script=SPY) as found:
        expect(found.page.locator(".card.ringing").nth(1)).to_be_visible()
        found.until(lambda: found.page.evaluate("window.tones.includes(960)"))
        yield found
        found.clean()


def played(at: Seat, what: str, **given: Any) -> Any:  # noqa: ANN401
    return at.page.evaluate(PLAYED.replace("WHAT", what), {"what": "", **given})


def test_con_666_what_is_silenced_sounds_at_once_when_it_rises_or_returns(at: Seat) -> None:
    found = played(
        at,
        """({shown, sound, store}) => {
          sound.silence();
          const same = shown();
          let key;
          const risen = shown((screen, by) => {
            const one = by('urgent');
            key = one.key;
            one.level = screen.alerts.find(({alert}) => alert === one.alert).level = 'critical';
          });
          const tagged = store.silenced.has(key);
          shown();
          sound.silence();
          const back = shown((screen, by) =>
            (screen.alerts.find(({alert}) => alert === by('urgent').alert).returns += 1));
          return {same, risen, tagged, back};
        }""",
    )
    assert found == {"same": [], "risen": ["critical"], "tagged": False, "back": ["urgent"]}


def test_con_667_silence_ends_by_itself_and_the_card_counts_down_to_it(at: Seat) -> None:
    found = played(
        at,
        """({heard, later, sound, store}) => {
          sound.silence();
          const due = (s) => later(s * 1000, () => {
            const rings = [...store.rings.values()];
            const urgent = rings.filter((one) => one.sound === 'urgent');
            return [sound.soundFor(rings), sound.soundFor(urgent)];
          });
          const again = later(61e3, () => {
            store.alive_at = store.received_at = performance.now();
            return heard(() => sound.heed());
          });
          store.alive_at = store.received_at = performance.now();
          return [due(59), due(61), due(119), due(121), again];
        }""",
    )
    quiet, goes = [None, None], ["critical", None]
    assert found == [quiet, goes, goes, ["critical", "urgent"], ["critical"]]
    at.page.keyboard.press("q")
    expect(at.page.locator(".card.critical .tag").first).to_have_text(
        re.compile(r"silenced, not acknowledged · sounds in 00:5\d")
    )
    expect(at.page.locator(".card.urgent .tag").first).to_have_text(re.compile(r"sounds in 01:5\d"))


def test_con_668_669_each_kind_has_its_tone_and_what_begins_is_heard_once(
    at: Seat, room: Room
) -> None:
    told = call("c-in", ALPHA, kind=CallKind.QUERY, precedence=Precedence.ROUTINE)
    room.act(BRAVO, told)
    expect(at.card("c-in")).to_be_visible()
    found = played(
        at,
        """({shown, sound, store}) => {
          const only = (screen, what) => (screen.queue = screen.queue.filter(what));
          const isAlert = (one) => one.why.code === 'queue.alert-ringing';
          const called = (change) => {
            shown((screen) => only(screen, isAlert));
            const tones = shown((screen) =>
              Object.assign(screen.calls.find((one) => one.call === 'c-in'), change));
            return [...tones, sound.soundFor([...store.rings.values()])];
          };
          const advisories = (n) => (screen) => {
            only(screen, isAlert).splice(n);
            for (const one of screen.queue) one.level = 'advisory';
          };
          shown((screen) => (screen.queue = []));
          return {
            routine: called({}),
            immediate: called({precedence: 'immediate'}),
            flash: called({precedence: 'flash'}),
            stop: called({kind: 'stop', stop: 'stands', precedence: 'flash'}),
            lifted: called({kind: 'stop', stop: 'lifted', precedence: 'routine'}),
            advisories: [0, 1, 2, 2].map((n) => shown(advisories(n))),
          };
        }""",
    )
    assert found == {
        "routine": ["rising", "call", "critical"],
        "immediate": ["rising", "urgent", "critical"],
        "flash": ["rising", "critical", "critical"],
        "stop": ["rising", "stop", "stop"],
        "lifted": ["rising", "call", "critical"],
        "advisories": [[], ["notice"], ["notice"], []],
    }


def test_con_673_744_what_fails_has_a_tone(at: Seat) -> None:
    """The node's silence until it is silenced or over; an alarm and a line that is down, once."""
    found = played(
        at,
        """({heard, set, shown, sound, store}) => {
          const none = (screen) => (screen.queue = []);
          shown(none);
          const down = (screen) => {
            none(screen);
            screen.header.counterparts[0].lines[0].standing = 'down';
          };
          const line = [shown(down), shown(down)];
          const {status} = store;
          const told = (clock_fault) =>
            heard(() => (set({status: {...status, clock_fault}}), sound.heed()));
          const clock = ['7.2 s ahead', '7.3 s ahead'].map(told);
          const record = ['entry 12', 'entry 12', 'entry 13'].map((one) => heard(() =>
            (set({status: {...status, alarms: [one], record_alarms: 1}}), sound.heed())));
          store.alive_at -= 60e3;
          const silent = heard(() => sound.heed());
          const silenced = [sound.silence(), sound.isSilenced('node')];
          store.alive_at = performance.now();
          set({status});
          const over = [shown(none), sound.silence()];
          return {line, clock, record, silent, silenced, over};
        }""",
    )
    assert found == {
        "line": [["failure"], []],
        "clock": [["failure"], []],
        "record": [["failure"], [], ["failure"]],
        "silent": ["failure"],
        "silenced": [True, True],
        "over": [[], False],
    }


def test_con_675_what_is_most_urgent_is_named_where_its_card_is_out_of_sight(at: Seat) -> None:
    page = at.page
    first, line = page.locator(".queue .card.critical").first, page.locator(".now-line button")
    queue = page.locator(".queue")
    queue.evaluate("one => one.scrollTo({top: 0})")
    expect(first).to_be_in_viewport()
    expect(line).to_be_hidden()
    page.keyboard.press("p")
    tops = "one => [...one.querySelectorAll('.card')].map((card) => card.offsetTop)"
    before = queue.evaluate(tops)
    queue.evaluate("one => one.scrollTo({top: one.scrollHeight})")
    expect(line).to_be_visible()
    expect(line).to_contain_text("Needs you now")
    expect(line).to_contain_text("critical")
    expect(line).to_contain_text("T-4502 \u00d7 POST-1")
    assert queue.evaluate(tops)[:2] == before[:2], "no card moves"
    at.settled()
    assert at.faults_of_access(".queue") == []
    page.keyboard.press("Escape")
    page.keyboard.press("0")
    expect(first).to_be_focused()
    expect(first).to_be_in_viewport()
    expect(line).to_be_hidden()


def test_con_671_672_what_is_off_is_said_and_is_on_again_for_the_next_watch(at: Seat) -> None:
    sound, chip = at.page.locator(".officer [data-sound]"), at.page.locator(".chip").first
    expect(sound).to_have_attribute("aria-pressed", "true")
    at.page.keyboard.press("u")
    chip.click()
    expect(sound).to_have_text("Sound off")
    expect(chip).to_contain_text("hidden")
    assert at.faults_of_access(".header") == []
    assert played(
        at,
        """({shown, store}) => {
          shown((screen, by) => (by('urgent').level = 'advisory'));
          return [store.sound, [...store.rings.values()].some((one) => one.sound === 'notice')];
        }""",
    ) == [False, True], "an advisory that nobody acknowledged blinks"
    at.page.evaluate(
        """async () => {
          const {set, store} = await import('/console/app/store.js');
          set({session: {...store.session, watch: '2'}});
        }"""
    )
    expect(sound).to_have_text("")
    expect(chip).not_to_contain_text("hidden")


MADE = """
  const Made = AudioContext;
  window.AudioContext = class extends Made {
    constructor() {
      super();
      console.log('audio made');
    }
  };
"""


def test_con_670_any_press_opens_the_sound_and_its_button_never_turns_it_off_unheard(
    at: Seat,
) -> None:
    strip, button = at.page.locator(".strip"), at.page.locator(".officer [data-sound]")
    at.page.evaluate(SHUT)
    expect(strip).to_contain_text("NO SOUND")
    at.page.locator(".header .party").click()
    assert at.page.evaluate("resumed") == 1
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert at.page.evaluate(OPEN) == 2, "by its own act, not by the press before it"
    expect(strip).to_have_count(0)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def test_con_670_671_a_page_that_may_not_sound_yet_says_so_until_a_key_opens_it(
    desk_browser: Browser, room: Room
) -> None:
    context = desk_browser.new_context(viewport={"width": 1366, "height": 768})
    context.add_init_script(LISTEN + SPY + MADE)
    address = room.consoles[ALPHA].address
    by = Entrance(address=address, account=OFFICER, password=PASSWORD, map_kind="canvas")
    came = context.new_page()
    come_in(came, by)
    came.evaluate(
        """() => localStorage.setItem('crosstell.console',
          '{"sound": false, "layers": {}, "dim": 2}')"""  # as an earlier version kept them
    )
    came.close()
    context.add_init_script("sessionStorage.setItem('crosstell.came-in', '1')")  # brought back
    page = context.new_page()
    # Whatever Playwright asks of a page counts as an act of a person in it.
    with page.expect_console_message(lambda one: one.text == "audio made"):
        page.goto(f"{address}/?map=canvas")
    at = Seat(page, address)
    strip, sound = page.locator(".strip"), page.locator(".officer [data-sound]")
    expect(strip).to_contain_text("NO SOUND")
    assert at.faults_of_access(".strips") == []
    expect(sound).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".chip[aria-pressed='false']")).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("data-dim", "2")
    page.keyboard.press("u")
    at.until(lambda: page.evaluate("window.tones.includes(880) && window.tones.includes(960)"))
    expect(strip).to_have_count(0)
    expect(sound).to_have_attribute("aria-pressed", "true")
    context.close()
