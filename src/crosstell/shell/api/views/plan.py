"""A plan checked against what the node holds, beside what the plan's own file declares."""

from datetime import datetime

from crosstell.codecs.api import planned
from crosstell.codecs.plan_file import PlanFile, PlanUnfit, unfit
from crosstell.core.detection.remedy.shift import HeightShift, PlaceShift, Shift, TimeShift
from crosstell.core.errors import CallerError
from crosstell.core.ids import NoticeId, PartyId
from crosstell.core.mechanism.plan.check import Declared, check_plan
from crosstell.core.mechanism.rules import understandings
from crosstell.core.mechanism.screen.former import former_notices_of
from crosstell.core.picture.notice import NoticeState
from crosstell.core.picture.picture import StandingNotice, standing_version
from crosstell.core.protocol.understanding import together
from crosstell.core.state.state import State


def checked(state: State, given: PlanFile, now: datetime) -> planned.PlanShown:
    """The conflicts of the plan, and the shifts that clear it.

    What the file declares is added to what is held; where both name a notice, the file's counts.
    """
    protocol = state.setting.protocol
    faults = tuple(unfit(given, protocol))
    if faults:
        raise PlanUnfit("\n".join(faults))
    held = together(protocol.understandings, understandings(state))
    declared = Declared(
        protocol=protocol,
        understandings=together(held, given.understandings),
        notices=_notices(state, given),
        conversions=state.setting.local_conversions,
    )
    try:
        found = check_plan(given.planned, declared, now=given.at)
    except (ValueError, ArithmeticError) as fault:
        raise CallerError(f"the plan cannot be checked: {fault}") from fault
    return planned.PlanShown(
        at=now,
        obstacles=found.obstacles,
        conflicts=tuple(
            planned.PlanConflictShown(
                part=one.part,
                against=one.obstacle.what,
                rule=one.obstacle.criterion.rule,
                reading=one.obstacle.criterion.reading,
                assessed=one.overlap.assessed,
                reasons=one.overlap.reasons,
                window=one.overlap.window,
                lateral_m=one.overlap.lateral_m,
                vertical_m=one.overlap.vertical_m,
            )
            for one in found.conflicts
        ),
        remarks=found.remarks,
        remedies=tuple(map(_shift, found.remedies)),
        unfinished=tuple(way.value for way in found.unfinished),
        outside=found.outside,
        untested=found.untested,
        untested_clear=found.untested_clear,
        former_untested=tuple(
            f"{one.party}/{one.notice}" for one in former_notices_of(state, given.at)
        ),
    )


def _notices(state: State, given: PlanFile) -> tuple[StandingNotice, ...]:
    held: dict[tuple[PartyId, NoticeId], StandingNotice] = {}
    own = state.setting.party
    for party, notices in (
        *((party, feed.notices) for party, feed in sorted(state.feeds.items())),
        (own, state.journal.notices),
    ):
        for name, notice in notices.items():
            if notice.state is not NoticeState.WITHDRAWN:
                held[party, name] = standing_version(party, notice)
    held |= {(one.party, one.notice): one for one in given.declared}
    return tuple(held[place] for place in sorted(held))


def _shift(
    shift: Shift,
) -> planned.TimeShiftShown | planned.HeightShiftShown | planned.PlaceShiftShown:
    match shift:
        case TimeShift(by=by):
            return planned.TimeShiftShown(by_s=by.total_seconds())
        case HeightShift(by_m=by_m):
            return planned.HeightShiftShown(by_m=by_m)
        case PlaceShift(track_deg=track_deg, travel_m=travel_m):
            return planned.PlaceShiftShown(track_deg=track_deg, travel_m=travel_m)
