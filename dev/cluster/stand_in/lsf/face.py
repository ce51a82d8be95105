"""The face of LSF: what is said and written as IBM's documents of 10.1 have it, and public programs that read it.

Refusals are the words of lsb_sysmsg(3), which OpenLava's lsb.err.c lists; the shape of `bjobs -json` is that of balsam's and toil's readers.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dev.cluster.stand_in.face import Answer, Call, Plan
from dev.cluster.stand_in.lsf.queues import bqueues
from dev.cluster.stand_in.lsf.record import by_host, reason_of, slots_of
from dev.cluster.stand_in.lsf.show import bjobs, shown_options
from dev.cluster.stand_in.lsf.submit import Refused, bsub
from dev.cluster.stand_in.queue import BY_LIMIT, Job
from dev.cluster.stand_in.tasks import spawn
from dev.cluster.stand_in.wire import NotThere

CLUSTER, MASTER = "standin", "gxm"

# CLEAN_PERIOD and JOB_TERMINATE_INTERVAL of lsb.params, and what bsub(1) says of -W.
KEPT_SECONDS = 3600

TERMINATE_SECONDS = 10

GRACE_SECONDS = 600

VERSION = (
    "IBM Spectrum LSF Standard 10.1.0.14, Jun 01 2023\n"
    "Copyright International Business Machines Corp. 1992, 2016.\n"
    "US Government Users Restricted Rights - Use, duplication or disclosure restricted by"
    " GSA ADP Schedule Contract with IBM Corp.\n"
)
WORDS = {
    "unknown": "No matching job found",
    "denied": "User permission denied",
    "over": "Job has already finished",
    "wrong state": "Job has already started",
}


def bkill(call: Call) -> Answer:
    """Ends jobs; with -s it only sends them a signal, which a job that waits cannot get."""
    options, numbers = shown_options(list(call.words), {"s", "J", "q", "u", "g", "app"})
    if "s" not in options:
        return act(call, numbers, {"do": "delete"}, "is being terminated")
    name = options["s"].removeprefix("SIG")
    number = int(name) if name.isdigit() else getattr(signal, f"SIG{name}", None)
    if number is None:
        raise Refused(f"{options['s']}: Illegal signal value")
    request = {"do": "signal", "signal": int(number)}
    return act(call, numbers, request, "is being signaled", "Job has not started yet")


def bresume(call: Call) -> Answer:
    return act(call, call.words, {"do": "release"}, "is being resumed")


def bstop(call: Call) -> Answer:
    return act(call, call.words, {"do": "hold"}, "is being stopped")


def act(
    call: Call, numbers: Sequence[str], request: Mapping[str, Any], done: str, wrong: str = ""
) -> Answer:
    said = Answer()
    if not numbers:
        raise Refused("Job ID must be specified.")
    for word in numbers:
        error = call.ask({**request, "number": int(word) if word.isdigit() else -1}).get("error")
        if error is None:
            said.out += f"Job <{word}> {done}\n"
        else:
            words = wrong if wrong and error == "wrong state" else WORDS[error]
            said.err += f"Job <{word}>: {words}\n"
            said.status = 255
    return said


def lsid(call: Call) -> Answer:
    call.ask({"do": "jobs"})
    return Answer(f"{VERSION}\nMy cluster name is {CLUSTER}\nMy master name is {MASTER}\n")


def blaunch(call: Call) -> Answer:
    """A command on hosts of the job, with our variables, folder and output; it ends when we do (blaunch.8)."""
    words, hosts = list(call.words), None
    shell = ["/bin/sh", "-c"]
    while words and words[0].startswith("-"):
        option = words.pop(0)
        if option == "-z" and words:
            hosts = words.pop(0).split()
        elif option == "-u" and words:
            with open(words.pop(0)) as file:
                hosts = file.read().split()
        elif option == "-no-shell":
            shell = []
        elif option == "-use-login-shell":
            shell = [call.environ.get("SHELL", "/bin/sh"), "-l", "-c"]
    of_job = call.environ.get("LSB_HOSTS", "").split()
    if not of_job:
        raise Refused("blaunch: not running in a job")
    if hosts is None and words and words[0] in of_job:
        hosts = [words.pop(0)]
    hosts = of_job if hosts is None else hosts
    if not words:
        raise Refused(
            "blaunch [-n] [-u host_file | -z host_name ... | host_name] command [argument ...]"
        )
    unknown = [host for host in hosts if host not in of_job]
    if unknown:
        raise Refused(f"blaunch: host <{unknown[0]}> is not in the allocation of the job")
    argv = [*shell, " ".join(words)] if shell else words
    tasks = [(host, {**call.environ, "PWD": call.directory}) for host in hosts]
    statuses = spawn(call, int(call.environ["LSB_JOBID"]), tasks, argv, (0, 1, 2))
    return Answer(status=max(statuses, default=0))


def telling(command: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
    """The command, which waits for a server that is away, as long as LSB_NTRIES says: for ever, by default (lsf.conf)."""

    def tell(call: Call) -> Answer:
        if list(call.words) == ["-V"]:
            return Answer(err=VERSION)
        tries = int(call.environ.get("LSB_NTRIES", "1000000000"))
        while tries > 0:
            try:
                return command(call)
            except Refused as refused:
                return Answer(err=f"{refused}\n", status=255)
            except NotThere:
                print("LSF is down. Please wait ...", file=sys.stderr, flush=True)
                tries -= 1
                time.sleep(1 if tries else 0)
        return Answer(status=255)

    return tell


COMMANDS = (bsub, bjobs, bkill, bresume, bstop, bqueues, lsid, blaunch)


class Lsf:
    first = 1
    keeps: float = KEPT_SECONDS
    failed = 127
    no_folder = ""
    lost = 255
    ties_tasks = True
    waits_for_others = False
    commands: Mapping[str, Callable[[Call], Answer]] = {
        command.__name__: telling(command) for command in COMMANDS
    }
    configuration: Mapping[str, str] = {
        "conf/lsf.conf": f"LSF_SERVER_HOSTS={MASTER}\nLSF_UNIT_FOR_LIMITS=MB\n"
    }

    def login_variables(self, place: str) -> dict[str, str]:
        """What profile.lsf sets."""
        folders = {"LSF_BINDIR": "bin", "LSF_SERVERDIR": "etc", "LSF_LIBDIR": "lib"}
        return {
            "LSF_ENVDIR": f"{place}/conf",
            **{name: f"{place}/{folder}" for name, folder in folders.items()},
        }

    def start(self, job: Job, home: str, shell: str, folder: str) -> Plan:
        """The script itself, where it was submitted; its output is there when it has ended."""
        spool = f"{folder}/spool/{job.number}"
        output, error, copies = f"{spool}.out", f"{spool}.out", []
        if job.more["output"]:
            copies.append((output, self.target(job, "output"), "oo" not in job.more["over"]))
        if job.more["error"]:
            error = f"{spool}.err"
            copies.append((error, self.target(job, "error"), "eo" not in job.more["over"]))
        script = job.script if job.script.startswith("#!") else f"#!/bin/sh\n{job.script}"
        login = job.more["shell"]
        argv = [login, "-l", "-c", f'exec "{spool}"'] if login else [spool]
        return Plan(
            argv=argv,
            variables={**job.variables, **self.variables(job, home, folder)},
            directory=job.more["cwd"],
            output=output,
            error=error,
            umask=0o022,
            files={
                spool: script,
                f"{spool}.hostfile": "".join(f"{each}\n" for each in slots_of(job)),
            },
            copies=copies,
        )

    def target(self, job: Job, kind: str) -> str:
        name = str(job.more[kind]).replace("%J", str(job.number)).replace("%I", "0")
        return os.path.join(job.more["cwd"], name)

    def task(self, job: Job, host: str, home: str, asked: Mapping[str, Any], folder: str) -> Plan:
        variables = {**asked["variables"], "LSF_PM_TASKID": "1"}
        return Plan(
            asked["argv"], variables, variables["PWD"], "/dev/null", "/dev/null", umask=0o022
        )

    def variables(self, job: Job, home: str, folder: str) -> dict[str, str]:
        hosts = by_host(job)
        return {
            "HOME": home,
            "USER": job.user,
            "LOGNAME": job.user,
            "LSFUSER": job.user,
            "LSB_JOBID": str(job.number),
            "LSB_JOBINDEX": "0",
            "LSB_JOBNAME": job.name,
            "LSB_QUEUE": job.queue,
            "LSB_PROJECT_NAME": job.more["project"],
            "LSB_SUB_HOST": job.more["host"],
            "LS_SUBCWD": job.directory,
            "LSB_HOSTS": " ".join(slots_of(job)),
            "LSB_MCPU_HOSTS": "".join(f"{host} {count} " for host, count in hosts.items()),
            "LSB_DJOB_HOSTFILE": f"{folder}/spool/{job.number}.hostfile",
            "LSB_DJOB_NUMPROC": str(sum(hosts.values())),
            "LSB_MAX_NUM_PROCESSORS": str(sum(hosts.values())),
            "LSB_JOBFILENAME": f"{folder}/spool/{job.number}",
            "LSB_BATCH_JID": str(job.number),
            "PWD": job.more["cwd"],
        }

    def temporary(self, job: Job, folder: str) -> str:
        """LSF makes none, unless it is told to."""
        return f"{os.path.dirname(folder)}/tmp/{job.number}.tmpdir"

    def signals(self, job: Job, ends: str) -> Sequence[tuple[float, signal.Signals]]:
        """bkill(1): on several hosts KILL alone, where LSB_USE_SEQUENTIAL_SIGNAL is not set (lsf.conf); at the run limit USR2 comes
        first, and ten minutes of patience (bsub(1), -W).
        """
        first = GRACE_SECONDS if ends == BY_LIMIT else 0
        names = [signal.SIGINT, signal.SIGTERM, signal.SIGKILL]
        sequence = names[-1:] if len(job.hosts) > 1 else names
        return [
            *([(0.0, signal.SIGUSR2)] if first else []),
            *((first + TERMINATE_SECONDS * at, name) for at, name in enumerate(sequence)),
        ]

    def signal_of_others(self, number: signal.Signals) -> signal.Signals | None:
        return number

    def last_word(self, job: Job, ends: str, seconds: float) -> str:
        return ""

    def status(self, waited: int, ends: str | None) -> int:
        """With 128 for a signal (job_exit_codes_lsf)."""
        code = os.waitstatus_to_exitcode(waited)
        return code if code >= 0 else 128 - code

    def report(self, job: Job, status: int) -> str:
        """What stands above a job's output in its file."""
        ended = time.ctime()
        state = "Done" if status == 0 and job.ends is None else "Exited"
        code = f"Exited with exit code {status}."
        hosts = "\n".join(
            f"{'Job was executed on host(s) ' if first == 0 else ' ' * 28}<{count}*{host}>"
            + (
                f", in queue <{job.queue}>, as user <{job.user}> in cluster <{CLUSTER}>"
                if first == 0
                else ""
            )
            for first, (host, count) in enumerate(by_host(job).items())
        )
        line = "-" * 60
        words = "Successfully completed." if state == "Done" else code
        if job.ends is not None:
            words = f"{reason_of(job.ends)}.\n{words}"
        return (
            f"Sender: LSF System <lsfadmin@{job.hosts[0]}>\n"
            f"Subject: Job {job.number}: <{job.name}> in cluster <{CLUSTER}> {state}\n\n"
            f"Job <{job.name}> was submitted from host <{job.more['host']}> by user <{job.user}>"
            f" in cluster <{CLUSTER}> at {time.ctime(job.queued)}\n{hosts}\n"
            f"<{job.more['cwd']}> was used as the working directory.\n"
            f"Started at {time.ctime(job.started)}\nTerminated at {ended}\nResults reported at {ended}\n\n"
            f"Your job looked like:\n\n{line}\n# LSBATCH: User input\n{job.script}\n{line}\n\n"
            f"{words}\n\nThe output (if any) follows:\n\n"
        )
