"""The output of a cell: all of it, in few pieces, and never too much for a notebook."""

import base64
import json
import resource
import signal
import time
from urllib.parse import unquote

import pytest

BOTH = (
    "import sys\n"
    "for i in range({}):\n"
    "    print(i, flush=True)\n"
    "    print(i, file=sys.stderr, flush=True)"
)


def test_flushed_lines_are_one_output(job):
    job.run(["for i in range(8_000): print(i, flush=True)"])
    (output,) = job.result.cells[0].outputs
    assert output.text == "".join(f"{i}\n" for i in range(8_000))


def linked(job, output):
    """The files that an output of the result links to, as they will be beside it."""
    html = output.data["text/html"]
    links = [unquote(part.split('"')[0]) for part in html.split('href="')[1:]]
    assert all(link.startswith("notebook.k3v9x2ab.files/outputs/") for link in links)
    return [job.folder / "outputs" / link.split("/")[-1] for link in links]


def test_flood_is_cut_and_kept_in_a_file(job):
    line = "x" * 99 + "\n"
    job.run([f"for i in range(300_000): print({line[:-1]!r})", "print('after')"])
    (output, link), (after,) = (cell.outputs for cell in job.result.cells)
    assert len(output.text) < 1_000_200
    assert "notebook.k3v9x2ab.files/outputs/cell-1.txt" in output.text
    assert after.text == "after\n"
    (file,) = linked(job, link)
    assert file.stat().st_size == 30_000_000
    assert file.read_text()[-100:] == line
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert peak < 300, f"{peak} MB"


def test_limits_hold_for_what_is_displayed_too(job):
    job.run(
        [
            "for i in range(30): display({'image/png': 'A' * 8000}, raw=True)",
            "h = display(0, display_id=True)\nfor i in range(300): h.update(i)",
            "from IPython.display import publish_display_data as publish\n"
            "for n in (10, 100_000):\n"
            "    publish({'text/plain': '[stdout:0] ' + 'y' * n}, transient={'display_id': 'a'},\n"
            "            update=n > 10)",
        ],
        outputLimitBytes=10_000,
    )
    many, updated, grown = (cell.outputs for cell in job.result.cells)
    assert len(many) == 30
    assert [output.data.get("image/png") for output in many[:20]] == ["A" * 8000] * 20
    files = [file for output in many[20:] for file in linked(job, output)]
    assert {file.read_bytes() for file in files} == {base64.b64decode("A" * 8000)}
    assert len(set(files)) == 10 and files[0].name == "cell-1-1.png"
    assert updated[0].data["text/plain"] == "299"
    text = grown[0].data["text/plain"]
    assert len(text) < 11_000 and "files/outputs/cell-3-1.txt" in text
    assert "y" * 100_000 in (job.folder / "outputs" / "cell-3-1.txt").read_text()


def test_progress_bars_overwrite_themselves(job):
    bar = r"""
import sys
for i in range(1_000):
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
    assert (job.folder / "outputs" / "cell-1.txt").read_text().splitlines().count("299") == 2


def test_every_output_that_is_too_large_is_a_file_of_its_own(job):
    """By its type; what is bytes is bytes, and text is what it was."""
    cells = [
        "from IPython.display import HTML, SVG, Video, display, publish_display_data as publish\n"
        "HTML('<div>' + 'x' * 250_000 + '</div>')",
        "import base64\n"
        "data = base64.b64encode(bytes(range(256)) * 1000).decode()\n"
        "publish({'text/plain': '<Figure>', 'image/png': data, 'application/pdf': data})\n"
        "publish({'image/svg+xml': '<svg>' + ' ' * 250_000 + '</svg>'})\n"
        "publish({'application/vnd.plotly.v1+json': {'data': ['é' * 250_000]}, 'text/html': '<p>'})",
        "'é' * 250_000",
    ]
    job.run(cells, outputLimitBytes=10_000)
    page, pictures, text = (cell.outputs for cell in job.result.cells)
    assert page[0].output_type == "execute_result" and page[0].execution_count == 1
    (file,) = linked(job, page[0])
    assert file.name == "cell-1-1.html"
    assert file.read_text() == "<div>" + "x" * 250_000 + "</div>"
    png, pdf = linked(job, pictures[0])
    assert (png.suffix, pdf.suffix) == (".png", ".pdf")
    assert png.read_bytes() == pdf.read_bytes() == bytes(range(256)) * 1000
    assert linked(job, pictures[1])[0].read_text().endswith(" </svg>")
    plotly, html = linked(job, pictures[2])
    assert json.loads(plotly.read_text()) == {"data": ["é" * 250_000]} and html.read_text() == "<p>"
    (whole,) = linked(job, text[0])
    assert whole.read_text() == repr("é" * 250_000)
    assert "jupyter submit fetch " + job.id in text[0].data["text/plain"]


def test_of_a_display_that_is_updated_the_last_counts(job):
    cells = [
        "from IPython.display import HTML, display\n"
        "h = display(HTML('small'), display_id=True)\n"
        "for i in range(30): h.update(HTML(f'{i:02}' * 150_000))",
        "g = display(HTML('z' * 300_000), display_id=True)",
        "g.update(HTML('small again'))",
    ]
    job.run(cells, outputLimitBytes=10_000)
    first, second, third = (cell.outputs for cell in job.result.cells)
    (file,) = linked(job, first[0])
    assert len(first) == 1 and file.read_text() == "29" * 150_000
    assert second[0].data["text/html"] == "small again" and third == []
    assert [file.name for file in (job.folder / "outputs").iterdir()] == ["cell-1-1.html"]


def test_what_a_cell_has_cleared_is_no_file_any_more(job):
    cell = (
        "from IPython.display import HTML, clear_output, display\n"
        "for i in range(5):\n"
        "    clear_output(wait=True)\n"
        "    display(HTML(str(i) * 300_000))"
    )
    job.run([cell], outputLimitBytes=10_000)
    (output,) = job.result.cells[0].outputs
    (file,) = (job.folder / "outputs").iterdir()
    assert linked(job, output) == [file]
    assert file.read_text() == "4" * 300_000


@pytest.mark.parametrize("how", ["fails", "is killed"])
def test_large_outputs_stay_of_a_job_that(job, how):
    cells = [
        "from IPython.display import HTML, display\n"
        "display(HTML('x' * 300_000)); print('y' * 20_000, flush=True)\n"
        "import time\n" + ("1 / 0" if how == "fails" else "time.sleep(600)")
    ]
    if how == "fails":
        job.run(cells, outputLimitBytes=10_000)
    else:
        job.write(cells, outputLimitBytes=10_000)
        job.start()
        deadline = time.monotonic() + 60
        text = job.folder / "outputs" / "cell-1.txt"
        while not (text.exists() and text.stat().st_size > 20_000):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        job.runner.send_signal(signal.SIGKILL)
        job.runner.wait()
    assert (job.folder / "outputs" / "cell-1.txt").read_text() == "y" * 20_000 + "\n"
    assert (job.folder / "outputs" / "cell-1-1.html").read_text() == "x" * 300_000


def test_where_there_is_no_room_for_a_file_the_cell_says_so(job):
    cells = [
        "open('../../outputs', 'w').close()\n"
        "from IPython.display import HTML, display\n"
        "display(HTML('x' * 300_000)); print('y' * 20_000)",
        "print('goes on')",
    ]
    job.run(cells, outputLimitBytes=10_000)
    rich, printed = job.result.cells[0].outputs
    assert "no room to keep it" in rich.data["text/plain"]
    assert "no room to keep the rest" in printed.text
    assert job.result.cells[1].outputs[0].text == "goes on\n"


def test_errors_and_metadata_are_bounded_as_other_outputs_are(job):
    cells = [
        "raise ValueError('x' * 300_000)",
        "display({'text/plain': 'shown'}, metadata={'note': 'm' * 300_000}, raw=True)",
        "h = display({'text/plain': 'a'}, raw=True, display_id=True)\n"
        "h.update({'text/plain': 'b'}, metadata={'note': 'n' * 300_000}, raw=True)",
    ]
    job.run(cells, outputLimitBytes=10_000, allowErrors=True)
    error, shown, updated = (cell.outputs for cell in job.result.cells)
    assert error[0].ename == "ValueError" and len(error[0].evalue) < 1000
    assert "files/outputs/cell-1-1.txt" in error[0].traceback[-1]
    assert "x" * 300_000 in (job.folder / "outputs" / "cell-1-1.txt").read_text()
    assert shown[1].data == {"text/plain": "shown"} and shown[1].metadata == {}
    assert "cell-2-1.json" in shown[0].text
    assert json.loads((job.folder / "outputs" / "cell-2-1.json").read_text())["note"][-1] == "m"
    assert updated[0].data == {"text/plain": "b"} and "cell-3-1.json" in updated[1].text
    assert (job.folder / "result.ipynb").stat().st_size < 20_000


def test_all_cells_together_have_a_limit(job):
    job.run(["display({'text/html': 'x' * 150_000}, raw=True)"] * 4, outputLimitBytes=10_000)
    outputs = [cell.outputs[0] for cell in job.result.cells]
    assert [len(output.data["text/html"]) == 150_000 for output in outputs] == [
        True,
        True,
        False,
        False,
    ]
    assert linked(job, outputs[3])[0].stat().st_size == 150_000


def test_what_an_output_widget_captures_is_bounded(job):
    cell = (
        "from comm import create_comm\n"
        "state = {'_model_name': 'OutputModel', '_model_module': '@jupyter-widgets/output',\n"
        "         '_model_module_version': '1', 'outputs': [], 'msg_id': ''}\n"
        "w = create_comm(target_name='jupyter.widget', data={'state': state})\n"
        "w.send(data={'method': 'update', 'state': {'msg_id': get_ipython().kernel.get_parent()['header']['msg_id']}})\n"
        "for i in range(300): print('x' * 1000, flush=True)"
    )
    job.run([cell], outputLimitBytes=10_000)
    (model,) = job.result.metadata.widgets["application/vnd.jupyter.widget-state+json"][
        "state"
    ].values()
    text = "".join(output.get("text", "") for output in model.state.outputs)
    assert 9_000 < len(text) < 11_000
    assert (job.folder / "outputs" / "cell-1.txt").stat().st_size > 280_000


def test_the_states_of_widgets_are_bounded_and_the_cell_says_so(job):
    cell = (
        "from comm import create_comm\n"
        "for i in range(40): create_comm(target_name='jupyter.widget', data={'state':\n"
        "    {'_model_name': 'M', '_model_module': 'c', '_model_module_version': '2', 'v': 'x' * 10_000}})\n"
        "create_comm(target_name='jupyter.widget', data={'state': {'v': 'x' * 9_000_000}})\n"
        "print('on')"
    )
    job.run([cell], outputLimitBytes=10_000)
    assert job.exit["state"] == "succeeded"
    states = job.result.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    assert 5 < len(states) < 10
    assert job.printed().count("some will not be shown") == 1
    assert job.printed().endswith("on\n")


def test_outputs_with_one_display_id_are_updated_together_in_whichever_cell(job):
    cells = [
        "for i in range(3): display({'text/plain': str(i)}, raw=True, display_id='a')",
        "display({'text/plain': 'x'}, raw=True, display_id='a', update=True)\n"
        "display({'text/plain': 'y'}, raw=True, display_id='a');",
        "from IPython.display import clear_output\n"
        "display({'text/plain': 'gone'}, raw=True, display_id='b')\nclear_output()\n"
        "display({'text/plain': 'z'}, raw=True, display_id='b', update=True)\nprint('on')",
    ]
    job.run(cells)
    shown = [
        [output.get("data", output.get("text")) for output in c.outputs] for c in job.result.cells
    ]
    y = {"text/plain": "y"}
    assert shown == [[y, y, y], [y], ["on\n"]]


def test_whatever_a_kernel_sends_the_job_goes_on(job):
    cell = r"""
kernel = get_ipython().kernel
session, parent = kernel.session, kernel.get_parent()["header"]
def say(kind, content):
    frames = [session.pack(session.msg_header(kind)), session.pack(parent), b"{}", content]
    kernel.iopub_socket.send_multipart([b"x", b"<IDS|MSG>", session.sign(frames), *frames])
say("display_data", b'{"data": {"application/json": ' + b"[" * 3000 + b"]" * 3000 + b"}}")
say("display_data", b'{"data": {"application/json": NaN}}')
say("stream", b'{"text": 5}')
say("error", b"\xff\xfe")
say("comm_open", b"{}")
say("comm_open", b'{"comm_id": "w", "target_name": "jupyter.widget", "data": {"state": {}}}')
say("comm_msg", b'{"data": {"state": {"a": 1}}}')
say("clear_output", b"[]")
say("status", b"{}")
say("unheard of", b"{}")
say("display_data", b'{"data": {"text/plain": "' + b"x" * 9_000_000)
for frames in ([b"nonsense"], [b"<IDS|MSG>"], [b"<IDS|MSG>", b"unsigned", b"{}", b"{}", b"{}", b"{}"]):
    kernel.iopub_socket.send_multipart(frames)
print("on")
"""
    job.run([cell, "print('and on')"])
    assert job.exit["state"] == "succeeded", job.log("runner")
    assert job.printed().count("could not be read") == 5
    assert job.printed().endswith("on\nand on\n")


def test_update_that_no_notebook_may_have_costs_that_update(job):
    update = "display({%s}, raw=True, display_id='one', update=%s)"
    cells = [
        update % ("'text/plain': 'a'", False),
        update % ("'text/plain': 'b', 'image/png': 5", True),
        update % ("'text/plain': 'c'", True),
    ]
    job.run(cells)
    assert job.exit["state"] == "succeeded", job.log("runner")
    assert job.result.cells[0].outputs[0].data == {"text/plain": "c"}
    assert "could not be read" in job.result.cells[1].outputs[0].text
