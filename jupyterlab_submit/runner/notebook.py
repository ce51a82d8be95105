"""The notebook: read, and cleared of what an earlier run has left."""

import json

from .verdict import JobEnd


def read_metadata(text):
    """The metadata of a notebook, without the seconds of importing nbformat."""
    try:
        metadata = json.loads(text)["metadata"]
        if not isinstance(metadata, dict):
            raise ValueError("its metadata is no dictionary")
        return metadata
    except (ValueError, KeyError, TypeError) as error:
        raise not_a_notebook(error) from None


def read_notebook(text):
    """The notebook in today's format, as if it had never been run."""
    import nbformat

    try:
        notebook = nbformat.reads(text, as_version=4)
        for cell in code_cells(notebook):
            cell.source, cell.metadata  # noqa: B018  nbformat only warns when they are missing
            cell.outputs = []
            cell.execution_count = None
    except Exception as error:  # whatever nbformat trips over in a file from anywhere
        raise not_a_notebook(error) from None
    notebook.metadata.pop("widgets", None)  # what the author's last run left: an output, too
    return notebook


def not_a_notebook(error):
    text = f"{type(error).__name__}: {error}"
    return JobEnd("failed", "notebook-invalid", text=text[:500])


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def cells_to_run(notebook):
    """Position and cell of all that nbclient will execute: not blank, not tagged to be skipped."""
    return [
        (position, cell)
        for position, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip() and "skip-execution" not in tags(cell)
    ]


def tags(cell):
    return cell.metadata.get("tags", [])
