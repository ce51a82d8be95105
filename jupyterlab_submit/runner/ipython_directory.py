"""The private IPYTHONDIR: how the unedited notebook finds this job's engines."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import textwrap
from pathlib import Path

from .atomic import write_atomically
from .attached import write_programs
from .engine_use import LEFT_FILE
from .job import READY_SECONDS, Job
from .python_hook import write_hook
from .scale import heartbeats

# Engines come when theirs is there, so it is the last.
CONNECTION_FILES = ("ipcontroller-client.json", "ipcontroller-engine.json")

USER_CONFIG = """\
c = get_config()
try:
    load_subconfig({name!r}, path={folder!r})
except Exception:
    import traceback
    traceback.print_exc()
c.HistoryManager.hist_file = ":memory:"
"""


# Nothing of ours stays where the notebook could see it: a module of its own may have our name. Who was forked finds
# our modules where node.py keeps them.
CALL = """
import sys
def named():
    return [name for name in sys.modules if name.split(".")[0] == {package!r}]
theirs = {{name: sys.modules.pop(name) for name in named()}}
sys.modules.update(getattr(sys.modules.get({program!r}), "modules", {{}}))
sys.path.insert(0, {program!r})
from {package}.{module} import {function}
sys.path.remove({program!r})
for name in named():
    del sys.modules[name]
sys.modules.update(theirs)
{function}({arguments})
"""


CONTROLLER_CONFIG = """
c = get_config()
c.IPController.client_ip = "127.0.0.1"
c.IPController.engine_ip = {engine_ip!r}
c.IPController.registration_timeout = {ready!r}
c.HeartMonitor.period = {period!r}
c.HeartMonitor.max_heartmonitor_misses = {misses!r}
"""


# Our own engines are told their profile's folder.
ENGINE_CONFIG = """
import sys
if not any(word.startswith("--profile-dir") for word in sys.argv):
{guard}
{signals}
{connections}
c.IPEngine.timeout = {ready!r}
c.IPEngine.wait_for_url_file = {ready!r}
"""


class IPythonDirectory:
    """`ipython/` in the job directory: the user's own configuration, and ours on top of it."""

    def __init__(self, job: Job) -> None:
        self.path = job.folder / "ipython"
        self.profile = self.path / "profile_default"
        self.kernels = self.path / "kernels"
        self.security = self.profile / "security"
        self.programs = self.path / "bin"
        self.hook = self.path / "python"
        # The controller has a profile of its own, of which only the connection files are shared: an
        # ipcluster that the notebook starts must not write into our hub's state, and nobody may
        # read a connection file that is half written.
        self.controller_profile = self.path / "profile_jupyterlab_submit"
        self.hub_state = self.controller_profile / "log" / "engines.json"
        self._job = job
        self._users = Path(os.environ.get("IPYTHONDIR") or "~/.ipython").expanduser()

    def write(self, wanted: int) -> None:
        """Create it, for so many engines."""
        for folder in (self.path, self.profile, self.security, self.controller_profile):
            folder.mkdir(mode=0o700)
        (self.profile / "startup").mkdir()
        self._link_users_files()
        alone = self._call("unattended", "prepare_shell", self._share_users_store())
        ours = f"{wanted}, {str(self.security)!r}, {str(self._job.work)!r}"
        attach = self._call("attach", "attach", ours)
        self._write_config("ipython_config")
        self._write_config("ipython_kernel_config", alone + (attach if wanted else ""))
        guard = textwrap.indent(self._guard(wanted, "ipengine"), "    ")
        signals = self._call("engine_signals", "take_signals", "get_config()")
        connections = self._call("handshakes", "connect_engine", str(READY_SECONDS))
        engine = ENGINE_CONFIG.format(
            ready=READY_SECONDS, guard=guard, signals=signals, connections=connections
        )
        self._write_config("ipengine_config", alone + engine)
        if wanted:
            write_programs(self.programs, self._job.program, wanted)
            for name in ("ipcluster", "ipcontroller"):
                guard = self._guard(wanted, name)
                (self.profile / f"{name}_config.py").write_text(guard, "utf-8")
            write_hook(self.hook, attach)
            self._write_cluster_file(wanted)
        controller_config = self.controller_profile / "ipcontroller_config.py"
        controller_config.write_text(self._controller_config(wanted), "utf-8")

    def share_connection_files(self) -> None:
        """Put the controller's connection files, once they are whole, where all look for them."""
        with contextlib.suppress(OSError, ValueError):  # not there yet, or half written
            for name in CONNECTION_FILES:
                if not (self.security / name).exists():
                    text = (self.controller_profile / "security" / name).read_text()
                    json.loads(text)
                    write_atomically(self.security / name, text)

    def tell_left(self, engines: int) -> None:
        """Say to all that use them how many engines the job still has."""
        with contextlib.suppress(OSError):
            write_atomically(self.security / LEFT_FILE, str(engines))

    def _call(self, module: str, function: str, arguments: str = "") -> str:
        """Lines of a configuration that call a function of ours."""
        return CALL.format(
            program=self._job.program,
            package=__package__,
            module=module,
            function=function,
            arguments=arguments,
        )

    def _guard(self, wanted: int, name: str) -> str:
        """Lines that end such a program when it was not started by us."""
        return self._call("attached", "leave_program", f"{wanted}, {name!r}")

    def _write_cluster_file(self, engines: int) -> None:
        """What ipyparallel's own programs leave for `Cluster.from_file()`, in its words."""
        common = {"profile_dir": str(self.profile), "cluster_id": "", "state": "running"}
        cluster = {
            "cluster": {
                "class": "ipyparallel.cluster.cluster.Cluster",
                "cluster_id": "",
                "profile_dir": str(self.profile),
                "n": engines,
            },
            "controller": {"class": "local", "state": common},
            "engines": {"class": "local", "sets": {"job": {**common, "n": engines}}},
        }
        (self.security / "cluster-.json").write_text(json.dumps(cluster), "utf-8")

    def _share_users_store(self) -> str:
        """What %store, %bookmark and their like keep: the person's own where it can be, else a copy.

        Returns the arguments for who makes the person's, should something be stored first here.
        """
        users, ours = self._users / "profile_default" / "db", self.profile / "db"
        with contextlib.suppress(OSError):
            if os.access(users, os.W_OK):
                ours.symlink_to(users)
            elif users.is_dir():
                shutil.copytree(users, ours)
        return f"{str(ours)!r}, {str(users)!r}"

    def _write_config(self, name: str, ours: str = "") -> None:
        users = USER_CONFIG.format(name=f"{name}.py", folder=str(self._users / "profile_default"))
        (self.profile / f"{name}.py").write_text(users + ours, "utf-8")

    def _link_users_files(self) -> None:
        """Startup files, JSON configuration and extensions count as they are; nothing is copied."""
        users = self._users / "profile_default"
        for file in [*users.glob("startup/*"), *users.glob("*_config.json")]:
            (self.profile / file.relative_to(users)).symlink_to(file)
        if (self._users / "extensions").is_dir():
            (self.path / "extensions").symlink_to(self._users / "extensions")

    def _controller_config(self, wanted: int) -> str:
        period, misses = heartbeats(wanted)
        files = self._call("scale", "make_room_for_files", str(wanted))
        watch = self._call("controller", "end_with_its_parts")
        return (
            files
            + watch
            + CONTROLLER_CONFIG.format(
                engine_ip=own_address() if self._job.launch["argv"] else "127.0.0.1",
                ready=READY_SECONDS,
                period=period,
                misses=misses,
            )
        )


def own_address() -> str:
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
        address: str = probe.getsockname()[0]
        return address
    return "127.0.0.1"
