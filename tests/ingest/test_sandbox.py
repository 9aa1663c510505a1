"""The sandbox: what goes wrong in a parser costs one file, with a reason."""

from __future__ import annotations

import io
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pullquote.errors import CorpusError
from pullquote.ingest import formats
from pullquote.ingest.formats import Fault, wire
from pullquote.ingest.formats.clean import flaw
from pullquote.ingest.listing import Listed
from pullquote.ingest.sandbox import Sandbox
from pullquote.types import Article
from tests.support.documents import SIMPLE, XHTML, pdf_bytes, write_book, write_docx
from tests.support.places import ROOT
from tests.support.webpage import LONG, PAGE

POISON = {"poison": "tests.support.poison:read"}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and pipes of POSIX")


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """For what goes well: its workers are shared by the tests."""
    with Sandbox(readers=POISON) as shared:
        yield shared


def poison(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "p"
    path.write_text(text)
    return path


def reason(box: Sandbox, path: Path, kind: str = "poison") -> str:
    with pytest.raises(CorpusError) as caught:
        list(box.read(kind, "p", path))
    return str(caught.value)


def worker_of(box: Sandbox, tmp_path: Path) -> int:
    """The process that reads next."""
    (article,) = box.read("poison", "p", poison(tmp_path, "pid"))
    assert isinstance(article, Article)
    return int(article.text.split()[1])


def is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def test_files_of_all_kinds_are_read_as_without_it(box: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "a.pdf").write_bytes(pdf_bytes([SIMPLE]))
    (tmp_path / "a.txt").write_text(LONG)
    (tmp_path / "a.json").write_text('[{"id": "x", "text": "😀\\ud800 “q”"}, 5]')
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\nbroken\n{"text": "b"}')
    write_docx(tmp_path / "a.docx", f"<w:p><w:r><w:t>{LONG}</w:t></w:r></w:p>")
    write_book(tmp_path / "a.epub", {"a.xhtml": XHTML % f"<p>{LONG}</p>"})
    for path in sorted(tmp_path.iterdir()):
        kind = formats.KINDS[path.suffix]
        url = "https://site.example/a"
        expected = list(formats.read(kind, path.name, path, url))
        assert list(box.read(kind, path.name, path, url)) == expected, path.name
        assert expected


def test_one_worker_reads_file_after_file(box: Sandbox, tmp_path: Path) -> None:
    first = worker_of(box, tmp_path)
    reason(box, tmp_path / "gone", "html")
    assert worker_of(box, tmp_path) == first


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("exit", "its parser ended early (exit status 3)"),
        ("segfault", f"its parser crashed (signal {signal.SIGSEGV:d})"),
        ("raise", "its parser failed (KeyError)"),
        ("forge", "its parser answered what makes no sense"),
        ("control", "its parser answered what makes no sense"),
        ("type", "its parser answered what makes no sense"),
    ],
)
def test_a_parser_that_goes_wrong_costs_its_file(
    box: Sandbox, tmp_path: Path, text: str, why: str
) -> None:
    entries = box.read("poison", "p", poison(tmp_path, f"a {text} b"))
    first = next(entries)  # what came before is kept
    assert isinstance(first, Article)
    assert first.id == "p#1"
    with pytest.raises(CorpusError) as caught:
        next(entries)
    assert str(caught.value) == why
    assert len(list(box.read("poison", "p", poison(tmp_path, "a fault b")))) == 3


def test_a_feed_and_a_sitemap_are_read_by_a_worker(box: Sandbox) -> None:
    rss = (
        '<rss version="2.0"><channel><item><title>A &amp;amp; b</title><link>/a</link>'
        "<author>x@y.example (Ada M.)</author></item></channel></rss>"
    )
    (first,) = box.listing("feed", rss, "http://a.example/feed")
    assert first == Listed("http://a.example/a", title="A & b", author="Ada M.")
    entries = "<url><loc>http://a.example/1</loc><lastmod>2021-03-04</lastmod></url>" * 2
    listed = list(box.listing("sitemap", f"<urlset>{entries}</urlset>", "http://a.example/s"))
    assert listed == [Listed("http://a.example/1", updated="2021-03-04")] * 2
    for kind, told in (("feed", "it is a broken feed"), ("sitemap", "it is a broken sitemap")):
        with pytest.raises(CorpusError, match=told):
            list(box.listing(kind, "<a><b>", "http://a.example/x"))


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
def test_a_listing_that_goes_wrong_costs_itself_alone(kind: str) -> None:
    with Sandbox(readers={kind: POISON["poison"]}) as own:
        for text, why in (
            ("segfault", f"its parser crashed (signal {signal.SIGSEGV:d})"),
            ("exit", "its parser ended early (exit status 3)"),
            # An article is no page of a listing.
            ("forge", "its parser answered what makes no sense"),
        ):
            with pytest.raises(CorpusError) as caught:
                list(own.listing(kind, text, "http://a.example/x"))
            assert str(caught.value) == why


@pytest.mark.parametrize(
    "message",
    [
        {"listed": {}},
        {"listed": {**asdict(Listed("http://a.example")), "url": None}},
        {"listed": {**asdict(Listed("http://a.example")), "title": 5}},
        {"listed": {**asdict(Listed("http://a.example")), "title": "x" * 100_001}},
        {"listed": {**asdict(Listed("http://a.example")), "more": "x"}},
        {"listed": {**asdict(Listed("http://a.example")), "updated": "2020-02-30"}},
        {"listed": {**asdict(Listed("http://a.example")), "published": "June"}},
        {"reason": ""},
        {"fault": {"where": "a", "reason": "b"}},
        {},
    ],
)
def test_what_is_no_page_of_a_listing_is_not_believed(message: dict[str, Any]) -> None:
    with pytest.raises(wire.WireError):
        wire.listed(message)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its memory")
def test_a_parser_that_swells_runs_out_of_memory(tmp_path: Path) -> None:
    with Sandbox(memory=300_000_000, readers=POISON) as small:
        assert reason(small, poison(tmp_path, "swell")) == "its parser ran out of memory"
        assert len(list(small.read("poison", "p", poison(tmp_path, "a")))) == 1


@pytest.mark.slow
def test_a_parser_that_hangs_is_ended_in_time(tmp_path: Path) -> None:
    with Sandbox(seconds=0.7, readers=POISON) as quick:
        before = worker_of(quick, tmp_path)
        began = time.monotonic()
        assert reason(quick, poison(tmp_path, "hang")) == "reading it took longer than 0.7 seconds"
        assert time.monotonic() - began < 5
        assert is_gone(before)
        # The limit is between two articles, and none of it runs while nobody asks for more.
        slow = quick.read("poison", "p", poison(tmp_path, "slow " * 4))
        next(slow)
        time.sleep(1)
        assert len(list(slow)) == 3


def test_a_worker_killed_by_the_system_is_named_as_such(tmp_path: Path) -> None:
    with Sandbox(readers=POISON) as own:
        process = worker_of(own, tmp_path)
        entries = own.read("poison", "p", poison(tmp_path, "a hang"))
        next(entries)
        os.kill(process, signal.SIGKILL)
        with pytest.raises(CorpusError, match=r"was killed \(signal 9\), most likely for want"):
            next(entries)


def test_an_idle_worker_that_died_is_not_blamed_on_the_next_file_for_ever(tmp_path: Path) -> None:
    with Sandbox(readers=POISON) as own:
        os.kill(worker_of(own, tmp_path), signal.SIGKILL)
        time.sleep(0.2)
        assert len(list(own.read("poison", "p", poison(tmp_path, "a b")))) == 2


def test_what_a_parser_prints_goes_nowhere_and_it_has_no_secrets(
    box: Sandbox, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(list(box.read("poison", "p", poison(tmp_path, "print a")))) == 1
    assert capfd.readouterr() == ("", "")
    monkeypatch.setenv("API_KEY", "secret")
    with Sandbox(readers=POISON) as own:
        (article,) = own.read("poison", "p", poison(tmp_path, "environment"))
    assert isinstance(article, Article)
    assert "PATH" in article.text
    assert "API_KEY" not in article.text


def test_the_worker_does_not_import_from_the_folder_it_is_started_in(tmp_path: Path) -> None:
    (tmp_path / "lxml.py").write_text("raise SystemExit('taken over')")
    (tmp_path / "a.html").write_text(PAGE)
    code = (
        "import sys; from pathlib import Path; from pullquote.ingest.sandbox import Sandbox\n"
        "with Sandbox() as s: print(len(list(s.read('html', 'a', Path('a.html')))))"
    )
    # As the installed command: the folder it is called in is not among the paths.
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "1\n"


def test_an_unfinished_reading_leaves_the_sandbox_usable(tmp_path: Path) -> None:
    with Sandbox(readers=POISON) as own:
        entries = own.read("poison", "p", poison(tmp_path, "a " * 100_000))
        next(entries)
        assert isinstance(entries, Iterator)
        entries.close()  # type: ignore[attr-defined]
        assert len(list(own.read("poison", "p", poison(tmp_path, "a b")))) == 2


def test_several_readings_go_on_at_the_same_time(box: Sandbox, tmp_path: Path) -> None:
    path = poison(tmp_path, "a b c")
    pairs = list(zip(box.read("poison", "p", path), box.read("poison", "p", path), strict=True))
    assert len(pairs) == 3
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(len(list(box.read("poison", "p", path)))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [3] * 4


@pytest.mark.slow
def test_a_long_export_is_not_piled_up(box: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "e.ndjson"
    path.write_text('{"text": "' + "word " * 1000 + '"}\n' + '{"text": "a"}\n' * 30_000)
    entries = box.read("ndjson", "e.ndjson", path)
    next(entries)
    time.sleep(0.5)
    with path.open("a") as file:  # the worker waits, so it has not seen the end yet
        file.write('{"id": "late", "text": "z"}\n')
    last = list(entries)[-1]
    assert isinstance(last, Article)
    assert last.id == "late"


def test_closing_ends_every_worker_even_one_that_hangs(tmp_path: Path) -> None:
    own = Sandbox(readers=POISON)
    idle = worker_of(own, tmp_path)
    entries = own.read("poison", "p", poison(tmp_path, "a hang"))
    busy = next(entries)
    failed: list[str] = []

    def wait() -> None:
        try:
            list(entries)
        except CorpusError as error:
            failed.append(str(error))

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.2)
    began = time.monotonic()
    own.close()
    own.close()
    thread.join(timeout=5)
    assert time.monotonic() - began < 5
    assert failed == ["its parser was stopped"]
    assert isinstance(busy, Article)
    assert is_gone(idle)
    assert is_gone(int(busy.text.split()[1]))
    with pytest.raises(RuntimeError, match="closed"):
        list(own.read("html", "a", tmp_path / "p"))


def test_an_interrupt_is_the_parents_alone(tmp_path: Path) -> None:
    code = f"""
import signal, sys; sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from pullquote.ingest.sandbox import Sandbox
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever began the tests may ignore it
with Sandbox(readers={POISON!r}) as box:
    for item in box.read("poison", "p", Path({str(poison(tmp_path, "a hang"))!r})):
        print(item.text.split()[1], flush=True)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    assert process.stdout is not None
    worker = int(process.stdout.readline())
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, errors = process.communicate(timeout=20)
    assert process.returncode == -signal.SIGINT
    assert errors.count("KeyboardInterrupt") == 1
    assert "worker.py" not in errors
    assert is_gone(worker)


def test_a_python_that_cannot_be_started_is_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    with Sandbox() as own:
        assert reason(own, tmp_path, "html").startswith("its parser cannot be started")
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Sandbox() as own:
        assert reason(own, tmp_path, "html") == "its parser cannot be started"


def test_a_kind_that_is_unknown_is_a_mistake_of_the_caller(box: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no kind of file 'exe'"):
        list(box.read("exe", "a", tmp_path))


def test_many_small_files_take_little_time(box: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "e.json"
    path.write_text('[{"text": "a"}]')
    list(box.read("json", "e", path))
    began = time.monotonic()
    for _ in range(500):
        list(box.read("json", "e", path))
    assert time.monotonic() - began < 5  # 0.1 s on two cores


# What passes between the two


def test_every_message_that_is_none_is_refused() -> None:
    article = wire.result(Article("a", "t", None, None, None, "text"))["article"]
    good = wire.received({"article": article}, "a", any_id=False)
    assert good == Article("a", "t", None, None, None, "text")
    bad = [
        {},
        {"article": article, "fault": {}},
        {"article": {**article, "more": 1}},
        {"article": {k: v for k, v in article.items() if k != "url"}},
        *({"article": {**article, name: value}} for name, value in [
            ("id", "b"), ("id", "ab"), ("id", None), ("title", ""), ("title", "a\nb"), ("text", ""),
            ("text", "\ud800a"), ("text", "a\x00"), ("url", "javascript:a"), ("published", "June"),
            ("updated", "2020-06-11\n"), ("published", "2020-02-30"), ("id", "a#\x1b[2J"),
            ("body_start", 1), ("body_start", None), ("author", 5),
            ("section", "x" * 501), ("source", "\x1b[1m"),
            ("left_out", '[[Infinity, "", "", true]]'),
        ]),
        {"fault": {"where": "a"}},
        {"fault": {"where": "a", "reason": ""}},
        {"reason": "a\nb"},
        {"reason": "x" * 1001},
        {"reason": None},
        {"done": False},
    ]  # fmt: skip
    for message in bad:
        with pytest.raises(wire.WireError):
            wire.received(message, "a", any_id=False)
    other = {"article": {**article, "id": "b"}}
    assert isinstance(wire.received(other, "a", any_id=True), Article)


@pytest.mark.parametrize(
    "data",
    [struct.pack(">I", 2**32 - 1), struct.pack(">I", 2) + b"[]", struct.pack(">I", 1) + b"x"],
)
def test_a_channel_that_brings_nonsense_is_refused(data: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.receive(io.BytesIO(data))


def test_a_channel_that_ends_has_ended() -> None:
    for data in (b"", b"\0\0", struct.pack(">I", 5) + b"{"):
        assert wire.receive(io.BytesIO(data)) is None


def broken(tmp: Path) -> dict[str, bytes]:
    """A good file of each kind."""
    return {
        "html": PAGE.encode(),
        "pdf": pdf_bytes([SIMPLE]),
        "docx": write_docx(tmp / "d", f"<w:p><w:r><w:t>{LONG}</w:t></w:r></w:p>").read_bytes(),
        "epub": write_book(tmp / "e", {"a.xhtml": XHTML % f"<p>{LONG}</p>"}).read_bytes(),
        "json": b'{"articles": [{"id": 1, "text": "a", "published": "2020-06-11"}]}',
        "ndjson": b'{"id": 1, "text": "a"}\n{"text": "b", "url": "https://a.example"}\n',
        "plain": f"Title: a\nDate: 2020-06-11\n\n{LONG}".encode(),
    }


@pytest.mark.slow
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_whatever_is_in_a_file_it_is_read_or_has_a_reason(
    box: Sandbox, tmp_path: Path, data: st.DataObject
) -> None:
    kind = data.draw(st.sampled_from(sorted(formats.READERS)))
    if data.draw(st.booleans()):
        content = data.draw(st.binary(max_size=400))
    else:
        changed = bytearray(broken(tmp_path)[kind])
        for place, piece in data.draw(
            st.lists(st.tuples(st.integers(0, len(changed)), st.binary(max_size=6)), max_size=6)
        ):
            changed[place : place + len(piece)] = piece
        content = bytes(changed[: data.draw(st.integers(0, len(changed)))])
    path = tmp_path / "f"
    path.write_bytes(content)
    try:
        for item in box.read(kind, "f", path):
            assert isinstance(item, Article | Fault)
            if isinstance(item, Article) and kind != "plain":
                assert flaw(item) is None
    except CorpusError as error:
        assert str(error)  # noqa: PT017 - either outcome is right
        assert "\n" not in str(error)  # noqa: PT017
