"""Versions that a job cannot use: which, and what is said of them before a cell runs."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from jupyterlab_submit.runner.attach import name_errors, silence_progress_bar
from jupyterlab_submit.runner.environment import what_is_missing
from jupyterlab_submit.runner.versions import OLDEST, is_older, versions_here

EXAMPLES = json.loads((Path(__file__).parent.parent / "versions.json").read_text("utf-8"))
CONNECT = "import ipyparallel as ipp\nprint(ipp.Client().ids)"


@pytest.fixture
def python_with(tmp_path):
    """Makes a Python that has our packages, and says that it has other versions of some."""

    def make(**versions):
        site = tmp_path / "site"
        for name, version in versions.items():
            info = site / f"{name}-{version}.dist-info"
            info.mkdir(parents=True)
            (info / "METADATA").write_text(
                f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
            )
        python = tmp_path / "python"
        python.write_text(f'#!/bin/sh\nPYTHONPATH={site} exec {sys.executable} "$@"\n')
        python.chmod(0o700)
        return str(python)

    return make


def kernel_argv(python):
    return [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]


@pytest.mark.parametrize(("name", "version", "expected"), EXAMPLES)
def test_version_is_too_old_where_that_is_sure(name, version, expected):
    assert is_older(version, OLDEST[name]) is expected


def test_what_is_not_there_has_no_version():
    assert list(versions_here(["ipykernel", "no_such_package"])) == ["ipykernel"]


def test_every_version_that_the_tests_run_with_will_do():
    lines = (Path(__file__).parent / "requirements-oldest.txt").read_text("utf-8").splitlines()
    pins = [line.split(";")[0].strip().split("==") for line in lines if "==" in line]
    assert {name for name, _ in pins} == set(OLDEST)
    assert not [pin for pin in pins if is_older(pin[1], OLDEST[pin[0]])]


@pytest.mark.parametrize(
    ("versions", "module", "words"),
    [
        ({"nbclient": "0.5.13"}, "nbclient", "'nbclient>=0.7'"),
        ({"jupyter_client": "6.1.12"}, "jupyter_client", "'jupyter_client>=7.0'"),
        ({"ipykernel": "5.5.6"}, "ipykernel", "'ipykernel>=6.0'"),
        ({"ipyparallel": "7.1.0"}, "ipyparallel", "'ipyparallel>=8.2'"),
        (
            {"ipyparallel": "8.1.0", "nbclient": "0.6.8"},
            "nbclient",
            "'nbclient>=0.7' 'ipyparallel>=8.2'",
        ),
    ],
)
def test_old_package_in_the_python_of_the_runner(new_job, python_with, versions, module, words):
    job = new_job(python_with(**versions)).run([CONNECT], engines=1)
    assert job.cause == {
        "code": "environment",
        "module": module,
        "python": sys.executable,
        "fix": f"{sys.executable} -m pip install -U {words}",
        "version": versions[module],
        "oldest": OLDEST[module],
    }
    assert not (job.folder / "logs/controller.log").exists()


@pytest.mark.parametrize("name", ["ipyparallel", "ipykernel"])
@pytest.mark.parametrize("shell", [False, True])
def test_old_package_in_the_python_of_the_kernel(job, kernelspec, python_with, name, shell):
    argv = kernel_argv(python_with(**{name: "5.0"}))
    if shell:
        argv = ["/bin/sh", "-c", f"exec {' '.join(argv[:-1])} '{argv[-1]}'"]
    job.run(["open('ran', 'w')", CONNECT], kernelspec("old", argv), engines=1, kernel="notebook")
    assert (job.code, job.cause["module"], job.cause["version"]) == ("environment", name, "5.0")
    assert not (job.work / "ran").exists()


@pytest.mark.parametrize("kernel", ["notebook", "environment"])
def test_old_ipyparallel_does_not_matter_without_engines(new_job, kernelspec, python_with, kernel):
    python = python_with(ipyparallel="6.3.0")
    metadata = kernelspec("old", kernel_argv(python))
    job = new_job(python).run(["print(1)"], metadata, kernel=kernel)
    assert job.printed() == "1\n"


@pytest.mark.parametrize("version", ["unknown", "9.0.dev", "8.2.0rc1"])
def test_version_that_says_nothing_for_sure_is_let_run(new_job, python_with, version):
    job = new_job(python_with(ipyparallel=version)).run([CONNECT], engines=1)
    assert job.printed() == "[0]\n"


@pytest.mark.parametrize("patch", [name_errors, silence_progress_bar])
def test_only_what_is_there_is_patched(patch):
    module = SimpleNamespace()
    patch(module)
    assert vars(module) == {}


def test_part_of_a_package_that_fails_does_not_make_the_package_missing(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "mismatched.py").write_text("from IPython.no_such_part import it")
    (tmp_path / "lacking.py").write_text("from no_such_package.part import it")
    (tmp_path / "crossed.py").write_text("import sys\nsys.no_such_name")
    assert what_is_missing([sys.executable], ["lacking"]).cause["module"] == "no_such_package"
    cause = what_is_missing([sys.executable], ["mismatched"]).cause
    assert (cause["module"], cause["fix"]) == (
        "mismatched",
        f"{sys.executable} -m pip install -U mismatched IPython",
    )
    assert cause["error"] == "ModuleNotFoundError: No module named 'IPython.no_such_part'"
    assert "no_such_name" in what_is_missing([sys.executable], ["crossed"]).cause["error"]


def test_nbclient_that_cannot_be_imported_is_told_with_its_error(new_job, tmp_path):
    (tmp_path / "nbclient.py").write_text("import IPython.no_such_part")
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH={tmp_path} exec {sys.executable} "$@"\n')
    python.chmod(0o700)
    job = new_job(str(python)).run(["1"])
    assert (job.code, job.cause["module"]) == ("environment", "nbclient")
    assert job.cause["error"].endswith("No module named 'IPython.no_such_part'")
