"""Site profiles in the folders of Jupyter's configuration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jupyterlab_submit import terminal_settings
from jupyterlab_submit.settings import read_settings
from jupyterlab_submit.settings_folders import SettingsFolders
from jupyterlab_submit.site_files import MOST_BYTES, site_files


@pytest.fixture
def folders(home: Path, monkeypatch) -> tuple[Path, Path]:
    """Two folders of profiles, the first of which counts first."""
    paths = [home / "mine", home / "theirs"]
    monkeypatch.setattr(
        "jupyterlab_submit.site_files.jupyter_config_path", lambda: [*map(str, paths), "/nowhere"]
    )
    first, second = (path / "jupyterlab-submit/sites" for path in paths)
    first.mkdir(parents=True)
    second.mkdir(parents=True)
    return first, second


def test_without_folders_there_are_none():
    assert site_files() == []


def test_folders_count_in_their_order_and_files_by_their_names(folders: tuple[Path, Path]):
    first, second = folders
    (second / "a.json").write_text("hidden")
    (second / "c.json").write_text("third")
    (first / "b.json").write_text("second")
    (first / "a.json").write_text("first")
    (first / "a.txt").write_text("no profile")
    assert site_files() == [
        {"file": str(first / "a.json"), "text": "first"},
        {"file": str(first / "b.json"), "text": "second"},
        {"file": str(second / "c.json"), "text": "third"},
    ]


def test_what_cannot_be_read_says_why(folders: tuple[Path, Path]):
    (folders[0] / "a.json").mkdir()
    (folders[0] / "b.json").write_bytes(b"\xff{")
    assert site_files() == [
        {"file": str(folders[0] / "a.json"), "text": "", "unreadable": "Is a directory"},
        {"file": str(folders[0] / "b.json"), "text": "�{"},
    ]


def test_one_byte_more_than_counts_is_read(folders: tuple[Path, Path]):
    (folders[0] / "a.json").write_text("x" * 1_000_000)
    assert len(site_files()[0]["text"]) == MOST_BYTES + 1


def test_they_are_in_the_settings_of_pages_and_terminals(
    folders: tuple[Path, Path], home: Path, monkeypatch
):
    nowhere = SettingsFolders(str(home), str(home), str(home), [])
    monkeypatch.setattr(terminal_settings, "usual_folders", lambda: nowhere)
    assert "siteFiles" not in read_settings(nowhere)
    assert terminal_settings.terminal_settings() == "{}"
    (folders[0] / "a.json").write_text('{"name": "a"}')
    expected = [{"file": str(folders[0] / "a.json"), "text": '{"name": "a"}'}]
    assert read_settings(nowhere)["siteFiles"] == expected
    assert json.loads(terminal_settings.terminal_settings()) == {"siteFiles": expected}
