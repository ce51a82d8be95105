"""One judgement of a notebook: test/needs/notebook.test.ts holds src/needs/notebook.ts to the same examples."""

import json
from pathlib import Path

import nbformat
import pytest

from jupyterlab_submit.runner.notebook import (
    cells_to_run,
    language_of,
    read_metadata,
    read_notebook,
)
from jupyterlab_submit.runner.verdict import JobEnd

EXAMPLES = json.loads((Path(__file__).parent.parent / "notebooks.json").read_text("utf-8"))
READ, REFUSED = (
    [one for one in EXAMPLES if ("why" in one) is refused] for refused in (False, True)
)


def names(examples):
    return [example["name"] for example in examples]


@pytest.mark.parametrize("example", READ, ids=names(READ))
def test_what_is_accepted_at_submission_runs(example, tmp_path):
    text = as_the_runner_opens_it(example, tmp_path)
    metadata = read_metadata(text)
    assert (language_of(metadata) or "python") == example["language"]
    assert (metadata.get("kernelspec", {}).get("name") or None) == example["kernel"]
    notebook = read_notebook(text)
    assert [cell.source for _, cell in cells_to_run(notebook)] == example["sources"]
    assert all(cell.outputs == [] for cell in notebook.cells if cell.cell_type == "code")
    nbformat.writes(notebook)


@pytest.mark.parametrize("example", REFUSED, ids=names(REFUSED))
def test_what_cannot_run_is_refused_at_submission(example, tmp_path):
    with pytest.raises(JobEnd):
        read_notebook(as_the_runner_opens_it(example, tmp_path))


def as_the_runner_opens_it(example, tmp_path):
    path = tmp_path / "n.ipynb"
    path.write_text(example["text"], "utf-8")
    return path.read_text("utf-8-sig")
