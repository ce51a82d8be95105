"""The face of PBS Pro (OpenPBS): what is said and written as its sources have it (openpbs cd7ab5e, release 23.06)."""

from __future__ import annotations

import getopt
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dev.cluster.stand_in.face import Answer, Call, Plan
from dev.cluster.stand_in.pbs.commands import on_jobs, signal_jobs, telling
from dev.cluster.stand_in.pbs.jobs import SERVER, job_files, node_lines, nodes, number_of
from dev.cluster.stand_in.pbs.options import Refused, unknown_option
from dev.cluster.stand_in.pbspro.json_text import VERSION
from dev.cluster.stand_in.pbspro.show import FINISHED, UNKNOWN, qselect, qstat
from dev.cluster.stand_in.pbspro.submit import qsub
from dev.cluster.stand_in.queue import BY_LIMIT, Job
from dev.cluster.stand_in.tasks import spawn

HISTORY_SECONDS = 14 * 24 * 3600
"""job_history_duration. A test's `keeps` of 0 is a server whose job_history_enable is not set."""

# kill_delay (req_runjob.c).
KILL_SECONDS = 10

# PBSE_SYSTEM, when a connection is refused (pbsD_connect.c).
NOT_THERE = 15010

WORDS = {
    "unknown": UNKNOWN,
    "denied": ("Unauthorized Request ", 15007),
    "wrong state": ("Request invalid for state of job", 15016),
    "over": ("Request invalid for state of job", 15016),
}


def qdel(call: Call) -> Answer:
    usage = "usage:\n\tqdel [-W force|suppress_email=X] [-x] job_identifier...\n\tqdel --version"
    return on_jobs(call, "qdel", "delete", "W:x", usage, {**WORDS, "over": FINISHED})


def qhold(call: Call) -> Answer:
    usage = "usage: qhold [-h hold_list] job_identifier..."
    return on_jobs(call, "qhold", "hold", "h:", usage, WORDS)


def qrls(call: Call) -> Answer:
    usage = "usage: qrls [-h hold_list] job_identifier..."
    return on_jobs(call, "qrls", "release", "h:", usage, WORDS)


def qsig(call: Call) -> Answer:
    return signal_jobs(call, "usage: qsig [-s signal] job_identifier...", WORDS)


def pbs_tmrsh(call: Call) -> Answer:
    """A process on a host of the job, with the job's variables, whose output is the job's (pbs_tmrsh.c)."""
    words = list(call.words)
    while words and words[0].startswith("-"):
        words = words[2:] if words[0] == "-l" else words[1:]
    host, words = (words[0], words[1:]) if words else ("", [])
    while words and words[0] in ("-n", "-l"):
        words = words[2:] if words[0] == "-l" else words[1:]
    if not words:
        raise Refused("pbs_tmrsh: [-n][-l username] host command\n       pbs_tmrsh --version", 255)
    if "PBS_ENVIRONMENT" not in call.environ:
        raise Refused("pbs_tmrsh: not executing under PBS", 255)
    ident = call.environ.get("PBS_JOBID", "")
    if host not in nodes(call):
        raise Refused(f'pbs_tmrsh: host "{host}" is not a node in job <{ident}>', 255)
    return Answer(status=spawn(call, number_of(ident), [(host, {})], words)[0])


def pbsdsh(call: Call) -> Answer:
    """One on each of the job's nodes, or on the first so many, or on one of them (pbsdsh.c)."""
    try:
        options, words = getopt.getopt(list(call.words), "c:n:h:svo")
    except getopt.GetoptError as error:
        raise Refused(unknown_option("pbsdsh", error), 1) from None
    if "PBS_ENVIRONMENT" not in call.environ:
        raise Refused("pbsdsh: not executing under PBS", 1)
    chosen, hosts = dict(options), nodes(call)
    if "-n" in chosen:
        hosts = hosts[int(chosen["-n"]) :][:1]
    elif "-h" in chosen:
        hosts = [host for host in hosts if host == chosen["-h"]][:1]
    elif "-c" in chosen:
        hosts = hosts[: int(chosen["-c"])]
    said = Answer()
    for number, status in enumerate(
        spawn(call, number_of(call.environ["PBS_JOBID"]), [(host, {}) for host in hosts], words)
    ):
        if status != 0 or "-v" in chosen:
            said.out += f"pbsdsh: task 0x{number:08X} exit status {status}\n"
    return said


def version(call: Call) -> Answer:
    return Answer(f"pbs_version = {VERSION}\n")


def away(name: str) -> Answer:
    """What a command says when nobody listens (cnt2server.c, and each of them)."""
    words = f"{name}: cannot connect to server {SERVER} (errno={NOT_THERE})"
    if name == "qdel":
        words = f"Couldn't connect to cluster: {SERVER}"
    status = 255 if name == "qstat" else NOT_THERE % 256
    return Answer(err=f"Connection refused\n{words}\n", status=status)


COMMANDS = (qsub, qstat, qselect, qdel, qhold, qrls, qsig, pbs_tmrsh, pbsdsh)


class PbsPro:
    first = 0
    keeps: float = HISTORY_SECONDS
    # JOB_EXEC_FAIL2 and JOB_EXEC_INITABT of job.h.
    failed = -2
    no_folder = "Could not chdir to home directory\n"
    lost = -4
    ties_tasks = False
    waits_for_others = True
    configuration: Mapping[str, str] = {}
    commands: Mapping[str, Callable[[Call], Answer]] = telling(COMMANDS, version, away)

    def login_variables(self, place: str) -> dict[str, str]:
        return {}

    def start(self, job: Job, home: str, shell: str, folder: str) -> Plan:
        """A login shell in the home folder reads the script's name from its input, and runs it (start_exec.c, SHELL_INVOKE)."""
        ident = f"{job.number}.{SERVER}"
        script, nodefile = f"{folder}/spool/{ident}.SC", f"{folder}/spool/{ident}"
        output, error, copies = job_files(job, ident, home, folder)
        shell = job.more["Shell_Path_List"] or shell
        return Plan(
            argv=[f"-{shell.rpartition('/')[2]}"],
            program=shell,
            stdin=f"{script}\n",
            variables={
                **job.variables,
                **self.variables(job, job.hosts[0], home, folder),
                "LOGNAME": job.user,
                "USER": job.user,
                "SHELL": shell,
                "PBS_NODEFILE": nodefile,
            },
            directory=home,
            output=output,
            error=error,
            umask=int(job.more["umask"] or "077", 8),
            files={
                script: job.script,
                nodefile: "".join(f"{each}\n" for each in node_lines(job)),
            },
            copies=copies,
        )

    def task(self, job: Job, host: str, home: str, asked: Mapping[str, Any], folder: str) -> Plan:
        """It has the job's variables, and not those of who starts it; no PBS_NODEFILE either (start_exec.c, start_process)."""
        ident = f"{job.number}.{SERVER}"
        output, error, _ = job_files(job, ident, home, folder)
        variables = {**job.variables, **self.variables(job, host, home, folder)}
        variables.pop("PBS_NODEFILE", None)
        return Plan(
            asked["argv"], variables, home, output, error, umask=int(job.more["umask"] or "077", 8)
        )

    def variables(self, job: Job, host: str, home: str, folder: str) -> dict[str, str]:
        cpus = next((slots for each, slots, _ in job.where if each == host), 1)
        account = job.more["Account_Name"]
        return {
            # Of the daemon's own environment (pbs_environment).
            "PATH": os.environ.get("PATH", ""),
            "HOME": home,
            "PBS_JOBNAME": job.name,
            "PBS_JOBID": f"{job.number}.{SERVER}",
            "PBS_QUEUE": job.queue,
            "PBS_JOBCOOKIE": f"{job.number:032X}",
            "PBS_NODENUM": str(job.hosts.index(host)),
            "PBS_TASKNUM": "1",
            "PBS_MOMPORT": "15003",
            "OMP_NUM_THREADS": str(cpus),
            "NCPUS": str(cpus),
            **({"PBS_ACCOUNT": account} if account else {}),
            "TMPDIR": self.temporary(job, folder),
            "PBS_JOBDIR": home,
            "PBS_ENVIRONMENT": "PBS_BATCH",
            "ENVIRONMENT": "BATCH",
        }

    def temporary(self, job: Job, folder: str) -> str:
        return f"{os.path.dirname(folder)}/tmp/pbs.{job.number}.{SERVER}"

    def signals(self, job: Job, ends: str) -> Sequence[tuple[float, signal.Signals]]:
        """To all processes of the script's host; those of others are killed when all is over (requests.c, catch_child.c)."""
        return [(0, signal.SIGTERM), (KILL_SECONDS, signal.SIGKILL)]

    def signal_of_others(self, number: signal.Signals) -> signal.Signals | None:
        return None

    def last_word(self, job: Job, ends: str, seconds: float) -> str:
        limit = int(seconds)
        words = f"=>> PBS: job killed: walltime {limit + 1} exceeded limit {limit}\n"
        return words if ends == BY_LIMIT else ""

    def status(self, waited: int, ends: str | None) -> int:
        """JOB_EXEC_KILL_WALLTIME of job.h; else the shell's, with 256 for a signal (mom_start.c, scan_for_terminated)."""
        if ends == BY_LIMIT:
            return -29
        code = os.waitstatus_to_exitcode(waited)
        return code if code >= 0 else 256 - code

    def report(self, job: Job, status: int) -> str:
        return ""
