"""A language model on any server with an OpenAI-compatible API, through LlamaIndex.

Such servers are Ollama, llama.cpp, vLLM and hosted services. Needs ``pullquote[llm]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import local
from time import monotonic
from typing import Any

from pullquote.errors import ModelError, WriterError
from pullquote.thinking import spoken

#: The most tokens that a model may write for one question. Three sentences need a hundred, and a
#: reasoning model some hundreds more; the prompt has to fit into the context window as well.
MAX_TOKENS = 2000

#: The most characters that are read, however a server counts its tokens.
MAX_CHARACTERS = 5 * MAX_TOKENS

#: The longest wait, in seconds, that a busy server's "Retry-After" can impose.
_LONGEST_REST = 60.0


class OpenAIModel:
    """Satisfies :class:`pullquote.protocols.Writer`. Thread-safe."""

    def __init__(self, address: str, model: str, key: str, timeout: float) -> None:
        """Does not contact the server. Raises :class:`ModelError` when packages are missing."""
        try:
            from llama_index.llms.openai_like import OpenAILike
            from openai import DefaultHttpxClient
        except ImportError as error:
            raise ModelError(
                "A language model behind a server needs packages that are not installed: run "
                "`pip install 'pullquote[llm]'`, or remove the setting that names the server."
            ) from error
        self.name = model
        self._timeout = timeout
        self._rests_until = 0.0
        #: The response that each thread is reading. LlamaIndex never closes one, and until it is
        #: closed the server goes on generating.
        self._of_thread = local()
        # "Any": OpenAILike passes this argument on, but its signature does not declare it.
        client: Any = {"http_client": DefaultHttpxClient(event_hooks={"response": [self._opened]})}
        self._model = OpenAILike(
            model=model,
            api_base=address,
            # The client requires a key, even for local servers, which need none.
            api_key=key or "none",
            is_chat_model=True,
            temperature=0.0,
            max_tokens=MAX_TOKENS,
            max_retries=0,
            timeout=timeout,
            **client,
        )

    def _opened(self, reply: Any) -> None:
        self._of_thread.reply = reply

    def write(self, prompt: str) -> Iterator[str]:
        """The model's reply, piece by piece, without its reasoning.

        Raises :class:`WriterError`, possibly after some pieces.
        """
        return spoken(self._pieces(prompt))

    def _pieces(self, prompt: str) -> Iterator[str]:
        from llama_index.core.base.llms.types import ChatMessage

        rest = self._rests_until - monotonic()
        if rest > 0:
            raise WriterError(f"The language model's server is busy for {rest:.0f} seconds more.")
        ends = monotonic() + self._timeout
        told, finish, reply = 0, None, None
        try:
            for part in self._model.stream_chat([ChatMessage(role="user", content=prompt)]):
                reply = reply or self._of_thread.reply
                piece = _text(part.delta)
                finish = _finish(part.raw) or finish
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
        # The library, its client and a malformed reply raise errors of many kinds. Whatever a
        # server sends, the answer goes on without the model.
        except Exception as error:
            self._rests_until = monotonic() + _rest(error)
            raise WriterError(f"The language model failed: {_line(error)}") from error
        finally:
            if reply is not None:
                reply.close()
        if finish is None:
            raise WriterError("The language model's reply broke off.")
        if finish == "length":
            raise WriterError(f"The language model wrote more than {MAX_TOKENS} tokens.")


def _text(delta: Any) -> str:
    return delta if isinstance(delta, str) else ""


def _finish(chunk: Any) -> str | None:
    """The finish reason, if this chunk has one."""
    return chunk.choices[0].finish_reason if chunk.choices else None


def _rest(error: Exception) -> float:
    """The seconds that a busy server asks clients to wait; 0 if it does not say."""
    response = getattr(error, "response", None)
    told = response.headers.get("Retry-After", "") if response is not None else ""
    return min(float(told), _LONGEST_REST) if told.isdecimal() else 0.0


def _line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
