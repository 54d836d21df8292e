"""The shape of what the commands beside a running node give to machines: API-443."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from crosstell.cli import crosstell

PROTOCOL = Path(__file__).parent / "data" / "test-protocol.yaml"
PEOPLE = """
people:
  channels:
    - dialler: {name: desk, command: [/bin/sh, "-c", "cat > /dev/null; echo rang"]}
    - dialler: {name: broken, command: [/bin/false]}
  roles:
    - {role: "*", channels: [desk, broken]}
"""


def told(*words: object, given: str | None = None, code: int = 0) -> Any:  # noqa: ANN401
    """The JSON that a command gave, and nothing else, on standard output."""
    found = CliRunner().invoke(crosstell, [*map(str, words), "--json"], input=given)
    assert found.exit_code == code, found.output
    return json.loads(found.stdout)


def made(folder: Path, party: str) -> Any:  # noqa: ANN401
    words = ("--party", party, "--role", "duty-officer", "--reality", "exercise")
    return told("init", folder, "--protocol", PROTOCOL, *words)


def test_api_443_a_node_is_made_kept_and_carried_for_machines(tmp_path: Path) -> None:
    alpha, bravo = tmp_path / "alpha", tmp_path / "bravo"
    one = made(alpha, "alpha")
    assert set(one) == {
        *("folder", "party", "protocol", "card", "offline_root", "marks", "unheard")
    }
    assert (one["party"], one["folder"], one["unheard"]) == ("alpha", str(alpha), False)
    other = made(bravo, "bravo")
    own = CliRunner().invoke(crosstell, ["node", "party", str(alpha), str(alpha / "own.card")])
    assert (own.exit_code, "other parties are bravo" in own.stderr) == (2, True), "RUN-492"
    assert "fingerprint" not in own.output, "nobody is asked for it first"
    told("node", "party", alpha, bravo / "own.card", "--heard", other["card"]["fingerprint"])
    told("node", "party", bravo, alpha / "own.card", "--heard", one["card"]["fingerprint"])
    words = ("olga", "--kind", "operator", "--role", "duty-officer")
    asked = f"{'four plain words here'}\n" * 2
    account = {"account": "olga", "kind": "operator", "role": "duty-officer", "component": None}
    assert told("node", "account", alpha, *words, given=asked) == account
    spoken = ("olaf", *words[1:], "--component", "alpha-forces")
    assert told("node", "account", alpha, *spoken, given=asked)["component"] == "alpha-forces"
    wrong = CliRunner().invoke(
        crosstell, ["node", "account", str(alpha), *spoken[:-1], "navy"], input=asked
    )
    assert "our components are alpha-forces" in wrong.stderr, "RUN-564"
    backup = told("node", "backup", alpha, "--out", tmp_path / "copy")
    assert (set(backup), backup["left_out"]) == ({"folder", "files", "left_out"}, [])
    assert {"name": "node.yaml", "bytes": (alpha / "node.yaml").stat().st_size} in backup["files"]
    file = tmp_path / "file"
    written = told("node", "write-file", alpha, "bravo", "--out", file)
    assert set(written) == {"file", "to", "first", "end", "parcels"}
    assert (written["to"], written["first"] < written["end"]) == ("bravo", True)
    taken = told("node", "take-file", bravo, file)
    assert taken == {"file": str(file), "sender": "alpha", "parcels": written["parcels"]}
    store, keys = alpha / "record.store", alpha / "keys"
    export = told(
        *("record", "export", "--store", store, "--keys", keys, "--out", tmp_path / "out")
    )
    assert set(export) == {"written", "feeds", "beyond"}
    assert export["feeds"] == [{"feed": one["card"]["feed"], "entries": written["end"]}]


def test_api_443_what_each_channel_did_is_told_though_one_failed(tmp_path: Path) -> None:
    made(tmp_path / "node", "alpha")
    with (tmp_path / "node" / "node.yaml").open("a") as file:
        file.write(PEOPLE)
    rang, failed = told("people", "ring", tmp_path / "node", code=2)["tried"]
    assert set(rang) == {"channel", "taken", "to", "answer", "trouble"}
    assert (rang["channel"], rang["taken"], rang["answer"]) == ("desk", True, "rang")
    assert (failed["channel"], failed["taken"]) == ("broken", False)
