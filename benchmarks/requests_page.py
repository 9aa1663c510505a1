"""Writes ``docs/requests.md``, examples of questions with their real answers.

``python -m benchmarks.requests_page``. The answers are the assistant's, on the articles of
``corpus/`` and ``examples/articles/``. The editor's remarks about them are written here by hand. A
test checks that the page still has the assistant's answers.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from pullquote.answering.render import to_markdown
from pullquote.assistant import Assistant
from pullquote.config import Settings
from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.store import Index
from pullquote.index.update import update
from pullquote.types import Turn

ROOT = Path(__file__).resolve().parents[1]
ARTICLES = (ROOT / "corpus", ROOT / "examples" / "articles")
PAGE = ROOT / "docs" / "requests.md"

_BELL = "“Museum gives the bronze bell back to Orrin Island”"
_FERRY = "“Saltmarsh ferry will run on batteries from April”"
_LIMES = "“Forty lime trees on Station Road are to be felled”"

#: For each heading: the question before, the request, and what disappoints an editor in its answer.
REQUESTS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "Facts": (
        ("", "How long does a ferry crossing take?", ""),
        ("", "How much is a return ticket?", ""),
        ("", "How much does the bell weigh?", ""),
        ("", "When will the bell be handed over?", ""),
        ("", "What will be planted instead of the limes?", ""),
        ("", "How long is Amazon’s ban?", ""),
        ("", "Why are the lime trees being felled?", ""),
    ),
    "What an article says is not known": (
        ("", "Why did Amazon pause Rekognition?", ""),
        ("", "How did the bell come to the museum?", ""),
        ("", "Will there be a second charging point on the island?", ""),
    ),
    "Follow-ups": (
        ("Who is Clare Garvie?", "Where does she work?", ""),
        ("How does the ferry save power?", "Who said that?", ""),
        (
            "How much did the boat cost?",
            "Show me more",
            "More of it is in the article. Only the first of the three is still about money.",
        ),
        (
            "Who objects to the felling?",
            "Why?",
            "It says again who objects. The reason stands in the sentence after it.",
        ),
        (
            "What did IBM do?",
            "And Microsoft?",
            "Rightly understood, but the first of the closest passages does say what Microsoft "
            "did: it should be the answer.",
        ),
    ),
    "Summaries": (
        ("", f"What is {_BELL} about?", ""),
        (
            "",
            f"What are the key points of {_LIMES}?",
            "The third is a detail. That maples and hornbeams are planted, and that residents "
            "object, matters more.",
        ),
        ("", "Summarize Amazon rekognition", ""),
        ("", "Summarize", ""),
    ),
    "What an article's details say": (
        ("", f"Who wrote {_LIMES}?", ""),
        ("", f"When was {_FERRY} published?", ""),
        ("", f"Where is {_FERRY} from?", ""),
        ("", "Who wrote “Amazon rekognition”?", ""),
    ),
    "Which articles there are": (("", "Which articles do you have?", ""),),
    "Greetings": (
        ("", "hello", ""),
        ("", "What can you do?", ""),
        ("", "Thanks, that helps!", ""),
    ),
    "What the articles don't say": (
        ("", "Which vitamins are in a ripe banana?", ""),
        (
            "",
            "What is the speed limit on Station Road?",
            "The refusal is right. Only the first of the closest passages is about Station Road; "
            "nothing in the articles is about speed.",
        ),
    ),
}

_HEAD = """# What you can ask

Real answers, {count} of them, on the article in `corpus/` and the three invented ones in
[examples/articles/](../examples/articles). Where an answer would disappoint an editor, a comment
below it says so: {bad} of them have one. Quotes are as they stand in the articles, with their
credit.
"""


def lines(assistant: Assistant) -> Iterator[str]:
    """The pieces of the page's text."""
    asked = [one for group in REQUESTS.values() for one in group]
    yield _HEAD.format(count=len(asked), bad=sum(bool(note) for *_, note in asked))
    for heading, group in REQUESTS.items():
        yield f"\n## {heading}\n"
        for before, request, note in group:
            history = [Turn("user", before)] if before else []
            answer = assistant.ask(request, history)
            yield f"\n### {request}\n"
            if before:
                yield f"\nAsked after “{before}”\n"
            _, _, told = to_markdown(answer, assistant.index).partition("\n\n")
            yield f"\n{told}"
            if answer.suggestions:
                yield f"\nSuggested: {'; '.join(answer.suggestions)}\n"
            if note:
                yield f"\n**An editor says:** {note}\n"


def open_on(index: Path, embedder: SentenceTransformersEmbedder) -> Assistant:
    """The assistant on these articles, indexed into the folder ``index``."""
    settings = Settings(index=index)
    update(ARTICLES, index, settings.embedder, lambda _: embedder)
    return Assistant.with_parts(Index.open(index), embedder, settings)


def main() -> None:
    """Write the page."""
    embedder = SentenceTransformersEmbedder.open(Settings().embedder)
    with tempfile.TemporaryDirectory() as folder:
        assistant = open_on(Path(folder, "index"), embedder)
        PAGE.write_text("".join(lines(assistant)), encoding="utf-8")


if __name__ == "__main__":
    main()
