"""What a view holds, in lines for a person. Only printable text: others wrote much of it.

A key that this version does not know is left out here; `--json` prints everything.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from crosstell.core.picture.wording import quoted

Lines = Iterator[str]

_FRACTION = re.compile(r"(T\d\d:\d\d:\d\d)\.\d{1,6}Z")
NOTHING_TESTED = "Nothing was tested: no rule is about this plan and what was given."
CLEARS_TESTED = "It clears everything that it was tested against."
_BECAUSE = {
    "no-rule": "no rule is about the two",
    "no-place": "it states no place, heights or time",
}
_MET = {
    "infringes": "; it shares place, heights and time with the plan",
    "cannot-be-ruled-out": "; it may share place, heights and time with the plan",
}
ITEM_NAMES = ("alert", "notice", "log", "party")  # what names a matter, the first that it has


def printable(text: object) -> str:
    """The text without what could move the cursor or colour the screen."""
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in str(text))


def to_the_second(text: str) -> str:
    """The text with its instants to the second; `--json` has them whole."""
    return _FRACTION.sub(r"\1Z", text)


def at(value: Any, path: str, other: str = "") -> Any:  # noqa: ANN401 - JSON
    """What stands at a path of keys and list places; `other` where nothing does."""
    for step in path.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.lstrip("-").isdigit():
            place = int(step)
            value = value[place] if -len(value) <= place < len(value) else None
        else:
            value = None
    return other if value is None else value


def each(value: Any, path: str) -> list[Any]:  # noqa: ANN401 - JSON
    """The list at a path; empty where there is none."""
    found = at(value, path)
    return found if isinstance(found, list) else []


def tag(value: Any) -> str:  # noqa: ANN401 - JSON
    """The word of a union's member."""
    if isinstance(value, dict) and len(value) == 1:
        return str(next(iter(value)))
    return str(value)


def ref(value: Any) -> str:  # noqa: ANN401 - JSON
    """An entry's name as a command takes it."""
    return f"{at(value, 'feed')}/{at(value, 'seq')}/{at(value, 'hash')}"


def status(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """How the node does: what needs a person first."""
    yield (
        f"{at(found, 'party')} {str(at(found, 'reality')).upper()}, {at(found, 'at')}, "
        f"version {at(found, 'version')}, {at(found, 'arrivals')} entries held"
    )
    yield from _alarms(found)
    yield f"clock: {at(found, 'clock')}"
    if (thin_s := found.get("thin_s", 0.0)) > 1.0:
        yield f"thinned: of a track at most one observation in {thin_s:g} s is judged and recorded"
    for feed in each(found, "feeds"):
        size, signed = at(feed, "size"), at(feed, "checkpoint_size", "none")
        cosigned = ", ".join(map(str, each(feed, "cosigned_by"))) or "nobody"
        behind = at(feed, "behind", "")
        late = f"; has not said to hold {behind} of ours" if behind else ""
        yield (
            f"feed of {at(feed, 'party', 'our journal')}: {size} entries, newest "
            f"{at(feed, 'latest_at', 'none')}; checkpoint {signed}, cosigned by {cosigned}{late}"
        )
    yield from lines(found)
    yield from running(at(found, "running"))


def _alarms(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """What is wrong with the node, as the page orders it. Implements API-440."""
    if at(found, "fault"):
        yield f"FAULT: {at(found, 'fault')}"
    told, of_record = each(found, "alarms"), int(at(found, "record_alarms", "0"))
    yield from (f"ALARM of the record: {alarm}" for alarm in told[:of_record])
    if at(found, "clock_fault"):
        yield f"ALARM of the clock: {at(found, 'clock_fault')}"
    yield from (f"ALARM: {alarm}" for alarm in told[of_record:])


def running(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """What carries parcels, what was refused, what rings whom."""
    for link in each(found, "links"):
        fault = at(link, "fault")
        yield (
            f"link to {at(link, 'party')} at {at(link, 'reach') or 'no address'}: answered "
            f"{at(link, 'reached_at', 'never')}, heard {at(link, 'heard_at', 'never')}, "
            f"parcels that wait: {at(link, 'backlog')}{f'; FAULT: {fault}' if fault else ''}"
        )
    for one in each(found, "refused"):
        who = at(one, "party", "strangers")
        yield f"refused of {who}, {at(one, 'count')} times: {at(one, 'text')}"
    for channel in each(found, "channels"):
        fault = at(channel, "fault")
        yield (
            f"channel {at(channel, 'name')}: {at(channel, 'waiting')} waiting"
            f"{f'; FAULT: {fault}' if fault else ''}"
        )
    yield from (
        f"NO CHANNEL RINGS {role}: only an open console does" for role in each(found, "unrouted")
    )


def lines(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """Every line, how it stands, and how long its chain takes."""
    for one in each(found, "lines"):
        line, next_at = at(one, "line"), at(one, "view.next_test_at", "none")
        is_late = "none" != next_at <= at(found, "at")  # both as the node writes instants
        due = "test due since" if is_late else "next test"
        yield (
            f"line to {at(line, 'party')} {at(line, 'role')} by {at(line, 'medium')}: "
            f"{at(one, 'view.standing')} ({at(one, 'view.why')}); last answered "
            f"{at(one, 'view.last_answered_at', 'never')}, "
            f"{_test_out(one) or f'{due} {next_at}'}; "
            f"chain {at(one, 'total_s')} s"
        )


def _test_out(one: Any) -> str:  # noqa: ANN401 - JSON
    """The test of a line that nobody has taken yet."""
    sent_at, answer_by = at(one, "view.test_sent_at"), at(one, "view.test_answer_by")
    return f"test sent {sent_at}, its answer is awaited until {answer_by}" if answer_by else ""


def queue(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """What needs a person, what waits for the other side, what is to be watched."""
    items = each(found, "queue")
    calls_by_ref = {ref(at(one, "ref")): one for one in each(found, "calls")}
    for part in ("needs-you", "waiting", "monitoring"):
        yield f"{part.upper().replace('-', ' ')}"
        here = sorted((i for i in items if at(i, "part") == part), key=lambda i: at(i, "rank"))
        for item in here:
            due = at(item, "due_at")
            clock = f"  {at(item, 'due_of')} {due}" if due else ""
            named = next((at(item, one) for one in ITEM_NAMES if at(item, one)), "")
            if at(item, "call"):
                name = ref(at(item, "call"))
                named = f"{at(item, 'party')}/{at(calls_by_ref.get(name), 'call', name)}"
            yield f"  {at(item, 'kind')} {named}: {at(item, 'why.text')}{clock}"
        if not here:
            yield "  nothing"


def ladders(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """Every ladder of our own side, named as the act that takes it up names it, with its rungs."""
    for one in each(found, "ladders"):
        subject = json.dumps(at(one, "matter.subject"), ensure_ascii=False)
        ended = f" by {at(one, 'ended')}" if at(one, "ended") else ""
        yield (
            f"{at(one, 'kind')} {subject}: {at(one, 'state')}{ended}, opened {at(one, 'opened_at')}"
        )
        for number, rung in enumerate(each(one, "rungs"), 1):
            means = "the node rings" if at(rung, "means") == "ring" else "a person decides"
            yield (
                f"  rung {number}, {at(rung, 'role')}: {at(rung, 'reached')}, due "
                f"{at(rung, 'due_at')}; {means}"
            )
        for draft in each(one, "drafts"):
            yield f"  draft for {at(draft, 'role')}: {at(draft, 'brief')}"


def alerts(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """Every alert, with its call-by lines."""
    for one in each(found, "alerts"):
        yield f"{at(one, 'view.alert.alert')}  [{at(one, 'view.alert.level')}]"
        yield from (f"  {text}" for text in each(one, "view.text"))


def calls(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """Every call, how far it got, and what is owed."""
    for one in each(found, "calls"):
        placed, view = at(one, "call.placed"), at(one, "view")
        yield (
            f"{at(one, 'caller')}/{at(placed, 'call')}  {at(placed, 'kind')} "
            f"{at(placed, 'precedence')} {str(at(placed, 'reality')).upper()} to "
            f"{at(placed, 'to_party')} {at(placed, 'to_role')}: {at(view, 'state')}, stage "
            f"{at(view, 'stage')}, answer {at(view, 'clock.standing')}"
            f"{' by ' + str(at(view, 'clock.due_at')) if at(view, 'clock.due_at') else ''}"
        )
        for answer in each(view, "answers"):
            yield f"  answer: {at(answer, 'label', tag(at(answer, 'answer')))}"


def notices(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """Every notice, its newest version, and what others say of it."""
    for one in each(found, "notices"):
        notice = at(one, "notice")
        event = at(notice, "versions.-1.event")
        said = "; ".join(
            f"{at(s, 'party')} says {at(s, 'status.statements.-1.event.status')}"
            for s in each(one, "statuses")
        )
        yield (
            f"{at(one, 'party')}/{at(notice, 'notice')}  version {at(event, 'version')}, "
            f"{tag(at(event, 'content'))}, {at(notice, 'state')}, "
            f"{quoted(str(at(event, 'marking')))}, "
            f"{at(one, 'place')}{f'; {said}' if said else ''}"
        )
    for one in each(found, "former"):
        until = f", until {at(one, 'ends')}" if at(one, "ends") else ""
        kind = tag(at(one, "content")) if at(one, "content") else "content not kept"
        yield (
            f"{at(one, 'party')}/{at(one, 'notice')}  LAST KNOWN, from the former feed "
            f"{at(one, 'feed')}, not standing: {kind}{until}"
        )


def tracks(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """Every track and how current it is."""
    for one in each(found, "tracks"):
        view = at(one, "view")
        yield f"{at(view, 'track')}  {at(view, 'freshness')}: {at(view, 'text')}"


def shares(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """What is shared by whom, for what and until when, and the area that it was told to be in."""
    for one in each(found, "shares"):
        yield f"{at(one, 'text')}"
        if at(one, "volume"):
            circle, window = at(one, "volume.footprint.circle"), at(one, "volume.window")
            yield (
                f"  within {at(circle, 'radius_m')} m of {at(circle, 'centre.lat_deg')}, "
                f"{at(circle, 'centre.lon_deg')}, {at(window, 'start')} to {at(window, 'end')}"
            )


def given(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """Which version went to whom, what for, and each copy; the newest first."""
    for one in each(found, "versions"):
        what = f"{at(one, 'kind')} {at(one, 'item')} version {at(one, 'version')}"
        purpose = at(one, "purpose")
        yield (
            f"{at(one, 'at')}  {at(one, 'by')} gave {what} to {', '.join(at(one, 'to'))}, "
            f"{quoted(str(at(one, 'marking')))}, {at(one, 'standing')}"
            f"{f': {quoted(str(purpose))}' if purpose else ''}"
        )
    for one in each(found, "copies"):
        event = at(one, "event")
        yield (
            f"{at(one, 'stamp.at')}  copy {at(event, 'number')} for "
            f"{quoted(str(at(event, 'recipient')))}, {quoted(str(at(event, 'marking')))}: "
            f"{quoted(str(at(event, 'purpose')))}"
        )
    for name in ("versions", "copies"):
        if left_out := at(found, f"{name}_left_out"):
            yield f"{left_out} earlier {name} are not shown"


def entries(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """Entries in the order in which they came."""
    yield from (entry(one) for one in each(found, "entries"))


def entry(one: Any) -> str:  # noqa: ANN401 - JSON
    """One entry in a line."""
    by = at(one, "by")
    who = f"{at(by, 'role')} {at(by, 'watch')}" if by else "its node"
    named = at(one, "entry")
    return (
        f"{at(one, 'arrival', '-')}  {at(one, 'entry_at')}  {at(one, 'party', 'our journal')}  "
        f"{at(one, 'kind')} by {who}  {at(named, 'feed')}/{at(named, 'seq')}"
    )


def search(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """What was found, in words."""
    for hit in each(found, "hits"):
        owner = f"{at(hit, 'party')}/" if at(hit, "party") else ""
        yield f"{at(hit, 'kind')} {owner}{at(hit, 'id')}: {at(hit, 'text')}"
    if at(found, "left_out"):
        yield f"... and {at(found, 'left_out')} more; ask with more words"


def protocol(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """The protocol, what each party said of it, and each rule with its source and readings."""
    document = at(found, "protocol")
    yield f"{at(document, 'name')}, version {at(document, 'version')}, digest {at(found, 'digest')}"
    for one in each(found, "adherence"):
        said = f", as it said: {at(one, 'suspended.text')}" if at(one, "suspended") else ""
        yield f"{at(one, 'party')}: {at(one, 'state')}, {at(one, 'protocol')}{said}"
    for one in each(found, "in_force"):
        pair = " and ".join(map(str, each(one, "parties")))
        yield f"in force between {pair} since {at(one, 'since')}"
    if not each(found, "in_force"):
        yield "in force between nobody: it needs two signatures, and its start"
    silent = {at(one, "id") for one in each(document, "parties")} - {
        at(one, "party") for one in each(found, "adherence")
    }
    yield from (f"{party}: no signature is held here" for party in sorted(silent))
    for one in each(found, "rules"):
        yield f"rule {at(one, 'rule')}, from {at(one, 'source', 'no stated source')}"
        for reading in each(one, "readings"):
            yield f"  {at(reading, 'party')} reads it: {at(reading, 'text')}"


def papers(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """Papers, joint texts and corrective actions."""
    for one in each(found, "papers"):
        paper = at(one, "paper")
        content = at(paper, "versions.-1.event.content")
        yield f"{at(one, 'party')}/{at(paper, 'paper')}  {tag(content)}, {at(paper, 'state')}"
    for name in ("joint_texts", "actions"):
        yield from (f"{at(one, 'text')}" for one in each(found, name))


def claims(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """Accounts side by side, and what calls for a second look."""
    for account in each(found, "accounts"):
        yield from map(str, each(account, "claims"))
        yield from (f"  difference: {at(one, 'text')}" for one in each(account, "differences"))
    yield from (f"second look: {query}" for query in each(found, "queries"))


def plan(found: Any) -> Lines:  # noqa: ANN401 - JSON
    """What a plan does not clear, and what would clear it."""
    yield f"Checked against {at(found, 'obstacles')} tests of rule, reading and volume."
    yield "Nothing was filed."
    for one in each(found, "conflicts"):
        yield (
            f"{at(one, 'assessed')}: part {int(at(one, 'part') or 0) + 1} and "
            f"{at(one, 'against')}, rule {at(one, 'rule')}, reading {at(one, 'reading', 'text')}"
        )
    if not at(found, "obstacles"):
        yield NOTHING_TESTED
    elif not each(found, "conflicts"):
        yield CLEARS_TESTED
    for one in each(found, "remedies"):
        yield f"clears all of them by itself: {_shift(one)}"
    yield from plan_untested(each(found, "untested"), int(at(found, "untested_clear", "0")))
    if names := ", ".join(str(one) for one in each(found, "former_untested")):
        yield (
            f"Not tested, since a party left the feed in which it said them: {names}. Ask by "
            "telephone which still hold."
        )


def plan_untested(found: list[Any], clear: int) -> Lines:
    """What a plan was not tested against, and why. Implements API-460, RMD-150, RMD-152."""
    for one in found:
        yield (
            f"NOT TESTED: {at(one, 'notice')} of {at(one, 'party')}, since "
            f"{_BECAUSE[str(at(one, 'because'))]}{_MET.get(str(at(one, 'met')), '')}. See to it "
            "yourself."
        )
    if clear:
        yield f"Not tested, and apart from the plan in place, heights or time as stated: {clear}."


def _shift(one: Any) -> str:  # noqa: ANN401 - JSON
    """One verified shift of a plan, in words."""
    name = tag(one)
    if name == "time_shift_shown":
        by_s = float(at(one, f"{name}.by_s"))
        return f"{'later' if by_s > 0 else 'earlier'} by {abs(by_s) / 60:g} min"
    if name == "height_shift_shown":
        by_m = float(at(one, f"{name}.by_m"))
        return f"{'higher' if by_m > 0 else 'lower'} by {abs(by_m):g} m"
    if name == "place_shift_shown":
        place = at(one, name)
        return f"{at(place, 'travel_m')} m towards {at(place, 'track_deg')} degrees true"
    return f"{name} {at(one, name)}"


VIEWS: dict[str, Callable[[Any], Lines]] = {
    "alerts": alerts,
    "calls": calls,
    "claims": claims,
    "given": given,
    "lines": lines,
    "notices": notices,
    "papers": papers,
    "protocol": protocol,
    "shares": shares,
    "status": status,
    "tracks": tracks,
}
