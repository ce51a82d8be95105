"""The most memory of the runner, whatever a cell prints."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

from dev.bench.compare import figure, heading
from dev.bench.home import Home
from dev.bench.notebooks import write_notebook
from dev.place import PYTHON, ROOT
from dev.runner_archive import pack_runner

MOST = 300  # MB
WIDGET = (
    "from comm import create_comm\n"
    "def widget(**state):\n"
    "    create_comm(target_name='jupyter.widget', data={'state': {'_model_module': 'c', **state}})\n"
)
RAW = (
    "kernel = get_ipython().kernel\n"
    "def say(kind, content):\n"
    "    kernel.session.send(kernel.iopub_socket, kind, content, kernel.get_parent(), b'x')\n"
)
CASES = {
    "nothing": "pass",
    "an error's value of 200 MB": "raise ValueError('x' * 200_000_000)",
    "a traceback of 200 MB": RAW
    + "say('error', {'ename': 'E', 'evalue': '', 'traceback': ['x' * 50_000_000] * 4})",
    "metadata of 200 MB": "display({'text/plain': ''}, metadata={'a': 'x' * 200_000_000}, raw=True)",
    "a display of 400 MB": "display({'text/html': 'x' * 400_000_000}, raw=True)",
    "a picture of 300 MB": "display({'image/png': 'AAAA' * 100_000_000}, raw=True)",
    "50 million numbers": "display({'a/json': [list(range(1000))] * 50_000}, raw=True)",
    "200,000 displays": "for i in range(200_000): display({'text/plain': str(i)}, raw=True)",
    "a text of 400 MB": "print('x' * 400_000_000)",
    "a text of 25 million emoji": "print('\\U0001f600' * 25_000_000)",
    "lines, flushed, for 20 s": "import time\nend = time.monotonic() + 20\n"
    "while time.monotonic() < end: print('x' * 50, flush=True)",
    "20 pages with wide characters, 4 MB each": "for i in range(20):\n"
    "    display({'text/html': '\\U0001f600' + 'x' * 4_000_000}, raw=True)",
    "lines of a page, 9 million": "display({'text/html': 'x\\n' * 9_000_000}, raw=True)",
    "300 widgets of 1 MB, one of 200 MB": WIDGET
    + "for i in range(300): widget(a='x' * 1_000_000)\nwidget(a='x' * 200_000_000)",
}


def measure(home: Home, rounds: int) -> None:
    heading("the most memory of the runner (resident) when a cell prints")
    for what, source in CASES.items():
        figure(what, max(peak(home, [source]) for _ in range(rounds)), "MB", MOST)
    figure("all of these, a cell each", peak(home, [*CASES.values()]), "MB", MOST)


def peak(home: Home, sources: list[str]) -> float:
    """Runs the cells in a runner of its own; returns the high-water mark of its memory, in MB."""
    folder = home.folder()
    (folder / "work").mkdir()
    write_notebook(folder / "work/n.ipynb", sources)
    job = "k" + os.urandom(4).hex()  # the guard of one ends what carries the id of another
    (folder / "job.json").write_text(json.dumps({**JOB, "id": job}))
    pack_runner(ROOT, folder / "run_notebook.pyz")
    runner = subprocess.Popen(
        [PYTHON, "run_notebook.pyz"],
        cwd=folder,
        env={**os.environ, **home.variables, "JUPYTERLAB_SUBMIT_JOB": job},
        start_new_session=True,
    )
    most = 0.0
    while runner.poll() is None:
        most = max(most, high_water(runner.pid))
        time.sleep(0.05)
    end = json.loads((folder / "exit.json").read_text())
    if end["state"] != "succeeded":
        raise RuntimeError(f"a runner failed that printed {sources}: {end['cause']}")
    return most


def high_water(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1000


JOB = {
    "notebook": "n.ipynb",
    "directory": "work",
    "filesFolder": "n.files",
    "engines": 0,
    "limitSeconds": 3600,
    "allowErrors": True,
    "allowLostEngines": False,
    "kernel": "environment",
    "launch": {"argv": [], "rank": None, "mpi": None},
    "mpi": False,
    "outputLimitBytes": 1_000_000,
    "saveSeconds": 5,
}
