"""In the controller's process: it ends with the first of its parts that has ended.

ipyparallel's controller is a hub and eight processes beside it (schedulers, heartbeats), and looks
after none of them: a cell whose scheduler was killed, by the memory limit say, would wait for the
engines to the end of the job's time.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.connection import wait
from typing import Any


def end_with_its_parts() -> None:
    """Watch the processes of this controller from when it has started them."""
    from ipyparallel.controller.app import IPController

    stock: Any = IPController.init_signal  # what it calls next, in 8.4 as in 9.2

    def init_signal(self: Any) -> None:
        stock(self)
        threading.Thread(target=_watch, name="parts", daemon=True).start()

    IPController.init_signal = init_signal


def _watch() -> None:
    parts = multiprocessing.active_children()
    if not parts:
        return
    ended = wait([part.sentinel for part in parts])
    for part in parts:
        if part.sentinel not in ended:
            part.terminate()
            continue
        part.join()  # its files are closed a moment before it tells how it ended
        code = part.exitcode or 0
        if code != -signal.SIGTERM:  # that ends all of them at a good end
            how = f"was killed by signal {-code}" if code < 0 else "has ended"
            print(f"{part.name} {how}, and the controller with it", file=sys.stderr, flush=True)
    os._exit(1)
