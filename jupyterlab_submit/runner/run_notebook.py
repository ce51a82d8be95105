"""Execute one notebook beside its engines, inside a batch job, on a machine with none of our code.

The job's script starts this file in the job directory. It reads `job.json`, starts an ipyparallel
controller, N engines and the notebook's kernel at the same time, executes the notebook as soon as
the N engines are registered, and keeps in the job directory, each file replaced in one step:

    result.ipynb    the notebook so far: after each cell, and every few seconds within one
    progress.json   cell i of n, engines k of N, times
    exit.json       the verdict, written last: state, cause, time
    logs/           runner.log, kernel.log, controller.log, engine-<i>.log, cell-<n>.txt

`ipython/` is a private IPYTHONDIR, through which the unedited notebook finds this job's engines and
no other's. A second, tiny process of this file, the guard, ends whatever is left when the runner
has ended, however that came about. The kernel loads this file too, for `attach_notebook`.

Needs Python 3.8, nbclient 0.7 and, for engines, ipyparallel 8.2; CurveZMQ is always on. What is not
in the standard library is imported only where it is used, so that its absence can be told.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import errno
import glob
import importlib
import importlib.util
import json
import logging
import multiprocessing
import os
import queue
import re
import select
import shlex
import signal
import socket
import string
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

JOB_VARIABLE = "JUPYTERLAB_SUBMIT_JOB"  # every process of a job carries its id in this variable

TICK_SECONDS = 0.1  # how often signals, clock, engines and parent are looked at
READY_SECONDS = 600  # the longest wait for engines and kernel
END_EARLY_SECONDS = 10  # the run ends this long before the job's limit
INTERRUPT_SECONDS = 3  # what an interrupted cell gets to come to its end
LOST_GRACE_SECONDS = 3  # what a cell gets to show by itself that an engine died
SIGNAL_GRACE_SECONDS = 0.5  # a TERM that killed a child first reaches us within this time
KERNEL_END_SECONDS = 5  # what a kernel gets at a good end, for what it does at its exit
IOPUB_SECONDS = 600  # how long output may come in after the reply to a cell
LOG_TAIL_CHARACTERS = 2000

log = logging.getLogger("runner")


# ---------------------------------------------------------------------------------------------
# The job: what is to be done, and where its files are


@dataclass(frozen=True)
class Job:
    """What `job.json` asks for; `folder` is the job directory, times are epoch seconds."""

    folder: Path
    id: str
    notebook: str
    directory: str
    engines: int
    limit_seconds: float
    allow_errors: bool
    kernel: str
    launch: list
    engine_id_variable: str | None
    output_limit: int
    save_seconds: float
    started_at: float

    @classmethod
    def read(cls, folder):
        asked = json.loads((folder / "job.json").read_text("utf-8"))
        return cls(
            folder=folder,
            id=asked["id"],
            notebook=asked["notebook"],
            directory=asked["directory"],
            engines=asked["engines"],
            limit_seconds=asked["limitSeconds"],
            allow_errors=asked["allowErrors"],
            kernel=asked["kernel"],
            launch=asked["launch"],
            engine_id_variable=asked["engineIdVariable"],
            output_limit=asked["outputLimitBytes"],
            save_seconds=asked["saveSeconds"],
            started_at=started_at(folder),
        )

    @property
    def work(self):
        """The working directory: the staged copy of the notebook's own folder."""
        return self.folder / self.directory

    @property
    def logs(self):
        return self.folder / "logs"

    @property
    def ends_at(self):
        """When the run ends by its own clock: ten seconds early, less for a very short limit."""
        return self.started_at + self.limit_seconds - min(END_EARLY_SECONDS, self.limit_seconds / 4)


def started_at(folder):
    """When the script says that the job started; now, when the runner was started by hand."""
    try:
        return float(json.loads((folder / "started.json").read_text("utf-8"))["startedAt"])
    except (OSError, ValueError, KeyError):
        return time.time()


class JobEnd(Exception):
    """The verdict: how the run ended, and why. `cause` is None or has a `code` and its values."""

    def __init__(self, state, code=None, **values):
        super().__init__(state, code, values)
        self.state = state
        self.cause = None if code is None else {"code": code, **values}

    @property
    def code(self):
        return self.cause and self.cause["code"]


# ---------------------------------------------------------------------------------------------
# Files and log


def write_atomically(path, text):
    """Replace `path` in one step: a reader sees the old text or the new one, never a part."""
    side = f"{path}.part"
    try:
        with open(side, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(side, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(side)  # on a full disk, half a file must not take the last of the space
        raise


def tail(*paths):
    """The last lines of logs, at most 2000 characters in all, without terminal colors."""
    share = LOG_TAIL_CHARACTERS // max(len(paths), 1)
    ends = []
    for path in paths:
        with contextlib.suppress(OSError), open(path, "rb") as file:
            file.seek(max(0, os.path.getsize(path) - 2 * share))
            ends.append(plain(file.read().decode("utf-8", "replace")).strip()[-share:])
    return "\n".join(end for end in ends if end)


def plain(text):
    """Text without the escape sequences that color it in a terminal."""
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", text)


def open_log(path):
    """Send our log, and the warnings of libraries, to `path`, each line with its time."""
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(
        logging.Formatter("%(asctime)s.%(msecs)03d  %(message)s", "%Y-%m-%d %H:%M:%S")
    )
    logging.captureWarnings(True)
    logging.getLogger().addHandler(handler)
    log.setLevel(logging.INFO)


# ---------------------------------------------------------------------------------------------
# Signals: only noted here, acted on by the supervisor


class Signals:
    """What the scheduler has told us so far."""

    def __init__(self):
        self.ended_at = None  # monotonic time of the first TERM
        self.save_asked = False

    def install(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._end)
        signal.signal(signal.SIGUSR1, self._save)

    def _end(self, number, frame):
        if self.ended_at is None:
            self.ended_at = time.monotonic()

    def _save(self, number, frame):
        self.save_asked = True


# ---------------------------------------------------------------------------------------------
# The kernel: which one, and which Python it runs in


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


def choose_kernel(asked, metadata):
    """The kernel for a notebook with this metadata: its own one, or this runner's own Python.

    `asked` is "notebook" or "environment"; the latter counts for Python only. Raises JobEnd when a
    notebook in another language names a kernel that is not there.
    """
    named = metadata.get("kernelspec") or {}
    language = named.get("language") or (metadata.get("language_info") or {}).get("name")
    is_python = (language or "python").lower() in ("python", "ipython")
    if asked == "environment" and is_python:
        return own_kernel()
    spec = find_spec(named.get("name"))
    if spec is not None:
        return kernel_of_spec(spec)
    if not is_python:
        raise JobEnd(
            "failed",
            "environment",
            module=named.get("name") or language,
            python=sys.executable,
            fix="jupyter kernelspec list",
        )
    if named.get("name"):
        log.info(
            "There is no kernel named %s here; running in %s instead", named["name"], sys.executable
        )
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


# What a Python needs, by what it is to do: the modules that are imported there.
NEEDED = {
    "kernel": ("ipykernel.kernelapp",),
    "engines": ("ipyparallel.engine", "ipyparallel.controller"),
}

PROBE = """
import importlib, json, sys
missing = []
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except ImportError as error:
        missing.append((error.name or name).split(".")[0])
print(json.dumps({"python": sys.executable, "missing": missing}))
"""


def what_is_missing(python, modules):
    """The JobEnd for modules that `python`, an argv prefix, cannot import; None when it can.

    Takes a second or so, and is asked only after a process has died.
    """
    command = [*python, "-c", PROBE, *modules]
    try:
        answer = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=30, check=True
        )
        found = json.loads(answer.stdout.decode("utf-8").strip().splitlines()[-1])
    except (FileNotFoundError, PermissionError, NotADirectoryError):
        return environment_end("python", python[0], "")
    except (subprocess.SubprocessError, ValueError, IndexError, OSError):
        return None  # no answer is no proof
    if not found["missing"]:
        return None
    missing = list(dict.fromkeys(found["missing"]))
    where = found["python"] or python[-1]
    return environment_end(missing[0], where, install_line(where, missing))


def environment_end(module, python, fix):
    return JobEnd("failed", "environment", module=module, python=python, fix=fix)


def install_line(python, modules):
    return " ".join(shlex.quote(word) for word in [python, "-m", "pip", "install", *modules])


# ---------------------------------------------------------------------------------------------
# The private IPYTHONDIR: how the unedited notebook finds this job's engines

USER_CONFIG = """\
c = get_config()
try:
    load_subconfig({name!r}, path={folder!r})
except Exception:
    import traceback
    traceback.print_exc()
c.HistoryManager.hist_file = ":memory:"
"""

ATTACH = """
import sys, types
runner = sys.modules["jupyterlab_submit_runner"] = types.ModuleType("jupyterlab_submit_runner")
with open({runner!r}, encoding="utf-8") as source:
    exec(compile(source.read(), {runner!r}, "exec"), runner.__dict__)
runner.attach_notebook(c, {engines!r}, {security!r})
"""

CONTROLLER_CONFIG = """
c = get_config()
c.IPController.client_ip = "127.0.0.1"
c.IPController.engine_ip = {engine_ip!r}
c.IPController.registration_timeout = {ready!r}
c.HeartMonitor.period = {period!r}
c.HeartMonitor.max_heartmonitor_misses = {misses!r}
"""

ENGINE_CONFIG = """
c.IPEngine.enable_nanny = False
c.IPEngine.timeout = {ready!r}
c.IPEngine.wait_for_url_file = {ready!r}
"""


class IPythonDirectory:
    """`ipython/` in the job directory: the user's own configuration, and ours on top of it."""

    def __init__(self, job):
        self.path = job.folder / "ipython"
        self.profile = self.path / "profile_default"
        self.kernels = self.path / "kernels"
        self.security = self.profile / "security"
        # The controller has a profile of its own, of which only the connection files are shared: an
        # ipcluster that the notebook starts must not write into our hub's state.
        self.controller_profile = self.path / "profile_jupyterlab_submit"
        self.hub_state = self.controller_profile / "log" / "engines.json"
        self._job = job
        self._users = Path(os.environ.get("IPYTHONDIR") or "~/.ipython").expanduser()

    def write(self, wanted, profiles):
        """Create it, for so many engines; `profiles`: other names by which they are asked for."""
        for folder in (self.path, self.profile, self.security, self.controller_profile):
            folder.mkdir(mode=0o700)
        (self.controller_profile / "security").symlink_to(self.security)
        (self.profile / "startup").mkdir()
        self._link_users_files()
        self._write_config("ipython_config")
        attach = ATTACH.format(
            runner=os.path.abspath(__file__), engines=wanted, security=str(self.security)
        )
        self._write_config("ipython_kernel_config", attach if wanted else "")
        self._write_config("ipengine_config", ENGINE_CONFIG.format(ready=READY_SECONDS))
        controller_config = self.controller_profile / "ipcontroller_config.py"
        controller_config.write_text(self._controller_config(wanted), "utf-8")
        for name in profiles:
            (self.path / f"profile_{name}").symlink_to("profile_default")

    def _write_config(self, name, ours=""):
        users = USER_CONFIG.format(name=f"{name}.py", folder=str(self._users / "profile_default"))
        (self.profile / f"{name}.py").write_text(users + ours, "utf-8")

    def _link_users_files(self):
        """Startup files, JSON configuration and extensions count as they are; nothing is copied."""
        users = self._users / "profile_default"
        for file in [*users.glob("startup/*"), *users.glob("*_config.json")]:
            (self.profile / file.relative_to(users)).symlink_to(file)
        if (self._users / "extensions").is_dir():
            (self.path / "extensions").symlink_to(self._users / "extensions")

    def _controller_config(self, wanted):
        # An engine is registered at a heartbeat, so a short period starts it sooner; many engines
        # on few cores need longer. A silent engine is given up after 30 s in either case.
        period = 200 if wanted <= 16 else 500
        return CONTROLLER_CONFIG.format(
            engine_ip=own_address() if self._job.launch else "127.0.0.1",
            ready=READY_SECONDS,
            period=period,
            misses=30000 // period,
        )


def own_address():
    """The address at which other nodes reach this one.

    A cluster's names resolve to the network that its nodes share. Where this node's own name is
    only known as loopback, it is the address of the default route; a UDP connect sends nothing.
    """
    with contextlib.suppress(OSError):
        named = socket.gethostbyname(socket.gethostname())
        if not named.startswith("127."):
            return named
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return probe.getsockname()[0]
    return "127.0.0.1"


def profiles_in(source):
    """Names of IPython profiles that a notebook's code asks for, beside the default one."""
    asked = re.findall(r"""profile\s*=\s*\\?["']([A-Za-z0-9_.-]+)\\?["']""", source)
    return sorted({"mpi", *asked} - {"default"})


# ---------------------------------------------------------------------------------------------
# Inside the kernel: `Cluster(...)` attaches to the job's engines (called by the kernel's config)


def attach_notebook(config, engines, security):
    """Make every spelling of `ipyparallel.Cluster` use the job's `engines`, when it is imported.

    `config` is the kernel's configuration, `security` the folder of the connection files. Costs
    nothing in a notebook that never imports ipyparallel.
    """
    config.Cluster.delay = 0  # seconds between controller and engines, which are there already
    sys.meta_path.insert(
        0,
        PatchOnImport(
            {
                "ipyparallel.cluster.launcher": lambda module: attach_launchers(
                    module, engines, security
                ),
                "ipyparallel.client.client": keep_engines,
                "ipyparallel.client.magics": silence_progress_bar,
                "ipyparallel.error": show_why_engines_died,
            }
        ),
    )


class PatchOnImport:
    """An import hook that calls a function with a module right after it was first imported."""

    def __init__(self, patches):
        self._patches = patches

    def find_spec(self, name, path=None, target=None):
        patch = self._patches.pop(name, None)
        if patch is None:
            return None
        spec = importlib.util.find_spec(name)
        load = spec.loader.exec_module

        def load_and_patch(module):
            load(module)
            patch(module)

        spec.loader.exec_module = load_and_patch
        return spec


def attach_launchers(module, engines, security):
    """Replace ipyparallel's launchers, which short names ("mpi", "slurm") lead to, by ours."""

    class AttachController(module.ControllerLauncher):
        connection_files = {
            kind: os.path.join(security, f"ipcontroller-{kind}.json")
            for kind in ("client", "engine")
        }

        def find_args(self):
            return ["attached"]

        async def start(self):
            self.notify_start({})

        def poll(self):
            return None

        async def join(self, timeout=None):
            return None

        async def stop(self):
            self.notify_stop({})

    class AttachEngines(module.EngineLauncher):
        find_args = AttachController.find_args
        poll = AttachController.poll
        join = AttachController.join
        stop = AttachController.stop

        async def start(self, n):
            nobody_asked = self.parent.n is None and n == multiprocessing.cpu_count()
            if n > engines and not nobody_asked:
                raise ValueError(
                    f"The notebook asks for {n} engines, this job has {engines}: "
                    f"submit it with at least {n}"
                )
            self.n = engines
            self.notify_start({})

        def signal(self, sig):
            raise RuntimeError("The engines of a job cannot be signalled from its notebook")

    for name in dir(module):
        if name.endswith("EngineSetLauncher"):
            setattr(module, name, AttachEngines)
        elif name.endswith("ControllerLauncher") and name != "ControllerLauncher":
            setattr(module, name, AttachController)


def keep_engines(module):
    """The engines end with the job: a notebook that shuts its cluster down may start it again."""
    module.Client.shutdown = lambda self, *args, **kwargs: None


def silence_progress_bar(module):
    """It writes ten lines a second. Not by -1, with which %%px loses output (seen in 9.2)."""
    module.ParallelMagics.progress_after_seconds = 1e9


def show_why_engines_died(module):
    """While output streams, ipyparallel says only "1 errors" of an engine that has died."""

    def text(error):
        reasons = [f"{e[0]}: {e[1]}" for e in error.original_error.elist if e[0] == "EngineError"]
        return "\n".join([f"{error.n} errors", *reasons])

    module.AlreadyDisplayedError.__str__ = text


# ---------------------------------------------------------------------------------------------
# Controller and engines


@dataclass
class Child:
    """A process of ours: `name` for people, the engines that end with it, and its log."""

    name: str
    process: subprocess.Popen
    log: Path
    engines: frozenset = frozenset()

    @property
    def is_dead(self):
        return self.process.poll() is not None

    def how_it_ended(self):
        code = self.process.returncode
        return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"


class Engines:
    """The controller and N engines of a job, in the Python of its kernel."""

    def __init__(self, job, python, directory, guard):
        self.wanted = job.engines if python else 0
        self._job = job
        self._python = python
        self._directory = directory
        self._guard = guard
        self._children = []
        self._registered = frozenset()
        self._state_version = None

    def start(self, env):
        """Start all processes at once; engines wait for the controller's connection file."""
        if not self.wanted:
            return
        python, directory = self._python, self._directory
        profile = f"--profile-dir={directory.controller_profile}"
        self._spawn("controller", [*python, "-m", "ipyparallel.controller", profile], env)
        engine = [*python, "-m", "ipyparallel.engine", f"--profile-dir={directory.profile}"]
        if self._job.launch:
            argv = [*self._job.launch, *self._ranked(engine)]
            self._spawn("engines", argv, env, frozenset(range(self.wanted)))
            return
        for i in range(self.wanted):
            self._spawn(f"engine-{i}", [*engine, f"--IPEngine.id={i}"], env, frozenset([i]))

    def _ranked(self, engine):
        """The engine's argv, with the id that the launcher gives each of its processes."""
        variable = self._job.engine_id_variable
        if variable is None:
            return engine
        return ["sh", "-c", f'exec "$@" "--IPEngine.id=${variable}"', "sh", *engine]

    def _spawn(self, name, argv, env, engines=frozenset()):
        path = self._job.logs / f"{name}.log"
        with open(path, "wb") as output:
            try:
                process = subprocess.Popen(
                    argv,
                    env=env,
                    cwd=self._job.work,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except (FileNotFoundError, PermissionError, NotADirectoryError):
                raise environment_end("python", argv[0], "") from None
        self._guard.watch(process.pid)
        self._children.append(Child(name, process, path, engines))

    def registered(self):
        """The ids of the engines that the hub knows, as its state file tells."""
        with contextlib.suppress(OSError, ValueError):  # not there yet, or half written
            stat = os.stat(self._directory.hub_state)
            version = (stat.st_mtime_ns, stat.st_size)  # two writes may fall into one clock tick
            if version != self._state_version:
                state = json.loads(self._directory.hub_state.read_text())
                self._registered = frozenset(int(i) for i in state["engines"])
                self._state_version = version
        return self._registered

    async def wait_until_ready(self):
        """Return when N engines are registered; raise JobEnd when they cannot or do not come."""
        deadline = time.monotonic() + READY_SECONDS
        while len(self.registered()) < self.wanted:
            dead = [child for child in self._children if child.is_dead]
            if dead or time.monotonic() > deadline:
                raise self.why_they_do_not_come(dead)
            await asyncio.sleep(TICK_SECONDS / 4)
        log.info("%d of %d engines are registered", self.wanted, self.wanted)

    def why_they_do_not_come(self, dead=()):
        """The JobEnd for engines that are not there, with the log of the processes that died."""
        for child in dead:
            log.info("%s %s", child.name, child.how_it_ended())
        missing = dead and what_is_missing(self._python, NEEDED["engines"])
        silent = [child for child in self._children if child.engines - self.registered()]
        return missing or JobEnd(
            "failed",
            "engines-never-came",
            ready=len(self.registered()),
            wanted=self.wanted,
            log=tail(*[child.log for child in (dead or silent)[:3]]) or tail(self._children[0].log),
        )

    def lost(self):
        """The JobEnd when an engine or the controller has died since they were ready, else None."""
        dead = [child for child in self._children if child.is_dead]
        gone = frozenset(range(self.wanted)) - self.registered()
        for child in dead:
            gone |= child.engines or frozenset(range(self.wanted))
        if not gone:
            return None
        for child in dead:
            log.info("%s %s", child.name, child.how_it_ended())
        if dead and not self._children[0].is_dead:
            self._tell_hub(gone)
        logs = [child.log for child in dead] or [
            child.log for child in self._children if child.engines & gone
        ]
        return JobEnd(
            "failed", "engines-lost", engines=sorted(gone), cell=None, log=tail(*logs[:3])
        )

    def _tell_hub(self, gone):
        """Say what a nanny would: else the hub, and so the cell, would learn it only after 30 s."""
        import zmq
        from jupyter_client.session import Session

        with contextlib.suppress(OSError, ValueError, KeyError, zmq.ZMQError):
            info = json.loads((self._directory.security / "ipcontroller-engine.json").read_text())
            session = Session(key=info["key"].encode())
            with zmq.Context() as context, context.socket(zmq.DEALER) as hub:
                hub.linger = 300  # ms
                hub.curve_publickey, hub.curve_secretkey = zmq.curve_keypair()
                hub.curve_serverkey = info["curve_serverkey"].encode()
                hub.connect(f"{info['interface']}:{info['registration']}")
                for engine in gone:
                    session.send(hub, "unregistration_request", content={"id": engine})

    def stop(self):
        """End them: politely, then for good. Takes at most a second."""
        for number, seconds in ((signal.SIGTERM, 0.7), (signal.SIGKILL, 0.3)):
            for child in self._children:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.process.pid, number)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline and not all(c.is_dead for c in self._children):
                time.sleep(0.02)


# ---------------------------------------------------------------------------------------------
# The notebook: read, cleared, saved


def read_metadata(text):
    """The metadata of a notebook, without the seconds of importing nbformat."""
    try:
        metadata = json.loads(text)["metadata"]
        if not isinstance(metadata, dict):
            raise ValueError("its metadata is no dictionary")
        return metadata
    except (ValueError, KeyError, TypeError) as error:
        raise not_a_notebook(error) from None


def read_notebook(text):
    """The notebook in today's format, as if it had never been run."""
    import nbformat

    try:
        notebook = nbformat.reads(text, as_version=4)
        for cell in code_cells(notebook):
            cell.source, cell.metadata  # noqa: B018  nbformat only warns when they are missing
            cell.outputs = []
            cell.execution_count = None
    except Exception as error:  # whatever nbformat trips over in a file from anywhere
        raise not_a_notebook(error) from None
    notebook.metadata.pop("widgets", None)  # what the author's last run left: an output, too
    return notebook


def not_a_notebook(error):
    text = f"{type(error).__name__}: {error}"
    return JobEnd("failed", "notebook-invalid", text=text[:500])


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def cells_to_run(notebook):
    """Position and cell of all that nbclient will execute: not blank, not tagged to be skipped."""
    return [
        (position, cell)
        for position, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip() and "skip-execution" not in tags(cell)
    ]


def tags(cell):
    return cell.metadata.get("tags", [])


class Result:
    """`result.ipynb`: the notebook as it is, saved when something has changed.

    The text is made here and written by one thread, so that saves keep their order and a slow file
    system holds nothing up. When a save takes more than a quarter of `seconds`, they get rarer.
    """

    def __init__(self, path, notebook, seconds):
        self.notebook = notebook
        self.changed = True
        self._path = path
        self._seconds = seconds
        self._soon = False
        self._next = 0.0  # monotonic time of the next save within a cell
        self._pending = None
        self._writer = concurrent.futures.ThreadPoolExecutor(max_workers=1)

    def save_soon(self):
        """Save as soon as the save that may be going on has ended."""
        self.changed = True
        self._soon = True
        self.save_if_due()

    def save_if_due(self):
        busy = self._pending is not None and not self._pending.done()
        if self.changed and not busy and (self._soon or time.monotonic() >= self._next):
            self.save()

    def save(self):
        """Begin a save; returns a future that tells whether it worked."""
        from nbformat import v4

        began = time.monotonic()
        self.changed = self._soon = False
        text = v4.writes(self.notebook) + "\n"
        self._pending = self._writer.submit(self._write, text, began)
        return self._pending

    def _write(self, text, began):
        try:
            write_atomically(self._path, text)
            return True
        except OSError as error:
            log.warning("The result could not be saved: %s", error)
            self.changed = True
            return False
        finally:
            took = time.monotonic() - began
            self._next = time.monotonic() + max(self._seconds - took, 4 * took)


# ---------------------------------------------------------------------------------------------
# The output of a cell: joined as it arrives, and bounded


class StreamJoiner:
    r"""Joins pieces of a stream into one output, as Lab does; `\r` and `\b` take effect.

    Pieces wait in a list until they are needed: 20,000 flushed lines are joined a few times only.
    """

    def __init__(self):
        self._output = None
        self._pieces = []
        self._waiting = 0

    def add(self, outputs):
        """Take the stream output that was just appended into the one before it, if it goes on."""
        latest = outputs[-1]
        text = latest.text
        if len(outputs) > 1 and outputs[-2] is self._output and latest.name == self._output.name:
            outputs.pop()
        else:
            self.settle()
            self._output = latest
            latest.text = ""
        self._pieces.append(text)
        self._waiting += len(text)
        if self._waiting > 100_000:
            self.settle()

    def settle(self):
        """Bring the output up to date."""
        if self._pieces:
            text = self._output.text
            line = text.rfind("\n") + 1
            self._output.text = text[:line] + overwrite("".join([text[line:], *self._pieces]))
        self._pieces = []
        self._waiting = 0


def overwrite(text):
    r"""What is seen of a text in which `\r` went back to the start of a line, `\b` by one."""
    if "\b" in text:
        kept = []
        for character in text:
            if character != "\b":
                kept.append(character)
            elif kept and kept[-1] != "\n":
                kept.pop()
        text = "".join(kept)
    return re.sub(r".*\r(?=[^\n])", "", text) if "\r" in text else text


class CellOutput:
    """What one cell may put into the result; what is more goes into a text file of its own.

    Printed text is cut at `limit` characters in all, and so is each text that is displayed and
    updated, as %%px does. Figures and tables are results rather than floods: together they may
    have twenty times as much.
    """

    RICH_SHARE = 20
    FRAME = 100  # what an output takes beside its text, so that many tiny ones count, too
    TEXT_FILE_LIMIT = 1_000_000_000  # a cell that prints for days must not fill the disk

    def __init__(self, cell, limit, text_file):
        self.cell = cell
        self._limit = limit
        self._text_file = text_file
        self._joiner = StreamJoiner()
        self._room_in_file = self.TEXT_FILE_LIMIT
        self._file = None
        self._whole = {}  # the whole of displayed texts that were cut, by display id
        self.restart()

    def restart(self):
        """Nothing is shown: the cell begins, or has cleared its output."""
        self._printed = 0
        self._print_is_cut = False
        self._rich_sizes = {}
        self._rich_is_cut = False

    def admit(self, msg):
        """The message as it may be shown: whole, cut, or None."""
        if msg["msg_type"] == "stream":
            text = self._admit_text(msg["content"]["text"])
            return like(msg, "stream", {**msg["content"], "text": text}) if text else None
        if msg["msg_type"] in ("display_data", "execute_result", "update_display_data"):
            return self._admit_rich(msg)
        return msg

    def add(self, outputs):
        self._joiner.add(outputs)

    def settle(self):
        self._joiner.settle()

    def close(self):
        """The cell has ended."""
        self.settle()
        for text in self._whole.values():
            self._keep(text + "\n")
        if self._file is not None:
            self._file.close()

    def _admit_text(self, text):
        if self._print_is_cut:
            self._keep(text)
            return ""
        room = self._limit - self._printed - self.FRAME * len(self.cell.outputs)
        if len(text) > room:
            # What was counted may have been overwritten since, by a progress bar.
            shown = self._shown()
            room += self._printed - len(shown)
            self._printed = len(shown)
        if len(text) > room:
            self._print_is_cut = True
            self._keep(shown + text)
            return text[: max(room, 0)] + self._marker()
        self._printed += len(text)
        return text

    def _shown(self):
        self.settle()
        return "".join(o.text for o in self.cell.outputs if o.output_type == "stream")

    def _admit_rich(self, msg):
        content = msg["content"]
        display_id = (content.get("transient") or {}).get("display_id")
        data = dict(content["data"])
        if display_id and isinstance(data.get("text/plain"), str):
            data["text/plain"] = self._cut(data["text/plain"], display_id)
        sizes = [len(v) if isinstance(v, str) else len(json.dumps(v)) for v in data.values()]
        size = self.FRAME + sum(sizes)
        place = display_id or len(self._rich_sizes)
        others = sum(self._rich_sizes.values()) - self._rich_sizes.get(place, 0)
        if others + size <= self.RICH_SHARE * self._limit:
            self._rich_sizes[place] = size
            return like(msg, msg["msg_type"], {**content, "data": data})
        self._keep(str(content["data"].get("text/plain", "")) + "\n")
        if self._rich_is_cut:
            return None
        self._rich_is_cut = True
        return like(msg, "stream", {"name": "stdout", "text": self._marker()})

    def _cut(self, text, display_id):
        """A displayed text that goes on growing, as the output of an engine under %%px does."""
        if len(text) <= self._limit:
            return text
        self._whole[display_id] = text
        return text[: self._limit] + self._marker()

    def _marker(self):
        name = os.path.join(self._text_file.parent.name, self._text_file.name)
        return (
            f"\n[... cut here: this cell put out too much for a notebook. All of it is in {name}]\n"
        )

    def _keep(self, text):
        if self._file is None:
            self._file = open(self._text_file, "a", encoding="utf-8", errors="replace")  # noqa: SIM115
        self._file.write(text[: self._room_in_file])
        self._room_in_file -= min(len(text), self._room_in_file)


def like(msg, kind, content):
    """A message as `msg`, but of that kind and with that content."""
    return {
        **msg,
        "msg_type": kind,
        "header": {**msg["header"], "msg_type": kind},
        "content": content,
    }


# ---------------------------------------------------------------------------------------------
# Executing the cells


class OutputKeeper:
    """What our notebook client does differently from nbclient's, with which it is mixed."""

    cell_output = None  # the CellOutput of the cell that runs
    on_output = None  # called when a message has come

    def process_message(self, msg, cell, cell_index):
        self.on_output()
        if self.clear_before_next_output or not cell.outputs:
            self.cell_output.restart()
        msg = self.cell_output.admit(msg)
        return msg and super().process_message(msg, cell, cell_index)

    def output(self, outs, msg, display_id, cell_index):
        out = super().output(outs, msg, display_id, cell_index)
        if out is not None and out.output_type == "stream":
            self.cell_output.add(outs)
        return out


class Execution:
    """The notebook's kernel, and the cells run in it one after the other."""

    def __init__(self, job, kernel, directory, result):
        self.cell = None  # what runs: {"index", "total", "startedAt"}
        self.failed_cells = 0
        self._job = job
        self._kernel = kernel
        self._directory = directory
        self._result = result
        self._manager = None
        self._client = None
        self._error = None  # the reply to the latest cell that failed

    async def start(self, env, guard):
        """Start the kernel; returns when it answers."""
        import zmq.asyncio
        from jupyter_client.kernelspec import KernelSpecManager
        from jupyter_client.manager import AsyncKernelManager
        from nbclient import NotebookClient

        self._kernel.write_spec(self._directory.kernels)
        self._manager = AsyncKernelManager(
            kernel_name="job",
            kernel_spec_manager=KernelSpecManager(
                kernel_dirs=[str(self._directory.kernels)], ensure_native_kernel=False
            ),
            connection_file=str(self._directory.path / "kernel.json"),
        )
        self._client = type("Client", (OutputKeeper, NotebookClient), {})(
            self._result.notebook,
            km=self._manager,
            timeout=None,
            iopub_timeout=IOPUB_SECONDS,
            allow_errors=self._job.allow_errors,
            record_timing=False,
            on_cell_error=self._on_cell_error,
            log=log,
        )
        self._client.on_output = self._on_output
        context = zmq.asyncio.Context()
        context.rcvhwm = 0  # else ZeroMQ drops messages of a kernel that prints fast
        await self._launch(env)
        guard.watch(self._manager.provisioner.pid)
        channels = self._client.kc = self._manager.client(context=context)
        channels.start_channels()
        try:
            await channels.wait_for_ready(timeout=READY_SECONDS)
        except RuntimeError as error:
            log.info("The kernel did not start: %s", error)
            raise await self._why_it_died() from None
        channels.allow_stdin = False
        yield_after_each_message(channels.iopub_channel)
        log.info("The kernel is ready")

    async def _launch(self, env):
        output = open(self._job.logs / "kernel.log", "wb")  # noqa: SIM115  the kernel's for life
        try:
            await self._manager.start_kernel(
                cwd=str(self._job.work), env=env, stdout=output, stderr=output
            )
        except (FileNotFoundError, PermissionError, NotADirectoryError):
            raise environment_end("python", self._kernel.argv[0], "") from None
        finally:
            output.close()

    async def run(self):
        """Run all cells. Raises JobEnd at the first that fails, unless errors are allowed."""
        from nbclient.exceptions import CellExecutionError, DeadKernelError

        to_run = cells_to_run(self._result.notebook)
        for number, (position, cell) in enumerate(to_run, 1):
            self.cell = {"index": number, "total": len(to_run), "startedAt": time.time()}
            log.info("Cell %d of %d", number, len(to_run))
            text_file = self._job.logs / f"cell-{number}.txt"
            output = CellOutput(cell, self._job.output_limit, text_file)
            self._client.cell_output = output
            try:
                await self._client.async_execute_cell(
                    cell, position, execution_count=self._client.code_cells_executed + 1
                )
            except CellExecutionError:
                raise self._cell_error(number) from None
            except DeadKernelError:
                await self._read_last_words(cell, position)
                raise await self._why_it_died(number) from None
            finally:
                output.close()
                self._client.set_widgets_metadata()
                self._result.save_soon()
        self.cell = None

    def settle(self):
        """Bring the notebook up to date, in the middle of a cell."""
        if self._client is not None and self._client.cell_output is not None:
            self._client.cell_output.settle()

    def explain(self, ename, text):
        """Say in the cell that runs why it does not go on."""
        from nbformat import v4

        if self._client is not None and self._client.cell_output is not None:
            self._client.cell_output.cell.outputs.append(
                v4.new_output("error", ename=ename, evalue=text, traceback=[f"{ename}: {text}"])
            )

    async def interrupt(self):
        with contextlib.suppress(RuntimeError, OSError):
            await self._manager.interrupt_kernel()

    async def stop(self, at_once):
        """End the kernel; unless `at_once` it gets some seconds for what it does at its exit."""
        if self._manager is None or not self._manager.has_kernel:
            return
        self._manager.shutdown_wait_time = KERNEL_END_SECONDS
        try:
            await asyncio.wait_for(
                self._manager.shutdown_kernel(now=at_once), KERNEL_END_SECONDS + 2
            )
        except Exception as error:  # it is the guard's then; the verdict stands
            log.info("The kernel did not end: %r", error)

    def _on_output(self):
        self._result.changed = True

    def _on_cell_error(self, cell, cell_index, execute_reply):
        """A UsageError comes without an error output; the reply always has one."""
        from nbformat import v4

        self.failed_cells += "raises-exception" not in tags(cell)
        self._error = execute_reply["content"]
        if not any(output.output_type == "error" for output in cell.outputs):
            ename, evalue = self._error.get("ename", "Error"), self._error.get("evalue", "")
            cell.outputs.append(
                v4.new_output("error", ename=ename, evalue=evalue, traceback=[f"{ename}: {evalue}"])
            )

    def _cell_error(self, number):
        return JobEnd(
            "failed",
            "cell-error",
            cell=number,
            ename=self._error.get("ename", "Error"),
            evalue=plain(self._error.get("evalue", ""))[:500],
        )

    async def _read_last_words(self, cell, position):
        """What the kernel said before it died; nbclient stops reading when it notices the death."""
        from nbclient.exceptions import CellControlSignal

        with contextlib.suppress(queue.Empty, CellControlSignal):
            while True:
                message = await self._client.kc.iopub_channel.get_msg(timeout=0.2)
                self._client.process_message(message, cell, position)

    async def _why_it_died(self, number=None):
        code = await self._manager.provisioner.poll()
        if number is None and self._kernel.python:
            missing = what_is_missing(self._kernel.python, NEEDED["kernel"])
            if missing:
                return missing
        return JobEnd("failed", "kernel-died", cell=number, signal=signal_of(code))


def signal_of(code):
    """The signal that ended a process, from its exit code as Popen or a shell tells it."""
    if code is None or 0 <= code <= 128:
        return None
    return -code if code < 0 else code - 128


def yield_after_each_message(channel):
    """A flood of messages that are there already would otherwise keep everything else waiting."""
    receive = channel.get_msg

    async def get_msg(timeout=None):
        message = await receive(timeout=timeout)
        await asyncio.sleep(0)
        return message

    channel.get_msg = get_msg


# ---------------------------------------------------------------------------------------------
# Progress


class Progress:
    """`progress.json`: written when something has changed, and every few seconds all the same."""

    MIN_SECONDS = 0.5
    MAX_SECONDS = 4

    def __init__(self, path, wanted):
        self.phase = "starting"
        self.ready = 0
        self.cell = None
        self._wanted = wanted
        self._path = path
        self._written = None
        self._time = float("-inf")

    def write_if_due(self):
        age = time.monotonic() - self._time
        if age > self.MAX_SECONDS or (age > self.MIN_SECONDS and self._now() != self._written):
            self.write()

    def write(self):
        self._written = self._now()
        self._time = time.monotonic()
        try:
            write_atomically(self._path, json.dumps({"at": time.time(), **self._written}))
        except OSError as error:
            log.warning("The progress could not be written: %s", error)

    def _now(self):
        engines = {"ready": self.ready, "wanted": self._wanted}
        return {"phase": self.phase, "engines": engines, "cell": self.cell and dict(self.cell)}


# ---------------------------------------------------------------------------------------------
# The guard: a process of its own that ends what a job has left


class Guard:
    """The runner's side: a pipe that the guard reads. Its end tells that the runner has ended."""

    def __init__(self, job):
        env = {name: value for name, value in os.environ.items() if name != JOB_VARIABLE}
        kill_at = job.started_at + job.limit_seconds
        self._pipe = subprocess.Popen(
            # -S: no site-packages, so that it is there at once
            [sys.executable, "-S", os.path.abspath(__file__), "guard"]
            + [job.id, str(os.getpid()), str(os.getppid()), str(kill_at)],
            env=env,
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ).stdin

    def watch(self, group):
        """Tell the guard of a process group: where there is no /proc, that is all it can end."""
        with contextlib.suppress(OSError):
            self._pipe.write(b"%d\n" % group)
            self._pipe.flush()


def guard(job_id, runner, script, kill_at):
    """The guard's side: wait for the runner's end, then end all that carries the job's id.

    A runner that is still there five seconds after the job's limit is stuck, and is killed.
    """
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1):
        signal.signal(number, signal.SIG_IGN)
    told = b""
    while True:
        seconds_left = kill_at + 5 - time.time()
        if seconds_left <= 0:
            with contextlib.suppress(ProcessLookupError):
                os.kill(runner, signal.SIGKILL)
            break
        if select.select([0], [], [], min(seconds_left, 60))[0]:
            text = os.read(0, 65536)
            if not text:
                break
            told += text
    if os.path.isdir("/proc/self"):
        sweep(lambda: carriers(job_id), lambda: script_family(script))
    else:
        groups = [-int(group) for group in told.split()]
        sweep(lambda: [group for group in groups if is_there(group)], set)


def sweep(find, spared, script_seconds=5, term_seconds=2, give_up_seconds=60):
    """End the processes that `find()` names until it names none: by TERM, then by KILL.

    The `spared()` ones get five seconds to end by themselves: the job's script is still to write
    its last word. Twice none, because a process may fork while we look.
    """
    began = time.monotonic()
    told = {}
    clean = 0
    while clean < 2 and time.monotonic() - began < give_up_seconds:
        now = time.monotonic()
        found = find()
        clean = 0 if found else clean + 1
        left_alone = spared() if now - began < script_seconds else ()
        for process in found:
            if process in left_alone:
                continue
            since = told.setdefault(process, now)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if now - since >= term_seconds or now - began > script_seconds + term_seconds:
                    os.kill(process, signal.SIGKILL)
                elif since == now:
                    os.kill(process, signal.SIGTERM)
        time.sleep(0.1)


def carriers(job_id):
    """The processes whose environment carries the job's id, but for this one."""
    mark = f"{JOB_VARIABLE}={job_id}".encode()
    found = []
    for path in glob.glob("/proc/[0-9]*/environ"):
        with contextlib.suppress(OSError), open(path, "rb") as file:  # gone, or another user's
            if mark in file.read().split(b"\0"):
                found.append(int(path.split("/")[2]))
    return [process for process in found if process != os.getpid()]


def script_family(script):
    """The job's script and the commands that it runs now."""
    family = {script}
    for path in glob.glob("/proc/[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError), open(
            path, encoding="utf-8", errors="replace"
        ) as file:
            parent = (
                file.read().rpartition(")")[2].split()[1]
            )  # proc(5): after the name in brackets
            if int(parent) == script:
                family.add(int(path.split("/")[2]))
    return family


def is_there(process):
    try:
        os.kill(process, 0)
    except OSError as error:
        return error.errno == errno.EPERM
    return True


# ---------------------------------------------------------------------------------------------
# The run: everything together


# Causes that a TERM, which reaches everybody, may have brought about.
SYMPTOMS = ("cell-error", "kernel-died", "engines-lost", "engines-never-came", "killed")


class Run:
    """One job from job.json to its verdict."""

    def __init__(self, job, signals, guard):
        self._job = job
        self._signals = signals
        self._guard = guard
        self._parent = os.getppid()
        self._text = None  # the notebook's file
        self._kernel = None
        self._directory = None
        self._engines = None
        self._execution = None
        self._result = None
        self._progress = None

    async def run(self):
        """Run the job; returns its verdict, a JobEnd, when result and processes are in order."""
        try:
            env = self._start_engines()
            self._open_notebook()
        except JobEnd as end:
            return await self._finish(end)
        cells = asyncio.ensure_future(self._execute(env))
        watch = asyncio.ensure_future(self._supervise())
        await asyncio.wait({cells, watch}, return_when=asyncio.FIRST_COMPLETED)
        if cells.done():
            end = await self._true_cause(end_of(cells))
        else:
            end = await self._end_cells(cells, end_of(watch))
        watch.cancel()
        return await self._finish(end)

    # -- start

    def _start_engines(self):
        """Start controller and engines; returns the environment that the kernel gets, too."""
        job = self._job
        try:
            self._text = (job.work / job.notebook).read_text("utf-8-sig")
        except (OSError, ValueError) as error:
            raise not_a_notebook(error) from None
        self._kernel = choose_kernel(job.kernel, read_metadata(self._text))
        self._directory = IPythonDirectory(job)
        self._engines = Engines(job, self._kernel.python, self._directory, self._guard)
        self._directory.write(self._engines.wanted, profiles_in(self._text))
        env = {
            **os.environ,
            **self._kernel.env,
            "IPYTHONDIR": str(self._directory.path),
            "IPP_ENABLE_CURVE": "1",
        }
        env.pop("JPY_PARENT_PID", None)  # a Jupyter server that this job has nothing to do with
        self._progress = Progress(job.folder / "progress.json", self._engines.wanted)
        self._progress.write()
        log.info("Starting %d engines and the kernel: %s", self._engines.wanted, self._kernel.argv)
        self._engines.start(env)
        return env

    def _open_notebook(self):
        try:
            importlib.import_module("nbclient")
        except ImportError as error:
            module = (error.name or "nbclient").split(".")[0]
            raise environment_end(
                module, sys.executable, install_line(sys.executable, [module])
            ) from None
        notebook = read_notebook(self._text)
        self._result = Result(self._job.folder / "result.ipynb", notebook, self._job.save_seconds)
        self._result.save()
        self._execution = Execution(self._job, self._kernel, self._directory, self._result)

    # -- what goes on at the same time

    async def _execute(self, env):
        """Raises JobEnd, with state succeeded at the end of the notebook."""
        await all_or_none(self._execution.start(env, self._guard), self._engines.wait_until_ready())
        self._progress.phase = "running"
        await self._execution.run()
        if self._execution.failed_cells:
            log.info("%d cells failed, which this job allows", self._execution.failed_cells)
        raise JobEnd("succeeded")

    async def _supervise(self):
        """Raises JobEnd when something other than the notebook ends the run."""
        while True:
            if self._signals.ended_at is not None:
                raise self._end_by_signal()
            if time.time() >= self._job.ends_at:
                if self._is_waiting_for_engines():
                    raise self._engines.why_they_do_not_come()
                raise JobEnd("timed-out", "time-limit", cell=self._cell)
            if os.getppid() != self._parent:
                raise JobEnd("failed", "killed", signal=None)
            if self._progress.phase == "running":
                lost = self._engines.lost()
                if lost is not None:
                    raise lost
            self._look_after_files()
            await asyncio.sleep(TICK_SECONDS)

    def _look_after_files(self):
        self._progress.ready = len(self._engines.registered())
        self._progress.cell = self._execution.cell
        self._progress.write_if_due()
        if self._signals.save_asked:
            self._signals.save_asked = False
            self._result.save_soon()
        self._execution.settle()
        self._result.save_if_due()

    def _is_waiting_for_engines(self):
        ready = len(self._engines.registered())
        return self._progress.phase == "starting" and ready < self._engines.wanted

    @property
    def _cell(self):
        return self._execution.cell and self._execution.cell["index"]

    # -- the end

    def _end_by_signal(self):
        """A TERM when the time has all but come is the scheduler's time limit."""
        if time.time() >= self._job.ends_at - END_EARLY_SECONDS / 2:
            return JobEnd("timed-out", "time-limit", cell=self._cell)
        return JobEnd("cancelled", "cancelled", by="unknown")

    async def _true_cause(self, end):
        """What may be only the consequence of a TERM, or of a dead engine, waits for its cause."""
        if end.code not in SYMPTOMS:
            return end
        deadline = time.monotonic() + SIGNAL_GRACE_SECONDS
        while time.monotonic() < deadline:
            if self._signals.ended_at is not None:
                return self._end_by_signal()
            await asyncio.sleep(TICK_SECONDS / 2)
        if end.code == "cell-error":
            lost = self._engines.lost()
            if lost is not None:
                lost.cause["cell"] = self._cell
                return lost
        return end

    async def _end_cells(self, cells, end):
        """Bring the running cell to its end, in the way that the verdict asks for."""
        if end.code == "engines-lost":
            end.cause["cell"] = self._cell
            log.info("Engines lost: %s", end.cause["engines"])
            await self._wait(cells, LOST_GRACE_SECONDS)
        if end.code in ("engines-lost", "time-limit") and self._signals.ended_at is None:
            await self._execution.interrupt()
            await self._wait(cells, INTERRUPT_SECONDS)
        end = await self._true_cause(end)
        cells.cancel()
        await asyncio.wait({cells}, timeout=1)
        return end

    async def _wait(self, cells, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self._signals.ended_at is None and not cells.done():
            await asyncio.sleep(TICK_SECONDS / 2)

    async def _finish(self, end):
        log.info("The end: %s %s", end.state, json.dumps(end.cause))
        if self._progress is not None:
            self._progress.phase = "finishing"
            self._progress.write()
        if self._result is not None:
            self._explain(end)
            self._execution.settle()
            saved = await asyncio.wrap_future(self._result.save())
            if not saved and end.state == "succeeded":
                end = runner_failed()
            await self._execution.stop(at_once=end.state != "succeeded")
        if self._engines is not None:
            self._engines.stop()
        log.info("Kernel and engines have ended")
        return end

    def _explain(self, end):
        why = EXPLANATIONS.get(end.code)
        if why is not None and self._execution.cell is not None:
            ename, text = why
            self._execution.explain(ename, text.format(**end.cause))


# What the cell shows that was running when the job ended by something other than its own error.
EXPLANATIONS = {
    "time-limit": ("TimeLimit", "the job's time limit was reached in this cell"),
    "cancelled": ("Cancelled", "the job was cancelled in this cell"),
    "engines-lost": ("EnginesLost", "engines of the job died in this cell: {engines}"),
    "kernel-died": ("KernelDied", "the kernel died in this cell"),
    "killed": ("Killed", "the job's script was killed in this cell"),
}


def end_of(task):
    """The JobEnd that a task has raised."""
    error = task.exception()
    if isinstance(error, JobEnd):
        return error
    log.error("The runner failed", exc_info=error)
    return runner_failed()


def runner_failed():
    """The verdict when it is us; the log says why."""
    return JobEnd("failed", "ended-early", status=1)


async def all_or_none(*coroutines):
    """Wait for all; when one fails, the others are cancelled."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


def run_job(folder):
    """Run the job in that directory; returns the exit code, 0 when the job succeeded."""
    signals = Signals()
    signals.install()
    job = Job.read(folder)
    job.logs.mkdir(exist_ok=True)
    open_log(job.logs / "runner.log")
    os.environ[JOB_VARIABLE] = job.id  # for all that is started from here
    # A grammar that jsonschema compiles at import, for formats that no notebook has: 2 s of CPU.
    sys.modules["rfc3987_syntax"] = None
    run = Run(job, signals, Guard(job))
    try:
        end = asyncio.run(run.run())
    except Exception:
        log.exception("The runner failed")
        end = runner_failed()
    verdict = {"state": end.state, "cause": end.cause, "endedAt": time.time()}
    write_atomically(job.folder / "exit.json", json.dumps(verdict))
    return 0 if end.state == "succeeded" else 1


def main(arguments):
    if arguments[:1] == ["guard"]:
        job_id, runner, script, kill_at = arguments[1:]
        guard(job_id, int(runner), int(script), float(kill_at))
    else:
        code = run_job(Path.cwd())
        logging.shutdown()
        os._exit(code)  # what ZeroMQ still waits for at a normal exit is of no use to anybody


if __name__ == "__main__":
    main(sys.argv[1:])
