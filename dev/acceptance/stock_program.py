"""stock_program.py NOTEBOOK RESULT ENGINES KIND, run by the Python that has what the notebook needs.

Executes the notebook by plain nbclient, beside a cluster as `ipcluster start` makes it; errors do not
end it. The result is saved after each cell.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import ipyparallel
import nbformat
from nbclient import NotebookClient


def main(notebook: str, result: str, engines: str, kind: str) -> None:
    nb = nbformat.read(notebook, as_version=4)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None

    def save(**_: Any) -> None:
        nbformat.write(nb, f"{result}.part")
        os.replace(f"{result}.part", result)

    save()
    cluster = ipyparallel.Cluster(n=int(engines), engines=kind, cluster_id="", log_level=30)
    cluster.start_cluster_sync()
    try:
        with cluster.connect_client_sync() as rc:
            rc.wait_for_engines(int(engines), timeout=120)
        # Ended from outside, it ends the cell that runs.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        client = NotebookClient(
            nb, timeout=None, allow_errors=True, kernel_name="python3", on_cell_executed=save
        )
        client.execute()
    finally:
        save()
        cluster.stop_cluster_sync()


if __name__ == "__main__":
    main(*sys.argv[1:])
