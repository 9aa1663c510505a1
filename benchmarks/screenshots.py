"""Takes screenshots of the page: ``python -m benchmarks.screenshots [--only WIDTH-SCHEME]``.

A real server answers on the articles of ``corpus/`` and ``examples/articles/``. Chromium takes a
picture of each state of the page at four widths, light and dark, into ``screenshots/``.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from pullquote.config import Settings
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.update import update
from tests.support.browser import Serving, chromium, wait_until_ready
from tests.support.chat import ask_in_chat
from tests.support.places import ROOT

ARTICLES = (ROOT / "corpus", ROOT / "examples" / "articles")
HEIGHTS = {390: 844, 768: 1024, 1280: 800, 1920: 1080}

Shoot = Callable[[str], None]


def main() -> None:
    """Take all pictures, or those of one width and scheme."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", metavar="WIDTH-SCHEME", default="")
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots")
    options = parser.parse_args()
    options.out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder, "index")
        update(ARTICLES, index, Settings().embedder, SentenceTransformersEmbedder.open)
        with Serving(index, contact="desk@post.example.org") as address, chromium() as browser:
            wait_until_ready(address)
            for width, scheme in _views():
                if options.only in ("", f"{width}-{scheme}"):
                    _shoot_all(browser, address, width, scheme, options.out)


def _views() -> Iterator[tuple[int, str]]:
    for width in HEIGHTS:
        for scheme in ("light", "dark"):
            yield width, scheme


def _shoot_all(browser: Browser, address: str, width: int, scheme: str, out: Path) -> None:
    expect.set_options(timeout=120_000)
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHTS[width]},
        color_scheme="dark" if scheme == "dark" else "light",
        has_touch=width < 900,
    )
    context.set_default_timeout(120_000)
    page = context.new_page()

    def shoot(name: str) -> None:
        page.wait_for_timeout(400)  # until animations have ended
        page.screenshot(path=out / f"{name}-{width}-{scheme}.png")
        wide = page.evaluate("document.documentElement.scrollWidth")
        print(f"{name}-{width}-{scheme}" + (f": {wide} pixels wide" if wide > width else ""))

    _states(page, address, width < 900, shoot)
    context.close()


def _states(page: Page, address: str, is_phone: bool, shoot: Shoot) -> None:
    """Bring the page into one state after another, as a reader would, and picture each."""
    page.goto(address, wait_until="commit")
    shoot("00-loading")
    expect(page.locator(".pq-item").first).to_be_attached()
    shoot("01-empty")

    ask_in_chat(page, "How long does a ferry crossing take?")
    shoot("02-answer")
    page.locator("a.pq-cite").first.click()
    expect(page.locator("#pq-article mark").first).to_be_in_viewport()
    shoot("03-article")
    if is_phone:
        page.locator(".pq-back").click()

    page.locator(".pq-how summary").last.click()
    expect(page.locator(".pq-how table").first).to_be_visible()
    shoot("04-how-found")

    ask_in_chat(page, "why did Amazon pause Rekognition?")
    shoot("05-stated-unknown")
    ask_in_chat(page, "And Microsoft?")
    shoot("06-follow-up")
    ask_in_chat(page, "Which vitamins are in a ripe banana?")
    page.locator("#pq-chat .bot-row").last.locator(".pq-closest summary").click()
    page.get_by_role("button", name="Bad answer").last.click()
    shoot("07-refusal")
    page.get_by_role("button", name="Articles" if is_phone else "All articles", exact=True).click()
    shoot("08-list")
    if is_phone:
        page.locator(".pq-back").click()
    ask_in_chat(page, "hello")
    ask_in_chat(page, "What is “Museum gives the bronze bell back to Orrin Island” about?")
    shoot("09-summary")
    if page.locator("#pq-filter .label-wrap").is_visible():
        page.locator("#pq-filter .label-wrap").click()
        page.wait_for_timeout(500)
        shoot("11-filters")
        page.locator("#pq-filter .label-wrap").click()
    page.context.set_offline(True)
    page.get_by_label("Your question").fill("Who is Hanna Lindqvist?")
    page.keyboard.press("Enter")
    page.wait_for_timeout(3000)
    shoot("10-server-gone")


if __name__ == "__main__":
    main()
