"""The kernel: which one, and which Python it runs in."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import re
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .notebook import is_python, language_of
from .notes import Notes
from .verdict import JobEnd

if TYPE_CHECKING:
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

# What ipykernel calls the kernel of whichever environment it is in: they promise no Python.
PLAIN_NAMES = ("python3", "python")
MOST_KERNELS = 100  # that are named


@dataclass(frozen=True)
class Kernel:
    """A kernel to run.

    `python`: the argv prefix that runs its Python; None in other languages, and where only the
    kernel itself knows it, once it runs.
    """

    argv: list[str]
    language: str
    python: list[str] | None
    env: dict[str, str] = field(default_factory=dict)
    interrupt_mode: str = "signal"
    metadata: dict[str, Any] = field(default_factory=dict)

    @property
    def is_python(self) -> bool:
        return self.language.lower() == "python"

    def write_spec(self, folder: Path) -> None:
        """Write the kernelspec `job` into `folder`, a folder of kernelspecs of our own."""
        spec = {
            "argv": self.argv,
            "env": self.env,
            "display_name": "job",
            "language": self.language,
            "interrupt_mode": self.interrupt_mode,
            "metadata": self.metadata,
        }
        (folder / "job").mkdir(parents=True)
        (folder / "job" / "kernel.json").write_text(json.dumps(spec), "utf-8")


def choose_kernel(asked: str, metadata: dict[str, Any], notes: Notes) -> Kernel:
    """The kernel for a notebook with this metadata: its own one, or this runner's own Python.

    `asked` is "notebook" or "environment"; the latter counts for Python only. Raises JobEnd when a
    notebook in another language names a kernel that is not there. Where it is another one than the
    notebook names, `notes` says so.
    """
    named = metadata.get("kernelspec") or {}
    name = named.get("name")
    language = language_of(metadata)
    if asked == "environment" and is_python(language):
        if name and name not in PLAIN_NAMES:
            notes.add("kernel-replaced", kernel=name, python=sys.executable)
        return own_kernel()
    spec = find_spec(name)
    if spec is not None:
        return kernel_of_spec(spec)
    if not is_python(language):
        raise JobEnd(
            "failed",
            "kernel-missing",
            kernel=name or "",
            language=named.get("language") or language,
            kernels=kernel_names(),
        )
    if name:
        notes.add("kernel-missing", kernel=name, python=sys.executable)
    return own_kernel()


def own_kernel() -> Kernel:
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    return Kernel(argv=argv, language="python", python=[sys.executable])


def find_spec(name: str | None) -> KernelSpec | None:
    """The kernelspec of that name, or None. nb_conda_kernels, where present, knows more of them."""
    if not name:
        return None
    from jupyter_client.kernelspec import NoSuchKernel

    for manager in kernel_managers():
        with contextlib.suppress(NoSuchKernel):
            return manager.get_kernel_spec(name)
    return None


def kernel_names() -> list[str]:
    """The names of all kernels that are there."""
    return sorted({name for manager in kernel_managers() for name in manager.find_kernel_specs()})


def kernel_managers() -> Iterator[KernelSpecManager]:
    from jupyter_client.kernelspec import KernelSpecManager

    yield KernelSpecManager()
    with contextlib.suppress(ImportError, AttributeError):
        yield importlib.import_module("nb_conda_kernels").CondaKernelSpecManager()


def kernel_of_spec(spec: KernelSpec) -> Kernel:
    argv = [argument.replace("{resource_dir}", spec.resource_dir) for argument in spec.argv]
    return Kernel(
        argv=argv,
        language=spec.language,
        python=python_of(argv) if spec.language.lower() == "python" else None,
        env={
            name: string.Template(value).safe_substitute(os.environ)
            for name, value in spec.env.items()
        },
        interrupt_mode=spec.interrupt_mode,
        metadata=spec.metadata,
    )


def python_of(argv: list[str]) -> list[str] | None:
    """The part of a Python kernel's argv that runs its Python: what stands before `-m ipykernel`.

    So wrappers (`conda run -n x python -m ipykernel_launcher ...`) are kept. None for a kernel that
    is started in another way, by a shell's line or a script of its own.
    """
    for position, (option, value) in enumerate(zip(argv, argv[1:])):
        is_module = option == "-m" and value.split(".")[0] in ("ipykernel", "ipykernel_launcher")
        if is_module or (option == "-c" and "ipykernel" in value):
            prefix = real_python(argv[:position])
            return prefix if prefix and looks_like_python(prefix[-1]) else None
    return None


def looks_like_python(program: str) -> bool:
    return re.fullmatch(r"(python|pypy)[\d.]*", os.path.basename(program)) is not None


def real_python(prefix: list[str]) -> list[str]:
    """jupyter_client runs a bare `python` as the Python it runs in itself; so do we."""
    bare = ("python", "python{}".format(*sys.version_info), "python{}.{}".format(*sys.version_info))
    return [sys.executable, *prefix[1:]] if prefix and prefix[0] in bare else prefix
