"""What the comparison of executed notebooks reports, and what it passes over; pure."""

import copy

import pytest

from dev.acceptance.differences import differences


def cell(*outputs):
    return {"cell_type": "code", "source": "", "outputs": list(outputs)}


def printed(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def displayed(text, kind="text/plain"):
    return {"output_type": "display_data", "data": {kind: text}, "metadata": {}}


def failed(name, value):
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": []}


def notebook(*cells):
    return {"cells": [{"cell_type": "markdown", "source": ""}, *cells]}


def engines(*numbers):
    return cell(*[displayed(f"[stdout:{i}] rank {i} of 4\n") for i in numbers])


def different(once, ours, again=None):
    found = differences(notebook(once), notebook(again or once), notebook(ours))
    return [why for _, why in found.different]


ALL = engines(0, 1, 2, 3)


def test_what_no_two_runs_have_in_common_is_passed_over():
    assert different(ALL, engines(3, 1, 0, 2)) == []
    assert different(cell(printed("a\nb\n")), cell(printed("a\n"), printed("b\n"))) == []
    times = ["2026-11-30 01:02:03.4 took 1.5 s\n", "2026-12-01 11:02:13.9 took 21 s\n"]
    assert different(*(cell(printed(text)) for text in times)) == []
    files = [
        "wrote /tmp/a b/x.txt to <A at 0x7f00>",
        "wrote /home/u/jobs/k1/x.txt to <A at 0x7fab>",
    ]
    assert different(*(cell(displayed(text.replace("a b", "ab"))) for text in files)) == []
    logs = [
        "Starting 4 engines with <class 'ipyparallel.cluster.launcher.LocalEngineSetLauncher'>\n7\n"
        "Stopping engine(s): 1796006135\nProcess 15120 did not exit in 5 seconds after TERM\n"
        "Output for ipengine-1796006135-o04d:\nreceived signal 15, stopping\nTraceback\n\n"
        "engine set stopped 1796006135: {'engines': {}}\n",
        "Starting 4 engines with jupyterlab-submit (they run already)\n7\n"
        "The engines of this job end with it.\n",
    ]
    assert different(*(cell(printed(log)) for log in logs)) == []
    bars = ["\r%px:  10%|█   | 1/4 [00:01<?]\r%px: 100%|████| 4/4 [00:02<?]\nend", "end"]
    assert different(*(cell(printed(bar)) for bar in bars)) == []


@pytest.mark.parametrize(
    ("once", "ours", "why"),
    [
        (cell(displayed("0.25")), cell(displayed("0.26")), "'0.26' for text/plain '0.25'"),
        (cell(printed("a\n1 b\n")), cell(printed("a\n2 b\n")), "stdout '2 b' for stdout '1 b'"),
        (ALL, engines(0, 1, 3), "lacks shown '[stdout:2] rank 2 of 4'"),
        (ALL, engines(0, 1, 2, 3, 3), "shows more: shown '[stdout:3] rank 3 of 4'"),
        (cell(displayed("[0, 1, 2, 3]")), cell(displayed("[0, 1, 2]")), "'[0, 1, 2]' for"),
        (cell(printed("1\n")), cell(), "lacks stdout '1'"),
        (cell(printed("1\n")), cell(printed("1\n", "stderr")), "stderr"),
        (cell(displayed("AA==", "image/png")), cell(displayed("AB==", "image/png")), "image/png"),
        (cell(displayed("<b>1</b>", "text/html")), cell(displayed("1")), "text/plain"),
        (
            cell(printed("1\n")),
            cell(printed("1\n"), failed("KeyError", "a")),
            "error 'KeyError: a'",
        ),
        (cell(failed("KeyError", "a")), cell(failed("KeyError", "b")), "KeyError: b"),
        (cell(printed("a\nb\n")), cell(printed("b\na\n")), ""),
        (cell(printed("a"), displayed("b")), cell(displayed("b")), "lacks stdout 'a'"),
    ],
)
def test_what_is_not_the_same_is_reported(once, ours, why):
    (found,) = different(once, ours)
    assert why in found
    before = copy.deepcopy(once)
    assert different(once, once) == [] and once == before


def test_cells_that_are_not_there_are_reported():
    found = differences(notebook(ALL, ALL), notebook(ALL, ALL), notebook(ALL))
    assert found.different == [(2, "is missing")]


def test_what_differs_between_two_stock_runs_is_compared_without_its_numbers():
    first, second = cell(displayed("pid 31, of 4")), cell(displayed("pid 35, of 4"))
    assert different(first, cell(displayed("pid 1234, of 4")), second) == []
    assert different(first, cell(displayed("id 33, of 4")), second) != []
    assert different(first, cell(), second) != []
    figures = [cell(displayed(dots, "image/png")) for dots in ("AA==", "AB==", "AC==")]
    assert different(figures[0], figures[1], figures[2]) == []
    # Where even the words differ, it shows at least what one of them shows.
    late, early = cell(printed("late\n")), cell(printed("early\n"))
    assert different(late, cell(printed("in time\n")), early) == []
    assert different(late, cell(failed("TimeoutError", "")), early) != []
