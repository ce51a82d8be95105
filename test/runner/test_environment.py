"""Which Python a notebook runs in, what is told of one that lacks something, users' settings."""

import json
import sys
import venv

import pytest


@pytest.fixture
def python_without(tmp_path):
    """Makes a Python that has our packages, all but one."""

    def make(module):
        site = tmp_path / "site"
        site.mkdir()
        (site / "sitecustomize.py").write_text(
            "import sys\n"
            "class Absent:\n"
            "    def find_spec(self, name, path=None, target=None):\n"
            f"        if name.split('.')[0] == {module!r}:\n"
            "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
            "sys.meta_path.insert(0, Absent())\n"
        )
        python = tmp_path / "python"
        python.write_text(f'#!/bin/sh\nPYTHONPATH={site} exec {sys.executable} "$@"\n')
        python.chmod(0o700)
        return str(python)

    return make


def kernel_argv(python):
    return [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]


@pytest.mark.parametrize("module", ["ipyparallel", "ipykernel"])
def test_module_missing_in_the_python_of_the_kernel(job, kernelspec, python_without, module):
    metadata = kernelspec("lacking", kernel_argv(python_without(module)))
    # Not waited for: engines have ten minutes to come, and this job one.
    job.run(["1"], metadata, engines=1, kernel="notebook")
    assert job.cause == {
        "code": "environment",
        "module": module,
        "python": sys.executable,
        "fix": f"{sys.executable} -m pip install {module}",
    }


def test_module_missing_in_the_python_of_the_runner(new_job, python_without):
    job = new_job(python_without("nbclient")).run(["1"])
    assert (job.code, job.cause["module"]) == ("environment", "nbclient")
    assert job.cause["fix"].endswith(" -m pip install nbclient")


def test_ipyparallel_is_not_needed_without_engines(new_job, python_without):
    job = new_job(python_without("ipyparallel")).run(["print(1)"])
    assert job.exit["state"] == "succeeded"


@pytest.mark.parametrize("engines", [0, 1])
def test_python_of_the_kernel_is_gone(job, kernelspec, engines):
    job.run(
        ["1"], kernelspec("gone", kernel_argv("/gone/python")), engines=engines, kernel="notebook"
    )
    assert (job.code, job.cause["module"]) == ("environment", "python")
    assert job.cause["python"] == "/gone/python"


def test_environment_counts_more_than_the_kernel_that_the_notebook_names(job, kernelspec):
    metadata = kernelspec("gone", kernel_argv("/gone/python"))
    job.run(["import sys\nprint(sys.executable)"], metadata, kernel="environment")
    assert job.printed() == f"{sys.executable}\n"
    assert job.result.metadata["kernelspec"] == metadata["kernelspec"]


def test_unknown_python_kernel_is_replaced_by_our_own(job):
    metadata = {"kernelspec": {"name": "elsewhere", "display_name": "E", "language": "python"}}
    job.run(["print(1)"], metadata, kernel="notebook")
    assert job.exit["state"] == "succeeded"
    note = {"code": "kernel-missing", "kernel": "elsewhere", "python": sys.executable}
    assert job.exit["notes"] == job.json("progress")["notes"] == [note]


def test_kernel_that_the_environment_replaces_is_noted(new_job, interpreter):
    metadata = {"kernelspec": {"name": "px", "display_name": "P", "language": "python"}}
    job = new_job(interpreter).run(["1"], metadata, kernel="environment")
    assert [(note["code"], note["kernel"]) for note in job.exit["notes"]] == [
        ("kernel-replaced", "px")
    ]


@pytest.mark.parametrize("kernel", ["notebook", "environment"])
def test_plain_python_is_nothing_to_note(job, kernel):
    metadata = {"kernelspec": {"name": "python3", "display_name": "P", "language": "python"}}
    job.run(["1"], metadata, kernel=kernel)
    assert job.exit["notes"] == job.json("progress")["notes"] == []


def test_what_the_script_noted_before_is_kept(job):
    job.write(["1"])
    noted = {"code": "by-the-script", "line": 1}
    (job.folder / "notes.jsonl").write_text(json.dumps(noted) + "\nhalf a li")
    job.start().wait()
    assert job.exit["notes"] == job.json("progress")["notes"] == [noted]


@pytest.mark.parametrize("kernel", ["notebook", "environment"])
def test_other_language_runs_in_its_own_kernel_without_engines(job, kernelspec, kernel):
    metadata = kernelspec("fake", kernel_argv(sys.executable), language="fake")
    job.run(["print(1)"], metadata, engines=2, kernel=kernel)
    assert job.printed() == "1\n"
    assert job.json("progress")["engines"] == {"ready": 0, "wanted": 0}


def test_unknown_kernel_of_another_language_is_told(job):
    metadata = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}
    job.run(["1"], metadata, kernel="notebook")
    assert (job.code, job.cause["kernel"], job.cause["language"]) == ("kernel-missing", "ir", "R")
    assert "python3" in job.cause["kernels"]


def test_programs_beside_the_chosen_python_are_found_first(job, tmp_path):
    venv.create(tmp_path / "e", system_site_packages=True)
    site = tmp_path / "e" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    (site / "ours.pth").write_text("\n".join(path for path in sys.path if "packages" in path))
    job.python = str(tmp_path / "e/bin/python")
    where = (
        "__import__('subprocess').check_output(['python3', '-c', 'import sys; print(sys.prefix)'])"
    )
    connect = "import ipyparallel as ipp; rc = ipp.Client()"
    shell = "!python3 -c 'import sys; print(sys.prefix)'"
    job.run([connect, shell, f"print(rc[0].apply_sync(lambda: {where}))"], engines=1)
    assert job.exit["state"] == "succeeded"
    assert job.printed().count(str(tmp_path / "e")) == 2


def test_files_of_notebook_and_engines_have_the_modes_of_the_person(job, tmp_path):
    job.env["JUPYTERLAB_SUBMIT_UMASK"] = "0002"
    make = f"open(r'{tmp_path}/%s', 'w'); import os; os.makedirs(r'{tmp_path}/%s.d')"
    shell = f"!touch {tmp_path}/shell"
    engine = "%px " + make % ("engine", "engine")
    job.run(
        [
            make % ("cell", "cell"),
            shell,
            "import ipyparallel as ipp; rc = ipp.Client(); rc.activate()",
            engine,
        ],
        engines=1,
    )
    assert job.exit["state"] == "succeeded"
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    for name in ("cell", "shell", "engine"):
        assert modes[name] == 0o664
    assert modes["cell.d"] == modes["engine.d"] == 0o775
    for path in ("result.ipynb", "exit.json", "logs/kernel.log", "logs/engine-0.log"):
        assert (job.folder / path).stat().st_mode & 0o077 == 0


def test_users_ipython_settings_count_and_are_only_read(new_job, home, interpreter):
    profile = home / ".ipython" / "profile_default"
    (profile / "startup").mkdir(parents=True)
    (profile / "startup" / "10-mine.py").write_text("from_startup = 1")
    (profile / "ipython_config.py").write_text(
        "c.InteractiveShell.ast_node_interactivity = 'all'\n"
        "c.HistoryManager.hist_file = '/nowhere/history.sqlite'"
    )
    (profile / "ipython_kernel_config.py").write_text(
        "c.IPKernelApp.exec_lines = ['from_config = 2']"
    )
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    shows = "from_startup\nfrom_config\nget_ipython().history_manager.hist_file"
    job = new_job(interpreter).run([shows])
    shown = [output.data["text/plain"] for output in job.result.cells[0].outputs]
    assert shown == ["1", "2", "':memory:'"], job.log("kernel")
    assert {path: path.stat().st_mtime_ns for path in (home / ".ipython").rglob("*")} == {
        path: time for path, time in before.items() if path != home / ".ipython"
    }


def test_broken_settings_of_the_user_do_not_cost_the_engines(job, home):
    profile = home / ".ipython" / "profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_kernel_config.py").write_text("1/0")
    attach = "import ipyparallel\nprint(ipyparallel.Cluster(n=1).start_and_connect_sync().ids)"
    job.run([attach], engines=1)
    assert "[0]" in job.printed()
    assert "ZeroDivisionError" in job.log("kernel")


def test_names_that_the_notebook_sees_are_its_own(job):
    job.write(
        [
            "import sys\n"
            "print([n for n in dir() if 'submit' in n], [p for p in sys.path if 'run_note' in p])",
            "import run_notebook\nprint(run_notebook.mine)",
            "import ipyparallel\nprint(ipyparallel.Cluster(n=1).start_and_connect_sync().ids)",
        ],
        engines=1,
    )
    (job.work / "run_notebook.py").write_text("mine = 'mine'")
    job.start().wait()
    assert job.printed().splitlines()[:2] == ["[] []", "mine"], job.log("kernel")
    assert "[0]" in job.printed()
