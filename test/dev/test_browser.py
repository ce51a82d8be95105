from __future__ import annotations

import pytest

from dev.browser import LIST, compare, find_chromium, run_browser_tests


def test_says_which_tests_ran_and_are_not_listed_or_the_other_way_round():
    name = "test/e2e/tests.txt"
    differences = compare(["a", "b", "c"], ["b", "d"])
    assert [str(one) for one in differences] == [f"{name}: + a", f"{name}: + c", f"{name}: - d"]


def test_says_nothing_where_the_list_is_right():
    assert compare(["a", "b"], ["b", "a"]) == []


def test_the_list_is_in_order_and_names_no_test_twice():
    lines = LIST.read_text().splitlines()
    assert lines == sorted(set(lines))


def test_without_a_browser_its_tests_are_skipped_with_what_to_install(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert find_chromium() is None
    report = run_browser_tests([], [])
    assert (report.passed, report.failed) == (0, [])
    assert list(map(str, report.skipped)) == [
        "test/e2e: there is no Chromium: apt install chromium"
    ]


@pytest.mark.parametrize("name", ["chromium-browser", "google-chrome"])
def test_finds_a_browser_by_any_of_its_names(tmp_path, monkeypatch, name: str):
    program = tmp_path / name
    program.touch(mode=0o755)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_chromium() == str(program)
