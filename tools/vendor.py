"""Bring the console's vendored files from their packages: developers only, never at install.

    python tools/vendor.py          # writes src/crosstell/shell/console/static/{vendor,fonts}
    python tools/vendor.py --check  # builds them again and compares every byte

Needs Node.js and npm. The versions below are exact; the lock beside the files names each with its
SHA-256, its licence and the package it came from. What is bundled is bundled by esbuild, pinned
too; what is copied is copied byte for byte.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "src" / "crosstell" / "shell" / "console" / "static"
LOCK = STATIC / "vendor" / "VENDOR.lock.json"
ESBUILD = ("esbuild", "0.28.2")
TARGET = "es2022"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One package: what it is called here, and the files that we take as they are."""

    name: str
    version: str
    licence: str
    licence_file: str
    short: str
    copied: tuple[tuple[str, str], ...] = ()
    bundled: tuple[str, str] | None = None  # the source of the entry, and the file it makes


_WEIGHTS = ("Regular", "SemiBold")
_PARTS = ("Latin1", "Latin2", "Latin3", "Cyrillic", "Pi")


def _fonts(family: str) -> tuple[tuple[str, str], ...]:
    folder = "fonts/split/woff2"
    return tuple(
        (f"{folder}/{family}-{weight}-{part}.woff2", f"fonts/{family}-{weight}-{part}.woff2")
        for weight in _WEIGHTS
        for part in _PARTS
    )


PACKAGES = (
    Package(
        name="maplibre-gl",
        version="6.17.0",
        licence="BSD-3-Clause",
        licence_file="LICENSE.txt",
        short="maplibre-gl",
        copied=tuple(
            (f"dist/{name}", f"vendor/{name}")
            for name in ("maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css")
        ),
    ),
    Package(
        name="milsymbol",
        version="3.0.4",
        licence="MIT",
        licence_file="LICENSE",
        short="milsymbol",
        bundled=(
            "import {ms, numberair, numberlandunit, numberlandcivilian, numberlandequipment,"
            " numberlandinstallation, numbersea, numberactivites}"
            " from './node_modules/milsymbol/index.mjs';\n"
            "for (const set of [numberair, numberlandunit, numberlandcivilian,"
            " numberlandequipment, numberlandinstallation, numbersea, numberactivites])"
            " ms.addIcons(set);\n"
            "export default ms;\n",
            "vendor/milsymbol.mjs",
        ),
    ),
    Package(
        name="lit",
        version="3.3.3",
        licence="BSD-3-Clause",
        licence_file="LICENSE",
        short="lit",
        bundled=(
            "export {html, svg, render, nothing} from 'lit/html.js';\n"
            "export {repeat} from 'lit/directives/repeat.js';\n"
            "export {live} from 'lit/directives/live.js';\n"
            "export {classMap} from 'lit/directives/class-map.js';\n",
            "vendor/lit.mjs",
        ),
    ),
    Package(
        name="mgrs",
        version="2.2.0",
        licence="MIT",
        licence_file="license.md",
        short="mgrs",
        bundled=("export {forward, toPoint} from 'mgrs';\n", "vendor/mgrs.mjs"),
    ),
    Package(
        name="pmtiles",
        version="4.5.0",
        licence="BSD-3-Clause",
        licence_file="",  # the package ships none; the text is its repository's
        short="pmtiles",
        bundled=("export {PMTiles, Protocol} from 'pmtiles';\n", "vendor/pmtiles.mjs"),
    ),
    Package(
        name="@ibm/plex-sans",
        version="1.1.0",
        licence="OFL-1.1",
        licence_file="LICENSE.txt",
        short="plex-sans",
        copied=_fonts("IBMPlexSans"),
    ),
    Package(
        name="@ibm/plex-mono",
        version="2.5.0",
        licence="OFL-1.1",
        licence_file="LICENSE.txt",
        short="plex-mono",
        copied=_fonts("IBMPlexMono"),
    ),
    Package(
        name="@ibm/plex-sans-arabic",
        version="1.1.0",
        licence="OFL-1.1",
        licence_file="LICENSE.txt",
        short="plex-sans-arabic",
        copied=tuple(
            (
                f"fonts/complete/woff2/IBMPlexSansArabic-{weight}.woff2",
                f"fonts/IBMPlexSansArabic-{weight}.woff2",
            )
            for weight in _WEIGHTS
        ),
    ),
)


def main() -> int:
    """Write the files, or with --check compare them; the number of differing files is printed."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        _install(work)
        built = work / "built"
        rows = [row for package in PACKAGES for row in _take(work, built, package)]
        lock = json.dumps({"files": rows}, indent=1, ensure_ascii=False) + "\n"
        (built / "vendor" / LOCK.name).write_text(lock, encoding="utf-8")
        if "--check" in sys.argv:
            return _compare(built)
        for part in ("vendor", "fonts"):
            shutil.rmtree(STATIC / part, ignore_errors=True)
            shutil.copytree(built / part, STATIC / part)
    sys.stdout.write(f"{len(rows)} files written to {STATIC.relative_to(ROOT)}\n")
    return 0


def _install(work: Path) -> None:
    """The packages and esbuild at their exact versions, without running their scripts."""
    wanted = [f"{p.name}@{p.version}" for p in PACKAGES] + ["@".join(ESBUILD)]
    (work / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    subprocess.run(
        ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", *wanted],
        cwd=work,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _take(work: Path, built: Path, package: Package) -> list[dict[str, str]]:
    source = work / "node_modules" / package.name
    taken = [(file, "copied") for file in _copy(source, built, package)]
    if package.bundled is not None:
        taken.append((_bundle(work, built, package), f"bundled by esbuild {ESBUILD[1]}"))
    licence = f"vendor/licences/{package.short}.txt"
    own = Path(__file__).parent / "licences" / f"{package.short}.txt"
    _put(source / package.licence_file if package.licence_file else own, built / licence)
    taken.append((licence, "copied"))
    return [
        {
            "file": file,
            "package": package.name,
            "version": package.version,
            "licence": package.licence,
            "how": how,
            "sha256": hashlib.sha256((built / file).read_bytes()).hexdigest(),
        }
        for file, how in taken
    ]


def _copy(source: Path, built: Path, package: Package) -> list[str]:
    for inside, file in package.copied:
        _put(source / inside, built / file)
    return [file for _, file in package.copied]


def _bundle(work: Path, built: Path, package: Package) -> str:
    assert package.bundled is not None
    entry, file = package.bundled
    start = work / f"{package.short}.entry.mjs"
    start.write_text(entry, encoding="utf-8")
    (built / file).parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            work / "node_modules" / ".bin" / "esbuild",
            start.name,
            "--bundle",
            "--minify",
            "--format=esm",
            f"--target={TARGET}",
            "--legal-comments=inline",
            "--conditions=production",
            f"--outfile={built / file}",
            "--log-level=error",
        ],
        cwd=work,
        check=True,
    )
    return file


def _put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _compare(built: Path) -> int:
    differing = [
        str(path.relative_to(built))
        for path in sorted(built.rglob("*"))
        if path.is_file()
        and (
            not (STATIC / path.relative_to(built)).is_file()
            or path.read_bytes() != (STATIC / path.relative_to(built)).read_bytes()
        )
    ]
    sys.stdout.write("".join(f"differs: {name}\n" for name in differing) or "no file differs\n")
    return min(len(differing), 1)


if __name__ == "__main__":
    sys.exit(main())
