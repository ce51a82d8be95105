from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from jupyter_server.services.contents.filemanager import (
    AsyncFileContentsManager,
    FileContentsManager,
)
from jupyter_server.services.contents.largefilemanager import (
    AsyncLargeFileManager,
    LargeFileManager,
)
from jupyter_server.services.contents.manager import ContentsManager

from jupyterlab_submit.contents import file_of, path_of
from jupyterlab_submit.refusal import Refusal

FILE_BASED = [
    FileContentsManager,
    LargeFileManager,
    AsyncFileContentsManager,
    AsyncLargeFileManager,
]
AWKWARD = ["a b.ipynb", 'it\'s "q" $x.ipynb', "ä\n.ipynb", "-rf.ipynb", "%2e%2e.ipynb"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root/deep").mkdir(parents=True)
    (tmp_path / "root/deep/a.ipynb").write_text("{}")
    (tmp_path / "outside.ipynb").write_text("{}")
    return tmp_path / "root"


def path_in(contents: ContentsManager, file: object) -> str | None:
    return asyncio.run(path_of(contents, str(file)))


@pytest.mark.parametrize("manager", FILE_BASED, ids=lambda manager: manager.__name__)
def test_a_path_and_its_file_are_each_other(root: Path, manager):
    contents = manager(root_dir=str(root))
    file = str(root / "deep/a.ipynb")
    assert file_of(contents, "deep/a.ipynb") == file
    assert file_of(contents, "/deep/a.ipynb") == file
    assert path_in(contents, file) == "deep/a.ipynb"


@pytest.mark.parametrize("name", AWKWARD)
def test_names_are_taken_as_they_are(root: Path, name: str):
    contents = FileContentsManager(root_dir=str(root))
    (root / name).write_text("{}")
    assert file_of(contents, name) == str(root / name)
    assert path_in(contents, root / name) == name


def test_a_new_file_is_the_sidecars_to_miss(root: Path):
    contents = FileContentsManager(root_dir=str(root))
    assert file_of(contents, "deep/new.ipynb") == str(root / "deep/new.ipynb")


@pytest.mark.parametrize(
    "path", ["../outside.ipynb", "deep/../../outside.ipynb", "RTC:deep/a.ipynb", "s3:a", "a\0b"]
)
def test_what_leads_elsewhere_is_no_file(root: Path, path: str):
    with pytest.raises(Refusal) as refused:
        file_of(FileContentsManager(root_dir=str(root)), path)
    assert refused.value.problem == {"status": 422, "code": "not-a-file", "values": {"path": path}}


def test_a_colon_in_a_real_name_is_no_drive(root: Path):
    contents = FileContentsManager(root_dir=str(root))
    (root / "12:30.ipynb").write_text("{}")
    assert file_of(contents, "12:30.ipynb") == str(root / "12:30.ipynb")
    assert file_of(contents, "deep/12:30.ipynb") == str(root / "deep/12:30.ipynb")


def test_contents_that_are_no_files_have_neither(root: Path):
    contents = ContentsManager(root_dir=str(root))
    with pytest.raises(Refusal, match="not-a-file"):
        file_of(contents, "deep/a.ipynb")
    assert path_in(contents, root / "deep/a.ipynb") is None


def test_a_file_outside_has_no_path(root: Path):
    contents = FileContentsManager(root_dir=str(root))
    for file in (root.parent / "outside.ipynb", "relative.ipynb", f"{root}-not/a.ipynb", ""):
        assert path_in(contents, file) is None


def test_one_that_was_removed_still_has_its_path(root: Path):
    contents = FileContentsManager(root_dir=str(root))
    assert path_in(contents, root / "deep/gone.ipynb") == "deep/gone.ipynb"


def test_links_to_the_root_are_seen_through(root: Path):
    link = root.parent / "link"
    link.symlink_to(root)
    for contents in (
        FileContentsManager(root_dir=str(link)),
        FileContentsManager(root_dir=str(root)),
    ):
        for file in (root / "deep/a.ipynb", link / "deep/a.ipynb"):
            assert path_in(contents, file) == "deep/a.ipynb"
        assert path_in(contents, root / "deep/gone.ipynb") == "deep/gone.ipynb"


def test_a_link_inside_the_root_is_a_way_in(root: Path):
    elsewhere = root.parent / "scratch"
    elsewhere.mkdir()
    (elsewhere / "b.ipynb").write_text("{}")
    (root / "scratch").symlink_to(elsewhere)
    contents = FileContentsManager(root_dir=str(root))
    # As the person opened it, and so as the job was submitted.
    assert file_of(contents, "scratch/b.ipynb") == str(root / "scratch/b.ipynb")
    assert path_in(contents, root / "scratch/b.ipynb") == "scratch/b.ipynb"
    assert path_in(contents, elsewhere / "b.ipynb") is None


def test_hidden_files_have_a_path_where_jupyter_shows_them(root: Path):
    (root / ".cache").mkdir()
    (root / ".cache/c.ipynb").write_text("{}")
    for manager in (FileContentsManager, AsyncFileContentsManager):
        assert path_in(manager(root_dir=str(root)), root / ".cache/c.ipynb") is None
        shown = manager(root_dir=str(root), allow_hidden=True)
        assert path_in(shown, root / ".cache/c.ipynb") == ".cache/c.ipynb"


def test_the_root_may_be_that_of_all_files(root: Path):
    contents = FileContentsManager(root_dir="/")
    path = str(root / "deep/a.ipynb").lstrip(os.sep)
    assert file_of(contents, path) == str(root / "deep/a.ipynb")
    assert path_in(contents, root / "deep/a.ipynb") == path
