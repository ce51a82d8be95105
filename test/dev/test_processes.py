"""The processes of a test cluster are found whatever they are doing."""

import subprocess

from dev.cluster.processes import MARK, carries, mark, title

NAME = "becomes"


def test_a_daemon_that_becomes_another_program_is_seen_all_the_time(tmp_path):
    """Linux shows neither variables nor title of a process while it takes a program in."""
    program = tmp_path / "again"
    program.write_text('#!/bin/sh\nexec "$0"\n')
    program.chmod(0o755)
    with subprocess.Popen([program], env={MARK: mark(NAME)}) as process:
        try:
            seen = [(carries(process.pid, NAME), title(process.pid) != b"") for _ in range(3000)]
        finally:
            process.kill()
    assert set(seen) == {(True, True)}
    assert not carries(process.pid, NAME)
