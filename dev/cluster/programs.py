"""What must be installed for the test cluster, and the Debian packages that bring it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping

from dev.step import StepFailed

SEARCHED = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
SLURM = {
    "munged": "munge",
    "slurmctld": "slurmctld",
    "slurmd": "slurmd",
    **dict.fromkeys(["sbatch", "squeue", "scancel", "sinfo", "srun"], "slurm-client"),
}
LOGINS = {
    "sshd": "openssh-server",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "useradd": "passwd",
    "userdel": "passwd",
}
SSH = {**LOGINS, "tcsh": "tcsh", "zsh": "zsh", "fish": "fish"}
ACCOUNTING = {
    "slurmdbd": "slurmdbd",
    "sacctmgr": "slurm-client",
    "mariadbd": "mariadb-server-core",
    "mariadb-install-db": "mariadb-server-core",
    "my_print_defaults": "mariadb-client-core",
}
# Without a compiler there is no libc6-dev either, which it only recommends.
DOORS = {
    "gcc": "gcc",
    "cc": "libc6-dev",
    "unshare": "util-linux",
    "krb5kdc": "krb5-kdc",
    "kadmin.local": "krb5-admin-server",
    "kinit": "krb5-user",
    "softhsm2-util": "softhsm2",
}
FAR_NODE = {"ip": "iproute2", "unshare": "util-linux"}
# Without mailutils, apt takes another program for mail, which brings a daemon.
GRID_ENGINE = {
    "sge_qmaster": "gridengine-master",
    "sge_execd": "gridengine-exec",
    "qsub": "gridengine-client",
    "mail": "mailutils",
    **LOGINS,
    **FAR_NODE,
}


def find(program: str) -> str:
    """Its full path; raises FileNotFoundError."""
    found = shutil.which(program, path=SEARCHED)
    if found is None:
        raise FileNotFoundError(f"{program} is not installed")
    return found


def demand(programs: Mapping[str, str]) -> None:
    """Raises StepFailed with the line that installs everything, when one of them is missing."""
    lacking = [name for name in programs if shutil.which(name, path=SEARCHED) is None]
    if lacking:
        raise StepFailed(
            "starting the cluster",
            ["apt-get", "install", "--no-install-recommends", *dict.fromkeys(programs.values())],
            f"not installed: {', '.join(lacking)}",
            "The line above installs what is missing.",
        )
