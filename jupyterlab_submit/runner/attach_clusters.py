"""Inside a process of the job: Clusters attach to the engines of the job, and start none."""

from __future__ import annotations

import functools
import logging
import os
from typing import Any

from .attached import NOT_ENDED, fewer
from .engine_use import SHARED, EngineUse

ENGINES = "jupyterlab-submit (they run already)"
# What a Cluster tells of work that is not done here, by the beginning; None is not said at all.
INSTEAD = {
    "Stopping engine(s)": NOT_ENDED,
    "engine set stopped": None,
    "Stopping controller": None,
    "Controller stopped": None,
}


def attach_launchers(module: Any, use: EngineUse) -> None:
    """Replace ipyparallel's launchers, which short names ("mpi", "slurm") lead to, by ours."""

    kind: Any = type(module.EngineLauncher)

    class ForPeople(kind):
        """ipyparallel puts the name of a class into what it tells: "Starting 2 engines with ..."."""

        def __repr__(cls) -> str:
            return ENGINES

    class AttachController(module.ControllerLauncher, metaclass=ForPeople):
        __repr__ = shown
        entrypoint_name = "local"  # what a cluster's file calls it; any name leads here
        connection_files = use.connection_files

        def find_args(self) -> list[str]:
            return ["attached"]

        async def start(self) -> None:
            cluster = self.parent
            cluster.delay = 0  # seconds between controller and engines, which are there already
            if in_words not in cluster.log.filters:
                cluster.log.addFilter(in_words)
            self.notify_start({})

        def poll(self) -> None:
            return None

        async def join(self, timeout: float | None = None) -> None:
            return None

        async def stop(self) -> None:
            self.notify_stop({})

    class AttachEngines(module.EngineLauncher, metaclass=ForPeople):
        __repr__ = shown
        entrypoint_name = "local"
        find_args = AttachController.find_args
        poll = AttachController.poll
        join = AttachController.join

        async def start(self, n: int) -> None:
            self.n = n
            others = [engines for engines in self.parent.engines.values() if engines.running]
            use.expect(self.n + sum(engines.n for engines in others))
            told = use.begin(self)
            self.notify_start({})
            if use.left < use.engines:
                self.log.warning(fewer(use.left, use.engines))
            if told == SHARED:
                self.log.warning(told)  # which a program shows, too
            elif told:
                self.log.info(told)

        async def stop(self) -> None:
            self.notify_stop({})
            use.ended()

        def signal(self, sig: int) -> None:
            if not use.signal(sig):
                self.log.warning("Nothing was sent: no Client is connected to the engines")

    for name in dir(module):
        if name.endswith("EngineSetLauncher"):
            setattr(module, name, AttachEngines)
        elif name.endswith("ControllerLauncher") and name != "ControllerLauncher":
            setattr(module, name, AttachController)


def shown(launcher: Any) -> str:
    """A part of a Cluster, where a cell shows it."""
    return f"<{launcher.name} of jupyterlab-submit, {launcher.state}>"


def in_words(record: logging.LogRecord) -> bool:
    """A filter of what a Cluster tells, in which nothing is said to be done that is not."""
    text = record.getMessage()
    for beginning, instead in INSTEAD.items():
        if text.startswith(beginning):
            record.msg, record.args = instead, ()
            return instead is not None
    return True


def attach_clusters(module: Any, use: EngineUse) -> None:
    """Clusters that are looked up instead of made: where there is none, it is the job's."""
    stock, manager = module.Cluster, module.ClusterManager
    from_file, load_clusters = stock.from_file.__func__, manager.load_clusters
    restart_engines = stock.restart_engines

    @functools.wraps(from_file)
    def attach(cls: Any, cluster_file: Any = None, **asked: Any) -> Any:
        if cluster_file is None:
            named = {way: asked[way] for way in ("profile", "profile_dir") if asked.get(way)}
            known = stock(cluster_id=asked.get("cluster_id", ""), **named)
            cluster_file = known.cluster_file
        if not os.path.isfile(cluster_file):
            cluster_file = use.cluster_file
            asked = {key: value for key, value in asked.items() if key not in BY_NAME}
        cluster = from_file(cls, cluster_file, **asked)
        if in_words not in cluster.log.filters:
            cluster.log.addFilter(in_words)
        return cluster

    @functools.wraps(load_clusters)
    def load(clusters: Any, **asked: Any) -> Any:
        try:
            load_clusters(clusters, **asked)
        except Exception:  # a profile that is not here
            if not asked:
                raise
        if not any(cluster._is_running() for cluster in clusters.clusters.values()):
            load_clusters(clusters)
        return clusters.clusters

    def unless_of_job(change: Any) -> Any:
        """The job's own file stays as it is, whatever a Cluster of the same id comes to."""

        @functools.wraps(change)
        def changed(cluster: Any) -> None:
            if cluster.cluster_file != use.cluster_file:
                change(cluster)

        return changed

    @functools.wraps(restart_engines)
    async def restart(cluster: Any, engine_set_id: Any = None) -> None:
        """All sets together: one after the other, each would find them in use."""
        names = list(cluster.engines) if engine_set_id is None else [engine_set_id]
        sets = {name: cluster.engines[name].n for name in names}
        is_whole = len(sets) == len(cluster.engines)
        if sets and is_whole and use.renew(cluster):
            return
        for name in sets:
            await cluster.stop_engines(name)
        for name, n in sets.items():
            await cluster.start_engines(n, name)
        if not is_whole:
            cluster.log.warning(SHARED)

    module.cpu_count = lambda: use.engines  # how many a Cluster starts that is not told
    stock.restart_engines = restart
    stock.from_file = classmethod(attach)  # type: ignore[arg-type]  # not of what wraps() returns
    stock.write_cluster_file = unless_of_job(stock.write_cluster_file)
    stock.remove_cluster_file = unless_of_job(stock.remove_cluster_file)
    manager.load_clusters = load


BY_NAME = ("profile", "profile_dir", "cluster_id")
