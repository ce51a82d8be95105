"""The kernel: which one, and which Python it runs in."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import string
import sys
from dataclasses import dataclass, field

from .environment import environment_end
from .log import log
from .notebook import is_python, language_of

# What ipykernel calls the kernel of whichever environment it is in: they promise no Python.
PLAIN_NAMES = ("python3", "python")


@dataclass(frozen=True)
class Kernel:
    """A kernel to run. `python`: the argv prefix that runs its Python; None in other languages."""

    argv: list
    language: str
    python: list | None
    env: dict = field(default_factory=dict)
    interrupt_mode: str = "signal"
    metadata: dict = field(default_factory=dict)

    def write_spec(self, folder):
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


def choose_kernel(asked, metadata, notes):
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
        raise environment_end(name or language, sys.executable, "jupyter kernelspec list")
    if name:
        notes.add("kernel-missing", kernel=name, python=sys.executable)
    return own_kernel()


def own_kernel():
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    return Kernel(argv=argv, language="python", python=[sys.executable])


def find_spec(name):
    """The kernelspec of that name, or None. nb_conda_kernels, where present, knows more of them."""
    if not name:
        return None
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    managers = [KernelSpecManager]
    with contextlib.suppress(ImportError, AttributeError):
        managers.append(importlib.import_module("nb_conda_kernels").CondaKernelSpecManager)
    for manager in managers:
        with contextlib.suppress(NoSuchKernel):
            return manager().get_kernel_spec(name)
    return None


def kernel_of_spec(spec):
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


def python_of(argv):
    """The part of a Python kernel's argv that runs its Python: what stands before `-m ipykernel`.

    So wrappers (`conda run -n x python -m ipykernel_launcher ...`) are kept. A kernel that is
    started in another way is believed to live beside its environment's python.
    """
    for position, (option, value) in enumerate(zip(argv, argv[1:])):
        if option == "-m" and value.split(".")[0] in ("ipykernel", "ipykernel_launcher"):
            return real_python(argv[:position])
        if option == "-c" and "ipykernel" in value:
            return real_python(argv[:position])
    beside = os.path.join(os.path.dirname(argv[0]), "python")
    if os.path.isabs(beside) and os.access(beside, os.X_OK):
        return [beside]
    log.info("Engines run in %s: the kernel does not tell its Python (%s)", sys.executable, argv)
    return [sys.executable]


def real_python(prefix):
    """jupyter_client runs a bare `python` as the Python it runs in itself; so do we."""
    bare = ("python", "python{}".format(*sys.version_info), "python{}.{}".format(*sys.version_info))
    return [sys.executable, *prefix[1:]] if prefix[0] in bare else prefix
