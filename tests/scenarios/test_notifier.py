"""A notifier with a node of its own, and an alert that arises for the site it notified.

Made from the small scenario. Proves REP-080 and PRO-011.
"""

import shutil
from pathlib import Path

from click.testing import CliRunner

from crosstell.cli.replay import replay as command
from crosstell.replay.replaying import replay
from crosstell.replay.result import RunResult

SMALL = Path(__file__).parent / "small"
SITE = """inputs:
  - at: 2019-06-19T20:10:00Z
    input:
      act:
        by: {party: aid, role: watch, watch: w1}
        body:
          notice_filed:
            notice: hospital
            version: 1
            marking: notified by its owner
            releasable_to: [a, b]
            second: {party: aid, role: watch-chief, watch: w1}
            content:
              notified_site:
                notifier: aid
                what: hospital
                volume:
                  footprint:
                    circle:
                      centre: {lat_deg: 25.9952778, lon_deg: 57.0402778}
                      radius_m: 150
                  lower: unbounded
                  upper: unbounded
                  window: {start: 2019-06-19T20:00:00Z, end: 2019-06-20T04:00:00Z}
"""


def with_notifier(tmp_path: Path, kept_from: str, standing: str = "notifier") -> Path:
    folder = tmp_path / "scenario"
    shutil.copytree(SMALL, folder)
    change(
        folder / "protocol.yaml",
        "  - {id: b, title: Party B, standing: party}\n",
        "  - {id: b, title: Party B, standing: party}\n"
        f"  - {{id: aid, title: An aid agency, standing: {standing}}}\n",
    )
    change(
        folder / "protocol.yaml",
        "minima: {lateral_m: 2000}\n",
        f"minima: {{lateral_m: 2000}}\n      kept_from: [{kept_from}]\n",
    )
    change(
        folder / "scenario.yaml",
        "  - {id: b, title: Party B}\n",
        "  - {id: b, title: Party B}\n  - {id: aid, title: An aid agency}\n",
    )
    (folder / "aid").mkdir()
    (folder / "aid" / "inputs.yaml").write_text(SITE, encoding="utf-8")
    return folder


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def run_of(folder: Path) -> RunResult:
    (run,) = replay(folder, again=True).runs
    return run


def test_rep_080_a_notifier_files_from_its_own_node_and_pro_011_its_site_alerts(
    tmp_path: Path,
) -> None:
    run = run_of(with_notifier(tmp_path, "notified-site"))
    assert run.warnings == (), "nothing that the notifier did was refused"
    notice = next(notice for notice in run.notices if notice.notice == "hospital")
    assert notice.party == "aid"
    alerts = [alert for alert in run.alerts if alert.rule == "forces-standoff"]
    assert [(alert.party, alert.against) for alert in alerts] == [("b", "hospital")]
    assert {duty.party for duty in run.adherence} == {"a", "b"}, "a notifier owes no duty"


def test_pro_011_a_site_alerts_only_under_a_rule_that_names_sites(tmp_path: Path) -> None:
    run = run_of(with_notifier(tmp_path, "own-force-location, avoidance-place, notified-movement"))
    assert [alert for alert in run.alerts if alert.rule == "forces-standoff"] == []


def test_rep_080_an_associated_force_has_no_node_and_the_remedy_is_told(tmp_path: Path) -> None:
    folder = with_notifier(tmp_path, "notified-site", standing="associated")
    result = CliRunner().invoke(command, [str(folder)])
    assert result.exit_code == 2
    assert f"{folder / 'scenario.yaml'}:7:" in result.stderr
    assert "'aid' is of standing 'associated'" in result.stderr
    assert "a node is of a party or a notifier: a, b" in result.stderr
