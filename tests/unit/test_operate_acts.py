"""A command for every act, made from its event: names, options, short forms, forms to fill in."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crosstell.cli import crosstell
from crosstell.cli.operate import telling
from crosstell.cli.operate.act import BY_WATCH, options_of, set_to
from crosstell.cli.operate.act import act as acts
from crosstell.cli.operate.naming import acts_by_name, command_name
from crosstell.cli.operate.skeleton import form
from crosstell.cli.operate.telling import lines, printable
from crosstell.cli.operate.watch import events
from crosstell.cli.operate.writing import Typing, mapping, scalar, with_path, written
from crosstell.codecs.document import from_document
from crosstell.codecs.shape import Time, fields_of, shape_of, tag_of
from crosstell.codecs.yaml_document import Document, DocumentRefused, Mapping, parse_yaml
from crosstell.core.errors import CallerError
from crosstell.core.geometry.footprint import Circle, Footprint
from crosstell.core.geometry.position import Position
from crosstell.core.ids import EntryRef, ForeignRef, Latest, Named
from crosstell.core.line.content import CallContent, FreeText
from crosstell.core.picture.party import Scope
from crosstell.core.state.acts import ACTS

HOW = Typing(now=lambda: datetime(2023, 10, 5, 4, 30, tzinfo=UTC), language="tr")
CONTEXT = click.Context(acts)
I18N = files("crosstell") / "shell/console/static/i18n"


def test_every_act_has_a_command_named_as_one_says_it() -> None:
    """OPE-001: one name each; none but the watch's, which is the session's too, is left out."""
    names = [command_name(kind) for kind in ACTS]
    assert len(set(names)) == len(names)
    assert set(acts.list_commands(CONTEXT)) == set(names) - set(BY_WATCH)
    for said in ("file-notice", "place-call", "pass-on-call", "acknowledge-alert", "lift-stop"):
        assert said in names
    plain = [kind for kind in ACTS if command_name(kind).replace("-", "_") == tag_of(kind)]
    assert plain == []


def test_a_new_event_has_a_command_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """OPE-001: also one whose verb nobody foresaw."""

    @dataclass(frozen=True, slots=True, kw_only=True)
    class BeaconFrobbed:
        """A beacon was frobbed."""

        beacon: str
        wait_s: float = 0.0

    monkeypatch.setattr("crosstell.cli.operate.naming.ACTS", (*ACTS, BeaconFrobbed))
    command = acts.get_command(CONTEXT, "beacon-frobbed")
    assert command is not None
    names = {name for param in command.params for name in param.opts}
    assert {"--beacon", "--wait-s", "--wait-minutes", "--set", "--file"} <= names
    assert command.help == "A beacon was frobbed."


def test_run_563_that_the_counterpart_reads_a_voice_log_is_said_where_it_is_written() -> None:
    told = " ".join(CliRunner().invoke(crosstell, ["act", "log-voice", "--help"]).output.split())
    assert "All of it goes to the counterpart, the notes too" in told
    for language, words in (("en", "the other party reads them"), ("tr", "karşı taraf okur")):
        texts = json.loads((I18N / f"{language}.json").read_text(encoding="utf-8"))["text"]
        assert words in texts["ui.voice.notes"]


@pytest.mark.parametrize("name", sorted(set(acts_by_name()) - set(BY_WATCH)))
def test_the_options_of_every_act_are_told_apart(name: str) -> None:
    """OPE-002: no two options of one name, help for all, and nobody speaks by an option."""
    found = CliRunner().invoke(crosstell, ["act", name, "--help"])
    assert found.exit_code == 0, found.output
    command = acts.get_command(CONTEXT, name)
    assert command is not None
    names = [one for param in command.params for one in param.opts]
    assert len(names) == len(set(names))
    assert not {"--by", "--speaker", "--watch"} & set(names)
    kind = acts_by_name()[name]
    said = {option.path[0] for option in options_of(kind)} | {"language"}
    assert {field.name for field in fields_of(kind)} <= said | {f"{one}" for one in said}


@pytest.mark.parametrize("kind", ACTS, ids=command_name)
def test_the_form_of_every_act_is_read_by_the_codec(kind: type[Any]) -> None:
    """OPE-003: an empty form has faults of its places only: every key of it is known."""
    text = form(kind)
    root = parse_yaml(text.encode(), name="form").root
    if not isinstance(root, Mapping):  # every key may be left out
        return
    assert {key.text for key, _ in root.entries} <= {field.name for field in fields_of(kind)}
    with pytest.raises(DocumentRefused) as refused:
        from_document(kind, Document("form", root))
    assert "unknown key" not in str(refused.value)


ZONE = """
notice: new
version: 1
content:
  zone:
    field_type: roz
    declaring_authority: us
    volume:
      footprint: 37SFA4351 +2km
      lower: unbounded
      upper: unbounded
      window: {start: +10m, end: +1h}
    duty: keep out
marking: us
releasable_to: [tr]
"""


def test_a_form_is_filled_in_with_short_forms(tmp_path: Path) -> None:
    """OPE-003: a place as the field writes it, a time from now, an id drawn; by --set as well."""
    file = tmp_path / "zone.yaml"
    file.write_text(ZONE)
    shown = ["file-notice", "--file", str(file), "--print", "--session", str(tmp_path / "none")]

    def read(*more: str) -> Any:  # noqa: ANN401 - JSON
        told = CliRunner().invoke(acts, [*shown, *more])
        assert told.exit_code == 0, told.output
        return json.loads(told.stdout)["body"]["notice_filed"]

    filed = read()
    assert re.fullmatch("notice-[0-9a-f]{8}", filed["notice"])
    volume = filed["content"]["zone"]["volume"]
    circle = volume["footprint"]["circle"]
    assert 2_707.0 < circle["radius_m"] < 2_720.0
    assert 36.5 < circle["centre"]["lat_deg"] < 36.7
    start, end = (datetime.fromisoformat(volume["window"][key]) for key in ("start", "end"))
    assert abs((end - start).total_seconds() - 3_000.0) < 5.0
    place = "content.zone.volume.footprint=36.6000000N 40.4000000E +2nm"
    wide = read("--set", place)["content"]["zone"]["volume"]["footprint"]["circle"]
    assert 3_704.0 <= wide["radius_m"] < 3_705.0
    file.write_text(ZONE.replace("37SFA4351 +2km", "nowhere"))
    refused = CliRunner().invoke(acts, shown)
    assert refused.exit_code == 2
    assert "'NOWHERE' is no position" in refused.stderr


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("tr/warn-1", Named(party="tr", id="warn-1")),  # type: ignore[arg-type]
        ("tr/roz-1/latest", Latest(party="tr", id="roz-1")),  # type: ignore[arg-type]
        ("ab12/7/" + "0" * 64, EntryRef(feed="ab12", seq=7, hash="0" * 64)),  # type: ignore[arg-type]
        ("{named: {party: tr, id: warn-1}}", Named(party="tr", id="warn-1")),  # type: ignore[arg-type]
    ],
)
def test_an_object_is_said_as_party_and_id(text: str, value: ForeignRef) -> None:
    """OPE-002: or as its newest version, or as one entry."""
    node = written(shape_of(ForeignRef), text, HOW)
    assert from_document(ForeignRef, Document("x", node)) == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("now", "2023-10-05T04:30:00Z"),
        ("+10m", "2023-10-05T04:40:00Z"),
        ("-90s", "2023-10-05T04:28:30Z"),
        ("2023-10-05T08:00:00Z", "2023-10-05T08:00:00Z"),
        ("tomorrow", "tomorrow"),
    ],
)
def test_a_time_is_said_from_now(text: str, told: str) -> None:
    """OPE-002: what is no time is left to the reader to refuse."""
    node = written(Time(), text, HOW)
    assert node == scalar(told)


def test_a_place_is_written_as_the_field_writes_it(capsys: pytest.CaptureFixture[str]) -> None:
    """OPE-002: a point, or a circle that holds every point which the grid square may mean."""
    place = next(f.shape for f in fields_of(CallContent) if f.name == "place")
    hint = Position | Footprint

    def read(text: str) -> object:
        found: object = from_document(hint, Document("x", written(place, text, HOW)))
        return found

    assert read("36.6N 40.4E") == Position(lat_deg=36.6, lon_deg=40.4)
    assert read("{position: {lat_deg: 1, lon_deg: 2}}") == Position(lat_deg=1.0, lon_deg=2.0)
    circle = read("37SFA4351 +2km")  # a square of a kilometre
    assert isinstance(circle, Circle)
    assert 2_707.0 < circle.radius_m < 2_720.0
    assert "712 m wider than said" in capsys.readouterr().err
    exact = read("36.6000000N 40.4000000E +2nm")
    assert isinstance(exact, Circle)
    assert 3_704.0 <= exact.radius_m < 3_705.0
    for wrong in ("36.6, 40.4", "nowhere", "37SFA4351 37SFA4352"):
        with pytest.raises(CallerError):
            read(wrong)
    with pytest.raises(CallerError, match="say how far it reaches"):
        written(shape_of(Footprint), "37SFA4351", HOW)


def test_con_784_what_may_be_thousands_is_refused_at_a_command() -> None:
    """A figure, the radius of a circle, and what --set says; degrees have three decimals."""
    radius = next(f.shape for f in fields_of(Circle) if f.name == "radius_m")
    latitude = next(f.shape for f in fields_of(Position) if f.name == "lat_deg")
    for text in ("12.000", "+1.500", "-3.250"):
        with pytest.raises(CallerError, match="write one of these"):
            written(radius, text, HOW)
        with pytest.raises(CallerError, match="write one of these"):
            set_to("lower.altitude.value_ft", text, HOW)
    for text in ("12000", "2.5", "0.125", "1500.125", "12.0000"):
        assert written(radius, text, HOW) == scalar(text, plain=True)
    assert written(latitude, "36.500", HOW) == scalar("36.500", plain=True)
    assert set_to("content.place.position.lat_deg", "36.500", HOW) == scalar("36.500", plain=True)
    for wrong in ("36.6N 40.4E +12.000m", "36.6N 40.4E +0km", "36.6N 40.4E +0.0nm"):
        with pytest.raises(CallerError):
            written(shape_of(Footprint), wrong, HOW)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("lower.altitude", "{value_ft: 12.000}"),
        ("lower.altitude", "{value_m: 500, more: [{radius_km: +1.500}]}"),
        ("content.ranges_m", "[1, 12.000]"),
        ("content.ranges_m.0", "12.000"),
        ("lower.altitude.value_ft", "12.000 "),
        ("lower.altitude.value_ft", " 12.000 # feet"),
    ],
)
def test_con_830_a_figure_within_yaml_that_is_typed_is_refused_too(path: str, text: str) -> None:
    with pytest.raises(CallerError, match=r"0 or as \+?\d+; write one of these"):
        set_to(path, text, HOW)
    with pytest.raises(CallerError, match="write one of these"):
        written(shape_of(Footprint), "{circle: {radius_m: 12.000}}", HOW)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("content.bearing_deg_max", "120.500"),
        ("content.bearing_deg_min", "{lat_deg: 36.500}"),
        ("content.bearings_deg.1", "120.500"),
        ("content.place.position", "{lat_deg: 36.500, lon_deg: 40.400}"),
        ("content.bearings_deg", "[36.500, 40.400]"),
        ("content.note", '{text: "12.000"}'),
        ("content.note", "{text: at 12.000 feet}"),
        ("lower.altitude", "{value_ft: 12000}"),
    ],
)
def test_con_830_an_angle_or_a_text_within_yaml_is_read(path: str, text: str) -> None:
    assert set_to(path, text, HOW) == parse_yaml(text.encode(), name="--set").root


def test_scopes_and_free_text_are_plain_words() -> None:
    """OPE-002: the whole party is said in words, never by saying nothing."""

    def read(kind: Any, text: str) -> object:  # noqa: ANN401 - any class
        found: object = from_document(kind, Document("x", written(shape_of(kind), text, HOW)))
        return found

    assert read(Scope, "whole-party") == Scope()
    assert read(Scope, "army, navy") == Scope(speaks_for=("army", "navy"))  # type: ignore[arg-type]
    assert read(FreeText, "dur: 5") == FreeText(text="dur: 5", language="tr")


@given(st.lists(st.from_regex(r"[a-z]{1,3}|[0-2]", fullmatch=True), min_size=1, max_size=5))
def test_a_value_lands_where_its_path_leads(steps: list[str]) -> None:
    """OPE-002: what was said before beside it stays."""
    path = ".".join(steps)
    held = mapping({"zzzz": scalar("kept")})
    try:
        found = with_path(held, path, scalar("here"))
    except CallerError:
        return
    node: Any = found
    for step in steps:
        node = next(value for key, value in node.entries if key.text == step)
    assert node == scalar("here")
    assert isinstance(found, Mapping)
    assert found.entries[0][1] == scalar("kept")


@given(st.text(max_size=200))
def test_any_text_in_an_option_is_read_or_refused(text: str) -> None:
    """OPE-012: never a fault of ours."""
    for kind in (ForeignRef, Scope, FreeText):
        try:
            if not text.startswith("@"):
                from_document(kind, Document("x", written(shape_of(kind), text, HOW)))
        except CallerError:
            continue


@given(st.lists(st.text(alphabet='abc:\n {}[]"0123dateivnr', max_size=40), max_size=10))
def test_whatever_a_stream_sends_is_cut_into_events(chunks: list[str]) -> None:
    """OPE-030: however it is cut, the same events come of it."""
    whole = [(e.name, e.number) for e in events(iter(["".join(chunks)]))]
    assert [(e.name, e.number) for e in events(iter(chunks))] == whole


def test_events_have_a_name_a_number_and_data() -> None:
    """OPE-030: comments are no events, and a number without data still counts."""
    text = 'retry: 5\n\n: keepalive\n\nevent: entry\nid: 7\ndata: {"a": 1}\n\nid: 9\n\n'
    found = list(events(iter([text[:20], text[20:]])))
    assert [(e.name, e.number, e.data) for e in found] == [("entry", 7, {"a": 1}), ("", 9, None)]


def test_nothing_that_others_wrote_moves_the_cursor() -> None:
    """OPE-012: escape sequences in a notice's name, say."""
    assert printable("a\x1b[2Jb\u202ec\nd") == "a\ufffd[2Jb\ufffdc\nd"


def test_run_497_a_test_that_is_due_is_not_told_as_the_next_one() -> None:
    def said(next_at: str) -> str:
        view = {"standing": "untested", "why": "x", "next_test_at": next_at}
        line = {"line": {"party": "bravo"}, "view": view, "total_s": 1}
        (found,) = lines({"at": "2023-06-01T00:10:00Z", "lines": [line]})
        return found

    assert "test due since 2023-06-01T00:05:00Z; chain" in said("2023-06-01T00:05:00Z")
    assert "next test 2023-06-01T00:15:00Z; chain" in said("2023-06-01T00:15:00Z")


@pytest.mark.parametrize(
    ("words", "begun", "completed"),
    [
        ((), "pend", "pending"),
        (("act",), "rece", "receive-call"),
        (("act", "place-call"), "--content-da", "--content-danger"),
        (("act", "place-call", "--kind"), "st", "stop"),
    ],
)
def test_the_shell_completes_acts_and_words(
    words: tuple[str, ...], begun: str, completed: str
) -> None:
    """OPE-023: by click, from the same commands."""
    shell = ShellComplete(crosstell, {}, "crosstell", "_CROSSTELL_COMPLETE")
    assert completed in [one.value for one in shell.get_completions(list(words), begun)]


def test_who_signed_and_who_suspended_is_told_with_the_protocol() -> None:
    """And of whom no signature is held here."""
    said = {"party": "us", "state": "suspended", "protocol": "ab"}
    document = {"name": "p", "version": "1", "parties": [{"id": "us"}, {"id": "tr"}]}
    found = {"protocol": document, "digest": "ab", "adherence": [said]}
    told = list(telling.protocol(found))
    assert told[1:3] == [
        "us: suspended, ab",
        "in force between nobody: it needs two signatures, and its start",
    ]
    assert told[3:] == ["tr: no signature is held here"]
    words = said | {"suspended": {"text": "after the strike"}}
    pair = {"parties": ["tr", "us"], "since": "2023-10-01T00:00:00Z"}
    told = list(telling.protocol(found | {"adherence": [words], "in_force": [pair]}))
    assert told[1] == "us: suspended, ab, as it said: after the strike"
    assert told[2] == "in force between tr and us since 2023-10-01T00:00:00Z"
