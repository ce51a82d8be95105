"""The configuration files of the test cluster."""

from __future__ import annotations

import getpass
import secrets
import socket

from dev.cluster.folder import FIRST_PORT, FOLDER, SLURM_CONF

NODES = ["n1", "n2", "n3", "n4"]
ADDRESS = FOLDER / "munge.socket"

SLURM = """\
ClusterName=submit
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={socket}
CryptoType=crypto/munge
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
MinJobAge=15
KillWait=5
SlurmdTimeout=15
SchedulerParameters=sched_interval=2,sched_min_interval=100000,bf_interval=5,batch_sched_delay=0
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.%n.log
SlurmdParameters=config_overrides
{nodes}
PartitionName=main Nodes=n[1-4] Default=YES MaxTime=1-00:00:00 DefaultTime=10 State=UP
PartitionName=short Nodes=n[1-4] MaxTime=1 State=UP
PartitionName=down Nodes=n[1-4] State=DOWN
PartitionName=others Nodes=n[1-4] AllowGroups=nogroup State=UP
"""


def write_configuration(cpus: int) -> None:
    """Writes all files anew, for so many declared CPUs on all nodes together."""
    for name in ("state", *[f"spool.{node}" for node in NODES]):
        (FOLDER / name).mkdir(mode=0o755, exist_ok=True)
    host = socket.gethostname().split(".")[0]
    nodes = [
        f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={FIRST_PORT + 1 + number}"
        f" CPUs={cpus // len(NODES)} RealMemory=4000 State=UNKNOWN"
        for number, node in enumerate(NODES)
    ]
    SLURM_CONF.write_text(
        SLURM.format(
            host=host,
            port=FIRST_PORT,
            user=getpass.getuser(),
            socket=ADDRESS,
            folder=FOLDER,
            nodes="\n".join(nodes),
        )
    )
    # Version 1 looks for nothing until it is used; version 2 asks for systemd.
    (FOLDER / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")
    key = FOLDER / "munge.key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_bytes(secrets.token_bytes(128))
