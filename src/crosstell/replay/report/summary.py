"""The summary: ten lines at most, the assumptions first, and nothing that a later part lacks.

Each line counts or repeats what stands below it. No line says who is right, and none adds up over
parties what each of them states. Implements REP-100, REP-101.
"""

from collections import Counter
from collections.abc import Iterator

from crosstell.core.instant import format_instant
from crosstell.papers.speech.figures import counted
from crosstell.papers.told import TopicTold
from crosstell.replay.report.pictures import PicturesTold
from crosstell.replay.result import ReplayResult, RunResult

LINES_MAX = 10
NAMED_MAX = 4  # assumptions that the first line names by value; all of them stand below


def summary_of(
    result: ReplayResult, run: RunResult, pictures: PicturesTold, topics: tuple[TopicTold, ...]
) -> tuple[str, ...]:
    """The lines in their order; what there is nothing of is said in a word, or left out."""
    lines = [
        _assumed(result, run),
        _what(result, run),
        *_alerts(run),
        *_calls(run),
        *_conclusion(result, run),
        _accounts(topics),
        *_agreed(run),
        _after(run),
        pictures.headline,
        _record(run),
    ]
    found = tuple(dict.fromkeys(line for line in lines if line))
    assert len(found) <= LINES_MAX, "ten parts, one line each"
    return found


def _assumed(result: ReplayResult, run: RunResult) -> str:
    if not result.assumptions:
        return (
            "No assumption: what stands here is read from the record, and what others keep to "
            "themselves is not in it."
        )
    values = dict(run.values)
    rests = run.leads[0].assumptions if run.leads else ()
    named = [one for one in result.assumptions if one.label in rests] or list(result.assumptions)
    shown = "; ".join(
        f"{one.label} {one.name}: {values.get(one.id, one.value)}" for one in named[:NAMED_MAX]
    )
    return (
        f"Under {counted(len(result.assumptions), 'named assumption')}, all listed below; among "
        f"them {shown}."
    )


def _what(result: ReplayResult, run: RunResult) -> str:
    span = f"from {format_instant(run.starts)} until before {format_instant(run.ends)}, UTC"
    if not result.scenario:
        return f"Entries {span}; each time is its author's claim."
    return (
        f"A replay {span}: what nodes would hold and persons would have before them under these "
        "assumptions; what is said by a side stands under the claims."
    )


def _alerts(run: RunResult) -> Iterator[str]:
    if not run.alerts:
        yield "No alert was raised." if not run.told_only else ""
        return
    number = Counter(alert.party for alert in run.alerts)
    first = run.alerts[0]
    each = ", ".join(f"{party} {number[party]}" for party in sorted(number))
    yield (
        f"Alerts shown, by party: {each}; the first by {first.party} at "
        f"{format_instant(first.first_raised)}, {first.first_level}."
    )


def _calls(run: RunResult) -> Iterator[str]:
    asked = [call for call in run.calls if call.kind != "test"]
    if not asked:
        yield "No call was placed." if not run.told_only else ""
        return
    received = sum(call.received is not None for call in asked)
    answered = sum(bool(call.answers) for call in asked)
    yield (
        f"Calls recorded, line tests apart: {len(asked)}; taken by a person: {received}; answered: "
        f"{answered}. What is not recorded may have been, by other means."
    )


def _conclusion(result: ReplayResult, run: RunResult) -> Iterator[str]:
    """The sentence about the main point, if the run counts to any."""
    if not run.alerts and all(call.kind == "test" for call in run.calls):
        return
    titles = [point.title for point in result.points if point.id == result.main_point]
    about = [line for line in run.conclusion if any(title in line for title in titles)]
    yield from (about or list(run.conclusion))[:1]


def _accounts(topics: tuple[TopicTold, ...]) -> str:
    if not topics:
        return "No claim of any side is held."
    lines = [line for topic in topics for line in topic.differences]
    said: Counter[str] = Counter()
    for line in lines:
        said[_relation(line)] += _pairs(line)
    alone = sum(bool(topic.alone) for topic in topics)
    claims = sum(len(topic.claims) for topic in topics)
    return (
        f"{counted(claims, 'claim')} on {counted(len(topics), 'topic')}; pairs of voices that "
        f"differ: {said['differs']}, no difference found: {said['none']}, not testable: "
        f"{said['untestable']}; topics on which one voice alone speaks: {alone}."
    )


def _pairs(line: str) -> int:
    """How many pairs of voices a line is about: `6 pairs of voices: ...`, else one."""
    number, _, rest = line.partition(" ")
    return int(number) if rest.startswith("pairs of voices: ") else 1


def _relation(line: str) -> str:
    words = line.partition(": ")[2]
    if words.startswith("differs"):
        return "differs"
    return "none" if words.startswith("no difference found") else "untestable"


def _agreed(run: RunResult) -> Iterator[str]:
    standing = {line.lines[0]: line.standing for held in run.aftermath for line in held.agreed}
    if not standing:
        yield ""
        return
    number = Counter(standing.values())
    yield (
        f"Said to have been agreed: {counted(len(standing), 'text')}; signed by all that it names: "
        f"{number['signed-by-all']}, stated by one: {number['stated-by-one']}, by several, each on "
        f"its own: {number['stated-by-several']}, contradicted: {number['contradicted']}."
    )


def _after(run: RunResult) -> str:
    actions = {line for held in run.aftermath for line in held.actions}
    questions = {line for held in run.aftermath for line in held.questions}
    return (
        f"Duties looked at: {len(run.adherence)}, for a person to judge, with the entry where one "
        f"bears on it; corrective actions: {len(actions)}; questions for a second look: "
        f"{len(questions)}."
    )


def _record(run: RunResult) -> str:
    sound = sum(feed.sound == "verified" for feed in run.record)
    return (
        f"Feeds verified: {sound} of {len(run.record)}; digest of the record "
        f"{run.record_digest[:16]}...; the whole hashes stand at the end."
    )
