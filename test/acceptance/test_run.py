"""`test/acceptance/run`, over notebooks of our own: it passes what is the same, and reports what is not."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

RUN = Path(__file__).parent / "run"
SAME = [
    "import ipyparallel as ipp, os\nrc = ipp.Cluster(n=2).start_and_connect_sync()\nprint(rc.ids)",
    "%%px\nimport os\nprint(os.getpid() > 1, 6 * 7)",
    "rc[:].map_sync(lambda x: x ** 2, range(8))",
    "os.getpid()",
    "rc[:]['nothing']",
]
# Only a job has these, so that they stand for whatever might differ there.
HERE = "import os\nhere = 'JUPYTERLAB_SUBMIT_JOB' in os.environ"
OTHER = [
    HERE,
    "print(42 + here)",
    "if not here: print('out')",
    "import ipyparallel as ipp\nprint(ipp.Client().ids[: 2 - here])",
]


def write(folder, name, cells):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    folder.mkdir(exist_ok=True)
    nbformat.write(notebook, folder / name)


def run(folder, keep):
    options = ["--cluster", "local", "--engines", "2", "--minutes", "3", "--keep", keep]
    command = [sys.executable, RUN, folder, *options]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)


@pytest.mark.timeout(900)
def test_the_same_is_the_same_and_each_difference_is_named(tmp_path):
    write(tmp_path / "notebooks", "same.ipynb", SAME)
    write(tmp_path / "notebooks", "other.ipynb", OTHER)
    before = sorted(file.read_bytes() for file in (tmp_path / "notebooks").iterdir())
    done = run(tmp_path / "notebooks", tmp_path / "kept")
    assert done.returncode == 1, done.stdout
    rows = {line.split()[0]: line.split()[1:5] for line in done.stdout.splitlines() if line.strip()}
    assert rows["same.ipynb"] == ["5", "5", "0", "1"], done.stdout
    assert rows["other.ipynb"][:3] == ["4", "1", "3"], done.stdout
    for what in (
        "code cell 2: shows stdout '43' for stdout '42'",
        "code cell 3: lacks stdout 'out'",
        "code cell 4: shows stdout '[0]' for stdout '[0, 1]'",
    ):
        assert f"    other.ipynb, {what}" in done.stdout
    assert sorted(file.read_bytes() for file in (tmp_path / "notebooks").iterdir()) == before
    assert len(list((tmp_path / "kept").glob("*.ipynb"))) == 6
