"""`jupyter submit`: ensures the sidecar, then becomes the Node program that does the rest."""

from __future__ import annotations

import json
import os
import sys
from typing import NoReturn

from jupyterlab_submit.environment import for_node_and_jobs
from jupyterlab_submit.kernels import kernel_names
from jupyterlab_submit.node import find_node
from jupyterlab_submit.problem import Problem
from jupyterlab_submit.sidecar import BUNDLE, ensure, our_version
from jupyterlab_submit.terminal_settings import terminal_settings

NOT_SUBMITTED = 3
# What is answered without the sidecar.
ASKS = {"-h", "--help", "help", "-V", "--version"}
# Commands about jobs that are there already: no settings count for them any more (src/cli/program.ts).
ABOUT_JOBS = {"list", "show", "log", "cancel", "fetch", "remove"}
# Commands about files of this machine, for which no service has to run.
ABOUT_FILES = {"site"}


def main() -> NoReturn:
    """Never returns: the exit code is that of the Node program, or 3 when it cannot be started."""
    arguments = sys.argv[1:]
    try:
        our_version()
        node = str(find_node())
        variables = {**for_node_and_jobs(os.environ), "JUPYTERLAB_SUBMIT_PYTHON": sys.executable}
        if arguments and ASKS.isdisjoint(arguments) and arguments[0] not in ABOUT_FILES:
            variables["JUPYTERLAB_SUBMIT_SOCKET"] = str(ensure())
            if arguments[0] not in ABOUT_JOBS:
                variables["JUPYTERLAB_SUBMIT_KERNELS"] = json.dumps(kernel_names())
                variables["JUPYTERLAB_SUBMIT_SETTINGS"] = terminal_settings()
    except Problem as problem:
        print(f"jupyter submit: {problem}", file=sys.stderr)
        sys.exit(NOT_SUBMITTED)
    except KeyboardInterrupt:
        sys.exit(130)
    os.execve(node, [node, str(BUNDLE / "cli.cjs"), *arguments], variables)
