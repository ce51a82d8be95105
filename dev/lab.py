"""run.py lab [argument]...: JupyterLab with the extension, at the examples; jupyter lab's arguments."""

from __future__ import annotations

import os

from dev.place import ENVIRONMENT, ROOT
from dev.sealed import become, the_persons
from dev.set_up import set_up

NOTEBOOK = "monte_carlo_pi.ipynb"
HINT = f"""
JupyterLab opens with examples/{NOTEBOOK}. Press "Submit to cluster" in its toolbar.
Ctrl-C ends JupyterLab; jobs go on.
"""
OPTIONS = [
    f"--ServerApp.root_dir={ROOT / 'examples'}",
    # A workspace of its own: what the person has open elsewhere stays as it is.
    f"--LabApp.default_url=/lab/workspaces/examples/tree/{NOTEBOOK}",
    # No question about news in front of the first thing that a newcomer sees.
    f"--LabApp.app_settings_dir={ROOT / 'dev/settings'}",
    # Neither what the server does in detail, nor a question after Ctrl-C: only where it is.
    "--log-level=WARN",
    "-y",
]


def main(arguments: list[str]) -> int:
    set_up()
    os.chdir(ROOT)
    jupyter = str(ENVIRONMENT / "bin/jupyter")
    options = [*OPTIONS, *(["--allow-root"] if os.geteuid() == 0 else [])]
    # Not Node.js too: notebooks and terminals get what they have in an installed JupyterLab.
    path = os.pathsep.join([str(ENVIRONMENT / "bin"), the_persons().get("PATH", "")])
    print(HINT, flush=True)
    # Ctrl-C and the exit code are then those of `jupyter lab` itself.
    become([jupyter, "lab", *options, *arguments], {**the_persons(), "PATH": path})
