"""Which kernels are known, beside what Jupyter itself says of them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from jupyterlab_submit.kernels import kernel_names


@pytest.fixture
def ipython(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IPYTHONDIR", str(home / "ipython"))
    return home / "ipython"


def write_kernel(folder: Path, text: str = "{}") -> None:
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text(text)


def test_finds_the_kernels_that_jupyter_finds(home: Path, ipython: Path, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", os.pathsep.join([str(home / "one"), str(home / "gone")]))
    write_kernel(home / "data/kernels/Px")
    write_kernel(home / "one/kernels/conda-env")
    write_kernel(ipython / "kernels/old")
    (home / "data/kernels/none").mkdir()
    (home / "data/kernels/file").touch()
    names = kernel_names()
    assert names == sorted({*KernelSpecManager().find_kernel_specs(), "python3"})
    assert {"px", "conda-env", "old", "python3"} <= set(names)
    assert not {"none", "file"} & set(names)


def test_does_not_say_what_only_another_finder_knows(home: Path, ipython: Path, monkeypatch):
    (home / "site").mkdir()
    (home / "site/nb_conda_kernels.py").touch()
    monkeypatch.setattr(sys, "path", [str(home / "site"), *sys.path])
    assert kernel_names() is None
