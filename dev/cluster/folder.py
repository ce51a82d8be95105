"""Where the test cluster keeps everything, and the ports that it listens on."""

from __future__ import annotations

import os
from pathlib import Path

# Clusters of different numbers run side by side, such as those of two checkouts.
NUMBER = int(os.environ.get("JUPYTERLAB_SUBMIT_CLUSTER", "0"))
# Short, as the paths of sockets must be, and one for each person.
FOLDER = Path(f"/tmp/jupyterlab-submit-cluster-{os.geteuid()}{f'-{NUMBER}' if NUMBER else ''}")
SLURM_CONF = FOLDER / "slurm.conf"
FIRST_PORT = 17000 + 100 * NUMBER
