"""What the doors need in C: shared objects, compiled when they start."""

from __future__ import annotations

from pathlib import Path

from dev.cluster.doors.door import DOORS_FOLDER
from dev.cluster.orders import order

HERE = Path(__file__).parent


def compile_module(name: str, library: str, **texts: str) -> None:
    """Makes DOORS_FOLDER/NAME.so of NAME.c, with these texts as macros, where it is not the present one.

    The library is named by its file: the name without a version belongs to the package of its
    headers.
    """
    source = HERE / f"{name}.c"
    made, new = (DOORS_FOLDER / f"{name}.{ending}" for ending in ("so", "new"))
    command = ["gcc", "-shared", "-fPIC", "-Wall", "-Werror", "-o", str(new), str(source)]
    command += [*(f'-D{macro}="{text}"' for macro, text in texts.items()), f"-l:{library}"]
    note = DOORS_FOLDER / f"{name}.made"
    wanted = f"{command}\n{source.read_text()}"
    if made.exists() and note.exists() and note.read_text() == wanted:
        return
    order("making the doors", command)
    new.rename(made)
    note.write_text(wanted)
