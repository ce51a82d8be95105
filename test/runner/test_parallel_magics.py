"""What notebooks do with their engines: it goes as in a cluster of ipyparallel's own."""

CONNECT = "import ipyparallel as ipp\nrc = ipp.Cluster(n=3).start_and_connect_sync()"


def shown(cell):
    """The texts of a cell's outputs, those of engines in their order."""
    return sorted(
        (output.text if "text" in output else output.data["text/plain"]).strip()
        for output in cell.outputs
    )


def test_autopx_pxconfig_and_targets_do_as_they_do_everywhere(new_job, interpreter):
    job = new_job(interpreter).run(
        [
            CONNECT,
            "%autopx",
            "mine = 7\nprint(mine)",
            "%autopx",
            "print('mine' in globals())",
            "%%px --targets ::2\nprint('even')",
            "%%px --targets 1\nprint('second')",
            "%pxconfig --targets 0,2\n%px print('two of them')",
            "%pxconfig --targets all --noblock\nar = %px mine * 6\nprint(len(ar.get()))",
            "%pxresult",
            "%pxconfig --block",
            "%%px --local\nprint('here, too')",
            "%%px --group-outputs=order\nprint('grouped')",
        ],
        engines=3,
    )
    assert job.exit["state"] == "succeeded", job.cause
    cells = [shown(cell) for cell in job.result.cells]
    assert cells[1:4] == [
        ["%autopx enabled"],
        [f"[stdout:{i}] 7" for i in range(3)],
        ["%autopx disabled"],
    ]
    assert cells[4:8] == [
        ["False"],
        ["[stdout:0] even", "[stdout:2] even"],
        ["[stdout:1] second"],
        ["[stdout:0] two of them", "[stdout:2] two of them"],
    ]
    assert cells[8] == ["3"]
    assert [text.endswith("42") for text in cells[9]] == [True] * 3
    assert "\n".join(cells[11]).count("here, too") == 4
    assert [f"[stdout:{i}] grouped" in "\n".join(cells[12]) for i in range(3)] == [True] * 3


def test_load_balanced_views_and_executors_use_all_engines(new_job, interpreter):
    job = new_job(interpreter).run(
        [
            CONNECT,
            "lview = rc.load_balanced_view()\nprint(lview.map_sync(lambda x: x * x, range(9)))",
            "@lview.parallel(block=True)\ndef double(x):\n    return 2 * x\nprint(double.map(range(4)))",
            "with ipp.Cluster(n=3) as other:\n"
            "    print(sorted(other.load_balanced_view(targets=[0, 2]).map_sync(abs, [-1, -2, -3])))",
            "print(sorted(rc.executor().map(abs, range(-3, 0))))",
            "import time\nars = [lview.apply_async(lambda: (__import__('time').sleep(0.5),"
            " __import__('os').getpid())[1]) for _ in range(3)]\n"
            "print(len({ar.get() for ar in ars}))",
            "def late(x):\n    return x + 1\nfirst = lview.apply_async(late, 1)\n"
            "with lview.temp_flags(after=[first]):\n    print(lview.apply_async(late, 2).get())",
            "rc[:].scatter('part', list(range(6))).get()\nprint(rc[:].gather('part').get(), rc[1]['part'])",
            "print(rc.queue_status().keys() - {'unassigned'} == {0, 1, 2}, rc.purge_everything())",
        ],
        engines=3,
    )
    assert job.exit["state"] == "succeeded", job.cause
    lines = [line for line in job.printed().splitlines() if "ngines" not in line]
    assert lines == [
        str([x * x for x in range(9)]),
        "[0, 2, 4, 6]",
        "[1, 2, 3]",
        "[1, 2, 3]",
        "3",
        "3",
        "[0, 1, 2, 3, 4, 5] [2, 3]",
        "True None",
    ]
