"""The bounded queue: places are given, refused and given back."""

from __future__ import annotations

from concurrent.futures import CancelledError, Future
from threading import Event

import pytest

from pullquote.errors import BusyError
from pullquote.serve.workqueue import WorkQueue


class Held:
    """Jobs that end when they are let go."""

    def __init__(self) -> None:
        self.go = Event()

    def job(self) -> str:
        assert self.go.wait(30)
        return "done"


@pytest.fixture
def held() -> Held:
    return Held()


def test_a_full_queue_refuses_at_once_and_says_when_to_come_again(held: Held) -> None:
    work = WorkQueue(waiting=3, workers=2)
    futures = [work.submit(held.job) for _ in range(5)]
    with pytest.raises(BusyError, match=r"Too many questions are waiting. Ask again in \d+ second"):
        work.submit(held.job)
    assert work.retry_after >= 1
    held.go.set()
    assert [future.result(30) for future in futures] == ["done"] * 5


def test_a_place_is_given_back_by_what_ends_fails_or_is_cancelled(held: Held) -> None:
    work = WorkQueue(waiting=1, workers=1)

    def fail() -> None:
        raise ValueError("it failed")

    for _ in range(20):
        with pytest.raises(ValueError, match="it failed"):
            work.run(fail)
        assert work.run(lambda: 1) == 1
    running = work.submit(held.job)
    for _ in range(20):
        waiting: Future[str] = work.submit(held.job)
        assert waiting.cancel()
    last = work.submit(held.job)
    held.go.set()
    assert (running.result(30), last.result(30)) == ("done", "done")


def test_who_came_first_is_answered_first() -> None:
    work = WorkQueue(waiting=20, workers=1)
    order: list[int] = []
    futures = [work.submit(lambda n=n: order.append(n)) for n in range(20)]  # type: ignore[misc]
    for future in futures:
        future.result(30)
    assert order == list(range(20))


def test_what_waits_when_the_server_ends_is_told(held: Held) -> None:
    work = WorkQueue(waiting=2, workers=1)
    running = work.submit(held.job)
    waiting = work.submit(held.job)
    work.close()
    held.go.set()
    assert running.result(30) == "done"
    with pytest.raises(CancelledError):
        waiting.result(30)
    for _ in range(9):
        with pytest.raises(BusyError, match="being stopped"):
            work.submit(held.job)
