"""The face of Torque: what is said and written as its sources have it (torque 34ff845, release 6.1.3)."""

from __future__ import annotations

import getopt
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dev.cluster.stand_in.face import HOSTS, SLOTS, Answer, Call, Plan
from dev.cluster.stand_in.pbs.commands import on_jobs, signal_jobs, telling
from dev.cluster.stand_in.pbs.jobs import SERVER, nodes, number_of
from dev.cluster.stand_in.pbs.options import Refused, given_variables, unknown_option
from dev.cluster.stand_in.pbspro.face import PbsPro
from dev.cluster.stand_in.queue import BY_LIMIT, Job
from dev.cluster.stand_in.tasks import spawn
from dev.cluster.stand_in.torque.show import UNKNOWN, qselect, qstat
from dev.cluster.stand_in.torque.submit import qsub

VERSION = "6.1.3"

# keep_completed, of the server.
KEPT_SECONDS = 300

# DEFAULT_KILL_DELAY of server.h.
KILL_SECONDS = 2

WORDS = {
    "unknown": UNKNOWN,
    "denied": ("Unauthorized Request ", 15007),
    "wrong state": ("Request invalid for state of job", 15018),
    "over": ("Request invalid for state of job MSG=invalid state for job - COMPLETE", 15018),
}

NOT_THERE = (15133, "Could not connect to batch server")


def qdel(call: Call) -> Answer:
    usage = "usage: qdel [{ -a | -c | -p | -t | -W delay | -m message}] [<JOBID>[<JOBID>] | 'all' | 'ALL']..."
    return on_jobs(call, "qdel", "delete", "ab:cm:pW:t:", usage, WORDS)


def qhold(call: Call) -> Answer:
    usage = "usage: qhold [-h hold_list] job_identifier..."
    return on_jobs(call, "qhold", "hold", "h:t:", usage, WORDS)


def qrls(call: Call) -> Answer:
    usage = "usage: qrls [-h hold_list] [-t array_range] job_identifier..."
    return on_jobs(call, "qrls", "release", "h:t:", usage, WORDS)


def qsig(call: Call) -> Answer:
    return signal_jobs(call, "usage: qsig [-a] [-s signal] job_identifier...", WORDS)


def pbsnodes(call: Call) -> Answer:
    """All hosts, whatever is asked (pbsnodes.c, prt_node_attr)."""
    free = call.ask({"do": "jobs"})["free"]
    text = ""
    for host in HOSTS:
        state = "free" if free[host] else "job-exclusive"
        values = {"state": state, "power_state": "Running", "np": str(SLOTS), "ntype": "cluster"}
        text += f"{host}\n" + "".join(f"     {name} = {of}\n" for name, of in values.items()) + "\n"
    return Answer(text)


def pbsdsh(call: Call) -> Answer:
    """One on each of the job's processors, with -u on each host; its output is the job's without -o (pbsdsh.c)."""
    try:
        options, words = getopt.getopt(list(call.words), "c:e:n:h:osuvE")
    except getopt.GetoptError as error:
        raise Refused(unknown_option("pbsdsh", error), 1) from None
    if not words:
        raise Refused("pbsdsh: must specify a program", 1)
    if "PBS_ENVIRONMENT" not in call.environ:
        raise Refused("pbsdsh: not executing under PBS", 1)
    chosen, hosts = dict(options), list(enumerate(nodes(call)))
    if "-u" in chosen:
        hosts = [each for each in hosts if each[1] not in [host for _, host in hosts[: each[0]]]]
    if "-n" in chosen:
        hosts = hosts[int(chosen["-n"]) :][:1]
    elif "-h" in chosen:
        hosts = [each for each in hosts if each[1] == chosen["-h"]][:1]
    elif "-c" in chosen:
        hosts = hosts[: int(chosen["-c"])]
    variables = dict(call.environ) if "-E" in chosen else {}
    for part in given_variables(chosen.get("-e", "")):
        name, has_value, value = part.partition("=")
        variables[name] = value if has_value else call.environ.get(name, "")
    said = Answer()
    descriptors = (0, 1, 2) if "-o" in chosen else ()
    # Which processor it is for, counted through all hosts (mom_comm.c).
    tasks = [(host, {**variables, "PBS_VNODENUM": str(at)}) for at, host in hosts]
    job = number_of(call.environ["PBS_JOBID"])
    for number, status in enumerate(spawn(call, job, tasks, words, descriptors)):
        if status != 0 or "-v" in chosen:
            said.err += f"pbsdsh: task {number} exit status {status}\n"
    return said


def version(call: Call) -> Answer:
    return Answer(err=f"Version: {VERSION}\nCommit: unknown\n")


def away(name: str) -> Answer:
    code, words = NOT_THERE
    said = f"{name}: cannot connect to server {SERVER} (errno={code}) {words}\n"
    return Answer(err=said, status=code % 256)


COMMANDS = (qsub, qstat, qselect, qdel, qhold, qrls, qsig, pbsnodes, pbsdsh)


class Torque(PbsPro):
    keeps = KEPT_SECONDS
    commands: Mapping[str, Callable[[Call], Answer]] = telling(COMMANDS, version, away)
    no_folder = "PBS: chdir to '{}' failed: No such file or directory\n"
    waits_for_others = False

    def start(self, job: Job, home: str, shell: str, folder: str) -> Plan:
        plan = super().start(job, home, shell, folder)
        plan.directory = job.variables.get("PBS_O_INITDIR", home)
        return plan

    def task(self, job: Job, host: str, home: str, asked: Mapping[str, Any], folder: str) -> Plan:
        """It has a PBS_NODEFILE, and what pbsdsh was told to pass on (start_exec.c, InitUserEnv)."""
        plan = super().task(job, host, home, asked, folder)
        nodefile = {"PBS_NODEFILE": f"{folder}/spool/{job.number}.{SERVER}"}
        plan.variables = {**plan.variables, **nodefile, **asked["variables"]}
        plan.directory = job.variables.get("PBS_O_INITDIR", home)
        return plan

    def variables(self, job: Job, host: str, home: str, folder: str) -> dict[str, str]:
        found = super().variables(job, host, home, folder)
        for name in ("NCPUS", "OMP_NUM_THREADS", "PBS_JOBDIR", "PBS_ACCOUNT"):
            found.pop(name, None)
        per = job.where[0][1]
        return {
            **found,
            "HOSTNAME": host,
            "PBS_VNODENUM": "0",
            "PBS_VERSION": f"TORQUE-{VERSION}",
            "PBS_NUM_NODES": str(len(job.where)),
            "PBS_NUM_PPN": str(per),
            "PBS_NP": str(sum(slots for _, slots, _ in job.where)),
            **({} if job.seconds is None else {"PBS_WALLTIME": str(job.seconds)}),
        }

    def signals(self, job: Job, ends: str) -> Sequence[tuple[float, signal.Signals]]:
        """What is left when the login shell has gone is killed then and there (mom_start.c, scan_for_terminated)."""
        return [(0, signal.SIGTERM), (KILL_SECONDS, signal.SIGKILL)]

    def signal_of_others(self, number: signal.Signals) -> signal.Signals | None:
        """Whatever the signal is (requests.c, req_signaljob; catch_child.c, terminate_sisters)."""
        return signal.SIGKILL

    def status(self, waited: int, ends: str | None) -> int:
        """JOB_EXEC_OVERLIMIT_WT of pbs_job.h; else the shell's, with 256 for a signal."""
        if ends == BY_LIMIT:
            return -11
        code = os.waitstatus_to_exitcode(waited)
        return code if code >= 0 else 256 - code
