"""The notebook: read as kindly as Jupyter reads it, and cleared of what an earlier run has left.

`src/needs/notebook.ts` judges the same file before it is submitted. What is a notebook there is one
here: test/notebooks.json holds both to it.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from .verdict import JobEnd

if TYPE_CHECKING:
    from nbformat import NotebookNode

VERSIONS = (1, 2, 3, 4)


def read_metadata(text: str) -> dict[str, Any]:
    """The metadata of a notebook, without the seconds of importing nbformat."""
    metadata: dict[str, Any] = read_document(text)["metadata"]
    return metadata


def read_notebook(text: str) -> NotebookNode:
    """The notebook in today's format, as if it had never been run."""
    import nbformat

    document = read_document(text)
    try:
        notebook: NotebookNode = nbformat.reads(json.dumps(document), as_version=4)
        for cell in code_cells(notebook):
            cell.outputs = []
            cell.execution_count = None
    except Exception as error:  # whatever nbformat trips over in a file from anywhere
        raise not_a_notebook(error) from None
    notebook.metadata.pop("widgets", None)  # what the author's last run left: an output, too
    return notebook


def read_document(text: str) -> dict[str, Any]:
    """The file's content, where what is missing or of another kind than the format says is mended.

    Only what can be told without a guess is mended; the rest is no notebook: a JobEnd.
    """
    try:
        document: dict[str, Any] = json.loads(text)
        expect(isinstance(document, dict), "it is no dictionary")
        version = document["nbformat"] = version_of(document)
        document["metadata"] = metadata_of(document)
        for holder in [document] if version in (1, 4) else worksheets_of(document):
            expect(isinstance(holder.get("cells"), list), "it has no list of cells")
            for cell in holder["cells"]:
                mend_cell(cell, version)
        if version in (2, 3):
            name_language(document)
    except (ValueError, RecursionError) as error:
        raise not_a_notebook(error) from None
    if version == 4 and not is_whole(document.get("nbformat_minor")):
        document["nbformat_minor"] = 5
    return document


def language_of(metadata: dict[str, Any]) -> str | None:
    """The language, in lower case, that metadata as `read_metadata` gives them name, or None."""
    for part, key in (("kernelspec", "language"), ("language_info", "name")):
        language = metadata.get(part, {}).get(key)
        if isinstance(language, str) and language:
            return language.lower()
    return None


def is_python(language: str | None) -> bool:
    """Whether a kernel of this language runs Python; `python3` is what some files say."""
    return re.fullmatch(r"i?python\d*", language or "python", re.IGNORECASE) is not None


def version_of(document: dict[str, Any]) -> int:
    version: Any = document.get("nbformat")
    if version is None and "nbformat" not in document:
        version = 3 if "worksheets" in document else 4
    expect(isinstance(version, (int, float)) and version is not True, "it has no nbformat")
    expect(version in VERSIONS, f"nbformat {version} is not known")
    return int(version)


def metadata_of(document: dict[str, Any]) -> dict[str, Any]:
    metadata = dictionary(document.get("metadata"))
    named = metadata.get("kernelspec")
    if isinstance(named, str) and named:
        metadata["kernelspec"] = {"name": named, "display_name": named}
    for part in ("kernelspec", "language_info"):
        if part in metadata and not isinstance(metadata[part], dict):
            del metadata[part]
    named = metadata.get("kernelspec", {})
    if not isinstance(named.get("name", ""), str):
        del named["name"]
    return metadata


def worksheets_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    worksheets: Any = document.get("worksheets")
    is_list = isinstance(worksheets, list) and all(isinstance(one, dict) for one in worksheets)
    expect(is_list, "it has no worksheets")
    for worksheet in worksheets:
        worksheet["metadata"] = dictionary(worksheet.get("metadata"))
    found: list[dict[str, Any]] = worksheets
    return found


def mend_cell(cell: Any, version: int) -> None:
    is_cell = isinstance(cell, dict) and isinstance(cell.get("cell_type"), str)
    expect(is_cell, "a cell is none, or has no type")
    is_code = cell["cell_type"] == "code"
    key = SOURCES[version] if is_code else ("text" if version == 1 else "source")
    cell[key] = source_of(cell.get(key))
    metadata = cell["metadata"] = dictionary(cell.get("metadata"))
    if "tags" in metadata:
        metadata["tags"] = tags_of(metadata["tags"])
    if is_code:
        cell["outputs"] = []
    if not isinstance(cell.get("id", ""), str):
        del cell["id"]
    if not isinstance(cell.get("attachments", {}), dict):
        del cell["attachments"]


SOURCES = {1: "code", 2: "input", 3: "input", 4: "source"}


def source_of(source: Any) -> str:
    if source is None:
        return ""
    lines = source if isinstance(source, list) else [source]
    expect(all(isinstance(line, str) for line in lines), "the source of a cell is no text")
    text = "".join(lines)
    try:
        text.encode()
    except UnicodeEncodeError:
        expect(False, "a cell has half of a character")
    return text


def tags_of(tags: object) -> list[str]:
    listed = tags if isinstance(tags, list) else [tags]
    return [tag for tag in listed if isinstance(tag, str)]


def name_language(document: dict[str, Any]) -> None:
    """Old formats have the language in their cells."""
    cells = [cell for worksheet in document["worksheets"] for cell in worksheet["cells"]]
    first: dict[str, Any] = next((cell for cell in cells if cell["cell_type"] == "code"), {})
    if language_of(document["metadata"]) is None and isinstance(first.get("language"), str):
        document["metadata"]["language_info"] = {"name": first["language"]}


def dictionary(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def expect(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise ValueError(otherwise)


def not_a_notebook(error: Exception) -> JobEnd:
    text = f"{type(error).__name__}: {error}"
    return JobEnd("failed", "notebook-invalid", text=text[:500])


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def cells_to_run(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    """Position and cell of all that nbclient will execute: not blank, not tagged to be skipped."""
    return [
        (position, cell)
        for position, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip() and "skip-execution" not in tags(cell)
    ]


def tags(cell: NotebookNode) -> list[str]:
    found: list[str] = cell.metadata.get("tags", [])
    return found
