"""One browser for all consoles' tests: Debian's Chromium, told to reach nothing but loopback."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

# Without the window that a whole Chromium draws around each page, in a process of its own.
CHROMIUM = shutil.which("chromium-headless-shell")
FLAGS = (
    "--no-sandbox",
    "--enable-unsafe-swiftshader",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--autoplay-policy=no-user-gesture-required",
)
AT_A_DESK = tuple(one for one in FLAGS if "autoplay" not in one)  # sound only after a person's act


expect.set_options(timeout=15_000)  # a machine shared with other work is slow, not wrong


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    assert CHROMIUM is not None, "`make tests` installs it, or says what is missing"
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=str(Path(CHROMIUM)), args=list(FLAGS))
        yield found
        found.close()


@pytest.fixture
def desk_browser(browser: Browser) -> Iterator[Browser]:
    """One that opens no sound before a person's act, as outside of these tests."""
    found = browser.browser_type.launch(executable_path=CHROMIUM, args=list(AT_A_DESK))
    yield found
    found.close()


@pytest.fixture
def crowded_browser(browser: Browser) -> Iterator[Browser]:
    """One that gives no page a process of its own if it can do without."""
    args = [*FLAGS, "--renderer-process-limit=1"]
    found = browser.browser_type.launch(executable_path=CHROMIUM, args=args)
    yield found
    found.close()
