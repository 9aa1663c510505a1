"""Helpers for the tests in a real browser: Chromium, and a real ``pullquote serve``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep
from typing import Any, Literal
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.support.places import ROOT
from tests.support.threads import keep_to_one_core

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), "")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: Milliseconds to wait for anything: on busy cores a pause may be long.
PATIENCE = 60_000

DESKTOP: ViewportSize = {"width": 1280, "height": 800}

QUESTION = "why did Amazon pause Rekognition?"
NOT_SAID = "The Seattle-based company did not say why it took action now."


def skip_without_chromium() -> None:
    """Skip the calling module if there is no Chromium, unless ``REQUIRE_BROWSER`` is 1."""
    if not CHROMIUM and os.environ.get("REQUIRE_BROWSER") != "1":
        pytest.skip("no Chromium on this machine", allow_module_level=True)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without background traffic."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Pages:
    """Lends pages of a browser, each as if it were new.

    Whoever gets a page that was lent before has its scripts already: the chat takes a third of the
    time to load.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        #: The pages that nobody has, by the options of their contexts.
        self._free: dict[str, list[Page]] = {}

    @contextmanager
    def lending(self) -> Iterator[Callable[..., Page]]:
        """Gives a function that lends an empty page, and takes back in the end what it has lent.

        The function takes the options of a context.
        """
        lent: list[tuple[list[Page], Page]] = []

        def lend(viewport: ViewportSize = DESKTOP, **options: Any) -> Page:
            free = self._free.setdefault(repr(sorted(options.items())), [])
            page = free.pop() if free else self._browser.new_context(**options).new_page()
            page.set_default_timeout(PATIENCE)
            page.set_viewport_size(viewport)
            lent.append((free, page))
            return page

        yield lend
        for free, page in lent:
            _empty(page)
            free.append(page)


def _empty(page: Page) -> None:
    """Leave the page, and forget what it has stored."""
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    page.unroute_all(behavior="ignoreErrors")
    page.emulate_media(color_scheme="light", forced_colors="none")
    page.goto("about:blank")
    if origin.startswith("http"):
        session = page.context.new_cdp_session(page)
        stored = {"origin": origin, "storageTypes": "local_storage"}
        session.send("Storage.clearDataForOrigin", stored)
        session.detach()


def serious_faults(page: Page, **options: object) -> list[tuple[str, str]]:
    """The serious accessibility faults that axe finds: each rule with the first element at fault.

    Waits until nothing is loading or animated, since dimmed and fading elements have less contrast.
    """
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.wait_for_function(
        """() => document.getAnimations().every((animation) => animation.playState !== "running"
            || animation.effect.getComputedTiming().endTime === Infinity)"""
    )
    return [
        (fault["id"], fault["nodes"][0]["html"][:200])
        for fault in Axe()
        .run(page, options={"resultTypes": ["violations"], **options})
        .response["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


def faults_in_both_schemes(page: Page) -> list[tuple[str, str]]:
    """The serious faults in the light scheme, and those that colours make in the dark one.

    The elements are the same in both. The page is in the light scheme before and after.
    """
    faults = serious_faults(page)
    _change_to(page, "dark")
    faults += serious_faults(page, runOnly=_OF_COLOURS)
    _change_to(page, "light")
    return faults


def _change_to(page: Page, scheme: Literal["light", "dark"]) -> None:
    before = page.evaluate(_BACKGROUNDS)
    page.emulate_media(color_scheme=scheme)
    # The chat's page notices it a little later.
    page.wait_for_function(f"before => ({_BACKGROUNDS})() !== before", arg=before)


#: The rules of axe whose result depends on colours.
_OF_COLOURS = ["color-contrast", "link-in-text-block"]

#: The backgrounds of all that has one, in one string.
_BACKGROUNDS = """() => {
    const all = (root) => [...root.querySelectorAll("*")].flatMap((one) =>
        [getComputedStyle(one).backgroundColor, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
    return all(document).filter((colour) => colour !== "rgba(0, 0, 0, 0)").join();
}"""


def small_targets(page: Page, within: str = "body") -> list[str]:
    """The controls in ``within`` that are too small for a finger: less than 44 pixels."""
    small: list[str] = page.evaluate(
        """(within) => [...document.querySelectorAll(within + " *")]
        .filter((element) => element.matches("button, summary, input, textarea, a.pq-button"))
        .filter((element) => element.checkVisibility() && element.offsetHeight > 0)
        .filter((element) => Math.min(element.offsetHeight, element.offsetWidth) < 44)
        .map((element) => element.outerHTML.slice(0, 100))""",
        within,
    )
    return small


def feedback_file(index: Path) -> Path:
    """Where :class:`Serving` stores feedback for this index."""
    return index.parent / "feedback.sqlite"


def wait_until_ready(address: str) -> None:
    """Wait until the server at ``address`` can answer questions."""
    for _ in range(3000):
        with suppress(OSError), urlopen(f"{address}/healthz", timeout=5):
            return
        sleep(0.02)
    raise AssertionError(f"{address} does not answer questions")


class Serving:
    """Runs ``pullquote serve`` in the project's folder; a context manager that gives its address.

    Feedback is stored beside the index. ``settings`` are passed as environment variables. The rate
    limits are high unless set.
    """

    def __init__(self, index: Path, port: int = 0, **settings: str) -> None:
        self._command = [sys.executable, "-m", "pullquote", "serve", "--port", str(port)]
        self._command += ["--index", str(index)]
        given = {"feedback": str(feedback_file(index)), "rate_limit": "100000", **settings}
        given.setdefault("rate_limit_origin", "100000")
        variables = {f"PULLQUOTE_{name.upper()}": value for name, value in given.items()}
        self._environment = {**os.environ, **variables}

    def __enter__(self) -> str:
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, env=self._environment, stderr=subprocess.PIPE, text=True
        )
        keep_to_one_core(self._process.pid)
        assert self._process.stderr is not None
        line = self._process.stderr.readline()
        assert "Pullquote is at http://" in line, line + self._process.stderr.read()
        return line.split()[3]

    def kill(self) -> None:
        """Kill the server, whatever it is doing."""
        self._process.kill()
        self._process.communicate(timeout=120)

    def __exit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self._process.terminate()
            self._process.communicate(timeout=120)
