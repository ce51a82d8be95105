"""The scripts of those who bring a %%px notebook to Slurm by hand, in two ways."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from dev.bench.notebooks import PX_CELLS, check_px, write_notebook
from dev.bench.test_cluster import HOST

JOB = """\
#!/bin/bash
#SBATCH -n {engines} --time=10 --output=job.log
export IPYTHONDIR=$PWD/ipython
mkdir -p ipython/profile_default
python3 -m ipyparallel.controller --ip='*' --log-level=ERROR &
{first}
srun python3 -m ipyparallel.engine --log-level=ERROR &
{then}
python3 execute.py
touch done
"""
EXECUTE = """\
import nbformat
from nbclient import NotebookClient
{waiting}notebook = nbformat.read("notebook.ipynb", 4)
NotebookClient(notebook, kernel_name="python3").execute()
nbformat.write(notebook, "executed.ipynb")
"""
WAITING = "import ipyparallel\nipyparallel.Client().wait_for_engines({engines})\n"
UNTIL_FILE = (
    "until [ -s ipython/profile_default/security/ipcontroller-engine.json ]; do sleep 0.05; done"
)


def with_sleeps(ssh: Sequence[str], folder: Path, engines: int, env: Mapping[str, str]) -> None:
    """A new connection for each step, fixed sleeps, the queue looked at each two seconds."""
    write_files(folder, engines, first="sleep 10", then="sleep 25", waiting="")
    name = folder.name
    run(["ssh", *ssh, HOST, f"mkdir {name}"], env)
    files = [str(file) for file in folder.iterdir()]
    run(["scp", *ssh, *files, f"{HOST}:{name}/"], env)
    job = run(["ssh", *ssh, HOST, f"cd {name} && sbatch --parsable job.sh"], env).strip()
    while run(["ssh", *ssh, HOST, f"squeue -h -j {job}"], env).strip():
        time.sleep(2)
    run(["scp", *ssh, f"{HOST}:{name}/executed.ipynb", str(folder)], env)
    finish(folder, engines)


def as_an_expert(ssh: Sequence[str], folder: Path, engines: int, env: Mapping[str, str]) -> None:
    """One connection for all steps, no sleeps, the result looked for each 50 milliseconds."""
    waiting = WAITING.format(engines=engines)
    write_files(folder, engines, first=UNTIL_FILE, then="", waiting=waiting)
    name = folder.name
    one = [*ssh, "-o", f"ControlPath={folder}.socket"]
    run(["ssh", *one, "-fN", "-o", "ControlMaster=yes", HOST], env)
    try:
        run(["ssh", *one, HOST, f"mkdir {name}"], env)
        files = [str(file) for file in folder.iterdir()]
        run(["scp", *one, *files, f"{HOST}:{name}/"], env)
        wait = "until [ -e done ]; do sleep 0.05; done"
        run(["ssh", *one, HOST, f"cd {name} && sbatch --parsable job.sh && {wait}"], env)
        run(["scp", *one, f"{HOST}:{name}/executed.ipynb", str(folder)], env)
        finish(folder, engines)
    finally:
        run(["ssh", *one, "-O", "exit", HOST], env)


def write_files(folder: Path, engines: int, first: str, then: str, waiting: str) -> None:
    write_notebook(folder / "notebook.ipynb", PX_CELLS)
    (folder / "job.sh").write_text(JOB.format(engines=engines, first=first, then=then))
    (folder / "execute.py").write_text(EXECUTE.format(waiting=waiting))


def finish(folder: Path, engines: int) -> None:
    check_px(folder / "executed.ipynb", engines)
    shutil.rmtree(folder)


def run(command: Sequence[str], env: Mapping[str, str]) -> str:
    done = subprocess.run(
        command,
        env=env,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return done.stdout
