"""One line of a paper in words of its language: what the catalogue knows, and the rest marked."""

from collections.abc import Mapping

from crosstell.papers.model import LineKind, PaperLine, Papers, Part, Sheet
from crosstell.papers.speech.speech import Speech
from crosstell.papers.speech.spoken import told_claim
from crosstell.papers.told import ClaimTold, TopicTold

Claims = Mapping[tuple[str, str], tuple[TopicTold, ClaimTold]]
LEFT_OUT = "Left out here for room: {fig_n}. The text of the same command has all."
BY_HAND = "Left out here by hand: {fig_n}."
TOPICS_LEFT = "Topics of which nothing stands here:"
CHECK = (
    "To check it, run these; the roots, hashes and protocol digest that they print must be those "
    "above. The digest of the record is over all its logs at once: making this again gives it."
)
AS_OF = "As {party} holds it at {at}; times are their authors' claims."
FOR_ROLE = "For the {list_role} of party {party}"
HELD_BY = "Party {party}"
RULE = (
    "Nothing here says who is right. “Agreed” is said only of text that all it names have signed; "
    "what one voice states is its own."
)
DRAFT = (
    "A draft for a person to shorten, order and add views to. It tells what was recorded and by "
    "whom, and nothing of why; a view is marked as one."
)
IS_VIEW = "a view, on no entry"
TIMES = "{fig_n} times"
HASHES = "Entries named, with the hash of each"
TEXT_HASH = "SHA-256 of this paper's whole text"
FILE = "Incident file {paper} of party {party}, marked {marking}; matters {list_matters}."
MARKED = "Marked: {markings}."
PRINTED = "Printed at {at} by the node's clock; that is no part of the text that is hashed."
HEAD = "record head, of all feeds with size and root"
MAP = "shipped reference map, not for navigation, SHA-256"
OWN_MAP = "operator's own map shown, SHA-256"


def claims_in(papers: Papers) -> Claims:
    """Each claim as the tables of what is held tell it, by who holds it and the entry's name."""
    return {
        (party, claim.ref): (topic, claim)
        for held in papers.aftermath
        for party in held.held_by
        for topic in held.topics
        for claim in topic.claims
    }


def told_line(speech: Speech, line: PaperLine, held_by: str, claims: Claims) -> str:
    """The line in the speech's language; how many say the same stands behind it."""
    known = [claims.get((held_by, one.ref)) for one in line.entries]
    found = next((one for one in known if one is not None), None)
    if line.section == "claims" and found is not None and found[1].text == line.text:
        text = told_claim(speech, *found)
    else:
        text = speech.tell(line.text, line.section)
    times = speech.say(TIMES, fig_n=line.times)
    return f"{text} ({times})" if line.times > 1 else text


def topics_of(part: Part) -> tuple[tuple[str, tuple[PaperLine, ...]], ...]:
    """The lines of a part by their topic, in order; those without one stand under none."""
    found: dict[str, list[PaperLine]] = {}
    for line in part.lines:
        found.setdefault(line.topic, []).append(line)
    return tuple((topic, tuple(lines)) for topic, lines in found.items())


def told_refs(speech: Speech, line: PaperLine) -> str:
    """The entries that a line names, with the start of each hash; a view names none."""
    if line.kind is LineKind.VIEW:
        return speech.say(IS_VIEW)
    return speech.plain("; ").join(
        f"{speech.tell(one.ref, 'refs')} {speech.plain(one.hash[:8])}" for one in line.entries
    )


def heading_of(speech: Speech, sheet: Sheet) -> str:
    """For whom the sheet is."""
    if sheet.role:
        return speech.say(FOR_ROLE, list_role=sheet.role, party=sheet.held_by)
    return speech.say(HELD_BY, party=sheet.held_by)


def file_words(speech: Speech, sheet: Sheet) -> str:
    """The incident's file, by its name and its keeper."""
    assert sheet.file is not None, "asked of a sheet about an incident"
    return speech.say(
        FILE,
        paper=sheet.file.paper,
        party=sheet.file.kept_by,
        marking=sheet.file.marking,
        list_matters=", ".join(sheet.file.matters),
    )


def marked_words(speech: Speech, sheet: Sheet) -> str:
    """How what the sheet tells of is marked; nothing where nothing bears a marking."""
    if not sheet.markings:
        return ""
    return speech.say(MARKED, markings="; ".join(sheet.markings))


def left_out(speech: Speech, part: Part) -> str:
    """How many lines a part has no room for, and on what; and how many a person left out."""
    told = []
    if part.left_out:
        told.append(speech.say(LEFT_OUT, fig_n=part.left_out))
    if part.left_topics:
        topics = speech.plain("; ").join(speech.tell(one, "topics") for one in part.left_topics)
        told.append(f"{speech.say(TOPICS_LEFT)} {topics}")
    if part.by_hand:
        told.append(speech.say(BY_HAND, fig_n=part.by_hand))
    return speech.plain(" ").join(told)
