"""run.py test [path or name]...: all checks and tests, or those named.

A path below test/ (a file, a folder, a pytest id) runs what lies there; any other word runs the
tests that have it in their name. Goes on after a failing part; of all tests, a few files with failures are run once
more. The last lines have what failed, the files that took longest, the slowest last, and the sums. In CI (the
variable CI is set) a skipped test counts as a failure.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from dev.browser import run_browser_tests
from dev.check import checks, run_checks, script
from dev.flaky import once_more
from dev.mpi_environments import ensure_mpi_environments
from dev.oldest_environment import ensure_oldest_environment
from dev.place import PYTHON, REPORTS, ROOT, node, variables
from dev.programs import ensure_programs
from dev.report import (
    CAMPAIGN,
    Outcome,
    Report,
    read_campaign,
    read_pytest,
    read_vitest,
    report_file,
    slowest,
)
from dev.set_up import alone, set_up_tools
from dev.step import StepFailed

TESTS = ROOT / "test"
VITEST = (".test.ts", ".test.tsx")
# Tests of the runner that wait for time limits.
WAITING = {"test_after_the_end.py", "test_ends.py", "test_time.py"}
# So many works go on beside vitest.
BESIDE = 3
# So many files are named at the end.
SHOW = 20
# Of what tests make up: what fails by it fails again when it is run once more (test/strangers/runs.ts).
SEED_VARIABLE = "JUPYTERLAB_SUBMIT_FUZZ_SEED"
SEED = os.environ.get(SEED_VARIABLE) or str(time.time_ns() % 1_000_000_000)


def main(arguments: list[str]) -> int:
    set_up_tools()
    paths = [word for word in arguments if (ROOT / word.split("::")[0]).exists()]
    names = [word for word in arguments if word not in paths]
    report = build()
    is_whole = not arguments
    report += all_but_browser(paths, names, is_whole)
    if is_whole:
        report = once_more(report, run_files)
    if not paths or any(has(path, ".spec.ts") for path in paths):
        print("-- browser", flush=True)
        # Not beside the others: Chromium gives up what it loads when a test cluster makes or removes a network.
        report += run_browser_tests([path for path in paths if has(path, ".spec.ts")], names)
    for ended in ("skipped", "flaky", "failed"):
        for one in getattr(report, ended):
            print(f"{ended}: {one}")
    print("the slowest files:", *slowest(report.seconds, SHOW), sep="\n")
    print(report)
    in_ci = bool(os.environ.get("CI"))
    return 1 if report.failed or (in_ci and report.skipped) else 0


def build() -> Report:
    report = Report()
    for ensure in (ensure_programs, ensure_oldest_environment, ensure_mpi_environments):
        try:
            with alone():
                ensure()
        except StepFailed as failed:
            print(failed)
            report += Report(failed=[Outcome(ensure.__name__, str(failed))])
    return report


def check(words: IO[str]) -> Report:
    failed = [Outcome(name, "its words are above") for name in run_checks(words)]
    return Report(len(checks()) - len(failed), failed)


def all_but_browser(paths: list[str], names: list[str], is_whole: bool) -> Report:
    """vitest, and others beside it, as all of them often wait; the others' words come after vitest's.

    Not all of them at once: they would slow each other down until clocks run out.
    """
    report = Report()
    works: list[tuple[str, Callable[[IO[str]], Report]]] = [
        ("pytest", partial(pytest, group, names, part=number))
        for number, group in enumerate(pytest_groups(paths))
    ]
    if is_whole:
        # What mostly waits in the end is the last. Of those that begin together, two need a processor most of the time.
        waiting, one, others, other = works
        lab = ("lab", partial(vitest, [], [], project="lab"))
        works = [waiting, one, ("checks", check), others, other, lab, ("campaign", campaign)]
    with ThreadPoolExecutor(BESIDE) as pool, ExitStack() as files:
        words = [files.enter_context(TemporaryFile("w+", encoding="utf-8")) for _ in works]
        later = [pool.submit(work, text) for (_, work), text in zip(works, words, strict=True)]
        if not paths or any(has(path, VITEST) for path in paths):
            chosen = [path for path in paths if has(path, VITEST)]
            report += vitest(chosen, names, project="node" if is_whole else None)
        for (name, _), run_later, text in zip(works, later, words, strict=True):
            report += run_later.result()
            text.seek(0)
            print(f"-- {name}", text.read(), sep="\n", flush=True)
    return report


def pytest_groups(paths: list[str]) -> list[list[str]]:
    """What one pytest runs each: everything in four parts, as the runner's tests alone take longer than vitest.

    What of them waits for time limits is one part: it takes long, and hardly needs a processor.
    """
    if not paths:
        folders = sorted({file.relative_to(ROOT).parts[1] for file in TESTS.rglob("test_*.py")})
        others = [f"test/{name}" for name in folders if name != "runner"]
        files = sorted((TESTS / "runner").glob("test_*.py"))
        waiting = [str(file.relative_to(ROOT)) for file in files if file.name in WAITING]
        one, other = halves([file for file in files if file.name not in WAITING])
        return [waiting, one, others, other]
    chosen = [path for path in paths if has(path, ".py")]
    return [chosen] if chosen else []


def halves(files: list[Path]) -> list[list[str]]:
    """Two lists with about as many tests each."""
    sizes = {file: file.read_text("utf-8").count("\ndef test_") for file in files}
    lists: list[list[str]] = [[], []]
    counts = [0, 0]
    for file in sorted(files, key=lambda file: -sizes[file]):
        shorter = counts.index(min(counts))
        lists[shorter].append(str(file.relative_to(ROOT)))
        counts[shorter] += sizes[file]
    return lists


def run_files(files: list[str]) -> Report:
    """Whole files, one after the other."""
    report = Report()
    if scripts := [file for file in files if has(file, VITEST)]:
        report += vitest(scripts, [])
    if modules := [file for file in files if file not in scripts]:
        report += pytest(modules, [], None, "again")
    return report


def vitest(
    paths: list[str], names: list[str], words: IO[str] | None = None, project: str | None = None
) -> Report:
    """`project` is one of vitest.config.mts. Without `words`, it says at once what it has to say."""
    if words is None:
        print("-- vitest", flush=True)
    command = [node(), script("vitest/vitest.mjs"), "run", "--passWithNoTests"]
    if project is not None:
        command.append(f"--project={project}")
    command += ["--reporter=default", "--reporter=./dev/vitest_report.mjs"]
    if names:
        command.append(f"--testNamePattern={'|'.join(map(re.escape, names))}")
    file = report_file(f"vitest-{project}.json" if project else "vitest.json")
    report = read_vitest(file, run([*command, *paths], words, VITEST_REPORT=str(file)))
    if names:
        # vitest calls every test of another name skipped.
        report.skipped = [one for one in report.skipped if one.reason is not None]
    return report


def pytest(paths: list[str], names: list[str], words: IO[str] | None, part: int | str) -> Report:
    """Writes what it says into `words`, if given; `part` tells apart those that run at the same time."""
    file = report_file(f"pytest-{part}.xml")
    command = [str(PYTHON), "-m", "pytest", "--quiet", f"--junitxml={file}"]
    if names:
        # pytest's own little language has no quotes.
        found = [" and ".join(re.findall(r"\w+", name)) for name in names]
        command += ["-k", " or ".join(found)]
    return read_pytest(file, run([*command, *paths], words))


def campaign(words: IO[str]) -> Report:
    """A few minutes of jobs under faults (dev/campaign)."""
    file = REPORTS / CAMPAIGN
    return read_campaign(file, run([str(PYTHON), "run.py", "campaign"], words))


def run(command: list[str], words: IO[str] | None = None, **more: str) -> int:
    environment = {**variables(), SEED_VARIABLE: SEED, **more}
    return subprocess.run(
        command, cwd=ROOT, env=environment, stdout=words, stderr=words and subprocess.STDOUT
    ).returncode


def has(path: str, ending: str | tuple[str, ...]) -> bool:
    """Whether a path is a file with this ending or a folder with such files."""
    place = ROOT / path.split("::")[0]
    files = place.rglob("*") if place.is_dir() else [place]
    return any(file.name.endswith(ending) for file in files)
