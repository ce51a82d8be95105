from __future__ import annotations

from pathlib import Path

import pytest

from dev.stamp import Stamp


@pytest.fixture
def stamp(tmp_path: Path):
    """A made output, with its stamp, from a folder, a file and a text."""
    (tmp_path / "src/deep").mkdir(parents=True)
    (tmp_path / "src/deep/a.ts").write_text("a")
    (tmp_path / "lock").write_text("1")
    (tmp_path / "out").write_text("made")

    def fresh(text: str = "3.11") -> Stamp:
        inputs = [tmp_path / "src", tmp_path / "lock", text]
        return Stamp(tmp_path / ".stamp", inputs, [tmp_path / "out"])

    assert not fresh().is_valid()
    fresh().write()
    return fresh


def test_is_valid_while_nothing_changed(stamp):
    assert stamp().is_valid()


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "src/deep/a.ts").write_text("b"),
        lambda root: (root / "src/deep/new.ts").write_text(""),
        lambda root: (root / "src/deep/a.ts").rename(root / "src/deep/b.ts"),
        lambda root: (root / "lock").write_text("2"),
        lambda root: (root / "out").unlink(),
        lambda root: (root / ".stamp").unlink(),
    ],
)
def test_is_invalid_after_a_change(stamp, tmp_path: Path, change):
    change(tmp_path)
    assert not stamp().is_valid()


def test_is_invalid_for_another_text(stamp):
    assert not stamp("3.12").is_valid()


def test_work_that_fails_leaves_it_invalid(stamp):
    stamp().remove()
    assert not stamp().is_valid()
