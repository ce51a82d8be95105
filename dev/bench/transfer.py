"""Files to the test cluster and back: scp, rsync and us, through the same SSH server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from dev.bench.compare import compare
from dev.bench.home import JUPYTER, Home
from dev.bench.left_out import LeftOut
from dev.bench.notebooks import write_notebook
from dev.bench.test_cluster import HOST, test_cluster

BIG_BYTES = 200_000_000
SMALL_FILES = 2_000
SMALL_BYTES = 2_000
# What the time of ours may be, in that of scp, for a large file.
AIMS = {"ssh2": 1.3, "openssh": 1.0}
AGAIN = """\
import os, shutil
os.mkdir("out")
for name in os.listdir("data"):
    shutil.copyfile("data/" + name, "out/" + name)
"""


def measure(home: Home, rounds: int) -> None:
    if not (shutil.which("scp") and shutil.which("rsync")):
        raise LeftOut("apt install openssh-client rsync.")
    with test_cluster(home) as options, connection(options, home) as ssh:
        for transport, name in (("ssh2", "ssh2"), ("openssh", "OpenSSH")):
            connect_by(transport, home)
            for what, make, aims in (
                (f"a file of {BIG_BYTES // 1_000_000} MB", one_big, {"scp": AIMS[transport]}),
                (f"{SMALL_FILES:,} files of {SMALL_BYTES // 1000} kB", many_small, {"rsync": 1.0}),
            ):
                folder = home.folder()
                make(folder / "data")
                for direction in ("up", "down"):
                    all_ways = ways(home, ssh, folder, direction)
                    compare(f"{what}, {direction}, by {name}", all_ways, rounds, aims)
                shutil.rmtree(folder)


def connect_by(transport: str, home: Home) -> None:
    """Has our connection made with it from now on, and makes it."""
    home.end_sidecar()
    settings = home.path / "config/lab/user-settings/jupyterlab-submit/plugin.jupyterlab-settings"
    settings.parent.mkdir(parents=True, exist_ok=True)
    cluster = {"name": HOST, "host": HOST, "transport": transport}
    settings.write_text(json.dumps({"clusters": [cluster]}))
    command = [JUPYTER, "submit", "check", HOST, "--json"]
    said = subprocess.run(command, env=home.variables, stdout=subprocess.PIPE, text=True).stdout
    assert f'"transport":"{transport}"' in said.replace(" ", ""), said


@contextmanager
def connection(options: Sequence[str], home: Home) -> Iterator[list[str]]:
    """One that is there already, as ours is: what is compared is the way of the bytes."""
    ssh = [*options, "-o", f"ControlPath={home.path}/ssh"]
    run(["ssh", *ssh, "-fN", "-o", "ControlMaster=yes", HOST], home)
    try:
        yield ssh
    finally:
        run(["ssh", *ssh, "-O", "exit", HOST], home)


def one_big(folder: Path) -> None:
    folder.mkdir(parents=True)
    # Nothing that a compressing link could make smaller.
    (folder / "0").write_bytes(os.urandom(BIG_BYTES))


def many_small(folder: Path) -> None:
    folder.mkdir(parents=True)
    for number in range(SMALL_FILES):
        (folder / str(number)).write_bytes(os.urandom(SMALL_BYTES))


def ways(
    home: Home, ssh: Sequence[str], folder: Path, direction: str
) -> dict[str, Callable[[], float]]:
    shell = ["-e", f"ssh {' '.join(ssh)}"]
    return {
        "scp": partial(by_program, ["scp", *ssh, "-r"], home, ssh, folder, direction),
        "rsync": partial(by_program, ["rsync", *shell, "-r"], home, ssh, folder, direction),
        "jupyter submit": partial(by_us, home, folder, direction),
    }


def by_program(
    program: Sequence[str], home: Home, ssh: Sequence[str], folder: Path, direction: str
) -> float:
    there = folder.name
    remote = ["ssh", *ssh, HOST]
    run([*remote, f"mkdir -p {there}"], home)
    took = timed([*program, f"{folder}/data", f"{HOST}:{there}/"], home)
    if direction == "down":
        took = timed([*program, f"{HOST}:{there}/data", str(home.folder())], home)
    run([*remote, f"rm -rf {there}"], home)
    return took


def by_us(home: Home, folder: Path, direction: str) -> float:
    """Up: from the record to the answer of sbatch. Down: from the verdict until everything is in its place."""
    write_notebook(folder / "notebook.ipynb", [AGAIN if direction == "down" else "1"])
    command = [JUPYTER, "submit", "notebook.ipynb", "--cluster", HOST, "--time", "10m"]
    said = subprocess.run(
        [*command, "--cores", "1", "--file", "data/", "--json"],
        cwd=folder,
        env=home.variables,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    job = json.loads(said.splitlines()[-1])
    times = {
        entry["msg"]: datetime.fromisoformat(entry["time"])
        for entry in map(json.loads, home.sidecar_log())
        if entry.get("job") == job["id"]
    }
    if direction == "up":
        return job["submittedAt"] - job["createdAt"]
    sent = len(list((folder / "data").iterdir()))
    assert job["result"]["files"]["count"] == sent, "not everything came back"
    shutil.rmtree(job["result"]["folder"])
    return (times["collected"] - times["over"]).total_seconds()


def timed(command: Sequence[str], home: Home) -> float:
    began = time.monotonic()
    run(command, home)
    return time.monotonic() - began


def run(command: Sequence[str], home: Home) -> None:
    subprocess.run(
        command, env=home.variables, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
