"""Each output costs the same, however many there were before it."""

from types import SimpleNamespace

import nbformat
import pytest

from jupyterlab_submit.runner.cell_output import CellOutput
from jupyterlab_submit.runner.notebook_client import SharedDisplays
from jupyterlab_submit.runner.output_files import OutputFiles
from jupyterlab_submit.runner.room import Room
from jupyterlab_submit.runner.widgets import WidgetRoom


class NotLookedThrough(dict):
    """A dictionary of which each entry has to be found by its key."""

    def __iter__(self):
        raise AssertionError("somebody looks at all of them")

    keys = values = items = __iter__


@pytest.fixture
def files(tmp_path):
    files = OutputFiles(SimpleNamespace(folder=tmp_path, files_folder="n.files", id="k3v9x2ab"))
    for name in ("_sizes", "_written", "by_display"):
        setattr(files, name, NotLookedThrough())
    return files


@pytest.fixture
def output(files):
    cell = nbformat.v4.new_code_cell()
    output = CellOutput(cell, 1, 1000, files, Room(40_000))
    output._sizes = NotLookedThrough()
    return output


def message(kind, number, text):
    return {
        "msg_type": kind,
        "header": {},
        "parent_header": {},
        "buffers": [],
        "content": {
            "data": {"text/html": text},
            "metadata": {},
            "transient": {"display_id": f"d{number}"},
        },
    }


def test_displays_and_their_updates(output, files):
    for number in range(3000):
        if output.admit(message("display_data", number, "x")):
            output.admit(message("update_display_data", number, "x" * 30_000 * (number % 2)))
    assert output._links > output.MOST_LINKS
    assert output._rich <= 20_000 + output.MOST_LINKS * (output.RICH_FRAME + 1000)


def test_displays_with_one_id_share_what_they_show():
    shared = SharedDisplays()
    outputs = []
    for number in range(1000):
        content = {"data": {"text/plain": str(number)}, "metadata": {}}
        shared.update("a", content)
        outputs.append(nbformat.v4.new_output("display_data", **content))
        shared.add("a", 0, outputs[-1])
    assert len({id(output.data) for output in outputs}) == 1
    assert outputs[0].data == {"text/plain": "999"}


def test_cleared_displays_are_forgotten():
    shared = SharedDisplays()
    for number in range(1000):
        output = nbformat.v4.new_output("display_data", data={"text/plain": "x"})
        shared.add(f"d{number}", 0, output)
        shared.add("kept", 1, output)
        shared.clear(0)
    assert list(shared._displays) == ["kept"]


def test_widgets_that_change_take_what_they_have():
    room = WidgetRoom(10_000)
    room._sizes = NotLookedThrough()
    for number in range(3000):
        changed = {"msg_type": "comm_msg", "buffers": [b"x" * 600]}
        data = {"state": {"value": "x" * (number % 900)}, "buffer_paths": [["b"]]}
        assert room.take({**changed, "content": {"comm_id": "w", "data": data}})
    data["state"]["value"] = "x" * 20_000
    assert not room.take({**changed, "content": {"comm_id": "w", "data": data}})
