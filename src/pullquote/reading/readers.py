"""Opens the reader of the settings: the bundled network, another one, a server, the baseline."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path

from pullquote.config import BUNDLED_READER, Settings, is_address
from pullquote.errors import ModelError
from pullquote.protocols import Embedder, Reader
from pullquote.reading.judge import Judge
from pullquote.reading.judge_network import CARD, JudgeNetwork
from pullquote.reading.remote_judge import RemoteJudge
from pullquote.reading.similarity import SimilarityReader

_LOG = logging.getLogger(__name__)

#: The folder of the bundled network, inside the package.
BUNDLED = Path(__file__).with_name("models") / "judge"


def open_reader(settings: Settings, embedder: Embedder) -> Reader:
    """The reader that the settings name. Raises :class:`~pullquote.errors.ModelError`."""
    name = settings.reader
    if is_address(name):
        # Imported here: it brings an HTTP client that nothing else needs.
        from pullquote.openai_model import OpenAIModel

        model = OpenAIModel(
            name, settings.reader_model, settings.reader_key, settings.reader_timeout
        )
        return RemoteJudge(Judge(bundled_network()), model)
    if name == SimilarityReader.name:
        return SimilarityReader(embedder)
    if name == BUNDLED_READER:
        return Judge(bundled_network())
    if (Path(name) / CARD).is_file():
        mend = "Make the folder again, or leave the setting 'reader' out for the bundled one."
        return Judge(JudgeNetwork.open(Path(name), mend))
    raise ModelError(
        f"This version has no reader {name!r}: leave 'reader' out for the bundled network, or set "
        f"it to {SimilarityReader.name!r}, a folder with {CARD}, or a server's address. "
        "Question-answering models of Hugging Face are no longer read: they cannot say that "
        "something is not known."
    )


def claims_network(reader: Reader) -> JudgeNetwork:
    """The network that checks written claims: the reader's own, or else the bundled one."""
    return reader.network if isinstance(reader, Judge) else bundled_network()


@cache
def bundled_network() -> JudgeNetwork:
    """The bundled network, loaded once and shared by all assistants."""
    mend = "Install Pullquote again: `pip install --force-reinstall --no-deps pullquote`."
    return JudgeNetwork.open(BUNDLED, mend)


def refuse_below(settings: Settings, reader: Reader) -> float:
    """The setting ``refuse_below``; the reader's own if unset or fitted for another reader."""
    fitted = settings.refuse_below_reader
    if settings.refuse_below is None:
        return reader.refuse_below
    if fitted and fitted != reader.name:
        _LOG.warning(
            "refuse_below = %s was fitted for the reader %s and is ignored for %s: fit it again "
            "with `pullquote eval QUESTIONS --sweep`.",
            settings.refuse_below,
            fitted,
            reader.name,
        )
        return reader.refuse_below
    return settings.refuse_below
