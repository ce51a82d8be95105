"""What a notebook and its verdict say when engines raise."""

import pytest

from jupyterlab_submit.runner.engine_errors import error_lines, first_error

CONNECT = "import ipyparallel as ipp\nrc = ipp.Client()\nrc[:].scatter('i', range(3), flatten=True)"


def error_of(job):
    """The error output of the second cell, and the cause of the end."""
    (error,) = [out for out in job.result.cells[1].outputs if out.output_type == "error"]
    return error, job.cause


def test_errors_under_px_are_named_with_their_engines(new_job, interpreter):
    raises = "%%px\nif i < 2:\n    raise ValueError('bad data')\n1 / 0"
    error, cause = error_of(new_job(interpreter).run([CONNECT, raises], engines=3))
    lines = "ValueError: bad data (engines 0-1)\nZeroDivisionError: division by zero (engine 2)"
    assert error.evalue == lines
    assert error.traceback == [lines]
    assert (cause["ename"], cause["evalue"]) == ("ValueError", "bad data (engines 0-1)")


def test_errors_of_sync_calls_are_named_with_their_engines(new_job, interpreter):
    raises = "def f(n):\n    raise KeyError('gone')\nrc[:].map_sync(f, range(3))"
    error, cause = error_of(new_job(interpreter).run([CONNECT, raises], engines=3))
    assert error.evalue.startswith("one or more exceptions ")
    assert (cause["ename"], cause["evalue"]) == ("KeyError", "'gone' (engines 0-2)")


COMPOSITE = "one or more exceptions raised in: f\n"


def elist(*errors):
    """As ipyparallel keeps them: name, value, traceback, and what is known of the engine."""
    return [(name, value, "", about) for name, value, about in errors]


def on(engine):
    return {"engine_id": engine, "engine_uuid": "u", "method": "execute"}


@pytest.mark.parametrize(
    "errors, lines",
    [
        (elist(("E", "x", on(3))), "E: x (engine 3)"),
        (elist(*[("E", "x", on(i)) for i in (5, 0, 2, 1)]), "E: x (engines 0-2, 5)"),
        (elist(("E", "x", on(0)), ("E", "y", on(1))), "E: x (engine 0)\nE: y (engine 1)"),
        (elist(("E", "", on(0))), "E: (engine 0)"),
        (elist(("E", "first\nsecond", on(0))), "E: first (engine 0)"),
        (elist(("EngineError", "Engine 1 died", {})), "EngineError: Engine 1 died"),
        (elist(("E", "x", None)), "E: x"),
        (elist(("E", "x", {"engine_id": "<unknown>"})), "E: x"),
    ],
)
def test_equal_errors_share_a_line(errors, lines):
    assert error_lines(errors) == lines


def test_many_distinct_errors_are_counted():
    lines = error_lines(elist(*[("E", str(i), on(i)) for i in range(9)])).splitlines()
    assert lines[4:] == ["E: 4 (engine 4)", "and 4 more"]
    assert len(error_lines(elist(*[("E", str(i), on(i)) for i in range(5)])).splitlines()) == 5


def test_a_long_error_leaves_room_for_the_engines():
    line = error_lines(elist(("E", "x" * 1000, on(0))))
    assert len(line) < 500 and line.endswith("x (engine 0)")
    for name, value in (
        ("AlreadyDisplayedError", line),
        ("CompositeError", f"{COMPOSITE}[0:apply]E: {'x' * 1000}"),
    ):
        assert first_error(name, value) == ("E", "x" * 400 + " (engine 0)")


@pytest.mark.parametrize(
    "name, value, first",
    [
        ("AlreadyDisplayedError", "E: x (engines 0-2)\nF: y (engine 3)", ("E", "x (engines 0-2)")),
        ("AlreadyDisplayedError", "E: (engine 0)", ("E", "(engine 0)")),
        ("AlreadyDisplayedError", "3 errors", ("AlreadyDisplayedError", "3 errors")),
        ("CompositeError", COMPOSITE + "[2:apply]E: x: y", ("E", "x: y (engine 2)")),
        (
            "CompositeError",
            COMPOSITE + "[0:apply]E: x\n[1:apply]F: x\n[2:apply]E: x\nthe second line",
            ("E", "x (engines 0, 2)"),
        ),
        (
            "CompositeError",
            COMPOSITE
            + "\n".join(f"[{i}:execute]E: " for i in range(4))
            + "\n.... 60 more exceptions ...",
            ("E", "(engines 0-3; 60 more errors)"),
        ),
        ("CompositeError", "of somebody else", ("CompositeError", "of somebody else")),
        ("ValueError", "[0:apply]E: x", ("ValueError", "[0:apply]E: x")),
    ],
)
def test_the_first_error_behind_an_error_is_named(name, value, first):
    assert first_error(name, value) == first
