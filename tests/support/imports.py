"""Which libraries may be imported where, and which ones some code loads."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.support.places import ROOT

#: For each library, the only modules and packages that may import it.
HOMES = {
    "torch": {"index.embed"},
    "sentence_transformers": {"index.embed"},
    "transformers": {"index.embed"},
    "safetensors": {"index.embed"},
    "openvino": {"inference"},
    "gradio": {"serve.page"},
    "mcp": {"doors.mcp_server"},
    "llama_index": {"doors.llamaindex", "index.vectors"},
    "openai": {"openai_model"},
    "faiss": {"index.vectors"},
    "pymilvus": {"index.milvus"},
    "jinja2": {"evaluate.report.rendering"},
    "bm25s": {"index.lexical"},
    "limits": {"serve.api"},
    "trafilatura": {"ingest.formats"},
    "lxml": {"ingest.formats"},
    "pypdfium2": {"ingest.formats"},
    "httpcore2": {"ingest.fetch"},
    "protego": {"ingest.fetch"},
    "feedparser": {"ingest.fetch"},
    "idna": {"addresses"},
    "sqlite3": {
        "index.backup",
        "index.catalog",
        "index.check",
        "index.commit",
        "index.database",
        "index.embedded",
        "index.former",
        "index.incomplete",
        "index.manifest",
        "index.pending",
        "index.milvus.known",
        "index.milvus.rows",
        "index.milvus.scratch",
        "index.milvus.target",
        "index.run",
        "index.search",
        "index.target",
        "index.twins",
        "index.update",
        "index.writing",
        "serve.feedback",
        "source_states",
    },
}


def loaded_after(code: str) -> set[str]:
    """The heavy libraries that a fresh interpreter has loaded after running ``code``."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint()\nprint(*sys.modules)"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "pullquote" in loaded
    return loaded & {*HOMES, "numpy", "fastapi"}
