"""`crosstell protocol check` and `digest`: PRO-044, PRO-041."""

from pathlib import Path

from click.testing import CliRunner, Result

from crosstell.cli.protocol import protocol
from crosstell.codecs.protocol_file import digest_of, read_protocol

FILE = Path(__file__).with_name("data") / "test-protocol.yaml"


def run(*words: str) -> Result:
    return CliRunner().invoke(protocol, words)


def test_a_sound_protocol_is_shown_with_its_digest() -> None:
    """PRO-044, PRO-041, PRO-010."""
    result = run("check", str(FILE))
    assert (result.exit_code, result.stderr) == (0, "")
    for line in (
        "Test protocol between alpha and bravo  [TEST ONLY]",
        "  alpha: Alpha (party; en)",
        "    duty-officer speaks for alpha-forces, not for alpha-agency",
        "    assumed; source: written for tests",
        "    own-force-location: within 5,556 m (3.00 NM) of its edge and within 914 m (3,000 ft) "
        "vertically; tracks of-others; where unknown: alert; at most critical",
        "    ROZ: inside, between its limits of height; tracks of-others; where unknown: alert; "
        "at most urgent",
        "    judged by a person",
        "  immediate, stop: received in 15 s, answered in 30 s",
        "  after 1 min: watch-chief  (the node rings by itself up to here)",
        "  chain from call to act: 290 s",
    ):
        assert line in result.stdout.splitlines()
    spoken = "".join(result.stdout.splitlines()[-2:]).replace(" ", "")
    assert spoken == digest_of(read_protocol(FILE))


def test_every_fault_is_told_and_the_end_is_two(tmp_path: Path) -> None:
    """PRO-044."""
    path = tmp_path / "p.yaml"
    path.write_text(FILE.read_text().replace("level: 2", "level: two").replace("[en]", "[x]"))
    for command in ("check", "digest"):
        result = run(command, str(path))
        assert (result.exit_code, result.stdout) == (2, "")
        places = [line.split(": ")[0] for line in result.stderr.splitlines()]
        assert places == [f"{path}:15:55", f"{path}:26:69"]
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """PRO-044."""
    result = run("check", str(tmp_path / "gone.yaml"))
    assert result.exit_code == 2
    assert "gone.yaml:1:1: cannot be read (No such file or directory); check its path" in (
        result.stderr
    )


def test_the_digest_alone_is_one_line() -> None:
    """PRO-040, PRO-041."""
    result = run("digest", str(FILE))
    assert (result.exit_code, result.stdout) == (0, f"{digest_of(read_protocol(FILE))}\n")
