from __future__ import annotations

from pathlib import Path

import pytest

from dev import links


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A built extension, and where the environment looks for it."""
    target, link = tmp_path / "built", tmp_path / "share/labextensions/ours"
    target.mkdir()
    (target / "package.json").write_text("new")
    monkeypatch.setattr(links, "LINKS", {link: target})
    return target, link


def test_links_where_nothing_is_yet(built):
    target, link = built
    links.ensure_links()
    assert link.readlink() == target


def test_puts_a_link_where_the_installation_put_a_copy(built):
    target, link = built
    link.mkdir(parents=True)
    (link / "package.json").write_text("old")
    links.ensure_links()
    assert (link / "package.json").read_text() == "new"


def test_mends_a_link_of_a_repository_that_was_moved(built, tmp_path: Path):
    target, link = built
    link.parent.mkdir(parents=True)
    link.symlink_to(tmp_path / "gone")
    links.ensure_links()
    assert link.readlink() == target


def test_removing_a_link_keeps_what_was_built(built):
    target, link = built
    links.ensure_links()
    links.remove_links()
    assert not link.is_symlink()
    assert (target / "package.json").exists()
