"""A language model behind any server that speaks OpenAI's protocol, through LlamaIndex.

Ollama, llama.cpp, vLLM and hosted services do. The packages come with ``pullquote[llm]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic
from typing import Any

from pullquote.errors import ModelError, WriterError

#: The most that a model may write for one question, in its tokens: three sentences need a hundred.
MAX_TOKENS = 400

#: The most characters that are taken, whatever a server says a token is.
MAX_CHARACTERS = 4000


class OpenAIModel:
    """Satisfies :class:`pullquote.types.Writer`. Safe to share by threads."""

    def __init__(self, address: str, model: str, key: str, timeout: float) -> None:
        """Nothing is asked of the server yet. Raises :class:`ModelError` without the packages."""
        try:
            from llama_index.llms.openai_like import OpenAILike
        except ImportError as error:
            raise ModelError(
                "A language model behind a server needs packages that are not installed: run "
                "`pip install 'pullquote[llm]'`, or remove the setting that names the server."
            ) from error
        self.name = model
        self._timeout = timeout
        self._model = OpenAILike(
            model=model,
            api_base=address,
            # Local servers want no key, and the client wants one.
            api_key=key or "none",
            is_chat_model=True,
            temperature=0.0,
            max_tokens=MAX_TOKENS,
            max_retries=0,
            timeout=timeout,
        )

    def write(self, prompt: str) -> Iterator[str]:
        """What the model answers, piece by piece. Raises :class:`WriterError` at any of them."""
        from llama_index.core.base.llms.types import ChatMessage

        ends = monotonic() + self._timeout
        told = 0
        try:
            for part in self._model.stream_chat([ChatMessage(role="user", content=prompt)]):
                piece = _text(part.delta)
                told += len(piece)
                yield piece
                if told > MAX_CHARACTERS:
                    raise WriterError("The language model does not stop writing.")
                if monotonic() > ends:
                    raise WriterError(
                        f"The language model did not finish in {self._timeout:g} seconds."
                    )
        except WriterError:
            raise
        # Whatever a server sends, the answer goes on without it: the library, its client and what
        # they read from the wire raise errors of many kinds.
        except Exception as error:
            raise WriterError(f"The language model failed: {_line(error)}") from error


def _text(delta: Any) -> str:
    return delta if isinstance(delta, str) else ""


def _line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
