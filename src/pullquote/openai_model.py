"""A language model behind any server that speaks OpenAI's protocol, through LlamaIndex.

Ollama, llama.cpp, vLLM and hosted services do. The packages come with ``pullquote[llm]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import local
from time import monotonic
from typing import Any

from pullquote.errors import ModelError, WriterError
from pullquote.thinking import spoken

#: The most that a model may write for one question, in its tokens. Three sentences need a hundred;
#: what thinks aloud first needs some hundreds more, and what is asked has to fit beside it.
MAX_TOKENS = 2000

#: The most characters that are taken, whatever a server says a token is.
MAX_CHARACTERS = 5 * MAX_TOKENS

#: Seconds for which a busy server that says "Retry-After" is left alone at most.
_LONGEST_REST = 60.0


class OpenAIModel:
    """Satisfies :class:`pullquote.protocols.Writer`. Safe to share by threads."""

    def __init__(self, address: str, model: str, key: str, timeout: float) -> None:
        """Nothing is asked of the server yet. Raises :class:`ModelError` without the packages."""
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
        #: The reply that a thread is reading. LlamaIndex closes none, and a server writes on for
        #: nobody until it is.
        self._of_thread = local()
        # Handed on to a class whose types do not name it.
        client: Any = {"http_client": DefaultHttpxClient(event_hooks={"response": [self._opened]})}
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
            **client,
        )

    def _opened(self, reply: Any) -> None:
        self._of_thread.reply = reply

    def write(self, prompt: str) -> Iterator[str]:
        """What the model answers, piece by piece, without what it thinks aloud.

        Raises :class:`WriterError` at any of them.
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
        # Whatever a server sends, the answer goes on without it: the library, its client and what
        # they read from the wire raise errors of many kinds.
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
    """Why the reply ends with this chunk, if it does."""
    return chunk.choices[0].finish_reason if chunk.choices else None


def _rest(error: Exception) -> float:
    """The seconds that a busy server asks for; 0 where it does not."""
    response = getattr(error, "response", None)
    told = response.headers.get("Retry-After", "") if response is not None else ""
    return min(float(told), _LONGEST_REST) if told.isdecimal() else 0.0


def _line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
