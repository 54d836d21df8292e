"""The report of one incident beside a running node: from its store, read anew and verified.

The node hands it in where it is assembled (`cli`), as the shell knows nothing of reports. What
assembles and draws it is loaded in the process that makes it, and never by the node.
"""

from pathlib import Path

from crosstell.core.protocol.document import Protocol


def report_page(store: Path, protocol: Protocol, incident: str, language: str) -> tuple[str, str]:
    """The page, and the policy under which nothing of it loads. `incident` is PARTY/ID. INC-442.

    Implements RUN-500.
    """
    from crosstell.replay.report.assemble import report_of_record  # noqa: PLC0415 - see above
    from crosstell.replay.report.page import policy_of_report, render_report  # noqa: PLC0415

    told = report_of_record(store, protocol, incident=incident)
    return render_report(told, language), policy_of_report()
