from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from dev.check import script
from dev.place import ROOT, node
from dev.report import (
    Outcome,
    Report,
    read_campaign,
    read_playwright,
    read_pytest,
    read_vitest,
    slowest,
)


def told(outcomes: list[Outcome]) -> list[str]:
    return [str(one) for one in outcomes]


PYTEST = """<testsuites><testsuite tests="4" failures="1" errors="1" skipped="1">
<testcase classname="test.dev.test_report" name="good" time="1.25"/>
<testcase classname="test.dev.test_report.Group" name="bad" time="2.5"><failure message="no"/></testcase>
<testcase classname="test.a" name="broken"><error message="not&#10;there"/></testcase>
<testcase classname="test.a" name="away"><skipped message="no sbatch: apt install slurm"/></testcase>
</testsuite></testsuites>"""


def test_reads_what_pytest_writes(tmp_path: Path):
    (tmp_path / "report").write_text(PYTEST)
    report = read_pytest(tmp_path / "report", 1)
    assert str(report) == "1 passed, 2 failed, 1 skipped"
    assert told(report.skipped) == ["test.a > away: no sbatch: apt install slurm"]
    assert told(report.failed) == [
        "test.dev.test_report.Group > bad: no",
        "test.a > broken: not there",
    ]
    assert report.failed[0].file == "test/dev/test_report.py"
    assert report.seconds["test/dev/test_report.py"] == 3.75


def test_reads_what_our_vitest_reporter_writes(tmp_path: Path):
    skipped = [{"name": "a.test.ts > b", "reason": None}, {"name": "c", "reason": "no sshd"}]
    seconds = {"a.test.ts": 1.5}
    failed = [{"name": "d", "reason": "\x1b[31mexpected\x1b[39m 1\n" + "x" * 2000}]
    text = json.dumps({"passed": 3, "failed": failed, "skipped": skipped, "seconds": seconds})
    (tmp_path / "report").write_text(text)
    report = read_vitest(tmp_path / "report", 1)
    assert str(report) == "3 passed, 1 failed, 2 skipped"
    assert told(report.failed) == ["d: expected 1 " + "x" * 1489]
    assert told(report.skipped) == ["a.test.ts > b: no reason given", "c: no sshd"]
    assert report.seconds == seconds


VITEST = """
test('passes', () => {});
test('fails', () => expect(1).toBe(2));
test('waits', ({ skip }) => skip('no sshd'));
describe('a group', () => {
  beforeAll(() => {
    throw new Error('no cluster');
  });
  test('is not run', () => {});
  describe('within', () => test('is not run either', () => {}));
});
"""


def test_our_vitest_reporter_tells_what_failed_before_a_group(tmp_path: Path):
    (tmp_path / "a.test.mjs").write_text(VITEST)
    command = [node(), script("vitest/vitest.mjs"), "run", "--globals", f"--root={tmp_path}"]
    command.append(f"--reporter={ROOT / 'dev/vitest_report.mjs'}")
    file = tmp_path / "report"
    run = subprocess.run(command, cwd=tmp_path, env={**os.environ, "VITEST_REPORT": str(file)})
    report = read_vitest(file, run.returncode)
    assert report.passed == 1
    assert told(report.failed) == [
        "a.test.mjs > a group: no cluster",
        "a.test.mjs > fails: expected 1 to be 2 // Object.is equality",
    ]
    assert {one.file for one in report.failed} == {"a.test.mjs"}
    assert told(report.skipped) == ["a.test.mjs > waits: no sshd"]


def playwright_spec(title: str, status: str, **more) -> dict:
    test = {"status": status, "annotations": [], "results": [{"duration": 1500}], **more}
    return {"title": title, "file": "a.spec.ts", "tests": [test]}


def test_reads_what_playwright_writes(tmp_path: Path):
    notes = [{"type": "skip", "description": "no Notebook 7"}]
    group = {"title": "with a base URL", "specs": [playwright_spec("opens", "flaky")]}
    errors = [{"message": "Test timeout of 9 ms exceeded."}, {"message": "not visible"}]
    specs = [
        playwright_spec("opens", "expected"),
        playwright_spec("closes", "unexpected", results=[{"duration": 1500, "errors": errors}]),
        playwright_spec("prints", "skipped", annotations=notes),
    ]
    text = json.dumps({"suites": [{"title": "a.spec.ts", "specs": specs, "suites": [group]}]})
    (tmp_path / "report").write_text(text)
    report, ran = read_playwright(tmp_path / "report", 1)
    assert str(report) == "1 passed, 1 failed, 1 skipped, 1 flaky"
    assert told(report.failed) == ["a.spec.ts › closes: Test timeout of 9 ms exceeded. not visible"]
    assert told(report.flaky) == ["a.spec.ts › with a base URL › opens: no reason given"]
    assert told(report.skipped) == ["a.spec.ts › prints: no Notebook 7"]
    assert ran == [
        "a.spec.ts › opens",
        "a.spec.ts › closes",
        "a.spec.ts › with a base URL › opens",
    ]
    assert report.seconds == {"test/e2e/a.spec.ts": 6.0}


SNAPSHOT = """# Error details

```
Error: not visible
```

```yaml
- banner "Top Bar":
  - menuitem "File"
- main "Main Content":
  - tab "Launcher" [ref=e105]
  - tab "a.ipynb" [selected] [ref=e106]
- region "side panel content":
  - form "Submit to cluster":
    - generic [ref=e205]:
      - paragraph: a.ipynb
    - combobox "Cluster":
      - option "This machine" [selected]
      - option "far"
    - textbox "Cores":
      - /placeholder: "2"
    - button "Submit" [disabled] [ref=e217] [cursor=pointer]
- contentinfo "Bottom Panel"
- dialog "Trust?":
  - text: LONG
```
"""


def test_tells_what_the_page_showed_when_a_browser_test_failed(tmp_path: Path):
    snapshot = tmp_path / "error-context.md"
    snapshot.write_text(SNAPSHOT.replace("LONG", "This" + "x" * 1500 + "."))
    context = {"name": "error-context", "contentType": "text/markdown", "path": str(snapshot)}
    gone = {**context, "path": str(tmp_path / "gone.md")}
    screenshot = {"name": "screenshot", "path": "test-failed-1.png"}

    def failed(*attachments: dict) -> str:
        errors = [{"message": "not visible"}]
        result = {"duration": 1500, "errors": errors, "attachments": attachments}
        spec = playwright_spec("opens", "flaky", results=[result, {"duration": 1500}])
        text = json.dumps({"suites": [{"title": "a.spec.ts", "specs": [spec]}]})
        (tmp_path / "report").write_text(text)
        return str(read_playwright(tmp_path / "report", 1)[0].flaky[0])

    words = failed(screenshot, context)
    assert words.startswith(
        'a.spec.ts › opens: not visible The page showed: tab "a.ipynb" [selected] | '
        'form "Submit to cluster": a.ipynb combobox "Cluster": option "This machine" [selected] '
        'textbox "Cores": button "Submit" [disabled] | dialog "Trust?": Thisx'
    )
    assert words.endswith("x.")
    assert len(words) < 800
    assert failed(screenshot, gone) == "a.spec.ts › opens: not visible"
    # A page without anything of ours is told as it is.
    snapshot.write_text('```yaml\n- generic:\n  - heading "502"\n```\n')
    assert failed(context) == 'a.spec.ts › opens: not visible The page showed: heading "502"'


def test_playwright_that_left_no_report_failed(tmp_path: Path):
    report, ran = read_playwright(tmp_path / "report", 0)
    assert (str(report), ran) == ("0 passed, 1 failed, 0 skipped", [])


@pytest.mark.parametrize("read", [read_campaign, read_pytest, read_vitest])
def test_a_runner_that_left_no_report_failed(tmp_path: Path, read):
    assert str(read(tmp_path / "report", 0)) == "0 passed, 1 failed, 0 skipped"
    (tmp_path / "report").write_text("half a rep")
    assert str(read(tmp_path / "report", 0)) == "0 passed, 1 failed, 0 skipped"


def test_a_bad_end_without_a_failed_test_is_a_failure(tmp_path: Path):
    (tmp_path / "report").write_text('<testsuite><testcase name="good"/></testsuite>')
    bad = read_pytest(tmp_path / "report", 3)
    assert (str(bad), *told(bad.failed)) == (
        "1 passed, 1 failed, 0 skipped",
        "pytest: ended with 3",
    )
    # 5: nothing was selected.
    assert str(read_pytest(tmp_path / "report", 5)) == "1 passed, 0 failed, 0 skipped"


def test_reads_what_a_campaign_writes(tmp_path: Path):
    file = tmp_path / "report"
    counts = {"lost": 0, "doubled": 2}
    texts = ["job 7 (long on slurm): cell 1 has run 2 times", "job 8 (long on slurm): the same"]
    found = {"left_out": None, "seed": 123, "seconds": 9, "counts": counts}
    file.write_text(json.dumps({**found, "found": [["doubled", text] for text in texts]}))
    bad = read_campaign(file, 1)
    assert (bad.passed, bad.seconds) == (1, {"run.py campaign": 9})
    assert told(bad.failed) == [f"run.py campaign --seed 123 > doubled: {text}" for text in texts]
    counts["doubled"] = 0
    file.write_text(json.dumps({**found, "found": []}))
    assert str(read_campaign(file, 0)) == "2 passed, 0 failed, 0 skipped"
    assert str(read_campaign(file, 1)) == "2 passed, 1 failed, 0 skipped"
    file.write_text(json.dumps({"left_out": "no sshd"}))
    assert told(read_campaign(file, 3).skipped) == ["run.py campaign: no sshd"]


def test_the_slowest_file_is_the_last_of_those_that_are_named():
    lines = slowest({"b.py": 12.34, "c.py": 1, "a.py": 100}, 2)
    assert lines == ["   12.3 s  b.py", "  100.0 s  a.py"]


def test_sums_have_the_seconds_of_every_file():
    both = Report(seconds={"a": 1.5, "b": 2}) + Report(seconds={"b": 3})
    assert both.seconds == {"a": 1.5, "b": 5}


def test_sums_keep_the_reasons():
    both = Report(1, ["c"], ["a"]) + Report(10, ["d"], ["b"])
    assert both == Report(11, ["c", "d"], ["a", "b"])
