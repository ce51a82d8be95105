"""The output of a cell: all of it, in few pieces, and never too much for a notebook."""

import resource
import time

BOTH = (
    "import sys\n"
    "for i in range({}):\n"
    "    print(i, flush=True)\n"
    "    print(i, file=sys.stderr, flush=True)"
)


def test_flushed_lines_are_one_output(job):
    job.run(["for i in range(20_000): print(i, flush=True)"])
    (output,) = job.result.cells[0].outputs
    assert output.text == "".join(f"{i}\n" for i in range(20_000))


def test_flood_is_cut_and_kept_in_a_log(job):
    line = "x" * 99 + "\n"
    began = time.monotonic()
    job.run([f"for i in range(1_000_000): print({line[:-1]!r})", "print('after')"])
    took = time.monotonic() - began
    output, after = (cell.outputs[0] for cell in job.result.cells)
    assert len(output.text) < 1_000_200
    assert "logs/cell-1.txt" in output.text
    assert after.text == "after\n"
    assert (job.folder / "logs" / "cell-1.txt").stat().st_size == 100_000_000
    assert (job.folder / "logs" / "cell-1.txt").read_text()[-100:] == line
    assert took < 60
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert peak < 600, f"{peak} MB"


def test_limits_hold_for_what_is_displayed_too(job):
    job.run(
        [
            "for i in range(300): display({'image/png': 'A' * 1000}, raw=True)",
            "h = display(0, display_id=True)\nfor i in range(300): h.update(i)",
            "from IPython.display import publish_display_data as publish\n"
            "for n in (10, 100_000):\n"
            "    publish({'text/plain': '[stdout:0] ' + 'y' * n}, transient={'display_id': 'a'},\n"
            "            update=n > 10)",
        ],
        outputLimitBytes=10_000,
    )
    many, updated, grown = (cell.outputs for cell in job.result.cells)
    assert len(many) == 182 and "cell-1.txt" in many[-1].text
    assert updated[0].data["text/plain"] == "299"
    text = grown[0].data["text/plain"]
    assert len(text) < 11_000 and "cell-3.txt" in text
    assert "y" * 100_000 in (job.folder / "logs" / "cell-3.txt").read_text()


def test_progress_bars_overwrite_themselves(job):
    bar = r"""
import sys
for i in range(2_000):
    print(f"\r{i:50d}", end="", flush=True)
print("\rdone\na\b\bb\r\nend")
"""
    job.run([bar], outputLimitBytes=20_000)
    (output,) = job.result.cells[0].outputs
    assert output.text == "done\nb\r\nend\n"


def test_cleared_output_makes_room(job):
    cell = (
        "from IPython.display import clear_output\n"
        "for i in range(20):\n"
        "    clear_output(wait=True)\n"
        "    print(str(i) * 900)"
    )
    job.run([cell], outputLimitBytes=2_000)
    (output,) = job.result.cells[0].outputs
    assert output.text == "19" * 900 + "\n"


def test_streams_stay_apart(job):
    job.run([BOTH.format(3)])
    assert [(o.name, o.text) for o in job.result.cells[0].outputs] == [
        (name, f"{i}\n") for i in range(3) for name in ("stdout", "stderr")
    ]


def test_output_is_read_to_its_end(job):
    job.run(["print('a' * 3_000_000 + 'end')"], outputLimitBytes=10_000_000)
    assert job.printed().endswith("aend\n")


def test_many_tiny_outputs_are_a_flood_too(job):
    job.run([BOTH.format(300)], outputLimitBytes=10_000)
    assert len(job.result.cells[0].outputs) < 110
    assert (job.folder / "logs" / "cell-1.txt").read_text().splitlines().count("299") == 2
