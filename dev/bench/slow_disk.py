"""Engines until they are registered, where each file takes 5 ms to be opened: bare, and by us."""

from __future__ import annotations

import subprocess
import tempfile
from functools import partial
from pathlib import Path

from dev.bench.compare import compare
from dev.bench.engines import BARE, MOST_BARE, OURS, bare, by_us, timed
from dev.bench.home import Home
from dev.bench.left_out import LeftOut
from dev.bench.test_cluster import test_cluster

SOURCE = Path(__file__).with_name("slow_open.c")


def measure(home: Home, rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-slow-") as folder:
        Path(folder).chmod(0o755)  # for the users of the test cluster
        line = f"export LD_PRELOAD={compiled(Path(folder))}"
        with test_cluster(home, 64) as ssh:
            for engines in (4, 16, 64):
                ways = {BARE: bare, OURS: by_us} if engines <= MOST_BARE else {OURS: by_us}
                compare(
                    f"{engines} engines on 4 nodes, each file opened 5 ms later",
                    {
                        name: partial(timed, way, home, ssh, engines, [], line)
                        for name, way in ways.items()
                    },
                    rounds,
                )


def compiled(folder: Path) -> Path:
    library = folder / "slow_open.so"
    try:
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"], check=True)
    except (OSError, subprocess.CalledProcessError) as why:
        raise LeftOut(f"no C compiler (apt install gcc libc6-dev): {why}") from why
    return library
