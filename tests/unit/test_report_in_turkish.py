"""Lines of a report's timeline and adherence in Turkish, that incidents told anew brought up."""

import re

import pytest

from crosstell.core.detection.alert import ClearedBecause
from crosstell.core.incident.precedent import Shared
from crosstell.core.picture.status import _WORDS as STATUS_WORDS
from crosstell.papers.speech.speech import text_speech

TURKISH = text_speech("tr")

AB, CD = "ab" * 16, "cd" * 16
RESTS = "Rests on: x1."
VOID = "the owner states that the key may have been in other hands."
NOTES = (
    f"feed {AB}: 7 entries; nobody speaks in it with a body held here",
    f"party il goes on in feed {CD} since 2026-01-01T00:00:00.000000Z, and stands by the first 3 "
    f"entries of feed {AB}, of which this record holds 3; nobody stands by later ones any more",
    f"feed {AB}: entries 3 to 9 are void, since its author took the key back; what they said is "
    "not told",
)


@pytest.mark.parametrize(
    ("section", "line"),
    [
        ("timeline", "warn s-1 (flash) placed to us minister by telephone: x1"),
        ("timeline", "inform s-1 (immediate) placed to sy duty-officer: x1"),
        (
            "timeline",
            "warn s-1 (flash) placed to sy minister by relay through x1 (received 10:05:00Z, "
            "passed on not stated), then x2 (received not stated, passed on not stated): x3",
        ),
        ("timeline", "states of the other's notice: received, for x1, not for x2"),
        ("timeline", "states of the other's notice: contested, for the whole party; x1"),
        ("timeline", "of its track t1: says ours; for the whole party"),
        ("timeline", "of its track t1: says checking: x1; for x2, not for x3"),
        ("timeline", "track t1 first held; source: x1; squawk 4200; call sign X1"),
        ("timeline", "track t1: x1 gives squawk 52"),
        ("timeline", "URGENT now: track t1 and z1 of il, rule r-1"),
        ("timeline", "CRITICAL raised: a1 of il and b1 of ru, rule r-1"),
        (
            "timeline",
            "Notified movement m-1 version 1 filed, releasable to il; the law protects "
            "a site, not the list: no notice creates protection, no absence ends it",
        ),
        (
            "why",
            "this scenario plays nobody at the line; 0 of 2 calls answered in time; c-1: never",
        ),
        (
            "why",
            "this scenario plays nobody at the line; 0 of 1 call received by a person in time; "
            "c-1: after 27 min",
        ),
        (
            "why",
            "present: own-1 inside hazard of il at 18:49:40Z, as ru found it; hazard was filed "
            "50 s before it begins",
        ),
        ("why", "z-1 was filed 35 min before it begins, and the text holds as a rule"),
        (
            "differences",
            "6 pairs of voices: not testable, because words are for a person to compare",
        ),
        ("questions", "a clock time of which no zone is stated [ru feed #21]"),
        (
            "questions",
            "stated distance over stated duration: about 8 to 12 m/s (assumed: about is within a "
            "tenth either way) [il feed #85 and il feed #84]",
        ),
        (
            "papers",
            "party ru states 4 against us under rule r-1, 2016-09-17T14:00:00Z until before "
            "2016-09-17T17:00:00Z; counted as one: x1 [[38], 0 entries named]",
        ),
        *(("sentences", line) for line in NOTES),
        ("record", f"Entries 3 to 9 are void: {VOID} They are kept. {RESTS}"),
        *(
            ("record", f"It resumes feed {AB} and stands by its first 3 entries, {held}. {RESTS}")
            for held in (
                "the branch exported here",
                "another branch than the one exported here",
                "which is not here to compare",
            )
        ),
        ("claims-dispute", "otherwise than entry 25 of feed 83d49e98: “x1”"),
        ("claims-dispute", "otherwise than claim c-1 of us: “x1”"),
        *(
            ("statuses", f"us cell: {words}{remark}, stated of version 2")
            for words in STATUS_WORDS.values()
            for remark in ("", ": “x1”")
        ),
        ("refs", "claim c-1 of us"),
        ("topics", "m-1: dispute of claim c-1 of us: stated by party us alone"),
        (
            "message",
            "aircraft: “x1”; at 36.50000 40.70000; from 2026-01-01T00:00:00Z until before "
            "2026-01-01T01:00:00Z; collision; stop-fire; “x2”",
        ),
        *(
            ("timeline", f"cleared ({one}): track t1 and z1 of il, rule r-1")
            for one in ClearedBecause
        ),
        ("papers", f"“x1”: “x2” (shares {', '.join(Shared)}, named in the file)"),
        (
            "timeline",
            "stop c-9 (flash) placed to us minister: forces: “x1”; in an area as drawn in the "
            "entry; own-forces-endangered; hold-fire",
        ),
    ],
)
def test_rep_150_inc_471_a_line_of_a_report_is_whole_in_turkish(section: str, line: str) -> None:
    told = TURKISH.tell(line, section)
    assert told != line
    assert "İng." not in told
    assert not re.search(r"\b(the|of|was|found|and|by|to|at)\b", told), told
