"""The protocol's rules as detection needs them: one test per reading, and its criterion."""

import math
from dataclasses import dataclass, replace

from crosstell.core.altitude import Unbounded
from crosstell.core.detection.finding import Criterion, Manoeuvre
from crosstell.core.geometry.volume import Volume
from crosstell.core.ids import PartyId
from crosstell.core.mechanism.concern import (
    Bearing,
    FiguresRule,
    Subject,
    bears_on_track_at,
    may_concern,
)
from crosstell.core.picture.content import Content
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import (
    JudgedRule,
    Minima,
    NumericRule,
    PlaceRule,
    Standoff,
    ZoneEntry,
)
from crosstell.core.protocol.rules.place import Overhead
from crosstell.core.protocol.times import AlertPolicy
from crosstell.core.protocol.understanding import (
    FigureReading,
    Reading,
    Understanding,
    readings,
    together,
)
from crosstell.core.state.state import State

GRAVITY_MPS2 = 9.806_65  # standard gravity (3rd CGPM, 1901)
AT_ANY_HEIGHT_M = 1_000_000.0  # no altitude we accept is as far from another


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One rule about declared places under one reading; party None is the protocol's own text."""

    rule: PlaceRule
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTest:
    """One rule of any kind, or a lead time, under one reading."""

    rule: FiguresRule
    reading: Reading | FigureReading


def numeric_rules(protocol: Protocol) -> tuple[NumericRule, ...]:
    """The rules with figures, in the document's order."""
    return tuple(rule for rule in protocol.rules if not isinstance(rule, JudgedRule))


def tests_of(state: State) -> tuple[Test, ...]:
    """Standoff and zone entry under every reading, in the document's order, then by party."""
    protocol = state.setting.protocol
    stated = together(protocol.understandings, understandings(state))
    return tuple(
        Test(rule=rule, reading=reading)
        for rule in protocol.rules
        if isinstance(rule, Standoff | ZoneEntry)
        for reading in readings(rule, stated)
    )


def tests_for(state: State, subject: Subject) -> tuple[RuleTest, ...]:
    """Every rule that is about such a subject, under every reading of it.

    Rules in the document's order, then lead times in theirs; readings by party. A boundary has
    one for each version. Whether a test is about the very notice at hand, `concern` says.
    """
    return tests_about(state.setting.protocol, understandings(state), subject)


def tests_about(
    protocol: Protocol, stated: tuple[Understanding, ...], subject: Subject
) -> tuple[RuleTest, ...]:
    """The same under what parties stated, for a protocol without a node around it.

    Readings that were signed with the document hold until their party states the rule anew.
    """
    held = together(protocol.understandings, stated)
    rules: tuple[FiguresRule, ...] = (*numeric_rules(protocol), *protocol.lead_times)
    return tuple(
        RuleTest(rule=rule, reading=reading)
        for rule in rules
        if may_concern(rule, subject)
        for reading in readings(rule, held)
    )


def understandings(state: State) -> tuple[Understanding, ...]:
    """What every party has stated of this protocol's rules and not withdrawn."""
    digest = state.setting.digest
    return tuple(
        stated
        for party in sorted(state.feeds)
        if (held := state.feeds[party].adherence.get(digest)) is not None
        for stated in held.understandings
    )


def bears(rule: NumericRule, content: Content) -> bool:
    """Whether the rule keeps tracks by its minima from a declared place of this kind.

    For rules of every kind and subject see `concern`.
    """
    if not isinstance(rule, Standoff | ZoneEntry):
        return False
    return bears_on_track_at(rule, content) is Bearing.BEARS


def criterion(
    protocol: Protocol, rule: FiguresRule, party: PartyId | None, minima: Minima
) -> Criterion:
    """What detection is to test of `rule` with these figures."""
    assumed = protocol.alerts.assumed
    return Criterion(
        rule=rule.id,
        reading=party,
        lateral_m=minima.lateral_m,
        vertical_m=AT_ANY_HEIGHT_M if minima.vertical_m is None else minima.vertical_m,
        horizon_s=protocol.alerts.horizons.advisory_s,
        unknown_accuracy_m=assumed.accuracy_m,
        unknown_vertical_accuracy_m=assumed.vertical_accuracy_m,
        unknown_speed_mps=assumed.speed_mps,
        stale_after_s=protocol.alerts.stale_after_s,
        manoeuvre=_manoeuvre(protocol.alerts),
    )


def _manoeuvre(alerts: AlertPolicy) -> Manoeuvre | None:
    """What a turn could do, as the protocol assumes it; None where it says nothing."""
    assumed = alerts.assumed.manoeuvre
    if assumed is None:
        return None
    return Manoeuvre(
        horizon_s=min(assumed.horizon_s, alerts.horizons.advisory_s),
        speed_mps_max=assumed.speed_mps,
        acceleration_mps2_max=GRAVITY_MPS2 * math.tan(math.radians(assumed.bank_deg)),
        climb_mps_max=assumed.climb_mps,
    )


def overhead_minima(overhead: Overhead) -> Minima:
    """The minima that an overflight comes to, from the volume of `overhead_volume`."""
    return Minima(lateral_m=overhead.margin_m, vertical_m=0.0)


def overhead_volume(volume: Volume, overhead: Overhead) -> Volume:
    """The air over a declared place: from the ground to the ceiling, whatever its own heights."""
    return replace(volume, lower=Unbounded(), upper=overhead.ceiling)
