"""A fitted threshold in the settings file: everything else stays as it was."""

from __future__ import annotations

from pathlib import Path

from pullquote.evaluate.settings_file import write_threshold


def test_a_file_that_others_may_not_read_stays_so(tmp_path: Path) -> None:
    file = tmp_path / "pullquote.toml"
    file.write_text('writer_key = "secret"\n')
    file.chmod(0o600)
    write_threshold(tmp_path, 0.5, "digest", "reader")
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().startswith('writer_key = "secret"\nrefuse_below = 0.5\n')


def test_a_link_stays_a_link_to_the_file_that_is_changed(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "own.toml").write_text("port = 80\n")
    link = tmp_path / "pullquote.toml"
    link.symlink_to(Path("shared") / "own.toml")
    write_threshold(tmp_path, 0.5, "digest", "reader")
    assert link.is_symlink()
    assert "refuse_below = 0.5" in (tmp_path / "shared" / "own.toml").read_text()


def test_line_ends_stay_what_they_were(tmp_path: Path) -> None:
    for line_end in (b"\r\n", b"\n"):
        file = tmp_path / "pullquote.toml"
        file.write_bytes(line_end.join([b"# mine", b"port = 80", b""]))
        write_threshold(tmp_path, 0.5, "digest", "reader")
        lines = file.read_bytes().split(line_end)
        assert lines[:3] == [b"# mine", b"port = 80", b"refuse_below = 0.5"]
        assert not any(b"\r" in line or b"\n" in line for line in lines)
