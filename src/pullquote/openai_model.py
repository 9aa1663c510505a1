"""A language model on any server with an OpenAI-compatible API.

Such servers are Ollama, llama.cpp, vLLM and hosted services. Needs ``pullquote[llm]``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from email.utils import parsedate_to_datetime
from functools import partial
from itertools import chain
from socket import SHUT_RDWR
from threading import Timer
from time import monotonic, time
from typing import Any

from pullquote.errors import ModelError, WriterError
from pullquote.thinking import spoken

#: The most tokens that a model may write for one question. Three sentences need a hundred, and a
#: reasoning model some hundreds more; the prompt has to fit into the context window as well.
MAX_TOKENS = 2000

#: The most characters that are read, however a server counts its tokens.
MAX_CHARACTERS = 5 * MAX_TOKENS

#: The most bytes that are read: an event for each token, and all that a server sends besides.
_MAX_BYTES = 2000 * MAX_TOKENS

#: The longest wait, in seconds, that a busy server's "Retry-After" can impose.
_LONGEST_REST = 60.0

#: OpenAI's own reasoning models refuse a temperature, and have another name for the limit.
_REASONING = re.compile(r"o\d|gpt-5")


class OpenAIModel:
    """Satisfies :class:`pullquote.protocols.Writer`. Thread-safe."""

    def __init__(self, address: str, model: str, key: str, timeout: float) -> None:
        """Does not contact the server. Raises :class:`ModelError` when packages are missing."""
        try:
            from openai import OpenAI
        except ImportError as error:
            raise ModelError(
                "A language model behind a server needs packages that are not installed: run "
                "`pip install 'pullquote[llm]'`, or remove the setting that names the server."
            ) from error
        self.name = model
        self._timeout = timeout
        self._rests_until = 0.0
        # The client requires a key, even for local servers, which need none.
        client = OpenAI(base_url=address, api_key=key or "none", max_retries=0, timeout=timeout)
        options: dict[str, Any] = (
            {"max_completion_tokens": MAX_TOKENS}
            if _REASONING.match(model)
            else {"max_tokens": MAX_TOKENS, "temperature": 0.0}
        )
        # The response as it is: the client would fail on some events that servers are known to
        # send, and would show nothing of the bytes between the events.
        create: Any = client.chat.completions.with_streaming_response.create
        self._open = partial(create, model=model, stream=True, **options)

    def write(self, prompt: str) -> Iterator[str]:
        """The model's reply, piece by piece, without its reasoning.

        A piece may be empty. Raises :class:`WriterError`, possibly after some pieces.
        """
        return spoken(self._pieces(prompt))

    def _pieces(self, prompt: str) -> Iterator[str]:
        rest = self._rests_until - monotonic()
        if rest > 0:
            raise WriterError(f"The language model's server is busy for {rest:.0f} seconds more.")
        ends = monotonic() + self._timeout
        late = WriterError(f"The language model did not finish in {self._timeout:g} seconds.")
        told, finish, timer = 0, "", None
        try:
            with self._open(messages=[{"role": "user", "content": prompt}]) as reply:
                # The client's own limit is for one wait, and a server may send something each time.
                timer = Timer(ends - monotonic(), _hang_up, [reply])
                timer.daemon = True
                timer.start()
                for event in _events(reply.iter_bytes()):
                    piece, finish = _text(event), _finish(event)
                    told += len(piece)
                    yield piece
                    if finish:
                        break
                    if told > MAX_CHARACTERS:
                        raise WriterError("The language model does not stop writing.")
                    if monotonic() > ends:
                        raise late
        except WriterError:
            raise
        # The client and a malformed reply raise errors of many kinds. Whatever a server sends, the
        # answer goes on without the model.
        except Exception as error:
            if monotonic() > ends:
                raise late from error
            # Another thread may have been told to wait for longer.
            self._rests_until = max(self._rests_until, monotonic() + _rest(error))
            why = _line(f"{type(error).__name__}: {error}")
            raise WriterError(f"The language model failed: {why}") from error
        finally:
            if timer:
                timer.cancel()
        if not finish:
            raise (
                late if monotonic() > ends else WriterError("The language model's reply broke off.")
            )
        if finish == "length":
            raise WriterError(f"The language model wrote more than {MAX_TOKENS} tokens.")
        if finish == "content_filter":
            raise WriterError("The language model's server held back the rest of the reply.")


def _events(parts: Iterable[bytes]) -> Iterator[Any]:
    """The events of a stream, and ``{}`` for a part without any, so that the reader can stop."""
    size, rest = 0, b""
    for part in chain(parts, [b"\n"]):
        size += len(part)
        if size > _MAX_BYTES:
            raise WriterError("The language model's server does not stop sending.")
        *lines, rest = (rest + part).split(b"\n")
        texts = (line.decode("utf-8-sig", "replace").strip() for line in lines)
        events = [text.removeprefix("data:").strip() for text in texts if text.startswith("data:")]
        if not events:
            yield {}
        for event in events:
            if event == "[DONE]":
                return
            yield json.loads(event)


def _text(event: Any) -> str:
    """The text of an event. Raises :class:`WriterError` if the event is the server's error."""
    if event.get("error"):
        raise WriterError(f"The language model failed: {_line(str(event['error']))}")
    content = (_choice(event).get("delta") or {}).get("content")
    if isinstance(content, list):  # parts, as Mistral's reasoning models send them
        content = "".join(part.get("text", "") for part in content)
    return content if isinstance(content, str) else ""


def _finish(event: Any) -> str:
    """The reason why the reply ends with this event; empty if it does not."""
    return _choice(event).get("finish_reason") or ""


def _choice(event: Any) -> Any:
    return (event.get("choices") or [{}])[0]


def _hang_up(reply: Any) -> None:
    """End the connection. Closing it would not wake the thread that is waiting for its bytes."""
    with suppress(Exception):  # it has ended by itself, or a proxy hides the socket
        stream = reply.http_response.extensions["network_stream"]
        stream.get_extra_info("socket").shutdown(SHUT_RDWR)


def _rest(error: Exception) -> float:
    """The seconds that a busy server asks clients to wait; 0 if it does not say."""
    response = getattr(error, "response", None)
    told = response.headers.get("Retry-After", "") if response is not None else ""
    for read in (float, lambda date: parsedate_to_datetime(date).timestamp() - time()):
        with suppress(ValueError, OverflowError):
            return min(read(told), _LONGEST_REST)
    return 0.0


def _line(text: str) -> str:
    return " ".join(text.encode(errors="replace").decode().split())[:300]
