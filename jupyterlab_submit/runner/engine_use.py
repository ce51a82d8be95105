"""Who uses the engines of a job, and when they begin clean: shared by all processes of the job.

Each process that uses them holds a shared lock (flock(2)), which ends with it; who gets it for itself
alone knows that nobody else would miss what engines know.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
import weakref
from typing import Any

from .attached import too_many
from .renewal import LOOK_SECONDS, Renewal

CLEAN = (
    "The engines begin clean: without variables, in the notebook's folder, "
    "its modules to be imported anew"
)
SHARED = "The engines are shared with what else is connected to them, and keep what they know"
LEFT_FILE = "engines-left"  # beside the connection files; it has how many are left of a job that goes on without some
SAY_AFTER_SECONDS = 2
PATIENCE_SECONDS = 60
RANKS_PATIENCE_SECONDS = 5  # others can take their place
HEAR_SECONDS = 10  # what a Client gets to hear of those
INTERRUPTS = "The engines still work on something of before, which is interrupted"
RENEWED = "The engines end, and as many MPI ranks begin in their place"
BUSY = "The engines still work on something, and no others can take their place in this job"

# Runs on an engine, which does again what it has done at its start (ipyparallel.engine.app, 8.4 as 9.2).
CLEAR = """
def clear():
    import os, sys
    work = {work!r}
    os.chdir(work)
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if file.startswith(work + os.sep) and file.endswith(".py") and name != "__main__":
            del sys.modules[name]
    get_ipython().reset(new_session=False)
    from ipyparallel.engine.app import IPEngine, IPKernelApp
    if IPEngine.initialized():
        engine, shell = IPEngine.instance(), get_ipython()
        app = IPKernelApp(parent=engine, shell=shell, kernel=shell.kernel, log=engine.log)
        if engine.use_mpi and engine.init_mpi:
            app.exec_lines.insert(0, engine.init_mpi)
        app.init_profile_dir()
        app.init_code()
clear()
"""


class EngineUse:
    """Clusters that run in this process, and Clients that no Cluster has made, by the job's engines."""

    def __init__(self, engines: int, security: str, work: str) -> None:
        self.engines = engines
        self.connection_files = {
            kind: os.path.join(security, f"ipcontroller-{kind}.json")
            for kind in ("client", "engine")
        }
        self.client_file = self.connection_files["client"]
        self.cluster_file = os.path.join(security, "cluster-.json")
        self._left_file = os.path.join(security, LEFT_FILE)
        self._lock_file = os.path.join(security, "in-use")
        self._work = work
        self._renewal = Renewal(security)
        self._lock: int | None = None
        self._sets: weakref.WeakSet[Any] = weakref.WeakSet()
        self._clients: weakref.WeakSet[Any] = weakref.WeakSet()
        self._clear_for: Any = None  # the Cluster that is to begin with clean engines

    def expect(self, asked: int) -> int:
        """How many of so many there will be: less where engines have died that the job goes on without.

        Raises ValueError where so many are asked for as never came.
        """
        if asked > self.engines:
            raise ValueError(too_many(asked, self.engines))
        return min(asked, self.left)

    @property
    def left(self) -> int:
        """How many of the engines the job still has."""
        try:
            with open(self._left_file, encoding="ascii") as file:
                return int(file.read())
        except (OSError, ValueError):
            return self.engines

    def is_of_job(self, client: Any) -> bool:
        """Whether a Client, which is connected, speaks to the job's own controller."""
        try:
            with open(self.client_file, encoding="utf-8") as file:
                info = json.load(file)
            address = f"{info['interface']}:{info['registration']}"
        except (OSError, ValueError, KeyError):
            return False
        return bool(client._config.get("registration") == address)

    def begin(self, engine_set: Any) -> str | None:
        """A Cluster starts these engines; returns what to tell of what they know."""
        cluster = engine_set.parent
        again = cluster in self._in_use()
        self._sets.add(engine_set)
        were_used = self._hold()
        if again or not were_used:
            return None
        if self._is_shared(cluster):
            return SHARED
        self._clear_for = cluster
        for client in self._clients:
            if client.cluster is cluster and not client._closed:
                self._clear(client)
                break
        return CLEAN

    def renew(self, cluster: Any) -> bool:
        """Have other processes be the engines of this Cluster, which runs: ranks that nobody else uses; else False."""
        self._hold()
        if not self._renewal.is_possible or self._is_shared(cluster):
            return False
        cluster.log.info(RENEWED)
        self._renew()
        return True

    def connected(self, client: Any) -> None:
        """A Client is connected."""
        if self.is_of_job(client):
            self._clients.add(client)
            self._hold()
            self._clear(client)

    def signal(self, sig: int) -> bool:
        """Send it to all engines; returns whether a Client was there to do it."""
        for client in self._clients:
            if not client._closed:
                client.send_signal(sig, block=True)
                return True
        return False

    def ended(self) -> None:
        """A Cluster has been stopped, or a Client closed."""
        if self._lock is not None and not self._in_use():
            os.close(self._lock)
            self._lock = None

    def _in_use(self) -> list[Any]:
        """Clusters that run, and Clients on their own that are open."""
        clusters = [engine_set.parent for engine_set in self._sets if engine_set.running]
        for client in self._clients:
            if client.cluster is None:
                if not client._closed:
                    clusters.append(client)
            elif has_engines(client.cluster) and client.cluster not in clusters:
                clusters.append(client.cluster)
        return clusters

    def _hold(self) -> bool:
        """Note that they are used, up to the last end; returns whether they were used before."""
        if self._lock is None:
            self._lock = os.open(self._lock_file, os.O_CREAT | os.O_RDWR, 0o600)
            self._flock(fcntl.LOCK_SH)
        were_used = os.fstat(self._lock).st_size > 0
        if not were_used:
            os.pwrite(self._lock, b"1", 0)
        return were_used

    def _is_shared(self, cluster: Any) -> bool:
        """Whether anything but this Cluster uses them, while they are held."""
        return any(used is not cluster for used in self._in_use()) or not self._is_alone()

    def _is_alone(self) -> bool:
        """Whether no other process uses them."""
        alone = self._flock(fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._flock(fcntl.LOCK_SH)
        return alone

    def _flock(self, how: int) -> bool:
        if self._lock is not None:
            try:
                fcntl.flock(self._lock, how)
            except BlockingIOError:
                return False
            except OSError:  # a file system without locks: there is no telling
                pass
        return True

    def _clear(self, client: Any) -> None:
        """Once, where it is due; raises TimeoutError where engines do not come to it."""
        cluster, self._clear_for = self._clear_for, None
        if cluster is None:
            return
        code = CLEAR.format(work=self._work)
        runs = {
            engine: client[engine].execute(code, silent=True, block=False) for engine in client.ids
        }
        patience = RANKS_PATIENCE_SECONDS if self._renewal.is_possible else PATIENCE_SECONDS
        if not all_ready(runs, SAY_AFTER_SECONDS):
            cluster.log.info(INTERRUPTS)
        for _ in range(patience):
            busy = [engine for engine, run in runs.items() if not run.ready()]
            if not busy:
                break
            # What an engine was given waits in a row there, so that there may be more than one.
            client.send_signal(signal.SIGINT, targets=busy, block=False)
            all_ready(runs, 1)
        if not all_ready(runs, 0):
            if not self._renewal.is_possible:
                raise TimeoutError(BUSY)
            cluster.log.info(RENEWED)
            self._renew()
            return
        for engine, run in runs.items():
            if not run.successful():  # an interrupt that came a moment too late
                client[engine].execute(code, silent=True, block=True)

    def _renew(self) -> None:
        """Return when the Clients of this process know the others, too."""
        open_clients = [client for client in self._clients if not client._closed]
        former = {address for client in open_clients for address in client._engines.values()}
        self._renewal.ask()
        deadline = time.monotonic() + HEAR_SECONDS
        for client in open_clients:
            while time.monotonic() < deadline:
                known = set(client._engines.values())
                if len(known) == self.engines and not known & former:
                    break
                time.sleep(LOOK_SECONDS)


def all_ready(runs: dict[int, Any], seconds: float) -> bool:
    """Wait so long at most."""
    deadline = time.monotonic() + seconds
    return all([run.wait(max(deadline - time.monotonic(), 0)) for run in runs.values()])


def has_engines(cluster: Any) -> bool:
    return any(engine_set.running for engine_set in cluster.engines.values())
