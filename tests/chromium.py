"""The browser in which tests open pages."""

import os
import shutil

import pytest
from playwright.sync_api import Browser, Playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
needed = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")


def launch(playwright: Playwright) -> Browser:
    """A browser that loads nothing of its own; to be closed by the caller."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
