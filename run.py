#!/usr/bin/env python3
"""Sets this project up and runs it: python3 run.py COMMAND [arguments].

Needs nothing but Python; `python3 run.py` alone lists the commands.
"""

import importlib
import sys

COMMANDS = {
    "demo": ("dev.demo", "run an example notebook on this machine (arguments: jupyter submit's)"),
    "lab": ("dev.lab", "open JupyterLab at the examples (arguments: jupyter lab's)"),
    "test": ("dev.test", "run all checks and tests, or those that the arguments name"),
    "build": ("dev.build", "set up, and build the programs and the extension"),
    "lint": ("dev.lint", "check formatting, lint and types"),
    "bench": ("dev.bench", "compare speed with what people do by hand (arguments: --help)"),
    "campaign": ("dev.campaign", "jobs under faults, and a judge that counts (arguments: --help)"),
    "changelog": ("dev.changelog", "put the files of changes/ into CHANGELOG.md, as VERSION's"),
    "cluster": ("dev.cluster", "start, stop or look at a cluster on this machine, for tests"),
    "format": ("dev.format", "lay out all source files, or those that the arguments name"),
}


def main():
    # Said before anything is imported that an older Python could not even read.
    if sys.version_info < (3, 10):
        sys.exit("run.py needs Python 3.10 or newer; this is Python %d.%d." % sys.version_info[:2])
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        lines = ["  %-11s%s" % (name, what) for name, (_, what) in COMMANDS.items()]
        print("python3 run.py COMMAND [arguments]", *lines, sep="\n")
        return 0 if sys.argv[1:] in ([], ["-h"], ["--help"]) else 2
    from dev.sealed import seal
    from dev.step import StepFailed

    seal()
    module, _ = COMMANDS[sys.argv[1]]
    try:
        return importlib.import_module(module).main(sys.argv[2:])
    except StepFailed as failed:
        sys.exit("\n" + str(failed))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
