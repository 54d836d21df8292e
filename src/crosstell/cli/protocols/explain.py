"""A protocol in plain words, rule by rule, in English or Turkish.

Every word and figure of a rule is told, because its leaves are walked: its text, what is tested,
of whom, the figures with their units, when it alerts, under which readings, from where, how sure
that is, and what of it the author of the document set. Implements PRO-150 to PRO-156.
"""

from collections.abc import Iterator

from crosstell.cli.protocols.figures import figures_of, flat, reading_of, scaled
from crosstell.cli.protocols.wording import Language, label, means, say, tests, word
from crosstell.codecs.protocol_file import digest_of
from crosstell.codecs.protocols.leaves import Leaf, leaves
from crosstell.codecs.shape import tag_of
from crosstell.core.errors import CallerError
from crosstell.core.instant import format_instant
from crosstell.core.protocol.digest import read_aloud
from crosstell.core.protocol.document import Protocol
from crosstell.core.protocol.rule import (
    AlertLevel,
    Blackout,
    Boundary,
    Certainty,
    Concerned,
    Conformance,
    Duty,
    JudgedRule,
    MaximumDuration,
    NumericRule,
    Overflight,
    Rule,
    Separation,
    Standoff,
    WellClear,
    ZoneEntry,
)
from crosstell.core.protocol.rules.duration import Lasting
from crosstell.core.protocol.sources import Part
from crosstell.core.protocol.times import CriticalRaises, LeadTime

# Where in a rule stand the words and figures that make a text testable and that a text seldom has:
# its author chose them, however well the text itself was read.
AUTHORED = frozenset(
    (
        "activities",
        "applies_to",
        "between",
        "calendar/utc_offset_s",
        "counted",
        "kept_from",
        "lasting",
        "level_max",
        "levels/role",
        "minima/measured_from",
        "notice",
        "on_unknown",
        "over",
        "overhead/ceiling",
        "overhead/margin_m",
        "tracks",
        "utc_offset_s",
        "volume",
        "zones",
    )
)


def explained(found: Protocol, language: Language, only: str | None) -> Iterator[str]:
    """The document in lines, or one rule of it; CallerError if it has no rule of that id."""
    told: dict[str, Rule | LeadTime] = {rule.id: rule for rule in found.rules}
    told |= {lead.id: lead for lead in found.lead_times}
    if only is not None and only not in told:
        raise CallerError(f"there is no rule {only!r}; rules are {', '.join(told) or 'none'}")
    if language is Language.TR:
        yield from (say(language, "unreviewed"), "")
    yield from _head(found, language)
    for name, rule in told.items():
        if only in (None, name):
            yield ""
            yield from _rule(found, rule, language)
    if only is None:
        yield from _parts(found, language)
    yield from ("", say(language, "digest"))
    yield from (f"  {line}" for line in read_aloud(digest_of(found)).splitlines())


def _head(found: Protocol, language: Language) -> Iterator[str]:
    yield flat(f"{found.title} [{found.marking}]")
    yield say(language, "version", name=found.name, version=found.version)
    if found.amends is not None:
        yield say(language, "amends", digest=found.amends)
    ends = "" if found.ends is None else say(language, "ends", ends=format_instant(found.ends))
    yield say(language, "starts", starts=format_instant(found.starts), ends=ends)
    yield say(language, "unsigned")
    yield say(language, "not_the_text")


def _rule(found: Protocol, rule: Rule | LeadTime, language: Language) -> Iterator[str]:
    tag = tag_of(type(rule))
    if isinstance(rule, LeadTime):
        yield say(language, "lead", id=rule.id)
    else:
        yield say(language, "rule", id=rule.id, kind=tag.replace("_", " "))
    lines = [] if rule.text is None else [say(language, "text", text=flat(rule.text))]
    lines.append(say(language, "tests", tests=tests(language, tag)))
    lines.append(say(language, "owed", parties=_owing(found, rule, language)))
    figures = list(figures_of(rule, language))
    if figures:
        lines += [say(language, "figures"), *(f"  {line}" for line in figures)]
    lines += _alerts(found, rule, language)
    lines += _readings(found, rule, language)
    lines += _sourced(rule.source, rule.certainty, language)
    lines += _authored(rule, language)
    yield from (f"  {line}" for line in lines)


def _owing(found: Protocol, rule: Rule | LeadTime, language: Language) -> str:
    if isinstance(rule, Duty) and rule.owed_by:
        return ", ".join(rule.owed_by)
    if isinstance(rule, LeadTime):
        return say(language, "filer")
    return say(language, "every_party", parties=", ".join(found.signers))


def _alerts(found: Protocol, rule: Rule | LeadTime, language: Language) -> Iterator[str]:
    if isinstance(rule, LeadTime):
        yield say(language, "lead_alert")
        if rule.emergency_s is not None:
            yield say(language, "lead_emergency")
        return
    if isinstance(rule, JudgedRule):
        yield say(language, "no_alert")
        return
    alerts, horizons = found.alerts, found.alerts.horizons
    given = {
        "advisory": scaled(horizons.advisory_s, "s", language),
        "urgent": scaled(horizons.urgent_s, "s", language),
        "critical": scaled(horizons.critical_s, "s", language),
        "needed": alerts.hits_needed,
        "window": alerts.hits_window,
        "most": word(language, rule.level_max),
        "unknown": word(language, rule.on_unknown),
    }
    for key in _when(rule):
        yield say(language, key, **given)
    if "alerts" in _when(rule):
        yield _alerts_from(found, language)
    at_once = alerts.critical_raises is CriticalRaises.AT_ONCE
    if at_once and rule.level_max is AlertLevel.CRITICAL and "alerts" in _when(rule):
        yield say(language, "critical_once")
    dwell_s = rule.minima.dwell_s if isinstance(rule, Standoff | ZoneEntry | Separation) else None
    if dwell_s is not None:
        yield say(language, "dwell", dwell=scaled(dwell_s, "s", language))


def _alerts_from(found: Protocol, language: Language) -> str:
    row = found.source_of(Part.ALERTS)
    if row is None:
        return say(language, "alerts_unsourced")
    told = word(language, row.certainty)
    return say(language, "alerts_from", certainty=told, source=flat(row.source))


def _when(rule: NumericRule) -> tuple[str, ...]:
    """The sentences on when such a rule alerts."""
    about: set[str] = set()
    match rule:
        case WellClear():
            about.add("alerts_do365")
        case Blackout():
            about.add("alerts_filed")
        case MaximumDuration():
            about |= {"alerts" if one is Lasting.STAY else "alerts_filed" for one in rule.lasting}
        case Boundary() | Conformance():
            about.add("alerts")
        case Standoff() | ZoneEntry() | Overflight() | Separation():
            about |= {"alerts"} if rule.concerned is not Concerned.ACTIVITIES else set()
            about |= {"alerts_filed"} if rule.concerned is not Concerned.TRACKS else set()
    return tuple(sorted(about))


def _readings(found: Protocol, rule: Rule | LeadTime, language: Language) -> Iterator[str]:
    """What was signed with the document; what parties state later is in their feeds."""
    annexed = [one for one in found.understandings if one.rule == rule.id]
    if isinstance(rule, Boundary):
        yield say(language, "versions")
    elif not annexed:
        yield say(language, "no_reading")
    for one in annexed:
        yield say(language, "reading", party=one.party, text=flat(one.text))
        yield from (f"  {line}" for line in reading_of(one, language))


def _sourced(source: str | None, certainty: str | None, language: Language) -> Iterator[str]:
    if source is None or certainty is None:
        yield say(language, "no_source")
        return
    yield say(language, "source", source=flat(source))
    yield say(
        language,
        "certainty",
        word=word(language, certainty),
        means=means(language, certainty),
    )


def _authored(rule: Rule | LeadTime, language: Language) -> Iterator[str]:
    """What of the rule its certainty does not vouch for; an assumed one is the author's whole."""
    if rule.certainty in (None, Certainty.ASSUMED):
        return
    names = dict.fromkeys(
        label(language, leaf.field) for leaf in leaves(rule) if place(leaf) in AUTHORED
    )
    if names:
        yield say(language, "authored", names=", ".join(names))


def place(leaf: Leaf) -> str:
    """Where a leaf is in any rule of its kind: its path without the names of parts."""
    return "/".join(step for step in leaf.path if not step.startswith("["))


def _parts(found: Protocol, language: Language) -> Iterator[str]:
    yield from ("", say(language, "parts"))
    for part in Part:
        row = found.source_of(part)
        name = word(language, part.value)
        if row is None:
            yield f"  {name}: {say(language, 'no_source')}"
        else:
            told = word(language, row.certainty)
            filled = say(language, "part", part=name, certainty=told, source=flat(row.source))
            yield f"  {filled}"
