"""The time axis of one run: a lane group per party, with notices, alerts, calls and ladder."""

from dataclasses import dataclass
from datetime import datetime

from crosstell.replay.moments import clock_of
from crosstell.replay.page.clock import Axis, axis_of, stamp_ms, zulu, zulu_short
from crosstell.replay.result import (
    AlertSeen,
    CallSeen,
    NoticeSeen,
    PointShown,
    ReplayResult,
    RunResult,
)

WIDTH_PX = 1180
LEFT_PX = 150
RIGHT_PX = 1162
ROW_PX = 26
GAP_PX = 12
TOP_PX = 66
ROWS_MAX = 8  # rows of one lane; what overlaps beyond them shares the last


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One thing on a lane: a bar from `x` for `w` pixels, or a sign where `w` is 0."""

    x: float
    w: float
    y: float
    look: str
    label: str
    title: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One labelled row group."""

    label: str
    party: str
    y: float
    height: float
    marks: tuple[Mark, ...]


def lanes_of(run: RunResult, result: ReplayResult) -> dict[str, object]:
    """Everything the template draws for the time axis, in pixels."""
    axis = axis_of(run, tuple(point.at for point in result.points), LEFT_PX, RIGHT_PX)
    lanes: list[Lane] = []
    heads: list[dict[str, object]] = []
    y = float(TOP_PX)
    for party in result.parties:
        heads.append({"party": party.id, "name": party.name, "y": y + 6})
        y += 18
        for label, marks in _party_marks(run, party.id, axis):
            packed, rows = _packed(marks, y)
            height = rows * ROW_PX
            lanes.append(Lane(label=label, party=party.id, y=y, height=height, marks=packed))
            y += height + 4
        y += GAP_PX
    return {
        "width": WIDTH_PX,
        "height": round(y + 8, 1),
        "left": LEFT_PX,
        "right": RIGHT_PX,
        "start": stamp_ms(axis.start),
        "end": stamp_ms(axis.end),
        "heads": heads,
        "lanes": lanes,
        "ticks": [{"x": axis.x(tick), "text": zulu_short(tick)} for tick in axis.ticks()],
        "points": _points(axis, result),
    }


def _points(axis: Axis, result: ReplayResult) -> list[dict[str, object]]:
    """One line and label per instant, the labels on two levels so that neighbours can be read."""
    by_time: dict[datetime, PointShown] = {}
    for point in sorted(result.points, key=lambda p: p.id != result.main_point):
        if axis.start <= point.at <= axis.end:
            by_time.setdefault(point.at, point)
    found: list[dict[str, object]] = []
    for number, at in enumerate(sorted(by_time)):
        x = axis.x(at)
        title = by_time[at].title.split(",")[0]
        found.append(
            {
                "x": x,
                "y": 12 + 14 * (number % 2),
                "text": f"{clock_of(at, result.points)} {title}",
                "flip": x > WIDTH_PX * 0.6,
            }
        )
    return found


def _party_marks(run: RunResult, party: str, axis: Axis) -> tuple[tuple[str, list[Mark]], ...]:
    notices = [_notice(n, party, axis) for n in run.notices if _concerns(n, party)]
    alerts = [_alert(alert, axis) for alert in run.alerts if alert.party == party]
    calls = [call for call in run.calls if not axis.early(call.placed)]
    made = [_call(call, axis) for call in calls if call.caller == party]
    asked = [_call_in(call, axis) for call in calls if call.to == party]
    ladder = [
        Mark(
            x=axis.x(item.at),
            w=0,
            y=0,
            look="ladder",
            label="",
            title=f"{zulu(item.at)} {item.what}",
            at=stamp_ms(item.at),
        )
        for item in run.timeline
        if item.kind == "ladder" and item.party == party and not axis.early(item.at)
    ]
    return (
        ("Notices", notices),
        ("Alerts", alerts),
        ("Calls made", made),
        ("Calls received", asked),
        ("Ladder", ladder),
    )


def _concerns(notice: NoticeSeen, party: str) -> bool:
    return notice.party == party or any(held.party == party for held in notice.held_by)


def _bar(axis: Axis, start: datetime, end: datetime | None) -> tuple[float, float]:
    x = axis.x(start)
    return x, max(8.0, round(axis.x(end or axis.end) - x, 1))


def _notice(notice: NoticeSeen, party: str, axis: Axis) -> Mark:
    own = notice.party == party
    since = notice.filed
    if not own:
        since = next(held.at for held in notice.held_by if held.party == party)
    x, w = _bar(axis, since, notice.ends)
    verb = "filed" if own else "held since"
    early = f" · {verb} {since:%d %b} {zulu_short(since)}" if axis.early(since) else ""
    return Mark(
        x=x,
        w=w,
        y=0,
        look="notice-own" if own else "notice-held",
        label=f"{notice.notice}{early}",
        title=f"{notice.kind} {notice.notice}, {verb} {since:%d %b} {zulu(since)}: {notice.text}"
        + (f"; {notice.phrase}" if notice.phrase else ""),
        at=stamp_ms(since),
    )


def _alert(alert: AlertSeen, axis: Axis) -> Mark:
    x, w = _bar(axis, alert.first_raised, alert.cleared)
    call_by = f"; call by {zulu(alert.call_by)}" if alert.call_by else ""
    return Mark(
        x=x,
        w=w,
        y=0,
        look=f"alert-{alert.highest_level}",
        label=f"{alert.highest_level.upper()} {alert.subject}",
        title=f"{zulu(alert.first_raised)} {alert.first_level}, then {alert.highest_level}: "
        f"{alert.text}{call_by}",
        at=stamp_ms(alert.first_raised),
    )


def _call(call: CallSeen, axis: Axis) -> Mark:
    ends = [answer.at for answer in call.answers] + [at for at in (call.delivered,) if at]
    x, w = _bar(axis, call.placed, max(ends) if ends else call.placed)
    by_node = call.carriage == "node"
    went = call.delivered is not None or not by_node
    look = "call-answered" if call.answers else ("call" if went else "call-lost")
    sent = f"by {call.carriage}" if not by_node else ("delivered" if went else "not delivered")
    state = "answered" if call.answers else sent
    return Mark(
        x=x,
        w=w,
        y=0,
        look=look,
        label=call.kind if w > 46 else "",
        title=f"{zulu(call.placed)} {call.kind} {call.call} to {call.to} {call.to_role}: {state}",
        at=stamp_ms(call.placed),
    )


def _call_in(call: CallSeen, axis: Axis) -> Mark:
    by_node = call.carriage == "node"
    if call.delivered is None and by_node:
        return Mark(
            x=axis.x(call.placed),
            w=0,
            y=0,
            look="call-lost",
            label="",
            title=f"{call.call}: placed {zulu(call.placed)}, not delivered",
            at=stamp_ms(call.placed),
        )
    begin = call.delivered or call.placed
    end = call.received or begin
    x, w = _bar(axis, begin, end)
    verb = "delivered" if by_node else f"placed by {call.carriage}"
    who = f", received by a person {zulu(end)}" if call.received else ", received by nobody"
    return Mark(
        x=x,
        w=w,
        y=0,
        look="call-answered" if call.received else "call",
        label="",
        title=f"{call.call}: {verb} {zulu(begin)}{who}",
        at=stamp_ms(begin),
    )


def _packed(marks: list[Mark], top: float) -> tuple[tuple[Mark, ...], int]:
    """The marks set into rows so that none covers another's label, and how many rows."""
    ends: list[float] = []
    placed = []
    for mark in sorted(marks, key=lambda m: (m.x, m.label, m.title)):
        reach = mark.x + max(mark.w, 10.0)
        row = next((i for i, end in enumerate(ends) if end <= mark.x), len(ends))
        row = min(row, ROWS_MAX - 1)
        if row == len(ends):
            ends.append(reach)
        else:
            ends[row] = max(ends[row], reach)
        placed.append(
            Mark(
                x=mark.x,
                w=mark.w,
                y=top + row * ROW_PX,
                look=mark.look,
                label=mark.label if mark.w > 6.6 * len(mark.label) + 10 else "",
                title=mark.title,
                at=mark.at,
            )
        )
    return tuple(placed), max(1, len(ends))
