"""Finds page furniture, such as navigation and forms, by structure and by class names."""

from __future__ import annotations

import re
from collections.abc import Set

from pullquote.ingest.formats.blocks import Block
from pullquote.ingest.formats.tree import Element

_TAGS = frozenset(("aside", "form", "dialog", "fieldset", "address"))
_ROLES = frozenset(("complementary", "form"))
_OTHER_ROLES = frozenset(("navigation", "contentinfo", "search", "banner"))
_BOXES = frozenset(("dialog", "alertdialog"))

#: Words in class and id names of furniture. They are sometimes misleading: an element with such a
#: name that holds prose, and is no form and sells nothing, counts as part of the article.
_NAMES = frozenset(
    (
        *("related", "recirc", "recirculation", "recommended", "recommendations", "recommendation"),
        *("trending", "popular", "mostread", "teaser", "teasers", "promo", "promos", "promotion"),
        *("newsletter", "subscribe", "subscription", "signup", "paywall", "membership", "cta"),
        *("share", "sharing", "social", "sharedaddy", "follow", "toolbar", "actions", "tools"),
        *("tags", "tag", "topics", "categories", "breadcrumb", "breadcrumbs", "byline", "author"),
        *("authors", "dateline", "timestamp", "published", "meta", "metadata", "sidebar", "widget"),
        *("rail", "footer", "nav", "navbar", "navigation", "menu", "pager", "pagination", "banner"),
        *("ad", "ads", "advert", "adverts", "advertisement", "advertising", "sponsor", "sponsored"),
        *("card", "cards", "more", "readmore", "next", "previous", "slide", "bar", "poll", "quiz"),
        *("infobox", "toc", "modal", "popup", "overlay", "login", "rating", "print", "carousel"),
        *(
            "bookmark",
            "interstitial",
            "onward",
            "jetpack",
            "jp",
            "relatedposts",
            "upsell",
            "donate",
        ),
        *("donation", "appeal", "disclosure", "credit", "credits", "copyright", "correctionlink"),
        *("permalink", "postmetadata", "entrymeta", "dropdown", "tooltip", "alerts", "playlist"),
    )
)
#: Names of elements whose prose is by others, such as comments.
_OTHERS = frozenset(
    (
        *("comment", "comments", "disqus", "respond", "discussion", "taboola", "outbrain", "trc"),
        *("bio", "biography", "aboutauthor", "authorbio", "authorbox", "authorinfo", "cookie"),
        *("cookies", "consent", "gdpr", "onetrust", "didomi", "usercentrics", "truste"),
        *("ccpa", "livefyre", "viafoura", "coral", "spotim", "openweb"),
        *("comentario", "comentarios", "commentaire", "commentaires", "kommentar", "kommentare"),
        *("commento", "commenti", "reacties", "kommentarer"),
    )
)
_BIOS = frozenset(("bio", "biography", "aboutauthor", "authorbio", "authorbox", "authorinfo"))
_TEASERS = frozenset(
    ("related", "relatedposts", "recirc", "recommended", "trending", "popular", "teaser", "teasers")
)
#: Names of elements that tell an article's author or date.
_BYLINE = frozenset(
    ("author", "byline", "date", "dateline", "meta", "posted", "published", "submitted", "vcard")
)
#: What a box that sells or asks for something says in its names or on its buttons, and what one
#: that asks for consent says.
_OFFERS = re.compile(
    r"\b(?:newsletter|subscri|sign.?up|pay.?wall|member|upsell|donat|appeal|log.?in|regist|poll\b"
    r"|quiz|vote\b)",
    re.I,
)
_ASKED = re.compile(r"\b(?:cookies?|consent|privacy|personal data)\b", re.I)
_AGREED = re.compile(
    r"\b(?:ac?ce[pt]t|agree|akzept|allow|consent|cookie|got it|manage|ok\b|reject|zustimm)", re.I
)
#: Those of the names in ``_OTHERS`` that only overlay boxes have.
_CONSENT = frozenset(
    ("cookie", "cookies", "consent", "gdpr", "onetrust", "didomi", "usercentrics", "truste", "ccpa")
)
#: Names of parts of a figure that are not its caption.
_CREDITS = frozenset(("credit", "credits", "copyright", "photographer", "attribution"))
#: Names of what heads a box: what the box is decides about both.
_HEADS = frozenset(("head", "header", "heading", "title"))
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def names(element: Element) -> frozenset[str]:
    """The words in an element's class, id and ``data-testid``, in lower case."""
    said = (
        f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-testid') or ''}"
    )
    return frozenset(word.lower() for word in _CAMEL.findall(said))


def drop_boxes(body: Element) -> None:
    """Remove consent boxes and other overlays."""
    for element in list(body.iter("div", "section", "aside", "dialog", "form", "footer", "p")):
        if element.getparent() is None:
            continue
        box = element.get("role") in _BOXES or element.get("aria-modal") == "true"
        if not (box or element.tag == "dialog" or names(element) & _CONSENT):
            continue
        inside = next(element.iterancestors("article", "main"), None) is not None
        if inside and not box:
            continue
        if next(element.iter("article", "main", "h1"), None) is None:
            element.drop_tree()


LINK, LINKS, FORM = "a link to another page", "a list of links", "a form"
OFFER = "an offer"
_LISTS = frozenset(("ul", "ol", "dl"))
_CARD_WORDS = 80
#: From this many words in complete sentences, a box counts as prose whatever its name is.
_SENTENCES = 12


def note_furniture(root: Element, leaves: list[Block], entries: Set[Element]) -> None:
    """Mark the blocks below ``root`` that are furniture with the reason.

    This goes from the innermost elements outwards: a form in a box makes only the form furniture.
    ``entries`` look like teasers, but are none.
    """
    by_element = {leaf.element: leaf for leaf in leaves}
    whole = sum(leaf.words for leaf in leaves if leaf.voted and leaf.prose)
    found: dict[Element, list[Block]] = {}
    pressed: set[Element] = set()
    for element in reversed(list(root.iter())):
        own = found.pop(element, [])
        if leaf := by_element.get(element):
            own.append(leaf)
        press = element in pressed or element.tag in ("button", "form")
        voted = sum(leaf.words for leaf in own if leaf.voted and leaf.prose)
        main = element is root or (voted > whole / 2 and element.tag != "footer")
        if own and not main and (reason := _reason(element, own, press, element in entries)):
            for leaf in own:
                leaf.out = reason
        elif element is not root:
            found.setdefault(element.getparent(), []).extend(own)
        if press and not (own and own[0].out in (FORM, OFFER) and len(own) > 1):
            pressed.add(element.getparent())


def _reason(element: Element, leaves: list[Block], press: bool, entry: bool) -> str:
    words = sum(leaf.words for leaf in leaves)
    linked = sum(leaf.links for leaf in leaves) / words if words else 0.0
    if element.tag == "a" and element.get("href") and element.get("holds"):
        return LINK
    if words <= _CARD_WORDS and not entry and headed_by_link(element):
        return LINK
    if element.tag in _LISTS and linked > 0.7:
        return LINKS
    said = names(element)
    if said & _OTHERS:
        return f"by others: {min(said & _OTHERS)}"
    if (
        element.tag == "figure"
        or next(element.iterancestors("figure", "blockquote"), None) is not None
    ):
        return "a credit" if said & _CREDITS else ""
    if element.tag == "footer" or element.get("role") in _OTHER_ROLES:
        return "the foot of the page"
    named = said & _NAMES or ({element.tag} & _TAGS) or ({element.get("role")} & _ROLES)
    if not named or (said & _HEADS and all(leaf.heading for leaf in leaves)):
        return ""
    sentences = sum(leaf.words for leaf in leaves if leaf.prose and leaf.ended)
    # A name on a single paragraph means less than one on a box around several.
    alone = leaves[0].element is element and element.tag == "p" and not said & _CREDITS
    sentence = alone and leaves[0].prose and (leaves[0].voted or leaves[0].words >= 8)
    if press and _OFFERS.search(" ".join(said)):
        return OFFER
    chosen = sum(leaf.words for leaf in leaves if leaf.voted and leaf.prose)
    form = press and (
        2 * chosen <= words
        or next(element.iter("form"), None) is not None
        or _OFFERS.search(_on_buttons(element)) is not None
    )
    if (sentences >= _SENTENCES or sentence) and not form and linked < 0.1:
        for leaf in leaves:
            leaf.doubt = leaf.doubt or f"named {min(map(str, named))}"
        return ""
    return FORM if press else f"named {min(map(str, named))}"


def _on_buttons(element: Element) -> str:
    return " ".join(map(_text, element.iter("button")))


def _text(element: Element) -> str:
    return " ".join(element.itertext())


def asks_consent(element: Element) -> bool:
    """Whether an element has a button to agree, and speaks of cookies or personal data."""
    agreed = _AGREED.search(_on_buttons(element))
    return agreed is not None and _ASKED.search(_text(element)) is not None


def headed_by_link(element: Element) -> bool:
    """Whether an element is a teaser box: all of its headings are links to other pages."""
    if element.tag not in ("article", "div", "li", "section"):
        return False
    if next(element.iter("h1"), None) is not None:
        return False
    headings = list(element.iter("h2", "h3", "h4", "h5"))
    return bool(headings) and all(map(_leads_elsewhere, headings))


def is_by_others(element: Element) -> bool:
    """Whether an author or date in an element is another's: of a teaser, a comment, a footer."""
    within = next(element.iterancestors("article"), None) is not None
    if names(element) & (_OTHERS - _BIOS | _TEASERS):
        others = True
    elif element.tag == "p":  # a correction; an article's own author and date are no sentence
        others = next(element.iterancestors("footer"), None) is not None
        others = others and _text(element).rstrip().endswith(".")
    elif element.tag in ("aside", "footer"):
        kept = element.tag == "footer" or any(names(part) & _BYLINE for part in element.iter())
        others = not (within and kept)
    else:
        others = headed_by_link(element) and len(_text(element).split()) <= _CARD_WORDS
    return others and next(element.iter("h1"), None) is None


def _leads_elsewhere(heading: Element) -> bool:
    link = next(heading.iter("a"), None)
    if link is None:
        link = next(heading.iterancestors("a"), None)
    return link is not None and (link.get("href") or "#")[0] != "#"
