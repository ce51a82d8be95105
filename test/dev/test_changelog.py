from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from dev import changelog
from dev.place import ROOT

DAY = datetime.date(2027, 1, 31)
EARLIER = "# Changelog\n\nNewest first.\n\n## 0.1.0 (2026-12-01)\n\n### New\n\n- It runs.\n\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes/template.md").write_text((ROOT / "changes/template.md").read_text())
    (tmp_path / "CHANGELOG.md").write_text(EARLIER)
    return tmp_path


def change(root: Path, name: str, text: str) -> None:
    (root / "changes" / f"{name}.md").write_text(text)


@pytest.mark.parametrize(
    "file",
    [*changelog.change_files(ROOT), ROOT / "changes/template.md"],
    ids=lambda file: file.stem,
)
def test_each_file_of_changes_has_the_form_of_the_template(file: Path):
    kind, text = changelog.read_change(file)
    assert kind in changelog.KINDS
    assert max(len(line) for line in text.splitlines()) <= 150


def test_makes_a_part_of_the_changelog_out_of_all_changes_and_removes_their_files(root: Path):
    change(root, "b", "new\n\nIt sings,\nand loudly.\n")
    change(root, "a", "fixed\n\nIt no longer falls.\n")
    change(root, "c", "new\n\nIt dances.\n")
    assert changelog.release(root, "0.2.0", DAY) == 3
    part = (
        "## 0.2.0 (2027-01-31)\n\n### New\n\n- It sings,\n  and loudly.\n- It dances.\n\n"
        "### Fixed\n\n- It no longer falls.\n\n"
    )
    assert (root / "CHANGELOG.md").read_text() == EARLIER.replace("## 0.1.0", part + "## 0.1.0")
    assert [file.name for file in (root / "changes").iterdir()] == ["template.md"]


@pytest.mark.parametrize(
    "text",
    [
        "It has no kind.\n",
        "nice\n\nThis kind is none.\n",
        "new\n\nIt has no end\n",
        "new\n\n- It is a list.\n- It has two.\n\nAnd more.\n",
        "new\n",
    ],
)
def test_a_file_of_another_form_is_named_and_nothing_is_changed(root: Path, text: str):
    change(root, "good", "new\n\nIt sings.\n")
    change(root, "odd", text)
    with pytest.raises(ValueError, match=r"changes/odd\.md"):
        changelog.release(root, "0.2.0", DAY)
    assert (root / "CHANGELOG.md").read_text() == EARLIER
    assert (root / "changes/good.md").exists()


def test_a_version_that_is_listed_is_not_listed_again(root: Path):
    change(root, "a", "new\n\nIt sings.\n")
    with pytest.raises(ValueError, match=r"0\.1\.0 already"):
        changelog.release(root, "0.1.0", DAY)


def test_nothing_makes_no_version(root: Path):
    with pytest.raises(ValueError, match="nothing in changes"):
        changelog.release(root, "0.2.0", DAY)


@pytest.mark.parametrize("arguments", [[], ["next"], ["v1.2.3"], ["1.2.3", "1.2.4"]])
def test_what_is_no_version_is_refused(arguments: list[str]):
    assert changelog.main(arguments) == 2
