"""Turkish of pages and reports: by one catalogue, the rest marked, figures and letters correct."""

import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from replay_example import RESULT

from crosstell.papers.speech import speech as speaking
from crosstell.papers.speech.catalogue import SLOT, catalogue_of, read_catalogue
from crosstell.papers.speech.figures import figure_in
from crosstell.papers.speech.speech import text_speech
from crosstell.papers.speech.spoken import UNREVIEWED, page_speech, upper, upper_name
from crosstell.replay.page import render_page
from crosstell.replay.result import Met, Stage, Verdict

TURKISH, ENGLISH = text_speech("tr"), text_speech("en")
LETTERS = set("abcçdefgğhıijklmnoöprsştuüvyzqwxâîû")
TEMPLATES = (
    ("crosstell.replay.page", "page.html.j2"),
    ("crosstell.replay.page", "charts.html.j2"),
    ("crosstell.replay.page", "tables.html.j2"),
    ("crosstell.replay.page", "report.html.j2"),
    ("crosstell.papers", "papers.html.j2"),
)


def test_rep_104_a_sentence_is_put_over_by_its_form() -> None:
    line = "tr feed #8 and us feed #3: differs: apart by 5 min 30 s"
    said = "tr akışı #8 ile us akışı #3: farklı; aradaki fark 5 dk 30 sn"
    assert TURKISH.tell(line, "differences") == said
    assert ENGLISH.tell(line, "differences") == line


def test_rep_104_what_no_form_knows_stays_in_english_with_the_mark() -> None:
    assert TURKISH.tell("the moon rose") == "the moon rose [İng.]"
    assert TURKISH.say("No such label") == "No such label [İng.]"
    assert page_speech("tr").tell("<b>") == "&lt;b&gt;" or "İng." in page_speech("tr").tell("<b>")


def test_rep_105_own_words_are_not_put_over_even_where_the_catalogue_knows_them() -> None:
    """A source that says "No alert was raised." is not made to say it in Turkish."""
    line = "a, call (its view): No alert was raised."
    assert TURKISH.tell(line, "readouts") == (
        "a, call [İng.] (kendi görüşü): No alert was raised. [İng.]"
    )


@pytest.mark.parametrize(
    ("english", "turkish"),
    [
        ("about 1,000 m", "yaklaşık 1.000 m"),
        ("5,791.2 m", "5.791,2 m"),
        ("1 h 45 min", "1 sa 45 dk"),
        ("at least about 50 m/s", "en az yaklaşık 50 m/sn"),
        ("2,190 to 2,400 m", "2.190 ila 2.400 m"),
        ("none", "hiç"),
        ("2015-11-24T07:24:05Z", "2015-11-24T07:24:05Z"),
        ("town-level-pin", None),
        ("5 furlongs", None),
    ],
)
def test_rep_106_a_figure_is_put_over_whole_or_not_at_all(
    english: str, turkish: str | None
) -> None:
    assert figure_in(english, catalogue_of("tr").figures) == turkish


@given(st.floats(min_value=0, max_value=1e9, allow_nan=False))
def test_rep_106_no_number_changes_its_value(value: float) -> None:
    english = f"{value:,.2f}"
    turkish = figure_in(english, catalogue_of("tr").figures)
    assert turkish is not None
    assert float(turkish.replace(".", "").replace(",", ".")) == float(english.replace(",", ""))


@given(
    st.sampled_from(
        [
            ("refusals", "speed {} m/s is outside 0 to 600 m/s", "{} m/sn"),
            ("refusals", "altitude {} m is outside -1000 m to 100 km", "{} m irtifa"),
            ("refusals", "circle: radius {} m is outside 1 to 500000 m", "yarıçap {} m"),
            ("verdicts", "infringes (found {} s ago)", "{} sn önce"),
        ]
    ),
    st.integers(0, 10_000_000),
)
def test_con_472_a_figure_with_its_unit_has_a_decimal_comma_in_every_sentence(
    form: tuple[str, str, str], thousandths: int
) -> None:
    section, english, turkish = form
    value = thousandths / 1000
    told = TURKISH.tell(english.format(value), section)
    assert turkish.format(str(value).replace(".", ",")) in told


@given(st.text(max_size=80))
def test_rep_104_nothing_is_lost_whatever_is_told(words: str) -> None:
    told = TURKISH.tell(words, "timeline")
    assert TURKISH.tell(words, "timeline") == told
    assert bool(told) == bool(words)


def test_capitals_keep_the_dot_of_i_in_turkish_words_only() -> None:
    assert upper("bildirimler, sınanamaz", "tr") == "BİLDİRİMLER, SINANAMAZ"
    assert upper_name("Türkiye") == "TÜRKİYE"
    assert upper_name("United States") == "UNITED STATES"


def test_every_form_has_the_slots_of_its_english() -> None:
    catalogue = catalogue_of("tr")
    assert catalogue.language == "tr"
    for forms in catalogue.forms.values():
        for form in forms:
            assert set(SLOT.findall(form.english)) == set(SLOT.findall(form.other))
    with pytest.raises(ValueError, match="slots do not agree"):
        read_catalogue(
            'language = "x"\nmark = "E"\n[figures]\n[forms.labels]\n"of {a}" = "of {b}"\n'
        )


def test_turkish_words_are_written_with_turkish_letters() -> None:
    """A wrong letter shows: no dotted capital that is lost, no letter of another alphabet."""
    catalogue = catalogue_of("tr")
    for section, rows in catalogue.exact.items():
        for english, turkish in rows.items():
            plain = SLOT.sub("", turkish).replace("İ", "i").replace("I", "ı").lower()
            strange = {letter for letter in plain if letter.isalpha()} - LETTERS
            assert not strange, (section, english, strange)


def test_every_label_of_the_templates_is_in_the_catalogue() -> None:
    catalogue = catalogue_of("tr")
    for package, name in TEMPLATES:
        text = (files(package) / "templates" / name).read_text(encoding="utf-8")
        for _, _, key in re.findall(r"""\b(_|d)\((["'])((?:(?!\2).)+)\2""", text):
            assert catalogue.words(key, "labels") is not None, (name, key)


def test_every_closed_word_is_in_the_catalogue() -> None:
    catalogue = catalogue_of("tr")
    words = [stage.words for stage in Stage] + [one.value for one in (*Met, *Verdict)]
    words += [UNREVIEWED, "advisory", "urgent", "critical"]
    assert all(catalogue.words(word, "labels") is not None for word in words)


def test_rep_104_the_page_in_turkish_says_that_nobody_read_it() -> None:
    page = render_page(RESULT, "tr")
    assert '<html lang="tr">' in page
    assert "henüz denetlemedi" in page
    assert 'lang="en" class="foreign"' in page
    assert "Canlandırmanın bulduğu" in page
    assert "What the replay found" not in page
    assert speaking.LANGUAGES == ("en", "tr")
