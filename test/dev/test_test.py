from __future__ import annotations

from dev.place import ROOT
from dev.test import TESTS, WAITING, pytest_groups


def test_every_file_of_pytest_is_in_one_of_the_parts_of_a_whole_run():
    paths = [ROOT / path for group in pytest_groups([]) for path in group]
    files = [file for path in paths for file in ([path] if path.is_file() else found(path))]
    assert sorted(files) == found(TESTS)


def found(folder):
    return sorted(folder.rglob("test_*.py"))


def test_files_that_are_named_for_a_whole_run_are_there():
    assert [name for name in WAITING if not (TESTS / "runner" / name).exists()] == []
