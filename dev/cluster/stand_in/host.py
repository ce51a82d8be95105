"""host.py FOLDER FACE HOST: the daemon that runs jobs on one host, as their users. It is the first of the host's processes.

It knows a job's processes by their sessions, as daemons without cgroups do: what begins a session of its own is not seen.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dev.cluster.stand_in.face import Face, Plan
from dev.cluster.stand_in.faces import FACES
from dev.cluster.stand_in.places import Places
from dev.cluster.stand_in.queue import BY_LIMIT, BY_USER, NO_FOLDER, Job
from dev.cluster.stand_in.wire import Listener, NotThere, Request, ask

TICK_SECONDS = 0.05


@dataclass
class Here:
    """A job of which a part is on this host."""

    job: Job
    plan: Plan | None = None
    """Of the script, where this is the job's first host."""
    sessions: set[int] = field(default_factory=set)
    script: int | None = None
    status: int | None = None
    """The script's, by wait(2), once it has ended."""
    ends: str | None = None
    signals: list[tuple[float, signal.Signals]] = field(default_factory=list)
    """Those still to come, by the clock that only goes on."""
    limit: float | None = None


class Host:
    def __init__(self, places: Places, face: Face, name: str) -> None:
        self.places, self.face, self.name = places, face, name
        self.jobs: dict[int, Here] = {}
        self.tasks: dict[int, tuple[int, Request]] = {}
        self.lose_old()

    def lose_old(self) -> None:
        """Tells the end of the jobs that ran here when the host was lost."""
        folder = self.places.running(self.name)
        folder.mkdir(exist_ok=True)
        for file in folder.iterdir():
            self.tell_end(int(file.name), self.face.lost, None)
            file.unlink()

    def serve(self) -> None:
        listener = Listener(self.places.host(self.name))
        while True:
            request = listener.hear(TICK_SECONDS)
            if request is not None:
                self.hear(request)
            self.reap()
            self.look()

    def hear(self, request: Request) -> None:
        asked = request.asked
        if asked["do"] == "task":
            self.task(request)
            return
        if request.uid == 0:
            if asked["do"] == "join":
                job = Job(**asked["job"])
                self.jobs[job.number] = Here(job)
                self.make_temporary(job)
            elif asked["number"] in self.jobs and asked["do"] == "signal":
                self.signal(self.jobs[asked["number"]], signal.Signals(asked["signal"]))
            elif asked["number"] in self.jobs:
                actions = {"start": self.start, "terminate": self.terminate, "finish": self.finish}
                actions[asked["do"]](self.jobs[asked["number"]])
        request.reply({})

    def start(self, here: Here) -> None:
        """Starts the script."""
        job, account = here.job, pwd.getpwnam(here.job.user)
        home = account.pw_dir if self.places.control(f"no-home-{self.name}") is None else "/nowhere"
        here.plan = self.face.start(job, home, account.pw_shell, str(self.places.folder))
        (self.places.running(self.name) / str(job.number)).touch()
        for spooled in map(Path, {here.plan.output, here.plan.error}):
            # People may not make files among those of the daemons.
            if spooled.parent == self.places.folder / "spool":
                spooled.touch(mode=0o600)
                os.chown(spooled, account.pw_uid, account.pw_gid)
        for file, text in here.plan.files.items():
            Path(file).write_text(text)
            os.chown(file, account.pw_uid, account.pw_gid)
            Path(file).chmod(0o755)
        if Path(here.plan.directory).is_dir():
            here.script = self.run(here, here.plan)
        else:
            here.ends = NO_FOLDER
            self.write_error(here, self.face.no_folder.format(here.plan.directory))
        if here.script is None:
            self.over(here, self.face.failed)
        if job.seconds is not None:
            here.limit = time.monotonic() + job.seconds

    def task(self, request: Request) -> None:
        """Starts a process for one that is in the job, which gets its status when it ends."""
        here = self.jobs.get(request.asked["number"])
        if here is None or request.uid not in (0, pwd.getpwnam(here.job.user).pw_uid):
            request.reply({"error": "no such job here"})
            return
        home = pwd.getpwnam(here.job.user).pw_dir
        plan = self.face.task(here.job, self.name, home, request.asked, str(self.places.folder))
        pid = self.run(here, plan, request.descriptors)
        if pid is None:
            request.reply({"status": 127})
            return
        self.tasks[pid] = (here.job.number, request)

    def run(self, here: Here, plan: Plan, descriptors: list[int] | None = None) -> int | None:
        """Starts it as the job's user, in a session of its own; none when that is not possible."""
        account = pwd.getpwnam(here.job.user)
        try:
            process = subprocess.Popen(
                list(plan.argv),
                executable=plan.program,
                env=dict(plan.variables),
                stdin=subprocess.PIPE,
                start_new_session=True,
                user=account.pw_uid,
                group=account.pw_gid,
                extra_groups=[],
                preexec_fn=beginning(plan, descriptors or []),
            )
        except (OSError, subprocess.SubprocessError) as error:
            self.write_error(here, f"{plan.argv[0]}: {error}\n")
            return None
        assert process.stdin is not None
        with contextlib.suppress(OSError):
            process.stdin.write(plan.stdin.encode())
            process.stdin.close()
        # All children are waited for in one place.
        process.returncode = 0
        here.sessions.add(process.pid)
        return process.pid

    def reap(self) -> None:
        """Hears of the processes that have ended; the first one of a host inherits all that are left."""
        with contextlib.suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = ended
                if pid in self.tasks:
                    _, request = self.tasks.pop(pid)
                    request.reply({"status": exit_code(status)})
                for here in list(self.jobs.values()):
                    if here.script == pid:
                        here.status = status

    def look(self) -> None:
        """What time brings, and what the end of a process means."""
        now = time.monotonic()
        for pid, (_, request) in list(self.tasks.items()):
            if self.face.ties_tasks and request.is_gone:
                send({pid}, signal.SIGKILL)
        for here in list(self.jobs.values()):
            if here.limit is not None and now > here.limit and here.ends is None:
                self.terminate(here, BY_LIMIT)
            while here.signals and now >= here.signals[0][0]:
                _, number = here.signals.pop(0)
                self.signal(here, number)
            waits = self.face.waits_for_others and here.signals and any(alive(here.sessions))
            if here.status is not None and not waits:
                self.over(here, self.face.status(here.status, here.ends))

    def signal(self, here: Here, number: signal.Signals) -> None:
        send(here.sessions, number)
        others = self.face.signal_of_others(number)
        # The first host tells the others.
        if others is not None and here.plan is not None:
            self.tell_others(here, {"do": "signal", "signal": int(others)})

    def terminate(self, here: Here, ends: str = BY_USER) -> None:
        """Has its processes end: a script that has ended is waited for until the others have."""
        if here.ends is not None or here.plan is None:
            return
        here.ends = ends
        self.write_error(here, self.face.last_word(here.job, ends, here.job.seconds or 0))
        now = time.monotonic()
        here.signals = [
            (now + after, number) for after, number in self.face.signals(here.job, ends)
        ]

    def over(self, here: Here, status: int) -> None:
        """All is over with it, on all of its hosts."""
        self.tell_others(here, {"do": "finish"})
        self.finish(here)
        assert here.plan is not None
        account = pwd.getpwnam(here.job.user)
        here.job.ends, report = here.ends, self.face.report(here.job, status)
        for source, target, is_behind in here.plan.copies:
            text = report.encode() + Path(source).read_bytes()
            report = ""
            copied = subprocess.run(
                ["sh", "-c", f'cat {">>" if is_behind else ">"}"$0"', target],
                input=text,
                user=account.pw_uid,
                group=account.pw_gid,
                extra_groups=[],
                cwd="/",
                stderr=subprocess.DEVNULL,
            )
            # What cannot be delivered stays.
            if copied.returncode == 0:
                Path(source).unlink()
        for made in here.plan.files:
            Path(made).unlink(missing_ok=True)
        self.tell_end(here.job.number, status, here.ends)
        (self.places.running(self.name) / str(here.job.number)).unlink(missing_ok=True)

    def finish(self, here: Here) -> None:
        """Ends all that is left of it here."""
        send(here.sessions, signal.SIGKILL)
        for pid, (number, request) in list(self.tasks.items()):
            if number == here.job.number:
                del self.tasks[pid]
                request.reply({"status": 128 + signal.SIGKILL})
        shutil.rmtree(self.face.temporary(here.job, str(self.places.folder)), ignore_errors=True)
        self.jobs.pop(here.job.number, None)

    def write_error(self, here: Here, text: str) -> None:
        """Adds it to the errors of the script, where there is one."""
        if here.plan is not None:
            with contextlib.suppress(OSError), open(here.plan.error, "a") as file:
                file.write(text)

    def tell_others(self, here: Here, request: dict[str, Any]) -> None:
        for host in here.job.hosts:
            if host != self.name:
                with contextlib.suppress(NotThere):
                    ask(self.places.host(host), {**request, "number": here.job.number})

    def tell_end(self, number: int, status: int, ends: str | None) -> None:
        told: dict[str, Any] = {"status": status, "ends": ends, "ended": time.time()}
        self.places.replace(self.places.ends / f"{number}.json", json.dumps(told))

    def make_temporary(self, job: Job) -> None:
        account = pwd.getpwnam(job.user)
        folder = Path(self.face.temporary(job, str(self.places.folder)))
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chown(folder, account.pw_uid, account.pw_gid)


def beginning(plan: Plan, descriptors: list[int]) -> Callable[[], None]:
    """What a process does before it becomes the program: it is the user already."""

    def begin() -> None:
        os.umask(plan.umask)
        os.chdir(plan.directory)
        for number, file in ((1, plan.output), (2, plan.error)):
            if descriptors:
                os.dup2(descriptors[min(number, len(descriptors) - 1)], number)
            elif number == 2 and plan.error == plan.output:
                os.dup2(1, 2)
            else:
                os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666), number)

    return begin


def alive(sessions: set[int]) -> Iterator[int]:
    """The processes of these sessions, but those that have ended and are still to be waited for."""
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                # State, parent, group, session: proc(5). The name before may hold anything.
                fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) in sessions and fields[0] != "Z":
                    yield int(entry)


def send(sessions: set[int], number: signal.Signals) -> None:
    for pid in alive(sessions):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def exit_code(status: int) -> int:
    """As a shell has it."""
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    Host(Places(Path(sys.argv[1])), FACES[sys.argv[2]], sys.argv[3]).serve()
