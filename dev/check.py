"""The checks that read sources without running them."""

from __future__ import annotations

import subprocess
from typing import IO

from dev.place import ENVIRONMENT, PACKAGES, ROOT, node, variables

TYPESCRIPT = ["src", "test", "dev", "build.mjs", "vitest.config.mts"]


def checks() -> dict[str, list[str]]:
    """The commands by name; each says what it found, and ends with 0 when that is nothing."""
    ruff = str(ENVIRONMENT / "bin/ruff")
    return {
        "types": [node(), script("typescript/bin/tsc"), "--build"],
        "oxlint": [node(), script("oxlint/bin/oxlint"), "--type-aware", *TYPESCRIPT],
        # The table of what each room of src may import, which no linter reads.
        "walls": [
            node(),
            script("vitest/vitest.mjs"),
            "run",
            "--reporter=dot",
            "test/imports.test.ts",
        ],
        "prettier": [
            node(),
            script("prettier/bin/prettier.cjs"),
            "--check",
            "--log-level=warn",
            ".",
        ],
        "mypy": [str(ENVIRONMENT / "bin/mypy"), "--no-error-summary"],
        "oldest Python": [
            str(ENVIRONMENT / "bin/vermin"),
            "--target=3.8-",
            "--violations",
            "--no-tips",
            "jupyterlab_submit/runner",
        ],
        "ruff": [ruff, "check", "--quiet", "."],
        "ruff format": [ruff, "format", "--quiet", "--diff", "."],
    }


def run_checks(words: IO[str] | None = None) -> list[str]:
    """Runs all of them, and returns the names of those that failed; what they say goes into `words`, if given."""
    failed = []
    for name, command in checks().items():
        print(f"-- {name}", file=words, flush=True)
        ended = subprocess.run(
            command,
            cwd=ROOT,
            env=variables(),
            stdout=words,
            stderr=words and subprocess.STDOUT,
        )
        if ended.returncode != 0:
            failed.append(name)
    return failed


def script(path: str) -> str:
    # Started with the right Node.js by hand: the files in .bin take the first one on PATH.
    return str(PACKAGES / path)
