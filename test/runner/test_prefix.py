"""The environment of the chosen Python, as if it were activated."""

import json
import os
import sys

import pytest

from jupyterlab_submit.runner.prefix import activated


@pytest.fixture
def environment(tmp_path):
    """Makes an environment with a Python in it; `kind` is venv or conda."""

    def make(kind, name="px"):
        prefix = tmp_path / name
        (prefix / "bin").mkdir(parents=True)
        for program in ("python", "python3"):
            (prefix / "bin" / program).symlink_to(sys.executable)
        if kind == "venv":
            (prefix / "pyvenv.cfg").touch()
        elif kind == "conda":
            (prefix / "conda-meta").mkdir()
        return prefix

    return make


def python(prefix):
    return [str(prefix / "bin" / "python")]


def test_programs_of_a_venv_come_first(environment):
    prefix = environment("venv")
    env = activated({"PATH": "/usr/bin", "PYTHONHOME": "/x", "A": "1"}, python(prefix))
    assert env == {"PATH": f"{prefix}/bin:/usr/bin", "VIRTUAL_ENV": str(prefix), "A": "1"}


def test_nothing_changes_outside_of_an_environment(environment):
    env = {"PATH": "/usr/bin"}
    assert activated(env, python(environment("none"))) is env
    assert activated(env, [str(environment("venv", "other") / "bin/python"), "-X"]) is env
    assert activated(env, ["conda", "run", "python"]) is env
    assert activated(env, None) is env


def test_what_lines_put_before_an_active_environment_stays_there(environment):
    prefix = environment("venv")
    path = f"/opt/mpi/bin:{prefix}/bin:/usr/bin"
    assert activated({"PATH": path}, python(prefix))["PATH"] == path


def test_conda_environment_is_activated_with_the_scripts_of_its_packages(environment):
    prefix = environment("conda")
    scripts = prefix / "etc/conda/activate.d"
    scripts.mkdir(parents=True)
    (scripts / "gdal.sh").write_text('export GDAL_DATA="$CONDA_PREFIX/share/gdal"\necho hello\n')
    (scripts / "odd.sh").write_text("export ODD=$'a\\nb'; unset GONE; false\n")
    (prefix / "conda-meta/state").write_text(json.dumps({"env_vars": {"MINE": "yes"}}))
    env = activated({"PATH": os.environ["PATH"], "GONE": "1"}, python(prefix))
    assert env["GDAL_DATA"] == f"{prefix}/share/gdal"
    assert (env["ODD"], env["MINE"], env["CONDA_DEFAULT_ENV"]) == ("a\nb", "yes", "px")
    assert env["CONDA_PREFIX"] == str(prefix)
    assert env["PATH"].startswith(f"{prefix}/bin:")
    assert not {"GONE", "SHLVL", "VIRTUAL_ENV"} & set(env)


def test_conda_environment_that_is_active_is_left_alone(environment):
    prefix = environment("conda")
    (prefix / "etc/conda/activate.d").mkdir(parents=True)
    (prefix / "etc/conda/activate.d/gdal.sh").write_text("export GDAL_DATA=x\n")
    env = {"PATH": f"{prefix}/bin:/usr/bin", "CONDA_PREFIX": str(prefix), "GDAL_DATA": "mine"}
    assert activated(env, python(prefix)) == env


def test_script_that_ends_the_shell_does_not_end_the_job(environment):
    prefix = environment("conda")
    (prefix / "etc/conda/activate.d").mkdir(parents=True)
    (prefix / "etc/conda/activate.d/bad.sh").write_text("exit 3\n")
    env = activated({"PATH": "/usr/bin:/bin"}, python(prefix))
    assert env["PATH"] == f"{prefix}/bin:/usr/bin:/bin"
