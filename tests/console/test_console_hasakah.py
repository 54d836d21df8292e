"""A whole watch of 5 October: two officers at two consoles of two nodes that are processes.

Alert on both sides; a call by node and the same by telephone; read back; stand by, expired; the own
side's ladder; a node killed in the midst of a call; an answer lost; the readout on paper. Whatever
is done is done on the pages; whatever came of it is looked up in both records.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
from consoles import Seat, found, read_back, sit
from hasakah_day import TR, US, Day, hasakah
from on_paper import PRINTS, Heads, heads_in, on_paper, printed_by
from playwright.sync_api import Browser, Locator, Route, expect

from crosstell.core.detection.alert import Attention
from crosstell.core.ids import EntryRef, PartyId
from crosstell.core.incident.paper import IncidentFile, Readout, View
from crosstell.core.instant import later
from crosstell.core.line.acknowledgement import Stage
from crosstell.core.line.answer import AnswerKind
from crosstell.core.line.call import Call
from crosstell.core.line.content import Danger
from crosstell.core.line.escalation import Ladder, MatterKind
from crosstell.core.line.message import CallKind
from crosstell.core.state.state import State
from crosstell.replay.live.compared import compare

pytest_plugins = ("browsing",)

AT = " \u00d7 "
SEEN = {US: f"us-t1{AT}us-forces-assumed", TR: f"tr-own-1{AT}us-roz-hasakah"}
SILENT_MS_MAX = 5_000
BACK_MS_MAX = 60_000  # a start reads the record, on a machine that others use too
Content = TypeVar("Content")
OUR_VIEW = "The line was kept open."
OUR_WORDS = "An alert was raised from our own sensors."


@dataclass
class Watch:
    """The day, and who sits at its two consoles."""

    day: Day
    us: Seat
    tr: Seat

    def both(self, what: Callable[[State], Any]) -> None:
        """It is so by both nodes' records."""
        self.day.until(lambda: what(self.day.state(US)) and what(self.day.state(TR)))

    def placed(self, kind: CallKind) -> Call:
        """The one call of that kind that our side placed, by its own record."""
        (call,) = self.day.until(lambda: calls(self.day.state(US), kind))
        return call  # type: ignore[no-any-return]


def calls(state: State, kind: CallKind) -> list[Call]:
    return [call for call in state.feeds[US].calls.values() if call.placed.kind is kind]


def answers(state: State, call: EntryRef) -> list[AnswerKind]:
    held = state.feeds[TR].answers.get(call)
    return [] if held is None else [said.answer.kind for _, said in held.given]


def stage(state: State, call: EntryRef) -> Stage:
    held = state.feeds[TR].acknowledgements.get(call)
    return Stage.UNSEEN if held is None else held.stage


def shown(at: Seat, text: str) -> Locator:
    """The card of what needs that side's person."""
    card = at.page.locator(".card", has_text=text).first
    expect(card).to_be_visible()
    return card


def matter(at: Seat, text: str) -> Locator:
    """The card or row of it in the queue."""
    return at.page.locator(".queue [data-key]", has_text=text).first


def press(at: Seat, text: str, key: str, told: str = "") -> None:
    """That matter's act, by its key; and what the page says of it."""
    at.page.keyboard.press("Escape")
    at.seen()
    matter(at, text).click(position={"x": 6, "y": 6})
    at.page.keyboard.press(key)
    if told:
        at.told(told)


@contextmanager
def watch(browser: Browser, folder: Path) -> Iterator[Watch]:
    """Both officers are at their consoles before dawn."""
    with (
        hasakah(folder, taken_at="2023-10-05T04:10:00Z") as day,
        sit(browser, day.entrance(US)) as us,
        sit(browser, day.entrance(TR)) as tr,
    ):
        us.page.context.add_init_script(PRINTS)
        yield Watch(day=day, us=us, tr=tr)


def alerts_on_both(w: Watch) -> None:
    """Each node raises its own alert from its own sensors; each officer sees and takes it."""
    for party, at in ((TR, w.tr), (US, w.us)):
        alert_taken(w, party, at)


def alert_taken(w: Watch, party: PartyId, at: Seat) -> None:
    about = SEEN[party]
    w.day.go_until(lambda: attentions(w.day.told(party), about))
    expect(shown(at, about)).to_have_class(re.compile("ringing"))
    press(at, about, "a", "Acknowledged. On record as entry")
    expect(matter(at, about)).not_to_have_class(re.compile("ringing"))
    w.day.until(lambda: attentions(w.day.state(party), about) == [Attention.ACKNOWLEDGED])


def attentions(state: State, about: str) -> list[Attention]:
    """How the shown alerts about that stand with people."""
    track, _, notice = about.partition(AT)
    return [
        one.attention
        for key, one in state.journal.alerts.items()
        if one.shown and track in str(key.about) and notice in str(key.about)
    ]


def call_by_node(w: Watch) -> Call:
    """The draft is sent, received and read back, and answered: stand by."""
    press(w.us, SEEN[US], "c")
    w.us.page.get_by_role("button", name="Send", exact=True).click()
    w.us.told("Call placed")
    call = w.placed(CallKind.WARN)
    assert call.placed.content.danger is Danger.OWN_FORCES_ENDANGERED, "as the node drafted it"
    name, ref = call.placed.call, call.placed_stamp.ref
    expect(shown(w.tr, name)).to_have_class(re.compile("ringing"))
    press(w.tr, name, "a", "Received")
    expect(matter(w.tr, name).get_by_role("button", name="Answer")).to_be_visible()
    press(w.tr, name, "r")
    panel = w.tr.page.locator(".panel")
    read_back(panel)
    w.tr.told("Read back")
    w.both(lambda state: stage(state, ref) is Stage.READ_BACK)
    until = later(w.day.leader.now.replace(second=0, microsecond=0), by_s=240)
    answer = panel.locator("form").last
    answer.locator("[name=kind]").select_option("stand-by")
    answer.locator("[name=until]").fill(f"{until:%H:%M}")
    answer.get_by_role("button").click()
    w.tr.told("Answered")
    w.both(lambda state: answers(state, ref) == [AnswerKind.STAND_BY])
    expect(w.us.page.locator("[data-key]", has_text=name)).to_contain_text("They said stand by")
    return call


def call_by_telephone(w: Watch, call: Call) -> None:
    """Each side logs the one voice call on its own; the two logs are found to be of one call."""
    for at in (w.us, w.tr):
        panel = found(at, call.placed.call)
        panel.get_by_role("button", name="Log a voice call").click()
        panel.get_by_role("button", name="Start the call").click()
    for at in (w.us, w.tr):
        panel = at.page.locator(".panel")
        for step in ("A person came on", "Voice checked"):
            panel.get_by_role("button", name=step).click()
        panel.locator("[name=auth_method]").select_option("challenge-reply")
        panel.locator("[name=auth_result]").select_option("verified")
        panel.get_by_role("button", name="End", exact=True).click()
        panel.get_by_role("button", name="Record the log").click()
        at.told("Voice log recorded")
    w.both(lambda state: [len(state.feeds[party].voice_logs) for party in (US, TR)] == [1, 1])
    for party, at in ((US, w.us), (TR, w.tr)):
        (log,) = w.day.state(US).feeds[party].voice_logs
        expect(found(at, log)).to_contain_text("matched")
        at.page.keyboard.press("Escape")


def stand_by_expires(w: Watch, call: Call) -> None:
    """Both pages say so; nobody takes it up, so our own side's ladder climbs to the watch chief."""
    name = call.placed.call

    def ladder() -> Ladder | None:
        journal = w.day.told(US).journal
        ladders = {**journal.ended_lately, **journal.ladders}
        return next(
            (one for key, one in ladders.items() if key.kind is MatterKind.STAND_BY_EXPIRED), None
        )

    w.day.go_until(ladder)
    expect(shown(w.us, name)).to_contain_text("Their stand-by is over and no answer has come")
    expect(shown(w.tr, name)).to_contain_text("Our stand-by is over; the answer is owed")
    chief = shown(w.us, name).locator(".ladder li", has_text="watch chief")
    expect(chief).not_to_have_class("reached")
    w.day.go_until(lambda: (held := ladder()) and held.reached >= 2)
    expect(chief).to_have_class("reached")
    expect(chief).to_contain_text("rung")
    press(w.us, name, "a", "Taken up")


def killed_in_a_call(w: Watch) -> Call:
    """Their node dies before a person took our call; it is back, and the call is there once."""
    press(w.us, SEEN[US], "c")
    w.us.page.locator(".panel [name=kind]").select_option("query")
    w.us.page.get_by_role("button", name="Send", exact=True).click()
    w.us.told("Call placed")
    call = w.placed(CallKind.QUERY)
    name, ref = call.placed.call, call.placed_stamp.ref
    shown(w.tr, name)
    w.day.kill(TR)
    stale = w.tr.page.locator(".staleness")
    expect(stale).to_contain_text("NOTHING FROM THE NODE", timeout=SILENT_MS_MAX)
    press(w.tr, name, "a", "No answer came")
    expect(shown(w.us, name)).to_be_visible()
    w.day.start(TR)
    expect(stale).to_have_count(0, timeout=BACK_MS_MAX)
    w.both(lambda state: stage(state, ref) is Stage.DELIVERED)
    expect(w.tr.page.locator(".card", has_text=name)).to_have_count(1)
    press(w.tr, name, "a", "Received")
    w.both(lambda state: stage(state, ref) is Stage.RECEIVED)
    return call


def answer_lost(w: Watch) -> Call:
    """Our node records a call and dies before it says so; sent again, it is one call."""

    def swallow(route: Route) -> None:
        route.fetch()
        w.day.kill(US)
        route.abort()

    press(w.us, SEEN[US], "c")
    w.us.page.locator(".panel [name=kind]").select_option("inform")
    w.us.page.route("**/acts", swallow, times=1)
    send = w.us.page.get_by_role("button", name="Send", exact=True)
    send.click()
    w.us.told("No answer came: whether it is on record is not known")
    stale = w.us.page.locator(".staleness")
    expect(stale).to_be_visible(timeout=SILENT_MS_MAX)
    w.day.start(US)
    expect(stale).to_have_count(0, timeout=BACK_MS_MAX)
    send.click()
    w.us.told("Call placed")
    call = w.placed(CallKind.INFORM)
    w.both(lambda state: len(calls(state, CallKind.INFORM)) == 1)
    return call


def settled(w: Watch, warned: Call, asked: Call) -> None:
    """They answer what is owed; we check the read-back and close."""
    for call, kind, reason in ((warned, "unable", "cannot leave now"), (asked, "ours", "")):
        w.tr.page.keyboard.press("Escape")
        panel = found(w.tr, call.placed.call)
        panel.get_by_role("button", name="Answer", exact=True).first.click()
        answer = panel.locator("form").last
        answer.locator("[name=kind]").select_option(kind)
        answer.locator("[name=reason]").fill(reason)
        answer.get_by_role("button").click()
        w.tr.told("Answered")
        expect(w.us.page.locator("[data-key]", has_text=call.placed.call)).to_contain_text(
            "it can be closed"
        )
    ref = warned.placed_stamp.ref
    w.both(lambda state: answers(state, ref) == [AnswerKind.STAND_BY, AnswerKind.UNABLE])
    panel = found(w.us, warned.placed.call)
    panel.get_by_role("button", name="Read-back differs").click()
    w.us.told("Read-back checked")
    panel.get_by_role("button", name="Close without summary").click()
    w.us.told("Closed")
    w.both(lambda state: calls(state, CallKind.WARN)[0].ended is not None)


def readout_printed(w: Watch) -> Heads:
    """From the alert to the incident, its readout shortened, worded, filed, and on paper."""
    incident_opened(w)
    readout_filed(w)
    panel = w.us.page.locator(".panel")
    printed = printed_by(panel.locator(".readout-held").get_by_role("button", name="Print"))
    return on_paper(printed, OUR_WORDS, OUR_VIEW)


def incident_opened(w: Watch) -> None:
    """The file's form is filled from the alert, and filing it is one press."""
    press(w.us, SEEN[US], "z")
    panel = w.us.page.locator(".panel")
    expect(panel.locator("[name=title]")).to_have_value(SEEN[US])
    expect(panel.locator("[name=title]")).to_be_focused()
    w.us.page.keyboard.press("Enter")
    w.us.told("Filed. On record as entry")
    expect(panel.locator(".timeline tbody tr").first).to_be_visible()
    (file,) = contents(w, IncidentFile)
    assert file.title == SEEN[US]


def readout_filed(w: Watch) -> None:
    """One sentence is taken out, one put in other words, a view added; the rest stands."""
    w.us.page.keyboard.press("3")
    panel = w.us.page.locator(".panel")
    panel.get_by_role("button", name="Draft a readout from the record").click()
    sentences = panel.locator(".sentences li")
    expect(sentences.nth(1).locator(".link").first).to_be_visible()
    drafted = sentences.count()
    sentences.first.locator("input").uncheck()
    sentences.nth(1).locator("textarea").fill(OUR_WORDS)
    panel.get_by_role("button", name="Add a view of this party").click()
    expect(sentences).to_have_count(drafted + 1)
    sentences.last.locator("textarea").fill(OUR_VIEW)
    panel.locator("[name=occasion]").fill("handover of the morning")
    panel.get_by_role("button", name=f"File the readout: {drafted} sentences").click()
    w.us.told("Filed. On record as entry")
    (readout,) = contents(w, Readout)
    assert len(readout.sentences) == drafted
    assert readout.sentences[0].text == OUR_WORDS
    assert not isinstance(readout.sentences[0], View)
    assert readout.sentences[0].entries, "other words, on the same entries"
    assert readout.sentences[-1] == View(text=OUR_VIEW)


def contents(w: Watch, kind: type[Content]) -> list[Content]:
    """What papers of that kind our record holds, kept at home or told."""
    told = w.day.state(US)
    held = (*told.own.papers.values(), *told.journal.papers.values())
    return [one.content for one in held if isinstance(one.content, kind)]


def records_agree(w: Watch, folder: Path, heads: Heads) -> None:
    """Both records verify, every feed is the same in both, and had the heads on the paper."""
    sites = w.day.live.sites
    compared = compare(
        {party: site.installation for party, site in sites.items()},
        {party: site.card.feed for party, site in sites.items()},
        frozenset(site.card.root for site in sites.values()),
        folder / "exports",
    )
    assert all(feed.is_whole for feed in compared.feeds), compared.feeds
    assert all(count > 0 for _, count in compared.statements)
    assert {sites[US].card.feed, sites[TR].card.feed} <= {feed for feed, _ in heads}
    assert heads_in(folder / "exports" / US, heads) == heads


@pytest.mark.long
def test_con_028_a_whole_watch_between_two_consoles(browser: Browser, tmp_path: Path) -> None:
    """CON-005, CON-020 to CON-027, and the records of all three parties at the end."""
    with watch(browser, tmp_path) as w:
        alerts_on_both(w)
        warned = call_by_node(w)
        call_by_telephone(w, warned)
        stand_by_expires(w, warned)
        asked = killed_in_a_call(w)
        answer_lost(w)
        settled(w, warned, asked)
        heads = readout_printed(w)
        for at in (w.us, w.tr):
            assert at.outside() == []
            assert at.violations() == []
            assert [one for one in at.errors if "ERR_" not in one] == []
        w.day.settle()
    records_agree(w, tmp_path, heads)
