"""Schemas of OpenAI's chat completion requests, as far as they are used here.

See the "Create chat completion" page of OpenAI's API reference. Other fields (temperature, tools,
a user's name) are accepted and ignored.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pullquote.asked import MAX_TURNS

#: The most messages of a request: front ends send the whole conversation each time.
_MAX_MESSAGES = 200


class Part(BaseModel):
    """A part of a message; only text parts are used."""

    model_config = ConfigDict(extra="ignore")

    type: str
    text: str | None = None


class MessageIn(BaseModel):
    """A message. Only messages of the user and the assistant are used."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """The message's text, with lone surrogates replaced by question marks."""
        if isinstance(self.content, list):
            said = "\n".join(item.text or "" for item in self.content if item.type == "text")
        else:
            said = self.content or ""
        return said.encode("utf-8", "replace").decode().strip()


class StreamOptions(BaseModel):
    """What a stream contains besides the answer."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool | None = None


class Completion(BaseModel):
    """A request. The last message of the user is the question."""

    model_config = ConfigDict(extra="ignore")

    messages: Annotated[list[MessageIn], Field(min_length=1, max_length=_MAX_MESSAGES)]
    model: Annotated[str, Field(max_length=200)] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None

    @property
    def wants_usage(self) -> bool:
        """Whether a stream should end with a usage chunk."""
        return bool(self.stream_options and self.stream_options.include_usage)

    def conversation(self) -> tuple[str, list[tuple[Literal["user", "assistant"], str]]]:
        """The question, and up to ``MAX_TURNS`` messages before it with their roles."""
        said: list[tuple[Literal["user", "assistant"], str]] = []
        for message in self.messages:
            if message.role == "user" or message.role == "assistant":
                said.append((message.role, message.text))
        asked = max((n for n, (role, _) in enumerate(said) if role == "user"), default=None)
        if asked is None:
            return "", []
        return said[asked][1], said[:asked][-MAX_TURNS:]
