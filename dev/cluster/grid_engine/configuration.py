"""The configuration of the Grid Engine, as files that its own program for installations spools."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from dev.cluster.folder import FOLDER
from dev.cluster.hosts.hosts import EXECUTION_HOSTS, MASTER, TEMPORARY, on
from dev.cluster.orders import order

SLOTS = 4
"""Of each host."""
SGE_ROOT = FOLDER / "sge"
# Of the defaults: theirs are in a network of their own.
VARIABLES = {
    "SGE_ROOT": str(SGE_ROOT),
    "SGE_CELL": "default",
    "SGE_QMASTER_PORT": "6444",
    "SGE_EXECD_PORT": "6445",
}
# Where Debian has the programs themselves; those on PATH are wrappers.
PROGRAMS = Path("/usr/lib/gridengine")
SHARED = Path("/usr/share/gridengine")
COMMON = SGE_ROOT / "default/common"
SPOOL = SGE_ROOT / "default/spool"
TEMPLATES = SGE_ROOT / "templates"
MADE = SGE_ROOT / "made"
WHAT = "making the configuration of the Grid Engine"

BOOTSTRAP = {
    "admin_user": "none",
    "default_domain": "none",
    "ignore_fqdn": "false",
    "spooling_method": "classic",
    "spooling_lib": "libspoolc",
    "spooling_params": f"{COMMON};{SPOOL}/qmaster",
    "binary_path": f"{SGE_ROOT}/bin",
    "qmaster_spool_dir": f"{SPOOL}/qmaster",
    "security_mode": "none",
    "listener_threads": "2",
    "worker_threads": "2",
    "scheduler_threads": "1",
}
# What is not as Debian's default configuration has it.
GLOBAL = {
    "execd_spool_dir": str(SPOOL),
    "mailer": "/bin/true",
    "load_report_time": "00:00:05",
    "reporting_params": "accounting=true reporting=false flush_time=00:00:01"
    " accounting_flush_time=00:00:00 joblog=false sharelog=00:00:00",
}
# All of it, as qmaster keeps it: it knows no template of this.
SCHEDULER = {
    "algorithm": "default",
    "schedule_interval": "0:0:1",
    "maxujobs": "0",
    "queue_sort_method": "1",  # by seqno, as qconf calls it
    "job_load_adjustments": "NONE",
    "load_adjustment_decay_time": "0:7:30",
    "load_formula": "slots",
    "schedd_job_info": "true",
    "flush_submit_sec": "1",
    "flush_finish_sec": "1",
    "params": "none",
    "reprioritize_interval": "0:0:0",
    "halftime": "168",
    "usage_weight_list": "cpu=1.000000 mem=0.000000 io=0.000000",
    "compensation_factor": "5.000000",
    "weight_user": "0.250000",
    "weight_project": "0.250000",
    "weight_department": "0.250000",
    "weight_job": "0.250000",
    "weight_tickets_functional": "0",
    "weight_tickets_share": "0",
    "weight_tickets_override": "0",
    "share_override_tickets": "TRUE",
    "share_functional_shares": "TRUE",
    "max_functional_jobs_to_schedule": "200",
    "report_pjob_tickets": "TRUE",
    "max_pending_tasks_per_job": "50",
    "halflife_decay_list": "none",
    "policy_hierarchy": "OFS",
    "weight_ticket": "0.010000",
    "weight_waiting_time": "0.000000",
    "weight_deadline": "3600000.000000",
    "weight_urgency": "0.100000",
    "weight_priority": "1.000000",
    "max_reservation": "0",
    "default_duration": "INFINITY",
}
# How it spreads a job's slots over hosts; whether tasks start on other hosts by its daemons; whether the script is one of the tasks.
PARALLEL_ENVIRONMENTS = {
    "orte": ("$round_robin", "TRUE", "FALSE"),
    "smp": ("$pe_slots", "FALSE", "TRUE"),
    "mpi": ("$fill_up", "TRUE", "TRUE"),
    "mpi4": ("4", "TRUE", "FALSE"),
    "loose": ("$round_robin", "FALSE", "FALSE"),
}
# Which is filled first, h_rt, and s_rt, at which all processes of a job get USR1.
QUEUES = {"all.q": (0, "INFINITY", "INFINITY"), "short.q": (10, "00:05:00", "00:00:20")}
LIMITS = ("cpu", "fsize", "data", "stack", "core", "rss", "vmem")


def write_configuration() -> None:
    """Makes it, complete or not at all, unless it is there; the hosts are. Raises StepFailed."""
    if MADE.exists():
        return
    shutil.rmtree(SGE_ROOT, ignore_errors=True)
    for folder in (COMMON, SPOOL / "qmaster", SGE_ROOT / "bin", SGE_ROOT / "utilbin"):
        folder.mkdir(parents=True)
    for link in ("bin/lx-amd64", "utilbin/lx-amd64"):
        (SGE_ROOT / link).symlink_to(PROGRAMS)
    (SGE_ROOT / "util").symlink_to(SHARED / "util")
    (COMMON / "bootstrap").write_text(lines(BOOTSTRAP))
    (COMMON / "act_qmaster").write_text(f"{MASTER}\n")
    (COMMON / "sched_configuration").write_text(lines(SCHEDULER))
    for name, text in templates().items():
        (TEMPLATES / name).parent.mkdir(parents=True, exist_ok=True)
        (TEMPLATES / name).write_text(text)
    spool()
    MADE.touch()


def spool() -> None:
    """In one command, as each that goes to a host costs more than what it does there."""
    spooldefaults = PROGRAMS / "spooldefaults.bin"
    kinds = ["adminhosts", "submithosts", "exechosts", "pes"]
    commands = [
        f"{PROGRAMS}/spoolinit classic libspoolc '{BOOTSTRAP['spooling_params']}' init",
        f"{spooldefaults} configuration {TEMPLATES}/configuration",
        f"{spooldefaults} complexes {SHARED}/util/resources/centry",
        f"{spooldefaults} usersets {SHARED}/util/resources/usersets",
        f"{spooldefaults} managers root",
        *(f"{spooldefaults} {kind} {TEMPLATES}/{kind}" for kind in kinds),
        *(
            f"{spooldefaults} local_conf {TEMPLATES}/local_conf/{host} {host}"
            for host in EXECUTION_HOSTS
        ),
    ]
    # It alone is linked to a library that is in no place for libraries.
    variables = {**VARIABLES, "LD_LIBRARY_PATH": str(PROGRAMS)}
    order(WHAT, on(MASTER, ["sh", "-e", "-c", "\n".join(commands)]), variables=variables)


def templates() -> dict[str, str]:
    """What is to be spooled, by kind and name; queues are for qconf(1), as they are made by qmaster itself."""
    default = (SHARED / "default-configuration").read_text()
    found = {"configuration": changed(default, GLOBAL)}
    for host in (MASTER, *EXECUTION_HOSTS):
        found[f"adminhosts/{host}"] = lines({"hostname": host})
    # People of a cluster submit from where they log in.
    found[f"submithosts/{MASTER}"] = lines({"hostname": MASTER})
    for number, host in enumerate(EXECUTION_HOSTS):
        found[f"exechosts/{host}"] = lines(execution_host(host))
        first = 65000 + 100 * number
        # A range for each: by these groups a host finds the processes of its jobs.
        found[f"local_conf/{host}"] = lines(
            {
                "mailer": "/bin/true",
                "xterm": "/bin/false",
                "gid_range": f"{first}-{first + 99}",
            }
        )
    for name in PARALLEL_ENVIRONMENTS:
        found[f"pes/{name}"] = lines(parallel_environment(name))
    for name, (sequence, time_limit, warning) in QUEUES.items():
        found[f"queues/{name}"] = lines(queue(name, sequence, time_limit, warning))
    return found


def execution_host(name: str) -> dict[str, str]:
    """With as many slots as it has, in all queues together."""
    return {
        "hostname": name,
        "load_scaling": "NONE",
        "complex_values": f"slots={SLOTS}",
        **dict.fromkeys(["user_lists", "xuser_lists", "projects", "xprojects"], "NONE"),
        **dict.fromkeys(["usage_scaling", "report_variables"], "NONE"),
    }


def parallel_environment(name: str) -> dict[str, str]:
    allocation_rule, control_slaves, job_is_first_task = PARALLEL_ENVIRONMENTS[name]
    return {
        "pe_name": name,
        "slots": "999",
        **dict.fromkeys(["user_lists", "xuser_lists", "start_proc_args", "stop_proc_args"], "NONE"),
        "allocation_rule": allocation_rule,
        "control_slaves": control_slaves,
        "job_is_first_task": job_is_first_task,
        "urgency_slots": "min",
        "accounting_summary": "FALSE",
        "qsort_args": "NONE",
    }


def queue(name: str, sequence: int, time_limit: str, warning: str) -> dict[str, str]:
    """On all hosts; one of a lower number in the sequence is filled first."""
    return {
        "qname": name,
        "hostlist": " ".join(EXECUTION_HOSTS),
        "seq_no": str(sequence),
        # This machine may be busy with other things.
        **dict.fromkeys(["load_thresholds", "suspend_thresholds"], "NONE"),
        "nsuspend": "1",
        "suspend_interval": "00:05:00",
        "priority": "0",
        "min_cpu_interval": "00:05:00",
        "processors": "UNDEFINED",
        "qtype": "BATCH INTERACTIVE",
        "ckpt_list": "NONE",
        "pe_list": " ".join(PARALLEL_ENVIRONMENTS),
        "rerun": "FALSE",
        "slots": str(SLOTS),
        "tmpdir": str(TEMPORARY),
        "shell": "/bin/sh",
        **dict.fromkeys(["prolog", "epilog"], "NONE"),
        "shell_start_mode": "posix_compliant",
        "starter_method": "NONE",
        **dict.fromkeys(["suspend_method", "resume_method", "terminate_method"], "NONE"),
        "notify": "00:00:05",
        **dict.fromkeys(["owner_list", "user_lists", "xuser_lists"], "NONE"),
        **dict.fromkeys(["subordinate_list", "complex_values"], "NONE"),
        **dict.fromkeys(["projects", "xprojects", "calendar"], "NONE"),
        "initial_state": "default",
        "s_rt": warning,
        "h_rt": time_limit,
        **{f"{kind}_{limit}": "INFINITY" for limit in LIMITS for kind in "sh"},
    }


def changed(configuration: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        configuration = re.sub(
            rf"^{name}\s.*$", lambda _, line=f"{name} {value}": line, configuration, flags=re.M
        )
    return configuration


def lines(values: Mapping[str, str]) -> str:
    """As qconf(1) writes it."""
    return "".join(f"{name:<20} {value}\n" for name, value in values.items())
