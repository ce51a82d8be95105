"""Engines from the start of their job until all are registered, and their memory: bare, and by us."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from dev.bench.by_hand import run
from dev.bench.compare import compare, figure
from dev.bench.home import JUPYTER, Home, moments
from dev.bench.notebooks import write_notebook
from dev.bench.test_cluster import HOST, test_cluster
from dev.cluster.readiness import idle_nodes

BARE = "ipcontroller, srun ipengine"
OURS = "jupyter submit"
MOST_BARE = 16  # more do not come within minutes where cores are few
SECONDS = {64: 5.0, 256: 20.0}  # aims, on a quiet machine
SHARE_OF_BARE = 0.25
MEMORY_OF_BARE = 0.55

# Prints the seconds since `began` until so many engines are there, and the MiB (PSS) that an engine takes,
# with all that was started for engines alone.
SEEN = """\
import json, time
from pathlib import Path
import ipyparallel
client = ipyparallel.Client()
while len(client.ids) < {engines}:
    time.sleep(0.02)
seconds = time.time() - {began}
kib = 0
for process in Path("/proc").glob("[0-9]*"):
    try:
        words = (process / "cmdline").read_text().split("\\0")
        if any(word in words for word in {words}):
            rollup = (process / "smaps_rollup").read_text()
            kib += int(rollup.split("\\nPss:")[1].split()[0])
    except (OSError, UnicodeDecodeError):
        pass
print(json.dumps([seconds, kib / 1024 / {engines}]))
"""
JOB = """\
#!/bin/bash
#SBATCH -n {engines} --time=10 --output=job.log
began=$(date +%s.%N)
{line}
export IPYTHONDIR=$PWD/ipython
mkdir -p ipython/profile_default
python3 -m ipyparallel.controller --ip='*' --log-level=ERROR &
until [ -s ipython/profile_default/security/ipcontroller-engine.json ]; do sleep 0.05; done
srun --overlap python3 -m ipyparallel.engine --log-level=ERROR &
python3 seen.py $began >seen.json
touch done
"""


def measure(home: Home, rounds: int) -> None:
    for engines in (4, 16, 64, 256):
        with test_cluster(home, max(engines, 64)) as ssh:
            measure_one(home, ssh, engines, rounds)


def measure_one(home: Home, ssh: Sequence[str], engines: int, rounds: int) -> None:
    memory: dict[str, list[float]] = {BARE: [], OURS: []}
    ways = {BARE: bare, OURS: by_us} if engines <= MOST_BARE else {OURS: by_us}
    compare(
        f"{engines} engines on 4 nodes, from the job's start until all are registered",
        {name: partial(timed, way, home, ssh, engines, memory[name]) for name, way in ways.items()},
        rounds,
        {BARE: SHARE_OF_BARE} if engines == MOST_BARE else None,
    )
    bare_memory = statistics.median(memory[BARE]) if memory[BARE] else None
    if bare_memory is not None:
        figure(f"memory of an engine, {BARE}", bare_memory, "MiB")
    ours = statistics.median(memory[OURS])
    # With one engine on each node there is nothing to share.
    has_aim = bare_memory is not None and engines > 4
    most = round(MEMORY_OF_BARE * bare_memory, 1) if has_aim else None
    figure(f"memory of an engine, {OURS}", ours, "MiB", most)
    if engines in SECONDS:
        print(f"  aim for {engines} engines on a quiet machine: {SECONDS[engines]:g} s")


def timed(
    way: Callable[..., tuple[float, float]],
    home: Home,
    ssh: Sequence[str],
    engines: int,
    memory: list[float],
    line: str = ":",
) -> float:
    """Once; `line` of shell comes before all that is started."""
    seconds, mebibytes = way(ssh, home.folder(), engines, home.variables, line)
    memory.append(mebibytes)
    home.end_sidecar()
    for _ in moments(30):
        if idle_nodes() == 4:
            break
    return seconds


def bare(
    ssh: Sequence[str], folder: Path, engines: int, env: dict[str, str], line: str
) -> tuple[float, float]:
    words = ["ipyparallel.engine", "ipyparallel.engine.nanny"]
    seen = SEEN.format(engines=engines, began="float(__import__('sys').argv[1])", words=words)
    (folder / "seen.py").write_text(seen)
    (folder / "job.sh").write_text(JOB.format(engines=engines, line=line))
    name = folder.name
    run(["ssh", *ssh, HOST, f"mkdir {name}"], env)
    run(["scp", *ssh, f"{folder}/seen.py", f"{folder}/job.sh", f"{HOST}:{name}/"], env)
    wait = "until [ -e done ]; do sleep 0.1; done; cat seen.json"
    said = run(["ssh", *ssh, HOST, f"cd {name} && sbatch --parsable job.sh && {wait}"], env)
    shutil.rmtree(folder)
    seconds, mebibytes = json.loads(said.splitlines()[-1])
    return seconds, mebibytes


def by_us(
    _: Sequence[str], folder: Path, engines: int, env: dict[str, str], line: str
) -> tuple[float, float]:
    began = (
        "json.load(open(__import__('os').environ['IPYTHONDIR'] + '/../started.json'))['startedAt']"
    )
    words = ["node"]
    write_notebook(
        folder / "notebook.ipynb", [SEEN.format(engines=engines, began=began, words=words)]
    )
    command = [JUPYTER, "submit", "notebook.ipynb", "--cluster", HOST, "--time", "10m"]
    subprocess.run(
        [*command, "--cores", str(engines), "--nodes", "4", "--environment", line],
        cwd=folder,
        env=env,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    result = json.loads(next(folder.glob("notebook.*.ipynb")).read_text())
    text = "".join(result["cells"][0]["outputs"][0]["text"])
    seconds, mebibytes = json.loads(text)
    return seconds, mebibytes
