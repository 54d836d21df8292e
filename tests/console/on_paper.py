"""A printed page of the node as a PDF: what it says by its own text, and what that rests on."""

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from crosstell.core.ids import FeedId
from crosstell.shell.archive.feed_check import check_feed
from crosstell.shell.archive.folder import ExportFolder
from crosstell.shell.archive.sealed import SealedFolder
from crosstell.shell.live.running import STATIC
from crosstell.shell.signing import verifier_of

Heads = dict[tuple[FeedId, int], str]  # the root of each feed at the size that a paper names
FEED = re.compile(r"(\d+) entries, verified\n +feed (\w+)\n +root (\w+)")

# No paper comes out of a test. The mark is one that is waited for without evaluating a string in
# the page, which its policy forbids.
PRINTS = "window.print = () => { document.documentElement.dataset.printed = '1'; }"


def printed_by(button: Locator) -> Page:
    """The paper of a button, in a page by itself: it was asked to print in a window of its own."""
    with button.page.context.expect_page() as info:
        button.click()
    window: Page = info.value
    expect(window.frame_locator("iframe").locator("html[data-printed]")).to_have_count(1)
    expect(window.locator("html[data-printed]")).to_have_count(0)
    address = window.frames[1].url
    window.close()
    page = button.page.context.new_page()
    page.goto(address)
    return page


def on_paper(page: Page, *said: str) -> Heads:
    """The PDF holds that and every hash; the one of its text is of the text that the node gives."""
    answer = page.request.get(f"{page.url}&form=text")
    assert answer.ok, answer.text()
    whole, _, foot = answer.text().partition("\nVERIFICATION ")
    shown = page.locator(".text-hash").inner_text()
    assert hashlib.sha256(whole.encode()).hexdigest() == shown
    heads = {(FeedId(feed), int(size)): root for size, feed, root in FEED.findall(foot)}
    lines = sorted(f"{feed} {size} {root}\n" for (feed, size), root in heads.items())
    head = hashlib.sha256("".join(lines).encode()).hexdigest()
    shipped = json.loads((STATIC / "map/reference/manifest.json").read_text("utf-8"))["sha256"]
    text = _pdf_text(page)
    wanted = (*said, shown, head, shipped, *heads.values())
    assert [one for one in wanted if "".join(one.split()) not in text] == []
    return heads


def _pdf_text(page: Page) -> str:
    """The words in the PDF, without spaces; where nothing is there to read one, in the page."""
    page.emulate_media(media="print")
    pdf = page.pdf(format="A4")
    assert pdf.startswith(b"%PDF-")
    reader = shutil.which("pdftotext")
    if reader is None:
        return "".join(page.locator("body").inner_text().split())
    run = subprocess.run([reader, "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return "".join(run.stdout.decode().split())


def heads_in(export: Path, named: Iterable[tuple[FeedId, int]]) -> Heads:
    """The roots that an export has at those sizes, each feed's entries checked."""
    folder = SealedFolder(ExportFolder(export))
    found = {}
    for feed, size in named:
        root = check_feed(folder, feed, verifier_of).root_at(size)
        assert root is not None, f"feed {feed}: fewer than {size} entries were exported"
        found[feed, size] = root.hex()
    return found
