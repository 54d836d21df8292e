"""`crosstell place read`: what a person and a machine are told, and the exit code."""

import json
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from crosstell import cli


def run(monkeypatch: pytest.MonkeyPatch, *given: str, text: bytes = b"") -> int:
    monkeypatch.setattr(sys, "argv", ["crosstell", "place", "read", *given])
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(text), encoding="utf-8"))
    try:
        return cli.main()
    except SystemExit as ended:
        return int(ended.code or 0)


def test_plc_002_010_the_square_and_its_forms_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "-", text=b"37S FV 8712 4567") == 0
    said = capsys.readouterr().out
    assert "a square of 10 m" in said
    assert "within 7.14 m as written" in said
    assert "35\N{DEGREE SIGN}38'13.9\"N 041\N{DEGREE SIGN}03'59.9\"E" in said


def test_plc_001_a_fault_names_line_remedy_and_option(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "pasted.txt"
    file.write_text("# two\n36.5033 40.7494\n", encoding="utf-8")
    assert run(monkeypatch, str(file)) == 2
    said = capsys.readouterr().err
    assert f"{file}:2: " in said
    assert "--order lat-lon" in said
    assert run(monkeypatch, str(file), "--order", "lat-lon") == 0
    capsys.readouterr()
    assert run(monkeypatch, str(file), "--order", "lat-lon", "--json") == 0
    (place,) = json.loads(capsys.readouterr().out)["places"]
    assert place["figure"]["spot"]["position"] == {"lat_deg": 36.5033, "lon_deg": 40.7494}


def test_plc_040_063_areas_ways_heights_and_times_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = b'{"type": "LineString", "coordinates": [[40, 36, 5], [41, 36, 9], [42, 36, 5]]}'
    assert run(monkeypatch, "-", "--width-m", "100", text=line) == 0
    said = capsys.readouterr().out
    assert "a way of" in said
    assert "more" in said
    assert "wider by at most" in said
    assert "5 m wgs84-ellipsoid to 9 m wgs84-ellipsoid" in said
    kml = (
        b"<Placemark><TimeSpan><begin>2023-10-05T08:00:00Z</begin><end>2023-10-05T09:00:00Z</end>"
        b"</TimeSpan><Point><coordinates>40,36</coordinates></Point></Placemark>"
    )
    assert run(monkeypatch, "-", text=kml) == 0
    assert "until before 2023-10-05T09:00:00Z" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "text", "said"),
    [
        (("no-such-file",), b"", "name a file"),
        (("-",), b"\xff\xfe", "UTF-8"),
        (("-",), b"\xff" * 1_100_000, "longer than"),
        (("-", "--width-m", "-1"), b"", "--width-m"),
    ],
)
def test_plc_003_what_cannot_be_read_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    given: tuple[str, ...],
    text: bytes,
    said: str,
) -> None:
    assert run(monkeypatch, *given, text=text) == 2
    assert said in capsys.readouterr().err


def test_con_784_a_width_that_may_be_thousands_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    way = b"36.5N 40.5E\n36.6N 40.6E"
    for typed in ("12.000", "12.000 "):
        assert run(monkeypatch, "-", "--as", "way", "--width-m", typed, text=way) == 2
        assert "12.000: can be read as 12.0000 or as 12000" in capsys.readouterr().err
    assert run(monkeypatch, "-", "--as", "way", "--width-m", "12000", text=way) == 0
    assert run(monkeypatch, "-", "--as", "way", "--width-m", "wide", text=way) == 2
