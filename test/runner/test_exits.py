"""Notebooks that end themselves, by `sys.exit()` and its like."""

import pytest
from nbformat.v4 import new_code_cell

CONNECT = "import sys, ipyparallel as ipp\nrc = ipp.Client()"
GOOD = ["sys.exit(0)", "raise SystemExit", "exit()", "sys.exit()", "raise SystemExit(None)", "quit"]


def assert_ended(job, state="succeeded"):
    assert job.exit["state"] == state, job.log("runner")
    assert "went on" not in job.printed()
    assert [cell.execution_count for cell in job.result.cells][2:] == [None]


@pytest.mark.parametrize("source", GOOD)
def test_exit_without_a_reason_ends_the_notebook_as_succeeded(job, source):
    # The last three also where errors are allowed: an exit is none.
    job.run(["import sys", source, "print('went on')"], allowErrors=source in GOOD[3:])
    assert_ended(job)
    assert job.cause is None


@pytest.mark.parametrize("source", ["sys.exit()", "exit()"])
def test_exit_is_read_alike_in_all_versions(new_job, interpreter, source):
    assert_ended(new_job(interpreter).run(["import sys", source, "print('went on')"]))


@pytest.mark.parametrize(
    "source, reason",
    [
        ("sys.exit(1)", "1"),
        ("sys.exit('no data')", "no data"),
        ("exit(1)", "1"),
        ("exit('no data')", "no data"),
    ],
)
def test_exit_with_a_reason_fails_with_it(job, source, reason):
    job.run(["import sys", source, "print('went on')"])
    assert_ended(job, "failed")
    assert job.cause == {"code": "cell-error", "cell": 2, "ename": "SystemExit", "evalue": reason}
    assert job.errors() == ["SystemExit"]


@pytest.mark.parametrize("source", ["sys.exit(1)", "exit(1)"])
def test_exit_with_a_reason_counts_as_an_error_where_errors_are_allowed(job, source):
    job.run(["import sys", source, "print('went on')"], allowErrors=True)
    assert job.exit["state"] == "succeeded"
    assert "went on" in job.printed()
    assert "1 cells failed" in job.log("runner")


def test_cell_that_is_to_show_an_exit_goes_on(job):
    job.run(
        [
            new_code_cell("raise SystemExit", metadata={"tags": ["raises-exception"]}),
            "print('went on')",
        ]
    )
    assert job.exit["state"] == "succeeded"
    assert "went on" in job.printed()


def test_exit_of_all_engines_ends_the_notebook(new_job, interpreter):
    exits = "%%px\nimport sys\nsys.exit(0)"
    assert_ended(new_job(interpreter).run([CONNECT, exits, "print('went on')"], engines=2))


def test_exit_of_some_engines_is_an_error(job):
    some = "%%px --targets 0:1\nimport sys\nsys.exit(0)"
    job.run([CONNECT, some, "print('went on')"], engines=2)
    assert_ended(job, "failed")
    assert (job.cause["ename"], job.cause["evalue"]) == ("SystemExit", "0 (engine 0)")
