"""An author's files, as written, are what the published schemas describe. Proves REP-087."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "docs" / "schemas"
FOLDERS = (
    *sorted(path.parent for path in ROOT.glob("scenarios/*/scenario.yaml")),
    ROOT / "tests" / "scenarios" / "small",
)
SCHEMA_OF = {
    "scenario.yaml": "replay-scenario.json",
    "protocol.yaml": "replay-protocol.json",
    "people.yaml": "replay-people-file.json",
    "inputs.yaml": "replay-inputs-file.json",
}
FILES = [path for folder in FOLDERS for path in sorted(folder.rglob("*.yaml"))]


class Loader(yaml.CSafeLoader):
    """Times stay text, as in JSON, and `on` is a word, as in YAML 1.2."""


Loader.yaml_implicit_resolvers = {
    first: [each for each in known if each[0].rpartition(":")[2] not in ("timestamp", "bool")]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@cache
def validator(name: str) -> jsonschema_rs.Draft202012Validator:
    schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    jsonschema_rs.meta.validate(schema)
    return jsonschema_rs.Draft202012Validator(schema)


def written(path: Path) -> Any:  # noqa: ANN401 - whatever YAML holds
    return yaml.load(path.read_text(encoding="utf-8"), Loader)  # noqa: S506 - a safe loader


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_rep_087_a_shipped_file_validates_as_written(path: Path) -> None:
    faults = [fault.message for fault in validator(SCHEMA_OF[path.name]).iter_errors(written(path))]
    assert faults == []


def test_rep_087_a_wrong_file_does_not_validate() -> None:
    inputs = written(ROOT / "scenarios" / "2023-10-05-hasakah" / "us" / "inputs.yaml")
    people = written(ROOT / "scenarios" / "2023-10-05-hasakah" / "people.yaml")
    inputs["inputs"][0]["att"] = inputs["inputs"][0].pop("at")
    people["habits"][0]["acts"] = []
    assert not validator("replay-inputs-file.json").is_valid(inputs)
    assert not validator("replay-people-file.json").is_valid(people)
    assert not validator("replay-people-file.json").is_valid({})
    assert not validator("replay-inputs-file.json").is_valid({"legs": [{"track": {"assumd": "x"}}]})


def test_rep_075_the_example_of_claims_in_the_documents_validates() -> None:
    text = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(claims:.*?)```", text, re.DOTALL)
    inputs = yaml.load(example, Loader)  # noqa: S506 - a safe loader
    assert [one["claim"] for one in inputs["claims"][0]["each"]] == ["us-area"]
    assert validator("replay-inputs-file.json").is_valid(inputs)
    inputs["claims"][0]["each"][0]["clam"] = "x"
    assert not validator("replay-inputs-file.json").is_valid(inputs)
