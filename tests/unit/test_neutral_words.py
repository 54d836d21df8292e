"""No sentence of ours takes a side: the words of every output are looked through. REP-151.

Every form of the Turkish catalogue with its English, every message of the console, every template,
and every literal of the modules that speak. A word that judges stands only in the sentences that
are listed here with it; each listed one must still exist. Words of sources, of scenarios and of
parties are theirs, and are told as theirs.
"""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "crosstell"
SPEAKING = (
    "papers",
    "replay",
    "core/assessment",
    "core/incident",
    "core/mechanism/after",
    "core/mechanism/screen",
    "core/picture",
    "core/line",
)
JUDGING = re.compile(
    r"\b(violat\w*|hostil\w*|enem(?:y|ies)|guilt\w*|blam\w*|culprit|culpab\w*|innocen\w*|admit\w*|"
    r"confess\w*|conced\w*|den(?:y|ies|ied|ial)|lie[sd]?|lying|false\w*|true|truth|right|rightly|"
    r"wrong\w*|agree[sd]?|agreements?|agreeing|illegal\w*|unlawful\w*|lawful\w*|legitima\w*|"
    r"justif\w*|provo[ck]\w*|aggress\w*|reckless\w*|unprofessional\w*|victims?|terror\w*|crim\w*|"
    r"fault|faulty|responsib\w*|liable|liability|allege[sd]?|allegedly|claimed|prevented|"
    r"should have|fail(?:ed|ure|s)? to|negligen\w*|ignored|attack\w*|incursions?|intru\w*|"
    r"trespass\w*|proves?|proven|verdicts?|clear to engage|permission|permit\w*|approv\w*|"
    r"targets?|targeting|threat\w*)\b",
    re.IGNORECASE,
)
HUKUM = re.compile(
    r"(haklı|haksız|suç|düşman|itiraf|mutabık|mutabakat|uzlaş|saldır|terör|hedef|\byalan|yanlış|"
    r"kanıtla|meşru|kusur|kışkırt|pervasız|uyuyor|\bdoğru\b(?! çizgi)|ihlal ed(?:en|il)|engajman)",
    re.IGNORECASE,
)
# Where a word that judges may stand, and why: it says that nobody judges, it is told as said by
# one, or it is no judgement (a side of a line, an alarm on a day without an incident).
ALLOWED = {
    "nobody judges": (
        "Nothing here says who is right.",
        "This does not say which is right",
        "none is taken as right",
        "No merged truth",
        "would have been prevented",
        "“Not testable” is not agreement",
        "“not testable” is no agreement",
        "“not testable” is not agreement",
        "Not testable is no agreement",
        "this is no agreement",
        "This is not agreement",
        "“No difference found” is no agreement; agreed is only what all have signed.",
        "no difference found is no agreement",
        "no difference found, which is no agreement",
        "not for targeting",
        "that is no agreement of the others",
        "held is not agreed",
        "questions, no verdicts",
        "is not clear to engage",
        "never clear to engage",
        "No object is shown as hostile",
        "not for targeting or navigation",
        "and never a target",
    ),
    "told as said by one, or of what all have signed": (
        "said to have been agreed",
        "Sentences that say that something was agreed",
        "that something was agreed",
        "Stated to have been agreed",
        "breaches alleged, with definition",
        "stated by {told_voice} to have been agreed",
        "stated by {list_voices} to have been agreed",
        " to have been agreed, ",
        "“Agreed” is said only of text that all it names have signed",
        "Agreed text so far: joint texts that all they name have signed",
        "an agreement of {list_parties}: {said_text}; who signed it, joint texts say",
        "an agreement of ",
        "agreement as stated",
        "alleged violations, never added up",
        "alleged violations; never added up",
        "{fig_number} alleged against {party} under rule",
        " alleged against ",
    ),
    "no judgement": (
        "faulty observation",
        "the end lies {span} before the beginning: at least one of them is wrong by so much",
        "up: along the course; right: to the right of it",
        "false alarm",
        "False alarms on this quiet day",
        "lies beyond the offsets",
        "tracks lie too close",
        "too many tracks lie too close",
        "What was said is told in scenario {scenario}, which does not lie beside this one",
        "does not lie beside this one",
        "every such statement in it agrees with that feed as exported",
        "to the right",
        "Stages, each when it was true",
        "The other voice gave the agreed duress word",
        "Record: fault",
        "find out which is right",
        "nothing is signed until the clock is right",
        "Permission denied",
        "false fork evidence",
        "Course, degrees true",
        "give a true course",
        "course {course} true",
        "lies more than 80 degrees of arc from the middle",
        "lies beyond the edge of its grid zone",
        "ended by a fault of ours",
        "A fault of ours",
        "Account, password or code is wrong",
        "observation faulty",
        "approver",
    ),
}
IZINLI = (
    "kimin haklı olduğu söylenmez",
    "hangi dalın doğru olduğunu da",
    "hangi saatin doğru olduğunu bulun",
    "saat doğru olana dek hiçbir şey imzalanmaz",
    "hiçbir zaman hedef değildir",
    "kimin haklı olduğunu söylemez",
    "Mutabık kaldığı söylenen taraflar",
    "Mutabık kalındığını söyleyen cümleler",
    "bir şeyde mutabık kalındığı",
    "hedefleme için değil",
    "en az biri bu kadar yanlıştır",
    "Sıra kanıtlıdır",
    "dakika kanıtlanmış değildir",
    "hiçbiri doğru sayılmaz",
    "mutabakat değildir",
    "mutabakat yalnızca herkesin imzaladığıdır",
    "“Mutabık kalındı” yalnızca adı geçen herkesin imzaladığı metin için kullanılır",
    "Mutabık kalındığı söylenenler",
    "Mutabık kalındığı beyan edilen, herkesin imzalamadığı",
    "Mutabık kalındığı söylenen metin",
    "mutabık kaldıkları söylenen",
    "mutabık kalındığını beyan eden",
    "Şimdiye kadar mutabık kalınan metin: adı geçen herkesin imzaladığı ortak metinler",
    "beyan edildiği biçimiyle mutabakat",
    "{list_parties} mutabakatı: {said_text}; kimin imzaladığını ortak metinler söyler",
    "İddia edilen ihlaller; asla toplanmaz",
    "yanlış alarm",
    "yanlışlıkla gönderildiği için",
    "Yok say: yanlış gönderildi",
    "Tekrar doğru",
    "Hiçbir nesne düşman gösterilmez",
    "hedefleme ya da seyrüsefer için değil",
    "angajmana açık demek değildir",
    "İhlal ediyor",
)


def literals(path: Path) -> Iterator[str]:
    """Every string of words in a module, but what stands in a docstring or in an error."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent: set[int] = set()
    for node in ast.walk(tree):
        is_check = isinstance(node, ast.keyword) and node.arg == "what"
        if is_check or isinstance(node, ast.Raise | ast.Assert):
            silent |= {id(one) for one in ast.walk(node)}
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            silent.add(id(body[0].value))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and id(node) not in silent:
            yield "".join(
                str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values
            )
            silent |= {id(one) for one in ast.walk(node)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in silent
        ):
            yield node.value


def leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from leaves(one)
    elif isinstance(value, str):
        yield value


@cache
def english() -> tuple[tuple[str, str], ...]:
    """Every sentence of ours in English, with where it stands."""
    found = []
    for folder in SPEAKING:
        for path in sorted((SOURCE / folder).rglob("*.py")):
            name = path.relative_to(SOURCE).as_posix()
            if not name.startswith(("replay/given", "replay/live", "core/line/diagram")):
                found += [(name, one) for one in literals(path) if " " in one]
    for path in sorted(SOURCE.rglob("*.j2")):
        text = re.sub(r"\{%.*?%\}|<[^>]*>|\{#.*?#\}", "", path.read_text(encoding="utf-8"))
        keys = re.findall(r"""\b(?:_|d)\((["'])((?:(?!\1).)+)\1""", path.read_text("utf-8"))
        found += [(path.name, re.sub(r"\{\{.*?\}\}", "", text))]
        found += [(path.name, key) for _, key in keys]
    found += [("en.json", one) for one in leaves(messages("en"))]
    return (*found, *((f"tr.toml, {section}", key) for section, key, _ in forms()))


@cache
def forms() -> tuple[tuple[str, str, str], ...]:
    path = SOURCE / "papers" / "speech" / "tr.toml"
    held = tomllib.loads(path.read_text(encoding="utf-8"))["forms"]
    return tuple(
        (section, key, other) for section, rows in held.items() for key, other in rows.items()
    )


def messages(language: str) -> object:
    path = SOURCE / "shell" / "console" / "static" / "i18n" / f"{language}.json"
    return json.loads(path.read_text(encoding="utf-8"))["text"]


def judged(words: str, judging: re.Pattern[str], allowed: list[str]) -> list[str]:
    """The words that judge and stand in no sentence that is allowed."""
    if judging.search(words) is None:
        return []
    for one in allowed:
        words = re.sub(re.escape(one), " ", words, flags=re.IGNORECASE)
    return [found.group(0) for found in judging.finditer(words)]


def test_rep_151_no_english_sentence_of_ours_judges() -> None:
    allowed = sorted((one for some in ALLOWED.values() for one in some), key=len, reverse=True)
    assert len(english()) > 1_500, "the sentences are read"
    found = [
        (where, words[:160], bad)
        for where, words in english()
        if (bad := judged(words, JUDGING, allowed))
    ]
    assert found == []


def test_rep_151_no_turkish_sentence_of_ours_judges() -> None:
    allowed = sorted(IZINLI, key=len, reverse=True)
    told = [(section, other) for section, _, other in forms()]
    told += [("tr.json", one) for one in leaves(messages("tr"))]
    assert len(told) > 1_000, "the sentences are read"
    found = [(where, words) for where, words in told if judged(words, HUKUM, allowed)]
    assert found == []


def test_rep_151_a_word_that_judges_is_found() -> None:
    allowed = [one for some in ALLOWED.values() for one in some]
    for words in ("tr violated the rule", "both sides agreed that", "a hostile drone", "us lied"):
        assert judged(words, JUDGING, allowed), words
    assert judged("saldırgan taraf haksızdır", HUKUM, list(IZINLI))
    assert judged("mutabık kalındı", HUKUM, list(IZINLI))


def test_rep_151_each_allowed_sentence_still_stands_somewhere() -> None:
    said = "\n".join(words for _, words in english()).casefold()
    turkish = "\n".join((*(other for _, _, other in forms()), *leaves(messages("tr"))))
    gone = [one for some in ALLOWED.values() for one in some if one.casefold() not in said]
    gone += [one for one in IZINLI if one not in turkish]
    assert gone == []
