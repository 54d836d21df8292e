"""Sentences of the node in a reader's language: whole in Turkish, and told in bounded time."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from api_desk import OPERATOR, READER, Desk, Person
from hypothesis import given
from hypothesis import strategies as st
from node_pair import ALPHA, BRAVO
from test_papers_in_turkish import told_world

from crosstell.codecs.api.told import SENTENCE_LENGTH_MAX, SENTENCES_MAX, PartTold, SentenceAsked
from crosstell.core.detection.alert_view import _CLEARED
from crosstell.core.detection.finding import Reason
from crosstell.core.mechanism.after.papers import is_file, papers_of
from crosstell.core.mechanism.screen.screen import screen
from crosstell.papers.speech.catalogue import SLOT, Form, catalogue_of, form_of
from crosstell.papers.speech.parts import put_over
from crosstell.shell.api.problems import REFUSALS, TITLES
from crosstell.shell.api.views import incidents
from crosstell.shell.api.views.finding import found
from crosstell.shell.api.views.held import Moment

SOURCE = Path(__file__).resolve().parents[2] / "src" / "crosstell"
ROWS = {"record": "clauses"}  # the others stand in a section of their own name
Asked = tuple[str, str]


def told(section: str, text: str, language: str = "tr") -> tuple[PartTold, ...]:
    (found,) = put_over(language, (SentenceAsked(section=section, text=text),))
    return found


def lacking(sentences: Iterator[Asked]) -> list[Asked]:
    """Those of which something that the program says stays in English."""
    return [one for one in sentences if any(part.voice == "english" for part in told(*one))]


def of_incidents(now: Moment) -> Iterator[Asked]:
    """Every sentence of the node in an incident, with the section that the page names."""
    for held in papers_of(now.state):
        if not is_file(held):
            continue
        one = incidents.incident(now, held)
        yield from ((ROWS.get(row.kind, f"rows-{row.kind}"), row.text) for row in one.timeline)
        yield from (("queries", line.text) for line in one.questions)
        yield from (("distances", line.text) for line in one.from_point)
        yield from (("agreed", line) for agreed in one.agreed for line in agreed.lines[1:])
        yield from (("actions", line.text) for action in one.actions for line in action.said)
        for topic in one.topics:
            yield from (("difference", pair.text) for pair in topic.differences)
            for claim in topic.claims:
                yield "voices", claim.words
                yield from ((f"claims-{topic.kind}", version.text) for version in claim.versions)
        yield from (("drafted", line.text) for line in incidents.draft(now, held).sentences)
    yield from (("agenda", point.text) for point in incidents.agenda(now).points)


def of_screen(now: Moment) -> Iterator[Asked]:
    """Every sentence that stands in the screen in English alone."""
    shown = screen(now.state, now.at)
    for topic in shown.accounts.topics:
        for claim in topic.claims:
            yield "names", claim.voice
            yield "claim", claim.text
        yield from (("difference", one.text) for one in topic.compared)
    yield from (("queries", one) for one in shown.accounts.second_look)
    yield from (("agenda", one.text) for one in shown.accounts.agenda)
    yield from (("sentences", one.law) for one in shown.notices if one.law)


HITS = {"claim": "claim", "track": "hits-track", "alert": "reported"}


def of_search(now: Moment) -> Iterator[Asked]:
    """What a search finds, line by line."""
    for word in ("x1", "alpha", "bravo", "inc"):
        for hit in found(now.state, word, now.at).hits:
            yield from ((HITS.get(hit.kind, "hits"), line) for line in hit.lines)


@cache
def moments() -> tuple[Moment, ...]:
    world = told_world()
    return tuple(
        Moment(state=world.state(party), at=world.now, arrivals=0) for party in (ALPHA, BRAVO)
    )


@pytest.mark.parametrize("of", [of_incidents, of_screen, of_search])
def test_api_300_every_sentence_of_a_view_is_whole_in_turkish(of: Any) -> None:  # noqa: ANN401
    sentences = [one for now in moments() for one in of(now)]
    assert len(sentences) > 20
    assert lacking(iter(sentences)) == []


ALERT = (
    "critical: infringes (found 600 s ago)",
    "urgent: infringes in 12 min; not ruled out in 9 min at the earliest, because of stale",
    "urgent: was to infringe 12 s ago, not found again since",
    "advisory: cannot be ruled out, already, because of position-accuracy, dwell (found 3 s ago)",
    "cleared, was critical: the last finding is clear",
    "rule r-1, as the protocol has it; track t-1; notice n-1 version 2 of bravo",
    "rule r-1, under the understanding of bravo; track t-1",
    "raised 2023-10-05T08:40:00Z; nobody acknowledged it",
    "last known, 90 s ago: nothing trusted since; not acknowledged",
    "positions not trustworthy since 2023-10-05T08:40:00Z (12 min): "
    "the level is kept, and not found again",
    "gone and returned: 3",
    "bravo: Call by 2023-10-05T08:40:00Z, 71.5 s from now. Capped by the protocol at 600 s; this "
    "line takes 711 s. Calls on this line went unanswered.",
    "bravo: Past call-by: the chain of 600 s can no longer close before 2023-10-05T08:40:00Z. "
    "Stop and broadcast together.",
)


def test_api_300_an_alert_as_it_is_reported_is_whole_in_turkish() -> None:
    because = (f"cleared 2023-10-05T08:40:00Z: {one}; not shown" for one in _CLEARED.values())
    assert lacking(("reported", line) for line in (*ALERT, *because)) == []
    known = catalogue_of("tr")
    assert [one for one in Reason if known.words(one, "names") is None] == []


def test_api_300_a_part_says_whose_words_it_is() -> None:
    sentence = "x, its log: sorry, nothing is known [stated as fact; press: a note [3]]"
    parts = told("claim", sentence)
    assert [(one.voice, one.text) for one in parts] == [
        ("as-entered", "x, its log"),
        ("put-over", ": "),
        ("as-entered", "sorry, nothing is known"),
        ("put-over", " [olgu olarak beyan edildi; basın: "),
        ("as-entered", "a note [3]"),
        ("put-over", "]"),
    ]
    assert [one.voice for one in told("refusals", "the moon rose")] == ["english"]
    assert told("claim", sentence, "en") == (PartTold(voice="put-over", text=sentence),)


@given(st.text(max_size=200))
def test_api_300_no_letter_of_a_sentence_that_is_not_known_is_lost(text: str) -> None:
    kept = text.translate(dict.fromkeys((2, 3, 4), "\ufffd"))
    assert "".join(one.text for one in told("no-such-section", text)) == kept


WORDS = st.text(alphabet="ab;: ", min_size=0, max_size=3)


def oracle(english: str, sentence: str) -> dict[str, str] | None:
    """What stands in each slot, by trying every way: each slot takes the least that it can."""
    parts = SLOT.split(english)
    pattern = re.escape(parts[0]) + "".join(
        f"(?P<{name}>.+?){re.escape(words)}"
        for name, words in zip(parts[1::2], parts[2::2], strict=True)
    )
    fits = re.fullmatch(pattern, sentence, re.DOTALL)
    return None if fits is None else fits.groupdict()


@given(st.lists(WORDS.filter(bool), min_size=1, max_size=3), WORDS, WORDS, st.data())
def test_rep_300_a_form_is_found_as_by_trying_every_way(
    between: list[str], head: str, tail: str, data: st.DataObject
) -> None:
    names = [f"s_{number}" for number in range(len(between) + 1)]
    slots = "".join(f"{{{name}}}{word}" for name, word in zip(names, [*between, ""], strict=True))
    english = f"{head}{slots}{tail}"
    given_words = data.draw(st.lists(WORDS, min_size=len(names), max_size=len(names)))
    near = english.format(**dict(zip(names, given_words, strict=True)))
    sentence = data.draw(st.sampled_from((near, near[1:], f"{near};", *given_words)))
    form: Form = form_of(english, english)
    assert form.slots_of(sentence) == oracle(english, sentence)


HOSTILE = ("; ", ", ", " and ", ": ", " [", ", then ", ": x; ", " of ")


@pytest.mark.parametrize("again", HOSTILE)
def test_rep_300_no_sentence_takes_the_catalogue_long(again: str) -> None:
    """It is looked through in a time that grows with its length: trying every way would not end."""
    text = (again * SENTENCE_LENGTH_MAX)[:SENTENCE_LENGTH_MAX]
    for section in ("claim", "refusals", "clauses", "rows-claim", "timeline"):
        assert told(section, text)


def skeleton(text: str) -> str:
    return SLOT.sub("{}", text)


def texts_of(node: ast.expr, known: dict[str, list[ast.expr]]) -> Iterator[str]:
    """A text as written in the code, with a slot for whatever is worked out."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            yield "".join(
                str(one.value) if isinstance(one, ast.Constant) else "{}" for one in values
            )
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from (a + b for a in texts_of(left, known) for b in texts_of(right, known))
        case ast.IfExp(body=body, orelse=orelse):
            yield from texts_of(body, known)
            yield from texts_of(orelse, known)
        case ast.Name(id=name) if name in known:
            for one in known[name]:
                yield from texts_of(one, {})
        case _:
            return


def refusals_in(path: Path) -> Iterator[str]:
    """The texts of every refusal that a file of the code makes."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for made in (one for one in ast.walk(tree) if isinstance(one, MADE_IN)):
        known: dict[str, list[ast.expr]] = {}
        for one in ast.walk(made):
            if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
                known.setdefault(one.targets[0].id, []).append(one.value)
        for one in ast.walk(made):
            if isinstance(one, ast.Call) and getattr(one.func, "id", "") in REFUSE:
                given_text = [key.value for key in one.keywords if key.arg == "text"]
                for node in (*given_text, *one.args[REFUSE[one.func.id] :]):  # type: ignore[attr-defined]
                    yield from texts_of(node, known)


MADE_IN = (ast.FunctionDef, ast.AsyncFunctionDef)
REFUSE = {"Refused": 9, "Duplicate": 0, "_refuse": 1, "_no": 2, "Unmet": 1}  # where the text stands
NOT_OF_A_PERSON = ("registration", "bulk", "well_clear")  # nothing there is asked by a person


def of_files(folder: str) -> set[str]:
    """Every refusal that is made there, as it is written in the code."""
    files = (one for one in (SOURCE / folder).rglob("*.py"))
    asked = (one for one in files if not set(NOT_OF_A_PERSON) & set(one.parts))
    return {text for one in asked for text in refusals_in(one)}


def forms(section: str) -> set[str]:
    catalogue = catalogue_of("tr")
    slotted = (form.english for form in catalogue.forms.get(section, ()))
    return {skeleton(one) for one in (*catalogue.exact[section], *slotted)}


FRAMES = {  # around words that are told by forms of their own: each stands whole below
    "notice {}: a notice is {} by a person; say which role and watch",
    "notice {}: {}",
    "ownership: {}",
    "protocol {} is {} by {}: {}",
    "release {}: {}",
    "share {} {}",
    "the action is {}: {}",
    "{} is releasable to other parties than its version before; file it under a new id, and "
    "withdraw this one",
    "{}: releasable to {}, who is no party here",
    "{}: would reach nobody; check whom and what it names, and name ",
}
OF_SYSTEMS = {  # no form of the page can meet them: they tell a program how to ask
    "Last-Event-ID is no local number; leave it out",
    "Range: ask for 1 to {} bytes",
    "Range: ask for one part, bytes=FIRST-LAST",
    "an {} may not begin with confirm:",
    "at: {}",
    'body: write {"observations": [...]} and nothing else',
    "events: choose among {}",
    "form: there is {} and {}",
    "lang: there is {}",
    "language: there is {}",
    "leave `{}` out: a second person confirms with a session of their own",
    "number {} is beyond the newest entry here, {}; begin anew",
    "observations: write a list of one or more",
    "observations[{}]: {}",
    "since: {}",
    "send the header {}, 1 to {} printable characters, drawn anew for each act and kept for its "
    "repetition",
    "the body is {}",
    "the browser says that it came from a page that is {}",
    "the console has no such file",
    "without: at most {} kinds",
    "{} observations; send at most {} at a time",
    "{}: {} is above {}; ask for less",
    "{}: {} is no whole number from 0 to {}",
    "{}: {}{}",
}
SHARED = "share {} "  # stands before what a share is refused for
WHOLE = (
    "notice n-1: a notice is withdrawn by a person; say which role and watch",
    "notice n-1: needs a second person; name the role and watch who checked it",
    "notice n-1: second person is the first again (duty-officer 2); name another",
    "ownership: the party has stated 'ours'; to say 'not-ours' state it as a correction, with its "
    "reason",
    "protocol 12ab is signed by us: the signature stands; resume it if it is suspended",
    "release r-1: a notice has no coarser form; state one that says less",
    "share s-1 is revoked; grant a new one under a new id",
    "the action is done: it cannot be declined any more",
    "paper p-1 is releasable to other parties than its version before; file it under a new id, and "
    "withdraw this one",
    "claim c-1: releasable to x, who is no party here",
    "claim stated: would reach nobody; check whom and what it names, and name what is ours by its "
    "id alone",
    "call: check-read-back is not possible when closed; see how call c-1 stands",
    "answer: stand-by is not possible when answered; a stand-by has its time",
    "watch: take is not possible when held; watch night-7 holds it; relieve that one",
    "watch: relieve is not possible when vacant; take it",
    "body.notice_filed.content.zone.volume.window: window ends 2023-10-05T08:40:00Z, not after its "
    "start 2023-10-05T09:40:00Z; swap or correct them (and 2 more)",
    "body.notice_filed.marking: is missing; write text",
    "line 2: '37S ZZ': not a grid reference; write zone (1 to 60 and a letter C to X, without I "
    "and O), two letters, then easting and northing, as in 37S FV 8712 4567",
)


def test_con_303_every_refusal_of_the_tables_has_its_words_in_turkish() -> None:
    """Each text by the words in it, so that one that is reworded is missed here."""
    known, made = forms("refusals"), of_files("core") - FRAMES
    assert len(made) > 100
    missing = [
        one
        for one in made
        if not any(fits(form, whole) for form in known for whole in (one, SHARED + one))
    ]
    assert sorted(missing) == []
    assert lacking(("refusals", one) for one in WHOLE) == []


def test_con_303_every_no_of_the_interface_has_its_words_in_turkish() -> None:
    known = forms("refusals")
    made = of_files("shell/api") - OF_SYSTEMS
    missing = [one for one in made if not any(fits(form, one) for form in known)]
    assert sorted(missing) == []


def fits(form: str, made: str) -> bool:
    """Whether the form has the refusal's words, its slots standing for any of them."""
    return len(form) > len("{}: {}") and shape(form).fullmatch(made) is not None


@cache
def shape(form: str) -> re.Pattern[str]:
    return re.compile(".+".join(re.escape(part) for part in form.split("{}")), re.DOTALL)


def test_con_303_every_title_of_a_refusal_is_in_turkish() -> None:
    titles = {one.title for one in (*REFUSALS.values(), *TITLES.values())}
    assert [one for one in titles if catalogue_of("tr").words(one, "refusals") is None] == []


def sent(person: Person, **more: object) -> Any:  # noqa: ANN401
    asked = {"language": "tr", "sentences": [{"section": "difference", "text": "differs"}]}
    return person.ask("POST", "/told", json=asked | more)


def test_api_301_sentences_are_told_to_who_may_look_in_a_language_that_is_there() -> None:
    one = {"section": "difference", "text": "differs"}
    with Desk().running() as client:
        reader = Person(client)
        for person, account in ((Person(client), OPERATOR), (reader, READER)):
            person.come_in(account)
            answer = sent(person)
            assert answer.status_code == 200
            assert answer.json() == {
                "language": "tr",
                "reviewed": False,
                "told": [[{"voice": "put-over", "text": "farklı"}]],
            }
        assert sent(reader, language="ru").status_code == 400
        assert sent(reader, sentences=[one] * (SENTENCES_MAX + 1)).status_code == 422
        long = one | {"text": "x" * (SENTENCE_LENGTH_MAX + 1)}
        assert sent(reader, sentences=[long]).status_code == 422
        reader.csrf = "forged"
        assert sent(reader).status_code == 403
        assert sent(Person(client)).status_code == 401
