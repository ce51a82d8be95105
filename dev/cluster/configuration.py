"""The configuration files of the test cluster."""

from __future__ import annotations

import getpass
import os
import secrets
import socket
import stat

from dev.cluster.claims import far_address, near_address, port
from dev.cluster.far_node import HOSTNAME
from dev.cluster.folder import FOLDER, SLURM_CONF

NODES = ["n1", "n2", "n3", "n4"]
CLUSTER = "submit"
SLURMDBD_CONF = FOLDER / "slurmdbd.conf"
ADDRESS = FOLDER / "munge.socket"
# What --gpus gives to each node; Slurm looks for devices, not for what they do.
GPUS = dict(zip(NODES, ["a100", "a100", "v100", "v100"], strict=True))
GPUS_PER_NODE = 2
# A line for each job that Slurm has ended.
JOBS_ENDED = FOLDER / "jobs.ended"

SLURM = """\
ClusterName={cluster}
SlurmctldHost={host}({address})
SlurmctldPort={port}
FirstJobId={first_job}
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
{accounting}
JobCompType=jobcomp/filetxt
JobCompLoc={jobs_ended}
ReturnToService=2
MinJobAge=15
KillWait=5
SlurmdTimeout=15
SchedulerParameters=sched_interval=2,sched_min_interval=100000,bf_interval=5,batch_sched_delay=0
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool.%n
TmpFS={folder}/tmp.%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.%n.log
SlurmdParameters=config_overrides
{gpus}{nodes}
PartitionName=main Nodes=n[1-4] Default=YES MaxTime=1-00:00:00 DefaultTime=10 State=UP
PartitionName=short Nodes=n[1-4] MaxTime=1 State=UP
PartitionName=down Nodes=n[1-4] State=DOWN
PartitionName=others Nodes=n[1-4] AllowGroups=nogroup State=UP
"""

ACCOUNTING = """\
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=localhost
AccountingStoragePort={port}
AccountingStoragePass={socket}
AccountingStorageEnforce=associations,limits,qos"""
NO_ACCOUNTING = "AccountingStorageType=accounting_storage/none"

SLURMDBD = """\
DbdHost=localhost
DbdPort={port}
SlurmUser={user}
AuthType=auth/munge
AuthInfo=socket={socket}
StorageType=accounting_storage/mysql
StorageHost=localhost
StorageUser={user}
StorageLoc=accounting
PidFile={folder}/slurmdbd.pid
LogFile={folder}/slurmdbd.log
"""


def has_accounting() -> bool:
    """Whether the configuration that is in force has it."""
    return SLURM_CONF.exists() and "accounting_storage/slurmdbd" in SLURM_CONF.read_text()


def has_far_node() -> bool:
    return SLURM_CONF.exists() and f"NodeHostname={HOSTNAME} " in SLURM_CONF.read_text()


def write_configuration(cpus: int, accounting: bool, far_node: bool, gpus: bool) -> None:
    """Writes all files anew, for so many declared CPUs on all nodes together."""
    for name in ("state", *[f"spool.{node}" for node in NODES]):
        (FOLDER / name).mkdir(mode=0o755, exist_ok=True)
    for node in NODES:
        # pmix makes a folder of a step's name there, which is the same for the nodes of one machine.
        temporary = FOLDER / f"tmp.{node}"
        temporary.mkdir(exist_ok=True)
        temporary.chmod(0o1777)
    host = socket.gethostname().split(".")[0]
    address = near_address() if far_node else "127.0.0.1"
    places = dict.fromkeys(NODES, (host, address))
    if far_node:
        places[NODES[-1]] = (HOSTNAME, far_address())
    nodes = [
        f"NodeName={node} NodeHostname={host} NodeAddr={address} Port={port(f'slurmd-{node}')}"
        f" CPUs={cpus // len(NODES)} RealMemory=4000"
        f"{f' Gres=gpu:{GPUS[node]}:{GPUS_PER_NODE}' if gpus else ''} State=UNKNOWN"
        for node, (host, address) in places.items()
    ]
    SLURM_CONF.write_text(
        SLURM.format(
            cluster=CLUSTER,
            accounting=ACCOUNTING.format(port=port("slurmdbd"), socket=ADDRESS)
            if accounting
            else NO_ACCOUNTING,
            host=host,
            address=address,
            port=port("slurmctld"),
            # MPICH names its shared memory after job and step: what killed ranks leave must not be another cluster's.
            first_job=port("slurmctld") * 1000,
            user=getpass.getuser(),
            socket=ADDRESS,
            folder=FOLDER,
            jobs_ended=JOBS_ENDED,
            nodes="\n".join(nodes),
            gpus="GresTypes=gpu\n" if gpus else "",
        )
    )
    (FOLDER / "gres.conf").write_text(make_gpus() if gpus else "")
    # It has to be readable for nobody else.
    SLURMDBD_CONF.touch(mode=0o600)
    SLURMDBD_CONF.write_text(
        SLURMDBD.format(
            port=port("slurmdbd"), user=getpass.getuser(), socket=ADDRESS, folder=FOLDER
        )
    )
    # Version 1 looks for nothing until it is used; version 2 asks for systemd.
    (FOLDER / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")
    key = FOLDER / "munge.key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_bytes(secrets.token_bytes(128))


def make_gpus() -> str:
    """Makes devices that Slurm takes for GPUs; returns what it is to know of them. Only root can make them."""
    files = [FOLDER / f"gpu{number}" for number in range(GPUS_PER_NODE)]
    for file in files:
        if not file.exists():
            os.mknod(file, stat.S_IFCHR | 0o666, os.makedev(1, 3))  # as /dev/null
    devices = f"{FOLDER}/gpu[0-{GPUS_PER_NODE - 1}]"
    return "".join(
        f"NodeName={node} Name=gpu Type={kind} File={devices}\n" for node, kind in GPUS.items()
    )
