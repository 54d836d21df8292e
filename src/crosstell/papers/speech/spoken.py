"""What a page's templates speak with: labels, sentences, own words and figures in its language.

Beside those for the page's text stand those for drawings (`d...`), where nothing can be marked up
and the mark of what stays in English stands in brackets.
"""

from collections.abc import Callable

from markupsafe import Markup, escape

from crosstell.core.assessment.account.topic import ClaimKind
from crosstell.papers.speech.speech import Speech, speech_of, text_speech
from crosstell.papers.told import ClaimTold, TopicTold

BEFORE = "stated before: "
UNREVIEWED = (
    "This Turkish was read by no native reader yet. Words of sources, of the scenario and of the "
    "parties stay in the language in which they were entered, and so does what has no Turkish yet; "
    "both bear the mark İng."
)


def page_speech(language: str) -> Speech:
    """For a page: what stays in English is marked up as English, with the mark behind it."""
    return speech_of(
        language,
        plain=lambda words: str(escape(words)),
        marked=lambda words, mark: (
            f'<span lang="en" class="foreign">{escape(words)}<sup>{escape(mark)}</sup></span>'
        ),
    )


def globals_of(language: str) -> dict[str, object]:
    """The functions that the templates call."""
    page, drawn = page_speech(language), text_speech(language)
    return {
        "lang": language,
        "notice": "" if page.is_english else Markup(page.say(UNREVIEWED)),  # noqa: S704 - escaped
        "_": _safe(page.say),
        "tell": _safe(page.tell),
        "foreign": _safe(page.foreign),
        "figure": _safe(page.figure),
        "names": _safe(page.names),
        "ref": _safe(lambda ref: page.tell(ref, "refs")),
        "claim": _safe(lambda topic, one: told_claim(page, topic, one)),
        "about": _safe(lambda topic: told_topic(page, topic)),
        "d": drawn.say,
        "dtell": drawn.tell,
        "dforeign": drawn.foreign,
        "dfigure": drawn.figure,
        "upper": upper_name,
    }


def told_claim(speech: Speech, topic: TopicTold, one: ClaimTold) -> str:
    """A claim: whose words, what is stated, and on what it rests. Only the frame is put over."""
    if speech.is_english:
        return speech.plain(one.text)
    who = speech.tell(one.who, "voices")
    stated = speech.tell(one.stated, f"claims-{topic.kind}")
    now, *before = one.rests.split(f"; {BEFORE}")
    parts = [speech.tell(part, "rests") for part in now.split("; ")]
    parts += [
        f"{speech.say(BEFORE.strip())} {speech.tell(older, f'claims-{topic.kind}')}"
        for older in before
    ]
    between = speech.plain("; ")
    return f"{who}: {stated} {speech.plain('[')}{between.join(parts)}{speech.plain(']')}"


def told_topic(speech: Speech, topic: TopicTold) -> str:
    """What a topic is about: the sort of thing, and the names as entered. Implements INC-471."""
    if speech.is_english:
        return speech.plain(topic.topic)
    kind = speech.tell(topic.topic.partition(":")[0], "kinds")
    if topic.kind == ClaimKind.DISPUTE:  # which claim is disputed is ours to say
        return f"{kind}: {speech.plain(', ').join(speech.tell(one, 'refs') for one in topic.names)}"
    names = ", ".join(topic.names)
    return f"{kind}: {speech.entered(names)}" if names else kind


def upper(words: str, language: str) -> str:
    """A heading of ours in capitals, as the language writes them: in Turkish i keeps its dot."""
    if language == "tr":
        words = words.replace("i", "İ").replace("ı", "I")
    return words.upper()


def upper_name(name: str) -> str:
    """A name in capitals by its own letters: one without a Turkish letter is not respelt."""
    is_turkish = any(letter in name for letter in "çğıöşüÇĞİÖŞÜ")
    return upper(name, "tr" if is_turkish else "en")


def _safe(speak: Callable[..., str]) -> Callable[..., Markup]:
    """Its words are escaped where they are put together."""
    return lambda *given, **slots: Markup(speak(*given, **slots))  # noqa: S704 - escaped by parts
