"""The examples of the operations page are what the program reads."""

import configparser
import json
from math import cos, radians
from pathlib import Path

from click.testing import CliRunner
from documents import ROOT

from crosstell.cli import crosstell
from crosstell.cli.operate.naming import acts_by_name
from crosstell.codecs.document import from_document
from crosstell.codecs.yaml_document import read_yaml
from crosstell.shell.config.node_file import NodeFile

EXAMPLES = ROOT / "docs" / "examples"


def test_the_example_of_a_configuration_is_read() -> None:
    """RUN-010, PEO-030: every key in it is known, and each role is rung by something."""
    found = from_document(NodeFile, read_yaml(EXAMPLES / "node.yaml"))
    assert found.people.unrouted(("duty-officer", "watch-chief", "minister")) == ()
    assert [one.name for one in found.people.channels] == ["pager", "watch-mail", "desk"]


def test_the_unit_runs_a_node_and_gives_it_time_to_end() -> None:
    """The command is ours; the stop outlasts what the node needs."""
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(EXAMPLES / "crosstell-node.service")
    service = unit["Service"]
    assert service["ExecStart"].split()[1:3] == ["node", "run"]
    assert int(service["TimeoutStopSec"]) > 30
    assert service["NoNewPrivileges"] == "yes"


def test_the_container_runs_the_same_command() -> None:
    """As nobody in particular, from the pinned packages."""
    text = (EXAMPLES / "Containerfile").read_text(encoding="utf-8")
    assert "make .venv/.runtime" in text
    assert 'CMD ["node", "run", "/node"]' in text
    assert "USER 900:900" in text


def test_every_act_that_the_page_names_is_one() -> None:
    """A renamed event renames its command; the page must follow."""
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    named = {words.split()[0] for words in text.split("crosstell act ")[1:]}
    assert {name for name in named if not name.startswith("--")} <= set(acts_by_name())


def test_the_drill_s_track_runs_into_the_page_s_zone(tmp_path: Path) -> None:
    """Whoever types the page as it stands sees an alert: the zone is read, the track is on its way.

    Lengths in metres, on a sphere: between half a minute and seven minutes from its edge.
    """
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    (zone,) = [part.split("```")[0] for part in text.split("```yaml\n")[1:]]
    (tmp_path / "zone.yaml").write_text(zone, encoding="utf-8")
    words = ["act", "file-notice", "--file", str(tmp_path / "zone.yaml"), "--print"]
    found = CliRunner().invoke(crosstell, words)
    assert found.exit_code == 0, found.output
    act = json.loads(found.stdout)["body"]["notice_filed"]
    circle = act["content"]["zone"]["volume"]["footprint"]["circle"]
    (seen,) = json.loads((EXAMPLES / "observations.json").read_bytes())["observations"]
    motion = seen["motion"]
    assert f"s/{motion['at']}/" in text, "the page writes the time that it is over this one"
    assert motion["velocity"]["track_deg"] == 180
    degree_m = 111_195.0
    place, centre = motion["position"], circle["centre"]
    north_m = (place["lat_deg"] - centre["lat_deg"]) * degree_m
    east_m = (place["lon_deg"] - centre["lon_deg"]) * degree_m * cos(radians(centre["lat_deg"]))
    assert abs(east_m) < circle["radius_m"] / 2
    assert 30 < (north_m - circle["radius_m"]) / motion["velocity"]["speed_mps"] < 420


def test_unit_and_guide_say_what_waits_for_the_clock() -> None:
    """`time-sync.target` waits for nothing by itself."""
    guide = EXAMPLES.parent / "operations.md"
    for path in (guide, EXAMPLES / "crosstell-node.service"):
        text = path.read_text(encoding="utf-8")
        assert "systemctl enable systemd-time-wait-sync" in text
        assert "chrony-wait" in text
