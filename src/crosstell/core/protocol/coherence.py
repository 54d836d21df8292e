"""Whether the parts of a protocol fit together: every fault, each with its place.

Implements PRO-030 to PRO-036, PRO-107. What rules must fit is in `rules.fitting`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from crosstell.core.instant import format_instant
from crosstell.core.picture.party import Standing
from crosstell.core.protocol.fault import Fault, Step
from crosstell.core.protocol.parties import LEVEL_MAX
from crosstell.core.protocol.rules.fitting import rule_faults
from crosstell.core.protocol.times import Precedence

if TYPE_CHECKING:
    from crosstell.core.protocol.document import Protocol


def faults_of(protocol: Protocol) -> tuple[Fault, ...]:
    """Every place where one part of the document contradicts another, in document order."""
    return (
        *_window(protocol),
        *_parties(protocol),
        *_scopes(protocol),
        *_roles(protocol),
        *_rules(protocol),
        *rule_faults(protocol),
        *_answer_times(protocol),
        *_ladder(protocol),
        *_neutral(protocol),
        *_one_row_each(protocol),
    )


def _fault(text: str, *path: Step) -> Fault:
    return Fault(path=path, text=text)


def _repeats(
    words: Iterable[str], *path: Step, then: tuple[Step, ...], remedy: str
) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, word in enumerate(words):
        if word in seen:
            yield _fault(f"'{word}' is used twice; {remedy}", *path, index, *then)
        seen.add(word)


def _window(protocol: Protocol) -> Iterator[Fault]:
    if protocol.ends is not None and protocol.ends <= protocol.starts:
        yield _fault(
            f"ends {format_instant(protocol.ends)}, not after starts "
            f"{format_instant(protocol.starts)}; swap or correct them",
            "ends",
        )


def _parties(protocol: Protocol) -> Iterator[Fault]:
    remedy = "give each its own id"
    yield from _repeats((p.id for p in protocol.parties), "parties", then=("id",), remedy=remedy)
    if sum(party.standing is Standing.PARTY for party in protocol.parties) < 2:
        yield _fault(
            "fewer than two parties of standing 'party'; a protocol is between two or more. A "
            "notifier owes no duty and is none of them: name the other party too",
            "parties",
        )
    for index, party in enumerate(protocol.parties):
        ids = (component.id for component in party.components)
        path = ("parties", index, "components")
        yield from _repeats(ids, *path, then=("id",), remedy=remedy)


def _scopes(protocol: Protocol) -> Iterator[Fault]:
    roles = {role.id for role in protocol.roles}
    for index, party in enumerate(protocol.parties):
        components = {component.id for component in party.components}
        for place, entry in enumerate(party.scopes):
            path: tuple[Step, ...] = ("parties", index, "scopes", place)
            if entry.role not in roles:
                yield _no_such_role(entry.role, roles, *path, "role")
            for side in ("speaks_for", "cannot_speak_for"):
                for spot, component in enumerate(getattr(entry.scope, side)):
                    if component not in components:
                        yield _fault(
                            f"{component!r} is not a component of {party.id!r}; "
                            f"it has {_listed(components)}",
                            *(*path, "scope", side, spot),
                        )


def _roles(protocol: Protocol) -> Iterator[Fault]:
    ids = (role.id for role in protocol.roles)
    yield from _repeats(ids, "roles", then=("id",), remedy="give each its own id")


def _rules(protocol: Protocol) -> Iterator[Fault]:
    ids = (rule.id for rule in protocol.rules)
    yield from _repeats(ids, "rules", then=("id",), remedy="give each rule its own id")


def _answer_times(protocol: Protocol) -> Iterator[Fault]:
    rows = [f"{row.precedence} {row.call or 'any call'}" for row in protocol.answer_times]
    yield from _repeats(rows, "answer_times", then=(), remedy="keep one row")
    general = {row.precedence for row in protocol.answer_times if row.call is None}
    for precedence in Precedence:
        if precedence not in general:
            yield _fault(
                f"no row for every call of precedence {precedence}; "
                "add one with receive_s and answer_s, without call",
                "answer_times",
            )


def _ladder(protocol: Protocol) -> Iterator[Fault]:
    levels = {role.id: role.level for role in protocol.roles}
    rungs = protocol.escalation.rungs
    path = ("escalation", "rungs")
    if not rungs:
        yield _fault("has no rung; name at least the role that is rung first", *path)
    for index, rung in enumerate(rungs):
        if rung.role not in levels:
            yield _no_such_role(rung.role, levels, *path, index, "role")
    for index, (lower, upper) in enumerate(pairwise(rungs), start=1):
        if upper.after_s <= lower.after_s:
            yield _fault(
                f"after_s {upper.after_s:g} is not later than the rung below, "
                f"{lower.after_s:g}; list rungs from the first to the last",
                *(*path, index, "after_s"),
            )
        if not levels.get(upper.role, LEVEL_MAX + 1) > levels.get(lower.role, -1):
            yield _fault(
                f"role {upper.role!r} is not above {lower.role!r}; a ladder goes up by level",
                *(*path, index, "role"),
            )
    if protocol.escalation.ring_limit not in {rung.role for rung in rungs}:
        yield _fault(
            f"{protocol.escalation.ring_limit!r} is not the role of a rung; "
            f"it is one of {_listed(rung.role for rung in rungs)}",
            *("escalation", "ring_limit"),
        )


def _neutral(protocol: Protocol) -> Iterator[Fault]:
    wanted = protocol.evidence.value == "parties-and-neutral"
    if wanted and protocol.neutral is None:
        yield _fault("evidence is parties-and-neutral; name the neutral in neutral", "evidence")
    if protocol.neutral is not None and not wanted:
        yield _fault(
            "a neutral is named but evidence is not parties-and-neutral; change one", "neutral"
        )


def _one_row_each(protocol: Protocol) -> Iterator[Fault]:
    leads = (lead.notice for lead in protocol.lead_times)
    yield from _repeats(leads, "lead_times", then=("notice",), remedy="keep one row")
    offers = (row.notice for row in protocol.disclosure)
    yield from _repeats(offers, "disclosure", then=("notice",), remedy="keep one row")
    bands = (str(band.frequency_khz) for band in protocol.guard_frequencies)
    path = "guard_frequencies"
    yield from _repeats(bands, path, then=("frequency_khz",), remedy="keep one row")
    parts = (row.part for row in protocol.sources)
    yield from _repeats(parts, "sources", then=("part",), remedy="keep one row")


def _no_such_role(role: str, roles: Iterable[str], *path: Step) -> Fault:
    return _fault(f"there is no role {role!r}; roles are {_listed(roles)}", *path)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)) or "none"
