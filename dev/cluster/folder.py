"""Where the test cluster keeps everything."""

from __future__ import annotations

import os
from pathlib import Path

# Short, as the paths of sockets must be, and one for each person: two checkouts share its ports.
FOLDER = Path(f"/tmp/jupyterlab-submit-cluster-{os.geteuid()}")
SLURM_CONF = FOLDER / "slurm.conf"
