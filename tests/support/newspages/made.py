"""Makes pages, four stories in every publishing system, each with its true text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from tests.support.newspages.pieces import System
from tests.support.newspages.stories import STORIES, Story, as_html, as_text
from tests.support.newspages.systems import SYSTEMS

#: The number of stories in each system.
_EACH = 4
_MISLEADING = ("newsletter", "related-body", "bar", "metadata", "author-note", "promo-text")


@dataclass(frozen=True, slots=True)
class Made:
    """A page and its true text.

    ``held_out`` means that no rule was written or fitted while looking at the page.
    """

    name: str
    html: str
    text: str
    story: Story
    fitted: bool

    @property
    def held_out(self) -> bool:
        return not self.fitted and sha256(self.name.encode()).digest()[0] % 2 == 1


def pages() -> Iterator[Made]:
    """All pages, the same each time."""
    for number, system in enumerate(SYSTEMS):
        for turn in range(_EACH):
            story = STORIES[(number * 3 + turn * 2 + turn // 4) % len(STORIES)]
            yield _page(system, story, turn)


def _page(system: System, story: Story, turn: int) -> Made:
    blocks = list(_blocks(system, story))
    body: list[str] = []
    share = -(-len(blocks) // system.parts)
    for place, (markup, kind) in enumerate(blocks):
        if system.entries:
            if place == 0 or kind == "#":
                body.append(system.split[1] * (place > 0) + system.split[0])
        elif system.split[0] and place % share == 0:
            opening = system.split[0].replace("NEWS", _MISLEADING[(place + turn) % 6])
            body.append(system.split[1] * (place > 0) + opening)
        body.append(markup)
        between = place % 3 == 1 and place < len(blocks) - 1 and kind != "#"
        if between and system.ads and not (place + turn) % 2:
            ad = system.ads[(place // 3 + turn) % len(system.ads)]
            closed = place % share == share - 1 and system.split[0]
            body.append(ad if not closed else "")
    body.append(system.split[1] if system.split[0] else "")
    shell, _, rest = system.shell.partition("$BODY")
    page = f"{_filled(shell, story)}{''.join(body)}{_filled(rest, story)}"
    slug = story.title.split()[0].lower()
    return Made(f"{system.name}-{slug}", page, "\n".join(_truth(story)), story, system.fitted)


def _filled(shell: str, story: Story) -> str:
    for name in ("title", "author", "section", "date"):
        value = getattr(story, name)
        shell = shell.replace(f"${name.upper()}", json.dumps(value, ensure_ascii=False)[1:-1])
    return shell


def _blocks(system: System, story: Story) -> Iterator[tuple[str, str]]:
    items: list[str] = []
    rows: list[str] = []
    for line in (*story.body, ""):
        if items and not line.startswith("- "):
            yield system.ul.format("".join(items)), "-"
            items = []
        if rows and "\t" not in line:
            yield system.table.format("".join(rows)), "\t"
            rows = []
        form = {"# ": system.h, "> ": system.quote, "! ": system.caption}.get(line[:2])
        if line.startswith("- "):
            items.append(system.li.format(as_html(line[2:])))
        elif "\t" in line:
            cells = "".join(f"<td>{as_html(cell)}</td>" for cell in line.split("\t"))
            rows.append(f"<tr>{cells}</tr>")
        elif form:
            yield form.format(as_html(line[2:])), line[0]
        elif line:
            yield system.p.format(as_html(line)), ""


def _truth(story: Story) -> Iterator[str]:
    for line in story.body:
        yield as_text(line[2:] if line[:2] in ("# ", "> ", "! ", "- ") else line)
