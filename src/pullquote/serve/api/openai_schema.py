"""The shapes of OpenAI's chat completions, as far as they mean something here.

See the "Create chat completion" page of OpenAI's API reference. What else a client sends
(temperature, tools, a user's name) is accepted and has no effect.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pullquote.asked import MAX_TURNS

#: Front ends send the whole conversation again and again.
_MAX_MESSAGES = 200


class Part(BaseModel):
    """A part of a message; those that are no text are ignored."""

    model_config = ConfigDict(extra="ignore")

    type: str
    text: str | None = None


class MessageIn(BaseModel):
    """A message. Only the user's and the assistant's count."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """The message's text. Half a character in it becomes a question mark."""
        if isinstance(self.content, list):
            said = "\n".join(item.text or "" for item in self.content if item.type == "text")
        else:
            said = self.content or ""
        return said.encode("utf-8", "replace").decode().strip()


class StreamOptions(BaseModel):
    """What a stream holds besides the answer."""

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
        """Whether a stream shall end with a chunk for the usage."""
        return bool(self.stream_options and self.stream_options.include_usage)

    def conversation(self) -> tuple[str, list[tuple[Literal["user", "assistant"], str]]]:
        """The question, and the messages before it with their roles, as many as are read."""
        said: list[tuple[Literal["user", "assistant"], str]] = []
        for message in self.messages:
            if message.role == "user" or message.role == "assistant":
                said.append((message.role, message.text))
        asked = max((n for n, (role, _) in enumerate(said) if role == "user"), default=None)
        if asked is None:
            return "", []
        return said[asked][1], said[:asked][-MAX_TURNS:]
