"""A paper as plain text, whole: for a terminal, a mail, a file. Implements REP-143."""

import hashlib
import json
import textwrap
from collections.abc import Iterator
from dataclasses import fields

from crosstell.core.instant import format_instant
from crosstell.papers.model import PaperKind, Papers, Part, Sheet, cited_in
from crosstell.papers.speech.speech import Speech, text_speech
from crosstell.papers.speech.spoken import UNREVIEWED, upper
from crosstell.papers.spoken import (
    AS_OF,
    CHECK,
    DRAFT,
    HASHES,
    HEAD,
    MAP,
    OWN_MAP,
    PRINTED,
    RULE,
    TEXT_HASH,
    Claims,
    claims_in,
    file_words,
    heading_of,
    left_out,
    marked_words,
    told_line,
    told_refs,
    topics_of,
)
from crosstell.papers.told_json import as_json

WIDTH = 100


def print_papers(papers: Papers, language: str) -> str:
    """All sheets and what they rest on, as text; nothing is left out of it for room."""
    speech = text_speech(language)
    text = whole_text(papers, language)
    return text + "\n".join(_verification(papers, speech, text)) + "\n"


def text_digest(papers: Papers, language: str) -> str:
    """The SHA-256, in hex, of the paper's whole text before the verification. REP-160."""
    return hashlib.sha256(whole_text(papers, language).encode()).hexdigest()


def whole_text(papers: Papers, language: str) -> str:
    """All sheets as text, without what they rest on."""
    speech = text_speech(language)
    claims = claims_in(papers)
    lines = [f"{upper(speech.say(papers.kind.value), speech.language)} {'=' * 60}"]
    lines += _wrapped(f"{speech.tell(papers.origin, 'names')}; {speech.tell(papers.heading)}")
    if not speech.is_english:
        lines += _wrapped(speech.say(UNREVIEWED))
    lines += _wrapped(speech.say(RULE))
    if papers.kind is PaperKind.READOUT:
        lines += _wrapped(speech.say(DRAFT))
    for sheet in papers.sheets:
        lines += _sheet(papers, sheet, speech, claims)
    if papers.kind is not PaperKind.FILED:  # that one is of its own entries alone: REP-193
        lines += ["", f"{speech.say(HEAD)} {papers.head_digest}"]
    return "\n".join(lines) + "\n"


def print_json(papers: Papers) -> str:
    """All sheets and what they rest on, as JSON; the same input gives the same bytes. REP-143."""
    told = {
        field.name: as_json(getattr(papers, field.name))
        for field in fields(papers)
        if field.name != "aftermath"
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH + 20,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _sheet(papers: Papers, sheet: Sheet, speech: Speech, claims: Claims) -> Iterator[str]:
    title = heading_of(speech, sheet)
    yield from ("", f"{title} {'-' * max(3, WIDTH - len(title) - 1)}")
    yield from _wrapped(marked_words(speech, sheet))
    if sheet.file is not None:
        yield speech.foreign(sheet.file.title)
        yield from _wrapped(file_words(speech, sheet))
    at = format_instant(papers.as_of)
    yield from _wrapped(speech.say(AS_OF, party=sheet.held_by, at=at))
    for part in sheet.parts:
        yield from _part(part, sheet.held_by, speech, claims)
    cited = cited_in(sheet)
    if cited:
        yield f"  {speech.say(HASHES)}"
        yield from (f"    {speech.tell(one.ref, 'refs')}  {one.hash}" for one in cited)


def _part(part: Part, held_by: str, speech: Speech, claims: Claims) -> Iterator[str]:
    yield f"  {speech.say(part.heading)}"
    if not part.lines:
        yield from _wrapped(speech.say(part.empty), "    ", "    ")
    for topic, lines in topics_of(part):
        if topic:
            yield from _wrapped(speech.tell(topic, "topics"), "    ", "      ")
        for line in lines:
            text = f"{told_line(speech, line, held_by, claims)} [{told_refs(speech, line)}]"
            yield from _wrapped(text, "    - ", "      ")
    if part.left_out or part.by_hand:
        yield f"    {left_out(speech, part)}"


def _verification(papers: Papers, speech: Speech, text: str) -> Iterator[str]:
    title = upper(speech.say("Verification"), speech.language)
    yield from ("", f"{title} {'-' * (WIDTH - len(title) - 1)}")
    yield from _wrapped(speech.tell(papers.keys), "  ", "  ")
    for feed in papers.record:
        number = speech.tell(f"{feed.entries} entries", "counts")
        yield f"  {feed.party}: {number}, {speech.tell(feed.sound, 'record')}"
        yield f"    {speech.say('feed')} {feed.feed}"
        yield f"    {speech.say('root')} {feed.root}"
    if papers.kind is PaperKind.FILED:
        yield f"  {speech.say(HEAD)} {papers.head_digest}"
    if papers.record_digest:
        digest = speech.say("digest of the run's record")
        yield f"  {digest} {papers.record_digest}"
    yield f"  {speech.say('protocol digest')} {papers.protocol_digest}"
    yield f"  {speech.say(MAP)} {papers.map_digest}"
    if papers.own_map:
        yield f"  {speech.say(OWN_MAP)} {papers.own_map}"
    digest = hashlib.sha256(text.encode()).hexdigest()
    yield f"  {speech.say(TEXT_HASH)} {digest}"
    if papers.printed_at is not None:
        yield from _wrapped(speech.say(PRINTED, at=format_instant(papers.printed_at)), "  ", "  ")
    if papers.checks:
        yield from _wrapped(speech.say(CHECK), "  ", "  ")
        yield from (f"    {command}" for command in papers.checks)
    for warning in papers.warnings:
        yield from _wrapped(speech.tell(warning), "  ", "  ")
