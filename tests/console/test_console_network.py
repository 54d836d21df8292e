"""What the page says and does where a line hangs, or something between answers for the node."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from api_desk import PASSWORD
from consoles import Entrance, Seat, seat, sit
from half_open import line_to
from node_pair import ALPHA, BRAVO, DUTY, call
from playwright.sync_api import Browser, Route, expect
from room import OFFICER, Room

pytest_plugins = ("browsing",)

# The page's patience as short as the test says, where something is meant to hang.
HASTY = """(() => {
  window.haste = 1;
  const [{setTimeout}, {timeout}] = [window, AbortSignal];
  const hasty = (ms) => (ms >= 5000 ? ms / haste : ms);
  window.setTimeout = (then, ms, ...more) => setTimeout(then, hasty(ms), ...more);
  AbortSignal.timeout = (ms) => timeout.call(AbortSignal, hasty(ms));
})()"""
HASTE = "(by) => (window.haste = by)"
ALIVE = """async () => {
  const {store, silent_ms} = await import('/console/app/store.js');
  return {silent: silent_ms(), cut: store.cut};
}"""
CALLS = """async () => {
  const {store} = await import('/console/app/store.js');
  return store.screen.calls.map((one) => one.call);
}"""
LIVES = """async () => {
  const {Stream} = await import('/console/app/api.js');
  const lives = [];
  await new Promise((done) => {
    const life = (alive, status) => (lives.push(status ?? alive), lives.length > 1 && done());
    window.other = new Stream(() => {}, life, '');
  });
  window.other.close();
  return lives;
}"""
GATEWAY = "<html><body><h1>504 Gateway Time-out</h1></body></html>"
UNKNOWN = "whether it is on record is not known"


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="network").open() as opened:
        yield opened


@pytest.fixture(scope="module")
def alpha(browser: Browser, room: Room) -> Iterator[Seat]:
    with seat(browser, room, ALPHA, map_kind="canvas", script=HASTY) as opened:
        yield opened
        opened.clean()


def logged(at: Seat) -> None:
    """A voice call is begun; its form can be sent."""
    at.leave()
    at.page.keyboard.press("t")
    at.page.locator(".panel").get_by_role("button", name="Start the call").click()


def sent(at: Seat) -> None:
    at.page.locator(".panel").get_by_role("button", name="Record the log").click()


class Between:
    """What stands between page and node: the node does what is asked, and another answer comes."""

    def __init__(self, at: Seat, pattern: str, answer: Callable[[Route], object]) -> None:
        self.at, self.pattern, self.answer = at, pattern, answer
        self.keys: list[str | None] = []

    def __enter__(self) -> "Between":
        def takes(route: Route) -> None:
            key = route.request.header_value("idempotency-key")
            self.answer(route)
            self.keys.append(key)

        self.at.page.route(self.pattern, takes)
        return self

    def tried(self, times: int) -> None:
        self.at.until(lambda: len(self.keys) == times)

    def __exit__(self, *_: object) -> None:
        self.at.page.unroute(self.pattern)
        self.at.errors[:] = [one for one in self.at.errors if "the server responded" not in one]


def recorded_and(status: int, body: str) -> Callable[[Route], None]:
    def answer(route: Route) -> None:
        route.fetch()
        route.fulfill(status=status, body=body)

    return answer


@pytest.mark.long
def test_con_800_a_line_that_hangs_is_begun_anew_while_the_node_answers(
    browser: Browser, room: Room
) -> None:
    """Every connection that the browser has is held open and carries nothing; new ones pass."""
    with line_to(room.consoles[ALPHA].address) as line:
        by = Entrance(address=line.address, account=OFFICER, password=PASSWORD, map_kind="canvas")
        with sit(browser, by, script=HASTY) as at:
            stale = at.page.locator(".staleness")
            expect(stale).to_have_count(0)
            at.page.evaluate(HASTE, 2)
            assert line.hold() >= 1
            at.until(lambda: at.page.evaluate(ALIVE)["cut"])
            at.until(lambda: at.page.evaluate(ALIVE) == {"silent": 0, "cut": False})
            room.act(ALPHA, call("c-after"))
            at.until(lambda: "c-after" in at.page.evaluate(CALLS))
            at.errors[:] = [one for one in at.errors if "ERR_" not in one]
            at.clean()


def test_con_801_what_hangs_holds_no_line_of_the_browser(alpha: Seat) -> None:
    given_up: list[str] = []
    alpha.page.on("requestfailed", lambda one: given_up.append(one.url.rsplit("/", 1)[-1]))
    alpha.page.evaluate(HASTE, 3)
    with Between(alpha, "**/api/v1/status", lambda _route: None) as hung:
        alpha.until(lambda: len(hung.keys) > 1 and "status" in given_up)
    alpha.page.evaluate(HASTE, 1)
    alpha.errors[:] = [one for one in alpha.errors if "ERR_" not in one]


def test_con_800_what_is_no_stream_is_no_sign_of_life(alpha: Seat) -> None:
    alpha.page.route("**/api/v1/stream", lambda route: route.fulfill(status=200, body=GATEWAY))
    assert alpha.page.evaluate(LIVES) == [200, False]
    alpha.page.unroute("**/api/v1/stream")


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (504, GATEWAY, f"No answer came: {UNKNOWN}"),
        (502, json.dumps({"message": "Bad Gateway"}), "not known: HTTP 502 Send it again"),
        (
            500,
            json.dumps({"title": "at fault", "status": 500}),
            "not known: at fault Send it again",
        ),
    ],
)
def test_con_802_an_error_between_is_told_as_not_known_and_sent_again_is_one_act(
    alpha: Seat, room: Room, status: int, body: str, told: str
) -> None:
    before = len(room.state(ALPHA).own.voice_logs)
    logged(alpha)
    with Between(alpha, "**/api/v1/acts", recorded_and(status, body)) as between:
        sent(alpha)
        alpha.told(told)
        sent(alpha)
        alpha.until(lambda: len(between.keys) == 6)  # each press is tried three times
    alpha.told(told)
    sent(alpha)
    alpha.told("On record as entry")
    assert len(set(between.keys)) == 1
    assert len(room.state(ALPHA).own.voice_logs) == before + 1


# An act that no form keeps, by its name and what it is given: of what there need be nothing.
UNKEPT = """async ([name, given]) => {
  const acts = await import('/console/app/acts.js');
  const {store} = await import('/console/app/store.js');
  await acts[name](...given);
  return store.told.text;
}"""
HELD = {"notice": "n", "ref": {"feed": "f", "seq": 1, "hash": "h"}, "call": "c", "track": "t"}
REFUSAL = json.dumps({"title": "no", "detail": "why", "status": 409})


def at_fault(name: str, detail: str) -> str:
    return json.dumps({"type": f"urn:crosstell:problem:{name}", "detail": detail, "status": 503})


def test_con_802_818_a_test_of_a_line_behind_an_error_is_one_call(alpha: Seat, room: Room) -> None:
    before = len(room.state(ALPHA).own.calls)
    press = ["testLine", [BRAVO, DUTY]]
    with Between(alpha, "**/api/v1/acts", recorded_and(504, GATEWAY)) as between:
        for _ in range(2):
            assert UNKNOWN in alpha.page.evaluate(UNKEPT, press)
    assert "On record as entry" in alpha.page.evaluate(UNKEPT, press)
    assert len(between.keys) == 6
    assert len(set(between.keys)) == 1
    assert len(room.state(ALPHA).own.calls) == before + 1
    assert "On record as entry" in alpha.page.evaluate(UNKEPT, press)  # answered: this is another
    assert len(room.state(ALPHA).own.calls) == before + 2


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("heard", ["b", "coast station", "by telephone"]),
        ("status", [HELD, "active", {}, "words"]),
        ("passOn", [HELD, {}]),
        ("proposeSummary", [HELD, {"text": "words", "language": "en"}]),
        ("ownership", [HELD, "ours", {}]),
        ("useInPractice", ["words"]),
        ("stateReading", ["rule", "words"]),
        ("duress", ["log"]),
        ("renew", [HELD]),
        ("endTrack", [HELD, "gone"]),
        ("reportLine", [{"party": "bravo", "role": "duty", "medium": "radio"}, "down"]),
    ],
)
def test_con_802_818_what_no_form_keeps_is_the_same_act_until_an_answer_comes(
    alpha: Seat, name: str, given: list[object]
) -> None:
    sent: list[tuple[str | None, str | None]] = []

    def answers(status: int, body: str) -> Callable[[Route], None]:
        def answer(route: Route) -> None:
            asked = route.request
            sent.append((asked.header_value("idempotency-key"), asked.post_data))
            route.fulfill(status=status, body=body)

        return answer

    with Between(alpha, "**/api/v1/acts", answers(504, GATEWAY)):
        for _ in range(2):
            assert UNKNOWN in alpha.page.evaluate(UNKEPT, [name, given])
    with Between(alpha, "**/api/v1/acts", answers(409, REFUSAL)):
        assert alpha.page.evaluate(UNKEPT, [name, given]) == "Not done: why"
        assert len(sent) == 7
        assert len(set(sent)) == 1, "another act, or at another time"
        alpha.page.evaluate(UNKEPT, [name, given])
    assert sent[-1][0] != sent[0][0], "an answer came: what is sent next is new"


def test_con_818_after_another_act_of_the_same_it_is_a_new_one(alpha: Seat) -> None:
    line = {"party": "bravo", "role": "duty", "medium": "radio"}
    with Between(alpha, "**/api/v1/acts", lambda it: it.fulfill(status=504, body=GATEWAY)) as first:
        alpha.page.evaluate(UNKEPT, ["reportLine", [line, "down"]])
    with Between(alpha, "**/api/v1/acts", lambda it: it.fulfill(status=409, body=REFUSAL)) as then:
        alpha.page.evaluate(UNKEPT, ["reportLine", [line, "up"]])
        alpha.page.evaluate(UNKEPT, ["reportLine", [line, "down"]])
    assert len({first.keys[0], *then.keys}) == 3


LATE = """async ([ms, line]) => {
  const acts = await import('/console/app/acts.js');
  const {store} = await import('/console/app/store.js');
  store.skew_ms += ms;
  const answered = acts.reportLine(line, 'up');
  store.skew_ms -= ms; // the page's clock is right again before anything else is done
  await answered;
}"""


def test_con_818_what_is_pressed_again_much_later_is_meant_as_another_act(alpha: Seat) -> None:
    line = {"party": "bravo", "role": "duty", "medium": "relay"}
    with Between(alpha, "**/api/v1/acts", lambda it: it.fulfill(status=504, body=GATEWAY)) as asked:
        for ms in (0, 500_000, 700_000):
            alpha.page.evaluate(LATE, [ms, line])
    assert [len(set(asked.keys[at : at + 3])) for at in (0, 3, 6)] == [1, 1, 1]
    assert asked.keys[0] == asked.keys[3] != asked.keys[6]


@pytest.mark.parametrize(
    ("name", "told", "tries"),
    [
        ("at-fault", "Not done: the disk is full", 1),
        ("in-doubt", "the disk is full", 3),
        ("unavailable", "Whether it is on record is not known: the disk is full Send it again", 3),
    ],
)
def test_con_819_each_503_of_the_node_is_told_by_what_it_says_and_keeps_the_key(
    alpha: Seat, room: Room, name: str, told: str, tries: int
) -> None:
    before = len(room.state(ALPHA).own.voice_logs)
    logged(alpha)
    body = at_fault(name, "the disk is full")
    with Between(alpha, "**/api/v1/acts", lambda it: it.fulfill(status=503, body=body)) as no:
        for presses in (1, 2):
            sent(alpha)
            no.tried(presses * tries)
            expect(alpha.page.locator(".toast.bad")).to_have_text(re.compile(f"^\\s*{told}"))
    with Between(alpha, "**/api/v1/acts", lambda it: it.continue_()) as done:
        sent(alpha)
        alpha.told("On record as entry")
    assert len(no.keys) == 2 * tries
    assert len({*no.keys, *done.keys}) == 1
    assert len(room.state(ALPHA).own.voice_logs) == before + 1


@pytest.mark.parametrize("body", [GATEWAY, "{}", "", json.dumps({"done": "yes"}), "null"])
def test_con_803_an_answer_that_names_no_entry_is_never_told_as_done(
    alpha: Seat, room: Room, body: str
) -> None:
    before = len(room.state(ALPHA).own.voice_logs)
    logged(alpha)
    with Between(alpha, "**/api/v1/acts", lambda route: route.fulfill(status=200, body=body)):
        sent(alpha)
        alpha.told(f"No answer came: {UNKNOWN}")
    assert len(room.state(ALPHA).own.voice_logs) == before
    sent(alpha)
    alpha.told("On record as entry")
    assert len(room.state(ALPHA).own.voice_logs) == before + 1


def test_con_804_an_act_that_hangs_is_told_as_not_known(alpha: Seat, room: Room) -> None:
    before = len(room.state(ALPHA).own.voice_logs)
    logged(alpha)
    with Between(alpha, "**/api/v1/acts", lambda route: route.fetch()) as between:
        alpha.page.evaluate(HASTE, 3)
        sent(alpha)
        alpha.told("Sending")
        alpha.told(f"No answer came: {UNKNOWN}")
    alpha.page.evaluate(HASTE, 1)
    assert len(set(between.keys)) == 1
    sent(alpha)
    alpha.told("On record as entry")
    assert len(room.state(ALPHA).own.voice_logs) == before + 1
    alpha.errors[:] = [one for one in alpha.errors if "ERR_" not in one]


def test_con_804_820_of_a_watch_or_a_confirmation_it_is_said_to_look(alpha: Seat) -> None:
    told = alpha.page.evaluate(
        """async () => {
          const {Problem} = await import('/console/app/api.js');
          const {noOfOther} = await import('/console/app/acts.js');
          const no = (status, type) => noOfOther(new Problem({status, type, detail: 'why'}));
          return [no(0), no(504), no(409), no(503, 'x:at-fault'), no(503, 'x:in-doubt')];
        }"""
    )
    look = "Look how it stands before you do it again."
    assert told == [
        f"No answer came: whether that was done is not known. {look}",
        f"Whether that was done is not known: why {look}",
        "Not done: why",
        "Not done: why",
        "why",
    ]
