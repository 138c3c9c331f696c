"""A real browser for tests: Debian's Chromium, driven by Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# It talks to loopback alone, and to nobody behind our back.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}


def program() -> str | None:
    """Where the browser is; None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def started() -> Iterator[Browser]:
    """A browser; it is gone at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visitor(browser: Browser, base: str = "", **options) -> Iterator[BrowserContext]:
    """Somebody with cookies of their own, in Viet Nam; certificates signed by themselves are fine.

    `options` are Playwright's: locale, color_scheme, viewport, java_script_enabled.
    """
    context = browser.new_context(
        **{
            "base_url": base or None,
            "ignore_https_errors": True,
            "locale": "vi-VN",
            "timezone_id": "Asia/Ho_Chi_Minh",
            "viewport": DESK,
        }
        | options
    )
    try:
        yield context
    finally:
        context.close()
