"""Catalogues: the same keys, the same placeholders, every code and every word; right to left."""

import json
import random
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import get_args

import pytest
import yaml
from consoles import Seat, scene, seat
from playwright.sync_api import Browser, expect
from room import Room

from crosstell.core.detection.alert import Attention, ClearedBecause
from crosstell.core.detection.finding import Assessed, Reason
from crosstell.core.errors import RefusalCode
from crosstell.core.line.acknowledgement import AcknowledgementEvent, Stage, StageStep
from crosstell.core.line.answer import AnswerEvent, AnswerKind
from crosstell.core.line.chain import CallByStanding
from crosstell.core.line.content import Danger, Finding, Interpreter, RequestedAct, SubjectKind
from crosstell.core.line.health import ChainStep, Medium
from crosstell.core.line.message import CallerEvent, CallKind, Precedence, Reality
from crosstell.core.line.view import AnswerStanding, Source, StopStanding
from crosstell.core.line.watch.broadcast import BroadcastEvent
from crosstell.core.line.watch.standing import Standing
from crosstell.core.line.watch.voice import VoiceEvent
from crosstell.core.mechanism.screen.alerts import Words
from crosstell.core.picture.notice import NoticeEvent, NoticeState, NoticeTime
from crosstell.core.picture.ownership import OwnershipAnswer, OwnershipEvent
from crosstell.core.picture.picture import Freshness
from crosstell.core.picture.status import StatusState, StatusStated
from crosstell.core.protocol.rule import AlertLevel
from crosstell.core.protocol.times import NoticeKind
from crosstell.core.state.held import Unread
from crosstell.shell.live.running import STATIC
from crosstell.shell.shipped.protocols import template_names, template_text

I18N = STATIC / "i18n"
APP = STATIC / "app"
SCREEN = Path(__file__).resolve().parents[2] / "src/crosstell/core/mechanism/screen"
LANGUAGES = ("en", "tr", "ru", "ar")
SETS: tuple[type[StrEnum], ...] = (
    AlertLevel, AnswerKind, AnswerStanding, Assessed, Attention, CallKind, ChainStep,
    ClearedBecause, Danger, Finding, Freshness, Interpreter, Medium, NoticeKind, NoticeState,
    NoticeTime, OwnershipAnswer, Precedence, Reality, RequestedAct, Source, Stage, StageStep,
    Standing, StatusState, StopStanding, SubjectKind, Words,
)  # fmt: skip
NOT_SAID = {NoticeState.ABSENT, StopStanding.ENDED}
MESSAGES = (  # what crosses as a message between two sides
    CallerEvent, AcknowledgementEvent, AnswerEvent, BroadcastEvent, VoiceEvent, NoticeEvent,
    OwnershipEvent, StatusStated,
)  # fmt: skip
KINDS = {
    re.sub(r"(?<!^)(?=[A-Z])", "_", one.__name__).lower()
    for several in MESSAGES
    for one in get_args(several) or (several,)
}
NOS = {*RefusalCode, *Unread, "out-of-order"}  # what is said of a message that does not hold
LRI, FSI, PDI = "\u2066", "\u2068", "\u2069"
TYPED = {  # one value of each kind of argument, and how it is shown
    "instant": "2023-10-05T08:40:30Z",
    "span": "600",
    "length": "926",
    "speed": "100",
    "number": "2",
    "id": "X-1:b",
    "text": "KATIL 3",
}
SHOWN = {
    "instant": "08:40:30Z", "length": "926 m", "speed": "194 kt", "number": "2",
    "id": "X-1:b", "text": "KATIL 3",
}  # fmt: skip
TOLD = """async ([language, asked, keys]) => {
  const i18n = await import('/console/app/i18n.js');
  await i18n.use(language);
  const told = asked.map((one) => i18n.coded(one));
  const said = keys.map((key) => i18n.t(key, {n: 3}));
  const marks = asked.map((one) => i18n.markOf(one));
  await i18n.use('en');
  return [told, said, marks];
}"""

pytest_plugins = ("browsing",)


def texts(language: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((I18N / f"{language}.json").read_text("utf-8"))["text"]
    return found


def forms(value: object) -> list[str]:
    return [value] if isinstance(value, str) else [str(one) for one in dict(value).values()]  # type: ignore[call-overload]


def placeholders(value: object) -> set[str]:
    return {name for form in forms(value) for name in re.findall(r"\{(\w+)\}", form)}


def test_con_040_turkish_is_complete_and_the_others_have_every_message() -> None:
    english = texts("en")
    assert set(texts("tr")) == set(english)
    crossing = {key for key in english if key.startswith(("msg.", "word.", "ui.span."))}
    crossing |= {f"ui.kind.{one}" for one in KINDS} | {f"ui.word.{one}" for one in NOS}
    crossing |= {f"ui.place.{one}" for one in ("circle", "polygon", "corridor")}  # CON-793
    crossing |= {"ui.half"}  # which says that the page's other words are not among them
    assert crossing <= set(english)
    for language in ("ru", "ar"):
        assert set(texts(language)) == crossing, language


def test_con_040_every_label_is_one_that_the_page_shows_and_none_is_missing() -> None:
    """By the names as they stand in the page's code, whole or up to where a word is put in."""
    code = "".join(one.read_text("utf-8") for one in sorted(APP.rglob("*.js")))
    named = set(re.findall(r"""["`](ui\.[\w.-]+)["`]""", code))
    begun = tuple(set(re.findall(r"`(ui\.[\w.-]+\.)\$", code)))
    labels = {key for key in texts("en") if key.startswith("ui.")}
    shown = {key for key in labels if key.removesuffix(".we") in named or key.startswith(begun)}
    assert sorted(labels - shown) == []
    assert sorted(named - labels) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_con_040_no_text_is_empty_and_placeholders_are_those_of_the_english(language: str) -> None:
    english = texts("en")
    for key, value in texts(language).items():
        assert all(form.strip() for form in forms(value)), key
        assert placeholders(value) == placeholders(english[key]), key


def test_con_041_only_the_english_counts_as_reviewed() -> None:
    """Nobody has reviewed the others yet; whoever does lists the keys in the catalogue."""
    reviewed = {
        one: json.loads((I18N / f"{one}.json").read_text("utf-8"))["reviewed"] for one in LANGUAGES
    }
    assert reviewed == {"en": True, "tr": [], "ru": [], "ar": []}


def test_con_043_every_key_that_the_page_uses_is_in_the_catalogue() -> None:
    english = texts("en")
    used = {
        key
        for path in APP.rglob("*.js")
        for key in re.findall(r"[\"'`](ui\.[a-zA-Z.-]*[a-zA-Z])[\"'`]", path.read_text("utf-8"))
    }
    assert len(used) > 300
    assert sorted(used - set(english)) == []


def test_con_043_every_code_of_the_screen_is_in_the_catalogue() -> None:
    english = texts("en")
    source = "".join(path.read_text("utf-8") for path in SCREEN.rglob("*.py"))
    plain = set(re.findall(r"\"((?:queue|alert|line)\.[a-z-]+(?:\.[a-z-]+)?)\"", source))
    made = {f"why.{one}" for one in Reason} | {f"line.{one}" for one in Standing}
    made |= {f"alert.{one}" for one in Assessed} | {f"call-by.{one}" for one in CallByStanding}
    made |= {f"alert.standing.{one}" for one in Words}
    missing = {code for code in plain | made if f"msg.{code}" not in english}
    assert sorted(missing) == []


def test_con_043_every_word_of_a_message_is_in_every_catalogue() -> None:
    for language in LANGUAGES:
        known = texts(language)
        missing = {
            member.value
            for words in SETS
            for member in words
            if member not in NOT_SAID and f"word.{member.value}" not in known
        }
        assert sorted(missing) == [], language


def test_con_043_every_role_of_the_shipped_templates_has_its_word() -> None:
    roles = {
        role["id"]
        for name in template_names()
        for role in yaml.safe_load(template_text(name))["roles"]
    }
    assert len(roles) > 5
    for language in LANGUAGES:
        assert sorted(role for role in roles if f"word.{role}" not in texts(language)) == []


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    with Room(seed="words").open() as found:
        scene(found)
        yield found


@pytest.fixture(scope="module")
def at(browser: Browser, room: Room) -> Iterator[Seat]:
    """One page, to ask for words in each language."""
    with seat(browser, room, watch=None) as found:
        yield found


def asked() -> list[dict[str, object]]:
    """Every code of a sentence, with arguments of every kind under every name that it has."""
    found: list[dict[str, object]] = []
    for key, value in texts("en").items():
        if key.startswith("msg."):
            names = sorted(placeholders(value))
            for kind, shown in TYPED.items():
                args = [{"name": name, "kind": kind, "value": shown} for name in names]
                found.append({"code": key.removeprefix("msg."), "args": args, "text": "english"})
                if not names:
                    break
    return found


def apart(told: str) -> list[str]:
    """What stands in isolates, outermost; AssertionError where one is not closed."""
    depth, found, last = 0, [], ""
    for letter in told:
        if letter in (LRI, FSI):
            depth += 1
        elif letter == PDI:
            depth -= 1
            if depth == 0:
                found.append(last)
                last = ""
        elif depth:
            last += letter
        assert depth >= 0
    assert depth == 0
    return found


@pytest.mark.parametrize("language", ["tr", "ru", "ar"])
def test_con_471_every_message_is_told_in_every_language_with_typed_arguments(
    at: Seat, language: str
) -> None:
    """Codes, words of closed sets, kinds of messages and what is said of one that does not hold."""
    codes, keys = asked(), sorted(key for key in texts(language) if not key.startswith("msg."))
    if language == "tr":
        keys = [key for key in keys if key in texts("ar")]
    told, said, marks = at.page.evaluate(TOLD, [language, codes, keys])
    assert set(marks) == {"unreviewed"}
    for one, text in zip(codes, told, strict=True):
        assert text != "english"
        assert "{" not in text
        for arg in one["args"]:  # type: ignore[attr-defined]
            shown = SHOWN.get(arg["kind"])
            isolated = apart(text)
            assert language != "ar" or len(isolated) == len(one["args"])  # type: ignore[arg-type]
            assert language == "ar" or isolated == []
            if shown is not None:
                assert shown in (isolated if language == "ar" else text), one
    own = {"ru": "[\u0400-\u04ff]", "ar": "[\u0600-\u06ff]", "tr": "[a-zçğıöşü]"}[language]
    assert [one for one in said if not re.search(own, one, re.IGNORECASE)] == []
    at.clean()


def test_con_471_a_call_sign_of_another_script_is_set_apart_and_no_sign_leaves_its_figure(
    at: Seat,
) -> None:
    one = {"name": "party", "kind": "id", "value": "جبهة"}
    code = {"code": "call-by.in-time", "args": [one], "text": "english"}
    for language in ("tr", "ru", "ar"):
        told, _, _ = at.page.evaluate(TOLD, [language, [code], []])
        assert "جبهة" in apart(told[0])
    signs = [key for key, text in texts("ar").items() if re.search(r"[-+±]\{", str(text))]
    assert signs == []


WRITTEN = """async ([language, values]) => {
  const i18n = await import('/console/app/i18n.js');
  const f = await import('/console/app/format.js');
  await i18n.use(language);
  const told = values.map((v) => ({
    length: f.length(v), figure: f.figure(v), miles: f.miles(v), radio: f.megahertz(v * 1e3),
    seconds: f.inSeconds(v), span: f.span(v), said: f.span(v, i18n.t),
    days: i18n.t('ui.span.d', {n: Math.floor(v)}),
  }));
  await i18n.use('en');
  return told;
}"""
UNITS = {
    "en": ("s", "min", "h"),
    "tr": ("sn", "dk", "sa"),
    "ru": ("с", "мин", "ч"),  # noqa: RUF001 - it is Russian
    "ar": ("ث", "د", "س"),
}
DAYS = {
    "en": {"other": "d"},
    "tr": {"other": "gün"},
    "ru": {"one": "день", "few": "дня", "many": "дней"},
    "ar": {"few": "أيام", "many": "يوماً", "other": "يوم"},
}


def form_of(language: str, n: int) -> str:
    """Which form a count takes, by CLDR's rules for cardinals, as far as the forms differ."""
    last, two = n % 10, n % 100
    if language == "ru":
        if last == 1 and two != 11:
            return "one"
        return "few" if 2 <= last <= 4 and not 12 <= two <= 14 else "many"
    if language == "ar" and two >= 3:
        return "few" if two <= 10 else "many"
    return "other"


def number(text: str, language: str) -> float:
    """What a figure says, written as the language writes it and in no other way."""
    digits = re.sub(r"[^0-9.,-]", "", text).strip(".")
    wrong, mark = (".", ",") if language in ("tr", "ru") else (",", ".")
    assert wrong not in digits, text
    return float(digits.replace(mark, "."))


@pytest.mark.parametrize("language", LANGUAGES)
def test_con_472_figures_units_and_counts_are_written_as_the_language_writes_them(
    at: Seat, language: str
) -> None:
    draw = random.Random(f"written:{language}")
    values = [float(one) for one in (*range(3, 131), 1999, 2000, 119, 120, 7199, 7200)]
    values += [
        round(draw.uniform(0, 10**power), 2) for power in (1, 2, 3, 4, 5, 6) for _ in range(40)
    ]
    told = at.page.evaluate(WRITTEN, [language, values])
    for value, said in zip(values, told, strict=True):
        assert number(said["figure"], language) == value
        far = said["length"].removesuffix(" m")
        scale, within = (1000, 500) if far.endswith(" km") else (1, 0.5)
        assert abs(number(far, language) * scale - value) <= within
        assert abs(number(said["miles"], language) * 1852 - value) <= 93
        assert abs(number(said["radio"], language) * 1e3 - value) <= 0.5
        assert abs(number(said["seconds"], language) - value) <= 0.0501
        own = UNITS["en" if language in ("ru", "ar") else language]
        assert said["seconds"].endswith(f" {own[0]}")
        unit = next((n for n, most in enumerate((120, 7200, 172_800)) if value < most), 3)
        if unit < 3:
            assert number(said["said"], language) == value // 60**unit
            assert said["span"] == f"{value // 60**unit:.0f} {own[unit]}" or language == "tr"
            assert said["span"].endswith(f" {own[unit]}")
            assert said["said"].endswith(f" {UNITS[language][unit]}") or language == "ar"
            assert UNITS[language][unit] in said["said"]
        day = DAYS[language][form_of(language, int(value))]
        assert said["days"].split()[-1] == day, (value, said["days"])


COUNTED_FROM_TWO = {  # no way has one point, no area two; where one was read, neither is said
    "ui.place.corridor", "ui.place.polygon", "ui.paste.one", "ui.paste.several",
}  # fmt: skip


def test_con_472_no_english_text_counts_one_as_several() -> None:
    def of_one(value: object) -> str:
        return value if isinstance(value, str) else dict(value)["one"]  # type: ignore[call-overload]

    one = {key: of_one(value).replace("{n}", "1") for key, value in texts("en").items()}
    several = [
        key for key, text in one.items() if re.search(r"\b1 (?!holds)(?:\w+ )?\w{2,}s\b", text)
    ]
    assert sorted(set(several) - COUNTED_FROM_TWO) == []


def test_con_042_arabic_runs_from_right_to_left_and_figures_do_not(
    browser: Browser, room: Room
) -> None:
    with seat(browser, room) as at:
        at.page.locator(".header select").select_option("ar")
        expect(at.page.locator("html")).to_have_attribute("dir", "rtl")
        card = at.page.locator(".card").first
        expect(card).to_contain_text("لم يؤكده أحد")
        expect(card.locator(".mark").first).to_be_visible()  # unreviewed, and marked
        box = at.page.locator(".queue").bounding_box()
        assert box is not None
        assert box["x"] == 0
        turned = at.page.locator(".map").evaluate("e => getComputedStyle(e).direction")
        assert turned == "ltr"
        assert at.page.locator(".card bdi").first.get_attribute("dir") == "ltr"
        assert at.faults_of_access() == []
        at.page.locator(".header select").select_option("tr")
        expect(at.page.locator("html")).to_have_attribute("dir", "ltr")
        expect(at.page.locator("#part-needs-you")).to_have_text("Şimdi sizi bekleyen")
        at.page.locator(".header select").select_option("ru")
        expect(card).to_contain_text("Никто не подтвердил")
        at.clean()
