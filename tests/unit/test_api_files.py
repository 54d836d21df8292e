"""The console's files: which, of what type, under which policy (docs/spec/api.md)."""

from pathlib import Path

import pytest
from api_desk import Desk
from asgi_inside import Inside

from crosstell.shell.api.files import POLICY, TYPES


@pytest.fixture
def static(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    (folder / "app").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>x</title>", encoding="ascii")
    for suffix in TYPES:
        (folder / "app" / f"file{suffix}").write_bytes(bytes(range(256)) * 8)
    (folder / "app" / "notes.md").write_text("not served", encoding="ascii")
    (folder / "app" / ".hidden.js").write_text("not served", encoding="ascii")
    (tmp_path / "outside.js").write_text("secret", encoding="ascii")
    (folder / "app" / "link.js").symlink_to(tmp_path / "outside.js")
    (folder / "linked").symlink_to(tmp_path)
    return folder


def test_api_060_only_regular_files_of_known_types_below_the_folder(static: Path) -> None:
    with Desk(static=static).running() as client:
        assert client.request("GET", "/").status_code == 200
        for name in (
            "app/notes.md",
            "app/.hidden.js",
            "app/link.js",
            "linked/outside.js",
            "../outside.js",
            "%2e%2e/outside.js",
            "..%2foutside.js",
            "app/..%2f..%2foutside.js",
            "app",
            "app/",
            "%00",
            "x" * 600,
            "a\\b.js",
            "/etc/hostname",
            "app/file.js%00.css",
        ):
            found = client.request("GET", f"/console/{name}")
            assert found.status_code == 404, name
            assert "secret" not in found.text
        assert client.request("POST", "/").status_code == 405
    with Desk().running() as client:
        assert client.request("GET", "/").status_code == 404


def test_api_061_nothing_but_these_files_loads(static: Path) -> None:
    with Desk(static=static).running() as client:
        for path in ("/", "/console/app/file.mjs"):
            headers = client.request("GET", path).headers
            assert headers["Content-Security-Policy"] == POLICY
            assert headers["X-Content-Type-Options"] == "nosniff"
            apart = headers.get("Cross-Origin-Embedder-Policy")
            assert apart == (None if path == "/" else "require-corp")
    parts = dict(part.strip().split(" ", 1) for part in POLICY.split(";"))
    assert parts["default-src"] == "'none'"
    assert parts["script-src"] == parts["style-src"] == parts["connect-src"] == "'self'"
    assert "unsafe" not in POLICY
    assert (parts["frame-ancestors"], parts["base-uri"]) == ("'none'", "'none'")


def test_api_062_each_file_has_its_media_type(static: Path) -> None:
    with Desk(static=static).running() as client:
        for suffix, media in TYPES.items():
            found = client.request("GET", f"/console/app/file{suffix}")
            assert found.headers["Content-Type"].partition(";")[0] == media.partition(";")[0]
    assert TYPES[".mjs"].startswith("text/javascript")
    assert TYPES[".geojson"] == "application/json"


def fetched(client: Inside, **headers: str) -> tuple[int, bytes]:
    found = client.request("GET", "/console/app/file.pmtiles", headers=headers)
    return found.status_code, found.content


def test_api_063_a_file_that_is_held_is_not_sent_again_and_ranges_are_served(static: Path) -> None:
    content = bytes(range(256)) * 8
    with Desk(static=static).running() as client:
        first = client.request("GET", "/console/app/file.pmtiles")
        tag = first.headers["ETag"]
        assert first.headers["Cache-Control"] == "no-cache"
        assert first.headers["Accept-Ranges"] == "bytes"
        assert fetched(client, **{"If-None-Match": tag}) == (304, b"")
        assert fetched(client, **{"If-None-Match": f'"x", W/{tag}'}) == (304, b"")
        assert fetched(client, **{"If-None-Match": '"x"'}) == (200, content)
        assert fetched(client, Range="bytes=10-19") == (206, content[10:20])
        assert fetched(client, Range="bytes=-5") == (206, content[-5:])
        assert fetched(client, Range="bytes=2040-") == (206, content[2040:])
        assert fetched(client, Range="bytes=9999-")[0] == 416
        assert fetched(client, Range="bytes=10-19", **{"If-Range": tag}) == (206, content[10:20])
        assert fetched(client, Range="bytes=10-19", **{"If-Range": '"x"'}) == (200, content)
        (static / "app" / "file.pmtiles").write_bytes(b"another")
        assert fetched(client, **{"If-None-Match": tag}) == (200, b"another")
