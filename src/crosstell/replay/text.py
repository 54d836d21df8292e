"""The replay for a person at a terminal: each run's timeline, then what was found.

Plain text, UTC throughout. Beside each line stand the minutes before the first and before the
last point of interest (after them, with a plus). Implements REP-045, REP-046.
"""

import textwrap
from collections.abc import Iterator, Sequence
from datetime import datetime

from crosstell.core.instant import seconds_between
from crosstell.papers.told import Aftermath
from crosstell.replay.moments import clock_of, decimals_of
from crosstell.replay.result import (
    AS_PLAYED,
    CallSeen,
    HeldBy,
    PointShown,
    ReplayResult,
    RunResult,
    TimelineItem,
)

WIDTH = 100
_KINDS = ("line-test", "ladder", "claim")  # left out of the timeline; claims stand below it
CALLS_SHOWN = 3
NEITHER = "stated by neither"


def print_text(result: ReplayResult) -> str:
    """The whole replay as text."""
    lines = [*_head(result)]
    for run in result.runs:
        lines += _run(run, result)
    for held in result.told:
        lines += ["", _rule(f"WHAT WAS SAID, as scenario {result.told_in} tells it")]
        lines += _aftermath(held)
    lines += _ranges(result)
    lines += _assumptions(result)
    lines += _found(result)
    return "\n".join(lines) + "\n"


def _rule(title: str, mark: str = "-") -> str:
    return f"{title} {mark * max(3, WIDTH - len(title) - 1)}"


def _head(result: ReplayResult) -> Iterator[str]:
    yield _rule(result.title, "=")
    yield f"REPLAY, {result.mode.upper()}. {result.heading.capitalize()}."
    yield from textwrap.wrap(result.about, WIDTH)
    yield f"Seed {result.seed}; scenario protocol {result.protocol_digest[:16]}... {result.keys}"
    yield ""
    for point in result.points:
        counted = f", counting from {point.counts_from:%H:%MZ}" if point.counts_from else ""
        early = f", earlier by {point.earlier_by}" if point.earlier_by else ""
        clock = clock_of(point.at, result.points)
        yield f"  {point.at:%d %b} {clock}  {point.title} [{point.status}]{early}{counted}"


def _run(run: RunResult, result: ReplayResult) -> Iterator[str]:
    yield ""
    yield _rule(f"RUN {run.name}: {run.title}")
    yield from textwrap.wrap(run.about, WIDTH)
    yield ""
    ends = _ends(result)
    columns = " ".join(f"{_column(point, result.points):>16}" for point in ends)
    told = tuple(_told(run, whole=len(result.runs) == 1))
    if told:
        yield f"  {'UTC':<12} {columns}  {'who':<4} what"
    for item in told:
        yield from _line(item, ends, decimals_of(result.points))
    if len(told) < len(run.timeline):
        yield (
            f"  ({len(run.timeline) - len(told)} further items: line tests, ladder steps, claims, "
            "calls alike; all with --json, on the page, and mostly with --run)"
        )
    yield from _alerts(run)
    yield from _notices(run)
    yield from _calls(run)
    yield from _voice(run)
    yield from _adherence(run, result)
    yield from _accounts(run, result)
    for feed in run.record:
        root = feed.root[:16]
        yield f"  record of {feed.party}: {feed.entries} entries, {feed.sound}; root {root}..."
    yield from (f"  note: {text}" for text in run.warnings)
    for sentence in run.conclusion:
        yield from textwrap.wrap(sentence, WIDTH, initial_indent="  > ", subsequent_indent="    ")


def _ends(result: ReplayResult) -> tuple[PointShown, ...]:
    """The first point and the main one; once where they are one."""
    main = next(point for point in result.points if point.id == result.main_point)
    first = min(result.points, key=lambda point: point.at)
    return (main,) if first.at == main.at else (first, main)


def _column(point: PointShown, points: Sequence[PointShown]) -> str:
    return f"min to {clock_of(point.at, points)}"


def _told(run: RunResult, *, whole: bool) -> Iterator[TimelineItem]:
    """The items shown; of many runs, each shows its first and its last warning only."""
    asked = [call.call for call in run.calls if call.kind != "test"]
    left_out = set() if whole else set(asked[1:-1])
    for item in run.timeline:
        if item.kind in _KINDS or (not whole and item.kind == "protocol"):
            continue
        if not left_out.intersection(item.what.split()):
            yield item


def _line(item: TimelineItem, ends: tuple[PointShown, ...], places: int) -> Iterator[str]:
    when = f"{item.at:%d %H:%M:%SZ}"
    before = " ".join(f"{_minutes(item.at, point, places):>16}" for point in ends)
    held = "".join(
        f" [{_held_text(item, held)}]" for held in item.held_by if held.party != item.party
    )
    who = f"{item.by}: " if item.by not in ("", "node") else ""
    text = f"  {when:<12} {before}  {item.party:<4} {who}{item.what}{held}"
    yield from textwrap.wrap(text, WIDTH + 20, subsequent_indent=" " * (20 + 17 * len(ends)))


def _held_text(item: TimelineItem, held: HeldBy) -> str:
    if not item.held_means:
        return f"held by {held.party} {held.at:%H:%M:%SZ}"
    return f"entry at {held.party}'s node {held.at:%H:%M:%SZ}; {item.held_means}"


def _minutes(at: datetime, point: PointShown, places: int) -> str:
    left = seconds_between(at, point.at) / 60
    return f"{left:.{places}f}" if left >= 0 else f"+{-left:.{places}f}"


def _alerts(run: RunResult) -> Iterator[str]:
    if not run.alerts:
        return
    yield ""
    yield "  alerts          raised     level                 infringement  call by     about"
    for alert in run.alerts:
        level = alert.first_level
        if alert.highest_level != level:
            level += f" -> {alert.highest_level}"
        late = alert.call_by is not None and alert.call_by <= alert.first_raised
        past = " (past)" if late else ""
        yield (
            f"  held by {alert.party:<7} {alert.first_raised:%H:%M:%S}   {level:<21} "
            f"{_clock(alert.infringement_at):<13} {_clock(alert.call_by) + past:<16} "
            f"{alert.subject}, {alert.against or f'rule {alert.rule}'}"
        )


def _calls(run: RunResult) -> Iterator[str]:
    asked = [call for call in run.calls if call.kind != "test"]
    if not asked:
        return
    yield ""
    yield "  calls        placed     delivered  by a person  passed to               answered"
    for call in asked[:CALLS_SHOWN]:
        yield _call(call)
    if len(asked) > CALLS_SHOWN:
        yield f"  ... and {len(asked) - CALLS_SHOWN} more, in the JSON and on the page"


def _call(call: CallSeen) -> str:
    passed = ", ".join(f"{p.to} {p.at:%H:%M:%S}" for p in call.passed) or "-"
    answers = ", ".join(f"{a.answer} {a.at:%H:%M:%S}" for a in call.answers) or "-"
    delivered = _clock(call.delivered) if call.carriage == "node" else call.carriage
    return (
        f"  {call.call:<12} {call.placed:%H:%M:%S}   {delivered:<10} "
        f"{_clock(call.received):<12} {passed:<23} {answers}"
    )


def _notices(run: RunResult) -> Iterator[str]:
    if not run.notices:
        return
    yield ""
    yield "  notices, and where each component stands towards them"
    for row in run.notices:
        phrase = f"; {row.phrase}" if row.phrase else ""
        filed = f", filed {row.filed:%d %b %H:%MZ}"
        standing = "; ".join(row.statuses) or "-"
        text = f"  {row.kind} {row.notice} of {row.party}{filed}{phrase}: {standing}"
        yield from textwrap.wrap(text, WIDTH + 20, subsequent_indent="      ")


def _voice(run: RunResult) -> Iterator[str]:
    if not run.voice:
        return
    yield ""
    yield "  voice logs, each its own side's claim; none is corrected by the other"
    for row in run.voice:
        yield f"  {' | '.join(row.logs)}: {row.standing}"
        said = "; ".join(
            f"{one.field}: {one.finding}" for one in row.fields if one.finding != NEITHER
        )
        if said:
            yield from textwrap.wrap(
                said, WIDTH, initial_indent="      ", subsequent_indent="      "
            )


def _clock(at: datetime | None) -> str:
    return "-" if at is None else f"{at:%H:%M:%S}"


def _adherence(run: RunResult, result: ReplayResult) -> Iterator[str]:
    if not run.adherence:
        return
    yield ""
    yield "  adherence to the scenario protocol, not the real text; for a person to judge"
    if result.scenario:
        yield f"  {AS_PLAYED}"
    for row in run.adherence:
        text = f"  {row.met.value:<13} {row.party:<4} {row.duty}: {row.why}"
        yield from textwrap.wrap(text, WIDTH + 20, subsequent_indent=" " * 21)


_HEADS = (
    ("questions", "a second look; questions, no verdicts"),
    ("readouts", "readouts, each of its own side alone"),
    ("joint_texts", "joint texts"),
    ("actions", "corrective action"),
    ("allegations", "alleged violations; never added up"),
    ("precedents", "earlier incidents that share something"),
)


def _accounts(run: RunResult, result: ReplayResult) -> Iterator[str]:
    """What the parties hold afterwards, once for all runs alike. Implements REP-089."""
    alike = next(one for one in result.runs if one.aftermath == run.aftermath)
    if run.aftermath and alike is not run:
        yield ""
        yield f"  accounts and what follows: line for line as in run {alike.name}"
        return
    for held in run.aftermath:
        yield from _aftermath(held)


def _aftermath(held: Aftermath) -> Iterator[str]:
    """What these parties hold afterwards. Implements REP-073."""
    yield ""
    who = " and ".join(held.held_by)
    yield f"  accounts and what follows, as held by {who}; stated, not established"
    for topic in held.topics:
        alone = f" (stated by {topic.alone} alone)" if topic.alone else ""
        kind = topic.topic.partition(":")[0]
        about = topic.topic if kind == topic.matter else f"{topic.matter}, {topic.topic}"
        yield from _each([f"{about}{alone}"], "  ")
        for claim in topic.claims:
            yield from _each([f"{claim.text} [{claim.ref}]"])
            yield from _each([f"{no.text} [{no.ref}]" for no in claim.disputed], "        ")
        yield from _each([f"-> {line}" for line in topic.differences])
    if held.agreed:
        yield "  what is said to have been agreed"
        for one in held.agreed:
            yield from _each(one.lines)
    for name, head in _HEADS:
        lines: tuple[str, ...] = getattr(held, name)
        if lines:
            yield f"  {head}"
            yield from _each(lines)


def _each(lines: Sequence[str], indent: str = "      ") -> Iterator[str]:
    for line in lines:
        yield from textwrap.wrap(
            line, WIDTH + 20, initial_indent=indent, subsequent_indent=f"{indent}  "
        )


def _ranges(result: ReplayResult) -> Iterator[str]:
    if not result.ranges:
        return
    yield ""
    yield _rule("WHAT THE LEAD TIME DEPENDS ON, by runs that were really made")
    places = decimals_of(result.points)
    for row in result.ranges:
        ends = "; ".join(
            f"{end.value}: "
            + ("not reached" if end.lead_minutes is None else _signed(end.lead_minutes, places))
            for end in row.ends
        )
        ends += "" if row.has_effect else "; no effect in this run"
        yield f"  {row.varied:<52} {ends}"
        yield f"      {row.stage.words}, before {row.point}, in {row.run}"


def _signed(minutes: float, places: int) -> str:
    word = "before" if minutes > 0 else "after"
    return f"{abs(minutes):.{places}f} min {word}"


def _assumptions(result: ReplayResult) -> Iterator[str]:
    yield ""
    yield _rule("ASSUMPTIONS, for what is not published")
    for item in result.assumptions:
        text = f"  {item.label:<4} {item.name}: {item.value} ({item.range}); {item.why}"
        yield from textwrap.wrap(text, WIDTH + 20, subsequent_indent=" " * 7)


def _found(result: ReplayResult) -> Iterator[str]:
    yield ""
    yield _rule("WHAT THE REPLAY FOUND", "=")
    for line in result.findings:
        yield from textwrap.wrap(line, WIDTH, initial_indent="  * ", subsequent_indent="    ")
