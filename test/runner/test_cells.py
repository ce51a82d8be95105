"""What the result and the verdict say of a notebook's cells."""

import json
import os
import stat

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output


def test_cells_run_in_order_in_the_folder_of_the_notebook(new_job, interpreter):
    job = new_job(interpreter)
    job.write(["x = open('data.txt').read()", "", "print(x)", "x * 2"])
    (job.work / "data.txt").write_text("data")
    job.start().wait()
    assert job.exit["state"] == "succeeded" and job.exit["cause"] is None
    assert job.runner.returncode == 0
    assert [cell.execution_count for cell in job.result.cells] == [1, None, 2, 3]
    assert job.printed() == "data\n"
    assert job.result.cells[3].outputs[0].data["text/plain"] == "'datadata'"
    assert job.json("progress")["phase"] == "finishing"


def test_old_outputs_are_gone_and_metadata_is_kept(job):
    stale = [new_output("stream", text="an author's old output")]
    metadata = {
        "kernelspec": {"name": "conda-env-gone", "display_name": "Gone", "language": "python"},
        "language_info": {"name": "python", "version": "2.7.1"},
        "authors": [{"name": "someone"}],
    }
    cells = [
        new_markdown_cell("text"),
        new_code_cell("1/0", metadata={"collapsed": True}),
        new_code_cell("2", outputs=stale, execution_count=7),
    ]
    old_widgets = {"widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}}}
    job.run(cells, {**metadata, **old_widgets})
    assert job.result.metadata == metadata
    assert job.result.cells[1].metadata == {"collapsed": True}
    assert job.result.cells[2].outputs == []
    assert job.result.cells[2].execution_count is None


def test_cells_that_are_not_as_the_format_says_run_and_are_saved(job):
    cells = [new_code_cell("print(1)"), new_markdown_cell("text"), new_code_cell("print(2)")]
    cells[0].update(id="no id!", prompt_number=3, metadata={"tags": ["a,b"], "collapsed": "yes"})
    cells[1].update(id="", attachments={"a.png": {"image/png": 5}})
    cells[2].update(id="x" * 100, metadata={"name": 5, "jupyter": []})
    job.run(cells)
    assert job.exit["state"] == "succeeded", job.log("runner")
    assert job.printed() == "1\n2\n"


def test_failing_cell_ends_the_job(job):
    job.run(["1", "# a comment\nraise ValueError('it is \u00e9')", "print('on')"])
    assert job.exit["state"] == "failed"
    assert job.cause == {
        "code": "cell-error",
        "cell": 2,
        "ename": "ValueError",
        "evalue": "it is \u00e9",
    }
    assert job.runner.returncode == 1
    assert job.errors() == ["ValueError"]
    assert job.printed() == ""


def test_long_error_is_cut_in_the_verdict_only(job):
    job.run(["raise ValueError('x' * 10_000)"])
    assert job.cause["evalue"] == "x" * 500
    assert len(job.result.cells[0].outputs[0].evalue) == 10_000


def test_an_error_with_a_long_name_leaves_a_short_verdict(job):
    job.run(["raise type('X' * 1_000_000, (Exception,), {})('boom')"])
    assert (job.cause["ename"], job.cause["evalue"]) == ("X" * 100, "boom")


def test_usage_error_is_shown_although_ipython_sends_no_error_output(new_job, interpreter):
    job = new_job(interpreter).run(["%%px\n1"])
    assert (job.cause["ename"], job.cause["cell"]) == ("UsageError", 1)
    assert "px" in job.cause["evalue"]
    assert job.errors() == ["UsageError"]


def test_job_goes_on_after_a_failing_cell_when_asked(job):
    job.run(["1/0", "print('on')"], allowErrors=True)
    assert job.exit["state"] == "succeeded" and job.exit["cause"] is None
    assert job.printed() == "on\n"
    assert job.errors() == ["ZeroDivisionError"]
    assert "1 cells failed" in job.log("runner")


def test_equal_cells_keep_their_own_outputs(job):
    cell = {
        "cell_type": "code",
        "metadata": {},
        "source": "n = globals().get('n', 0) + 1\nprint(n)",
        "outputs": [],
        "execution_count": None,
    }
    job.write([])
    notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell, cell]}
    (job.work / "notebook.ipynb").write_text(json.dumps(notebook))
    job.start().wait()
    assert [cell.outputs[0].text for cell in job.result.cells] == ["1\n", "2\n"]


def test_tags_count_as_in_nbclient(job):
    skipped = new_code_cell("print('skipped')", metadata={"tags": ["skip-execution"]})
    raising = new_code_cell("1/0", metadata={"tags": ["raises-exception"]})
    job.run([skipped, raising, "print('on')"])
    assert job.exit["state"] == "succeeded"
    assert job.printed() == "on\n"
    assert "Cell 2 of 2" in job.log("runner")


@pytest.mark.parametrize("text", ["not json", "{}", '{"metadata": {}}', '{"cells": 1}'])
def test_file_that_is_no_notebook_is_told(job, text):
    job.write([])
    (job.work / "notebook.ipynb").write_text(text)
    job.start().wait()
    assert job.code == "notebook-invalid"
    assert job.cause["text"] != ""


def test_notebooks_of_old_formats_run(new_job):
    v3 = nbformat.v3.new_notebook(
        worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell("print(3)")])],
        metadata=nbformat.v3.new_metadata(name="old"),
    )
    v40 = {
        "nbformat": 4,
        "nbformat_minor": 0,
        "metadata": {},
        "cells": [
            {
                "cell_type": "code",
                "metadata": {},
                "source": ["print(3)"],
                "outputs": [],
                "execution_count": 5,
            }
        ],
    }
    for notebook in (json.dumps({**v3, "nbformat": 3, "nbformat_minor": 0}), json.dumps(v40)):
        job = new_job()
        job.write([])
        (job.work / "notebook.ipynb").write_text(notebook)
        job.start().wait()
        assert job.exit["state"] == "succeeded", job.log("runner")
        assert job.printed() == "3\n"


def test_widgets_are_saved_as_nbclient_does(job):
    cell = (
        "from comm import create_comm\n"
        "state = {'_model_name': 'IntSliderModel', '_model_module': 'controls',\n"
        "         '_model_module_version': '2', 'value': 7}\n"
        "comm = create_comm(target_name='jupyter.widget', data={'state': state})"
    )
    job.run([cell])
    (model,) = job.result.metadata.widgets["application/vnd.jupyter.widget-state+json"][
        "state"
    ].values()
    assert model.state.value == 7


def test_nothing_of_the_job_is_open_to_others(job):
    job.run(["1"])
    mode = stat.S_IMODE(os.stat(job.folder / "ipython").st_mode)
    assert mode & 0o777 == 0o700
