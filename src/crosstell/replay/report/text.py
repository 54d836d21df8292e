"""The report as plain text, in the order of the page: for a terminal, a mail, a file.

Implements REP-103.
"""

import textwrap
from collections.abc import Iterable, Iterator
from datetime import datetime

from crosstell.core.picture.wording import quoted
from crosstell.papers.speech.speech import Speech, text_speech
from crosstell.papers.speech.spoken import UNREVIEWED, told_claim, told_topic, upper
from crosstell.papers.spoken import CHECK, FILE
from crosstell.papers.told import Aftermath, TopicTold
from crosstell.replay.report.model import (
    IncidentReport,
    checks_of,
    files_of,
    held_in,
    items_of,
)
from crosstell.replay.report.pictures import Compared
from crosstell.replay.result import AS_PLAYED, CallSeen, TimelineItem

WIDTH = 100
ABSENT = "-"
STEPS_SHOWN = 24
BY_WORD = "by the word of {who_spoke}"
STATUSES = {
    "INV": "by the word of an inquiry",
    "PRESS": "by the word of the press",
    "UNK": "not published",
    "RECALL": "recalled; its source was not read again",
    "assumption": "an assumption",
}


def print_report(report: IncidentReport, language: str) -> str:
    """The whole report as text."""
    speech = text_speech(language)
    lines = [
        *_head(report, speech),
        *_summary(report, speech),
        *_calls(report, speech),
        *_alerts(report, speech),
        *_notices(report, speech),
    ]
    for held in held_in(report):
        lines += _accounts(held, speech)
    lines += [*_pictures(report, speech), *_adherence(report, speech)]
    lines += [*_assumptions(report, speech), *_timeline(report, speech)]
    lines += [*_verification(report, speech), *_sources(report, speech)]
    return "\n".join(lines) + "\n"


def _title(words: str, speech: Speech) -> str:
    title = upper(speech.say(words), speech.language)
    return f"{title} {'-' * max(3, WIDTH - len(title) - 1)}"


def _wrapped(text: str, first: str = "  ", rest: str = "    ") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH + 20,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _section(words: str, lines: Iterable[str], speech: Speech) -> Iterator[str]:
    """A heading and its lines; nothing where there is none."""
    found = list(lines)
    if found:
        yield from ("", _title(words, speech), *found)


def _head(report: IncidentReport, speech: Speech) -> Iterator[str]:
    result = report.result
    title = (report.incident or result).title
    yield speech.tell(title, "names")
    yield "=" * min(WIDTH, len(title))
    yield f"{speech.say('Incident report')}, {speech.tell(report.origin, 'names')}"
    yield from _wrapped(speech.tell(result.heading), "", "")
    if not speech.is_english:
        yield from _wrapped(speech.say(UNREVIEWED), "", "")
    for file in files_of(report):
        yield speech.say(
            FILE,
            paper=file.paper,
            party=file.kept_by,
            marking=file.marking,
            list_matters=", ".join(file.matters),
        )
    for point in result.points:
        word = speech.say(STATUSES.get(point.status, BY_WORD), who_spoke=point.status)
        sources = "".join(f"[{one}]" for one in point.sources)
        title = speech.foreign(point.title)
        yield f"  {point.at:%Y-%m-%d %H:%M:%SZ}  {title}; {word} {sources}".rstrip()


def _summary(report: IncidentReport, speech: Speech) -> Iterator[str]:
    lines = (
        line
        for number, sentence in enumerate(report.summary, start=1)
        for line in _wrapped(speech.tell(sentence), f"  {number:>2}. ", "      ")
    )
    yield from _section("Summary", lines, speech)


def _calls(report: IncidentReport, speech: Speech) -> Iterator[str]:
    asked = [call for call in report.run.calls if call.kind != "test"]
    first: dict[tuple[str, str, str], str] = {}
    lines = []
    for call in asked:
        named = first.setdefault((call.caller, call.to, call.text), call.call)
        lines += _wrapped(_call(call, "" if named == call.call else named, speech))
    yield from _section("Calls, stage by stage", lines, speech)


def _call(call: CallSeen, alike: str, speech: Speech) -> str:
    """One call; where an earlier one said the same (`alike`), it is named instead."""
    stages = [
        ("Placed", call.placed),
        ("At the node", call.delivered),
        ("By a person", call.received),
        ("Read back", call.read_back),
    ]
    told = [f"{speech.say(word)} {_clock(at)}" for word, at in stages]
    passed = ", ".join(f"{one.to} {_clock(one.at)}" for one in call.passed) or ABSENT
    answers = ", ".join(f"{speech.say(one.answer)} {_clock(one.at)}" for one in call.answers)
    told += [f"{speech.say('Passed to')} {passed}", f"{speech.say('Answers')} {answers or ABSENT}"]
    logged = ""
    if call.claimed_by:
        logged = f" ({speech.say('as logged by {party}', party=call.claimed_by)})"
    by = "" if call.carriage == "node" else f" [{speech.say(call.carriage)}]"
    said = f": {speech.tell(call.text, 'message')}" if call.text else ""
    if call.text and alike:
        said = f": {speech.say('the same words as in {call}', call=alike)}"
    return (
        f"{speech.say(call.kind)} {call.call}{logged}{by}, {call.caller} → {call.to}{said}; "
        f"{'; '.join(told)} [{speech.tell(call.ref, 'refs')}]"
    )


def _clock(at: datetime | None) -> str:
    """The day of the month and the time, as in the timeline: a night has two days."""
    return ABSENT if at is None else f"{at:%d %H:%M:%SZ}"


def _alerts(report: IncidentReport, speech: Speech) -> Iterator[str]:
    lines = [
        line
        for alert in report.run.alerts
        for line in _wrapped(
            f"{alert.party}, {_clock(alert.first_raised)}, {speech.say(alert.first_level)} → "
            f"{speech.say(alert.highest_level)}: {alert.subject} x {alert.against or alert.rule}; "
            f"{speech.tell(alert.text, 'alerts')} [{speech.tell(alert.ref, 'refs')}]"
        )
    ]
    yield from _section("Alerts", lines, speech)


def _notices(report: IncidentReport, speech: Speech) -> Iterator[str]:
    lines = []
    for one in report.run.notices:
        text = f": {speech.foreign(quoted(one.text))}" if one.text else ""
        phrase = f"; {speech.tell(one.phrase)}" if one.phrase else ""
        standing = "; ".join(speech.tell(line, "statuses") for line in one.statuses) or ABSENT
        lines += _wrapped(
            f"{speech.say(one.kind)} {one.notice} ({one.party}), {one.filed:%Y-%m-%d %H:%M:%SZ}"
            f"{text}{phrase}; {standing} [{speech.tell(one.ref, 'refs')}]"
        )
    yield from _section("Notices, and where each component stands", lines, speech)


def _accounts(held: Aftermath, speech: Speech) -> Iterator[str]:
    title = speech.say(
        "Claims side by side, as held by {list_holders}",
        list_holders=f"party {' and party '.join(held.held_by)}",
    )
    yield from ("", f"{title} {'-' * max(3, WIDTH - len(title) - 1)}")
    for topic in held.topics:
        yield from _topic(topic, speech)
    for head, section, lines in (
        ("A second look: questions, no verdicts", "questions", held.questions),
        (
            "How far each stated place is from the point that the file names",
            "distances",
            tuple(line for one in held.incidents for line in one.from_point),
        ),
        (
            "What is said to have been agreed",
            "agreed",
            tuple(line for one in held.agreed for line in one.lines),
        ),
        ("Readouts, each of its own side alone", "readouts", held.readouts),
        ("Joint texts", "papers", held.joint_texts),
        ("Corrective action", "papers", held.actions),
        ("Alleged violations, never added up", "papers", held.allegations),
        ("Earlier incidents that share something", "papers", held.precedents),
    ):
        if lines:
            yield f"  {speech.say(head)}"
            for line in lines:
                yield from _wrapped(speech.tell(line, section), "    - ", "      ")


def _topic(topic: TopicTold, speech: Speech) -> Iterator[str]:
    about = told_topic(speech, topic)
    alone = ""
    if topic.alone:
        alone = f" ({speech.say('stated by {told_voice} alone', told_voice=topic.alone)})"
    yield from _wrapped(f"{topic.matter}, {about}{alone}")
    for one in topic.claims:
        text = f"{told_claim(speech, topic, one)} [{speech.tell(one.ref, 'refs')}]"
        yield from _wrapped(text, "    - ", "      ")
        for no in one.disputed:
            text = f"{speech.tell(no.text, 'disputes')} [{speech.tell(no.ref, 'refs')}]"
            yield from _wrapped(text, "      - ", "        ")
    for line in topic.differences:
        yield from _wrapped(f"-> {speech.tell(line, 'differences')}", "      ", "         ")


def _pictures(report: IncidentReport, speech: Speech) -> Iterator[str]:
    told = report.pictures
    lines = [
        line
        for sentence in (*told.lines, *told.not_testable)
        for line in _wrapped(speech.tell(sentence, "pictures"))
    ]
    lines += [line for one in told.compared for line in _steps(one, speech)]
    yield from _section("Two pictures of one traffic", lines, speech)


def _steps(compared: Compared, speech: Speech) -> Iterator[str]:
    """What one picture is off the other at each instant, the last ones."""
    heading = speech.say(
        "What {other} is off {one} at each instant; {one} is as much off {other}.",
        other=compared.other,
        one=compared.one,
    )
    if compared.steps:
        yield from _wrapped(heading)
    for step in compared.steps[-STEPS_SHOWN:]:
        if step.late_s is None:
            yield f"    {_clock(step.at)}  {speech.say('not testable')}"
            continue
        wide = speech.figure(f"{1.96 * step.late_sigma_s:.2f} s")
        yield (
            f"    {_clock(step.at)}  {speech.say('late')} {speech.figure(f'{step.late_s:+.2f} s')} "
            f"(± {wide}), {speech.say('east')} {speech.figure(f'{step.east_m:+.0f} m')}, "
            f"{speech.say('north')} {speech.figure(f'{step.north_m:+.0f} m')}; "
            f"{speech.say('objects taken as one')} {step.matches}"
        )


def _adherence(report: IncidentReport, speech: Speech) -> Iterator[str]:
    lines = [
        line
        for row in report.run.adherence
        for line in _wrapped(
            f"{speech.say(row.met.value)}, {row.party}, {row.rule}: "
            f"{speech.tell(row.duty, 'duties')} {speech.tell(row.why, 'why')} "
            f"[{speech.tell(row.ref, 'refs') or ABSENT}]"
        )
    ]
    if report.result.scenario and lines:
        lines = [*_wrapped(speech.say(AS_PLAYED)), *lines]
    yield from _section("Adherence, for a person to read", lines, speech)


def _assumptions(report: IncidentReport, speech: Speech) -> Iterator[str]:
    lines = [
        line
        for one in report.result.assumptions
        for line in _wrapped(
            f"{one.label} {speech.foreign(one.name)}: {speech.figure(one.value)} "
            f"({speech.figure(one.range)}); {speech.foreign(one.why)}"
        )
    ]
    yield from _section("Assumptions", lines, speech)


def _timeline(report: IncidentReport, speech: Speech) -> Iterator[str]:
    """What happened, as each side's entries have it; what stands above is left out."""
    items = items_of(report)
    lines = [
        line
        for item in items
        for line in _wrapped(
            f"{item.at:%d %H:%M:%SZ} {item.party}{_by(item, speech)}: "
            f"{speech.tell(item.what, 'timeline')} [{speech.tell(item.ref, 'refs') or ABSENT}]"
        )
    ]
    yield from _section("Timeline", lines, speech)


def _by(item: TimelineItem, speech: Speech) -> str:
    return f" {speech.names(item.by)}" if item.by else ""


def _verification(report: IncidentReport, speech: Speech) -> Iterator[str]:
    run = report.run
    lines = _wrapped(speech.tell(report.result.keys))
    for feed in run.record:
        number = speech.tell(f"{feed.entries} entries", "counts")
        lines.append(f"  {feed.party}: {number}, {speech.tell(feed.sound, 'record')}")
        lines.append(f"    {speech.say('feed')} {feed.feed}")
        lines.append(f"    {speech.say('root')} {feed.root}")
    digest = speech.say("digest of the run's record")
    lines.append(f"  {digest} {run.record_digest}")
    lines.append(f"  {speech.say('protocol digest')} {report.result.protocol_digest}")
    lines += [line for text in run.warnings for line in _wrapped(speech.tell(text))]
    lines += _wrapped(speech.say(CHECK))
    lines += [f"    {command}" for command in checks_of(report.result, run)]
    yield from _section("Verification", lines, speech)


def _sources(report: IncidentReport, speech: Speech) -> Iterator[str]:
    """What the numbers in brackets stand for. Implements REP-171."""
    lines = [
        line
        for one in report.result.sources
        for line in _wrapped(f"[{one.id}] {speech.foreign(one.title)}; {one.address}")
    ]
    yield from _section("Sources", lines, speech)
