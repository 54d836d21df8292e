"""`python -m tests.mutants [NAME ...]`: plant each bug in a copy; print who caught it.

Exit code 1 if one survives or a patch no longer applies. Two copies are worked on at a time.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .access import ACCESS
from .assessment import ASSESSMENT
from .detection import DETECTIONS
from .people import PEOPLE
from .planted import SPINE, Mutant
from .releasing import RELEASING

ROOT = Path(__file__).resolve().parents[2]
SECONDS_MAX = 300
JOBS = 2
PYTEST = (
    *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--tb=line"),
    "--hypothesis-profile=whole",
)
MUTANTS = (*SPINE, *DETECTIONS, *ASSESSMENT, *RELEASING, *ACCESS, *PEOPLE)


def plant(mutant: Mutant, source: Path) -> str | None:
    """Why the patch does not apply to this copy of the source; None once it is planted."""
    path = source / "crosstell" / mutant.file
    text = path.read_text(encoding="utf-8")
    count = text.count(mutant.old)
    if count != 1:
        return f"the old text stands {count} times in {mutant.file}"
    path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    return None


def copy_of_the_tree(folder: Path) -> Path:
    """What the tests need, with a source of its own."""
    for name in ("src", "tests", "docs", "requirements"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder / "src"


def sound(tests: list[str]) -> str | None:
    """What already fails without a bug, where a catch would say nothing; None if all is well."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        copy_of_the_tree(Path(name))
        done = subprocess.run(
            [*PYTEST, *tests],
            cwd=name,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        return None if done.returncode == 0 else done.stdout[-2_000:]


def caught(mutant: Mutant) -> tuple[Mutant, str, str]:
    """What became of one planted bug: caught, survived or broken, and by what."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        folder = Path(name)
        fault = plant(mutant, copy_of_the_tree(folder))
        if fault is not None:
            return mutant, "DOES NOT APPLY", fault
        try:
            done = subprocess.run(
                [*PYTEST, "-x", *mutant.tests],
                cwd=folder,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                text=True,
                timeout=SECONDS_MAX,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return mutant, "TIMED OUT", f"nothing came back within {SECONDS_MAX} s"
        failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
        if done.returncode == 1 and failed:
            return mutant, "caught", failed[0].removeprefix("FAILED ")[:90]
        if done.returncode == 0:
            return mutant, "SURVIVED", mutant.breaks
        return mutant, "BROKEN", (done.stdout + done.stderr).strip()[-200:]


def main(names: list[str]) -> int:
    """0 if every planted bug was caught."""
    unknown = set(names) - {one.name for one in MUTANTS}
    if unknown:
        known = "\n".join(f"  {one.name}" for one in MUTANTS)
        sys.stdout.write(
            f"no planted bug is called {', '.join(sorted(unknown))}; these are:\n{known}\n"
        )
        return 2
    chosen = [one for one in MUTANTS if not names or one.name in names]
    fault = sound(sorted({test for one in chosen for test in one.tests}))
    if fault is not None:
        sys.stdout.write(f"these fail without any planted bug; mend them first\n{fault}\n")
        return 1
    found = []
    with ThreadPoolExecutor(JOBS) as pool:
        for mutant, verdict, text in pool.map(caught, chosen):
            sys.stdout.write(f"{verdict:15} {mutant.name:35} {text}\n")
            sys.stdout.flush()
            found.append((mutant, verdict))
    missed = [one for one in found if one[1] != "caught"]
    sys.stdout.write(f"{len(found) - len(missed)} of {len(found)} planted bugs were caught\n")
    return 1 if missed or not found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
