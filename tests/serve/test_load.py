"""Many readers at once: each gets an answer or is told when to come again, and nobody is lost."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

import httpx
import pytest

from pullquote.index.embed import SentenceTransformersEmbedder
from pullquote.index.store import Index
from tests.support.browser import QUESTION, Serving, wait_until_ready
from tests.support.inprocess import serving_index

pytestmark = pytest.mark.slow

AT_ONCE = 100


#: How many questions may wait.
QUEUE = 8


async def _ask(client: httpx.AsyncClient, path: str) -> httpx.Response:
    return await client.post(path, json={"question": QUESTION})


async def _burst(address: str, path: str) -> list[httpx.Response]:
    limits = httpx.Limits(max_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        return await asyncio.gather(*(_ask(client, path) for _ in range(AT_ONCE)))


async def _leave(address: str, times: int) -> None:
    """Ask, and go away before the answer comes."""
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        for _ in range(times):
            async with client.stream(
                "POST", "/api/ask/stream", json={"question": QUESTION}
            ) as response:
                async for line in response.aiter_lines():
                    assert line == "event: message_start"
                    break


def test_a_hundred_questions_at_once_are_each_answered_or_told_to_come_again(
    customer_index: Index,
) -> None:
    with Serving(customer_index.folder, queue=str(QUEUE), rate_limit="90") as server:
        wait_until_ready(server)
        responses = asyncio.run(_burst(server, "/api/ask/stream"))
    counts = Counter(item.status_code for item in responses)
    assert set(counts) == {200, 429, 503}
    assert counts[200] >= QUEUE
    assert counts[429] == 10
    for response in responses:
        if response.status_code == 200:
            last = response.text.strip().split("\n\n")[-1]
            assert last.startswith("event: message_stop\n")
            assert json.loads(last.partition("data: ")[2])["answer"]["citations"]
        else:
            assert int(response.headers["Retry-After"]) >= 1
            code = response.json()["error"]["code"]
            assert code == {429: "too_many_requests", 503: "busy"}[response.status_code]


def test_readers_who_leave_give_up_their_places(
    customer_index: Index, real_embedder: SentenceTransformersEmbedder
) -> None:
    with serving_index(customer_index.folder, real_embedder, remembers=False, queue=2) as address:
        asyncio.run(_leave(address, 12))
        # The places are free once the server has noticed, and from then on.
        statuses: list[int] = []
        while statuses[-3:] != [200] * 3:
            response = httpx.post(f"{address}/api/ask", json={"question": QUESTION}, timeout=60)
            statuses.append(response.status_code)
            assert len(statuses) < 20
        assert statuses.count(200) == 3
