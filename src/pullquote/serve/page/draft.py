"""The view "Check a draft": its form, and an article with a found quote marked."""

from __future__ import annotations

from dataclasses import replace

from pullquote.answering import gate
from pullquote.answering.compose import cite
from pullquote.answering.render import article_html
from pullquote.errors import UnknownArticleError
from pullquote.index.interface import Store
from pullquote.serve.api.drafts import LONGEST
from pullquote.types import ScoredSentence

#: The form; draft.js fills in the results.
FORM = f"""<div class="pq-draft"><form id="pq-draft-form">
<label for="pq-draft-text">Paste a text: each sentence is checked against the articles</label>
<textarea id="pq-draft-text" required maxlength="{LONGEST}" rows="8"></textarea>
<button type="submit" class="pq-button">Check the draft</button></form>
<p class="pq-count" role="status"></p><ol class="pq-checked"></ol></div>"""

#: The ids of marks contain the turn of their answer. These marks have no answer; panel.js finds
#: them by this number and by the number of the sentence, from 1.
_NO_TURN = 999_999


def at_sentence_html(index: Store, article_id: str, number: int) -> str:
    """The article with one of its sentences marked.

    Raises ``GateError``, and :class:`UnknownArticleError` if it has no such sentence.
    """
    article = gate.unaltered(article_id, index)
    sentences = index.sentences(article_id)
    if not 0 <= number < len(sentences):
        raise UnknownArticleError(f"The article {article_id!r} has no sentence {number}.")
    (found,) = cite([ScoredSentence(sentences[number], 1.0)], index)
    citations = (replace(found, number=number + 1),)
    gate.check_citations(citations, index)
    return article_html(article, sentences, citations, _NO_TURN)
