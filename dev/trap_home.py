"""A home, and variables, of somebody whose every setting would be noticed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

# Print, break, or both; {touched} is the file that says so.
CSHELL = "echo 'a start-up file was read by a shell' >>{touched}\necho trapped\n"
# To csh, `>&2` is a file.
SHELL = CSHELL + "echo trapped >&2\n"
PYTHON = """\
import sys
with open({touched!r}, "a") as file:
    file.write(f"a start-up file was read by {{sys.orig_argv}}\\n")
raise SystemExit("trapped")
"""
SITE = """\
import sys
with open({touched!r}, "a") as file:
    file.write(f"PYTHONPATH was used by {{sys.orig_argv}}\\n")
"""
NODE = """\
require('fs').appendFileSync({touched!r}, `NODE_OPTIONS was used by ${{process.argv}}\\n`);
"""
SSH = """\
Host trap-port
  HostName 127.0.0.1
  Port {port}
Host trap-command
  ProxyCommand echo 'a host was connected to' >>{touched}
Match exec "echo 'ssh read the configuration' >>{touched}"
  User trapped
"""
BROKEN = "{{ trapped"
FILES = {
    ".ssh/config": SSH,
    ".ssh/known_hosts": "trapped\n",
    **{f".ssh/id_{kind}": "trapped\n" for kind in ("rsa", "ecdsa", "ed25519")},
    **{
        f".{name}": SHELL
        for name in ("bashrc", "bash_profile", "bash_login", "profile", "bash_env", "zshenv")
    },
    **{f".{name}": CSHELL for name in ("tcshrc", "cshrc", "login")},
    ".config/fish/config.fish": CSHELL,
    **{
        f".jupyter/{name}_config.py": PYTHON
        for name in (
            *("jupyter", "jupyter_server", "jupyter_lab", "jupyter_notebook"),
            *("jupyter_client", "jupyter_nbclient", "jupyter_submit"),
        )
    },
    ".jupyter/labconfig/default_setting_overrides.json": BROKEN,
    ".jupyter/labconfig/page_config.json": BROKEN,
    ".jupyter/lab/user-settings/jupyterlab-submit/plugin.jupyterlab-settings": BROKEN,
    ".local/share/jupyter/lab/settings/overrides.json": BROKEN,
    ".local/share/jupyter/kernels/python3/kernel.json": BROKEN,
    **{
        f".ipython/profile_default/{name}.py": PYTHON
        for name in (
            *("ipython_config", "ipython_kernel_config", "startup/00-first"),
            *("ipcluster_config", "ipcontroller_config", "ipengine_config"),
        )
    },
    ".config/matplotlib/matplotlibrc": "backend: trapped\n",
    "python/sitecustomize.py": SITE,
    "python/startup.py": PYTHON,
    "node/trap.js": NODE,
}
# They are opened or filled in vain.
FOLDERS = ["run", "temporary"]


@dataclass(frozen=True)
class TrapHome:
    ssh: Path
    """Its ~/.ssh."""
    watched: list[Path]
    """The folders in which nothing is to be opened."""
    variables: dict[str, str]
    """What its owner has set."""


def write_trap_home(folder: Path, touched: Path, port: int) -> TrapHome:
    """Makes it in a folder; connections to the port are noticed, too."""
    home = folder / "home"
    for name, text in FILES.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text.format(touched=str(touched), port=port))
    for name in FOLDERS:
        (home / name).mkdir(mode=0o700)
    (home / ".ssh").chmod(0o700)
    for key in (home / ".ssh").iterdir():
        key.chmod(0o600)
    below = {file.parent for file in home.rglob("*") if file.is_file()}
    # Not the home itself, where those that install packages keep theirs: only these files of it.
    own = [home / name for name in FILES if "/" not in name]
    watched = [*sorted(below - {home}), *own, *(home / name for name in FOLDERS)]
    return TrapHome(home / ".ssh", watched, variables(folder, home, port))


def variables(folder: Path, home: Path, port: int) -> dict[str, str]:
    nowhere = "/nonexistent/trap"
    proxy = f"http://127.0.0.1:{port}"
    return {
        "HOME": str(home),
        "SSH_AUTH_SOCK": str(folder / "agent"),
        "JUPYTERLAB_SUBMIT_SSH_CONFIG": str(home / ".ssh/config"),
        **dict.fromkeys(["BASH_ENV", "ENV"], str(home / ".bash_env")),
        "PYTHONPATH": str(home / "python"),
        "PYTHONSTARTUP": str(home / "python/startup.py"),
        "PYTHONWARNINGS": "error",
        "NODE_OPTIONS": f"--require {home}/node/trap.js",
        "NODE_PATH": str(home / "node"),
        "NODE_ENV": "production",
        "IPYTHONDIR": str(home / ".ipython"),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
        "JUPYTER_CONFIG_PATH": str(home / ".jupyter"),
        "JUPYTER_DATA_DIR": str(home / ".local/share/jupyter"),
        "JUPYTER_PATH": str(home / ".local/share/jupyter"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / ".jupyter/lab/user-settings"),
        "JUPYTER_TOKEN": "trapped",
        **dict.fromkeys(["JUPYTER_RUNTIME_DIR", "XDG_RUNTIME_DIR"], str(home / "run")),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "MATPLOTLIBRC": str(home / ".config/matplotlib"),
        "TMPDIR": str(home / "temporary"),
        **dict.fromkeys(["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"], proxy),
        **dict.fromkeys(["HTTPS_PROXY", "ALL_PROXY"], proxy),
        "no_proxy": "",
        "SLURM_CONF": f"{nowhere}/slurm.conf",
        "SLURM_JOB_ID": "1",
        "SBATCH_PARTITION": "trapped",
        "SBATCH_WAIT": "1",
        "SRUN_NTASKS": "trapped",
        "VIRTUAL_ENV": nowhere,
        "CONDA_PREFIX": nowhere,
        "OMP_NUM_THREADS": "77",
        "GIT_DIR": nowhere,
        "LC_ALL": "trapped",
        "TZ": "Pacific/Kiritimati",
        "COLUMNS": "17",
    }
