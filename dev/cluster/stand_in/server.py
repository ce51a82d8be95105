"""server.py FOLDER FACE: the daemon that keeps the queue of a stand-in. What it knows outlives it."""

from __future__ import annotations

import contextlib
import json
import pwd
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dev.cluster.stand_in.face import HOSTS, SLOTS, Face
from dev.cluster.stand_in.faces import FACES
from dev.cluster.stand_in.places import Places
from dev.cluster.stand_in.queue import RUNNING, Job, Queue
from dev.cluster.stand_in.wire import Listener, NotThere, ask

TICK_SECONDS = 0.1
UNKNOWN, DENIED, IS_OVER, WRONG_STATE = "unknown", "denied", "over", "wrong state"
"""What a reply's `error` may be."""


def reply(queue: Queue, asked: Mapping[str, Any], user: str, now: float) -> dict[str, Any]:
    """What is replied to a request of somebody; `tell` is what the first host of the job has to know then."""
    does = asked.get("do")
    if does == "jobs":
        return {"jobs": queue.keep()["jobs"], "free": queue.free()}
    if does == "submit":
        job = Job(**{**asked["job"], "user": user})
        return {"number": queue.submit(job, now).number}
    job = queue.jobs.get(asked.get("number", -1))
    if job is None or job.ended is not None:
        return {"error": UNKNOWN if job is None else IS_OVER}
    if user not in (job.user, "root"):
        return {"error": DENIED}
    if does == "delete":
        return {"tell": {"do": "terminate"}} if queue.delete(job, now) else {}
    if does == "signal":
        told = {"do": "signal", "signal": asked["signal"]}
        return {"tell": told} if job.state == RUNNING else {"error": WRONG_STATE}
    turns = {"hold": queue.hold, "release": queue.release}
    return {} if turns[str(does)](job, now) else {"error": WRONG_STATE}


class Server:
    """The queue, and the hosts that it speaks to."""

    def __init__(self, places: Places, face: Face) -> None:
        self.places, self.face = places, face
        kept = json.loads(places.kept.read_text()) if places.kept.exists() else None
        self.queue = Queue(dict.fromkeys(HOSTS, SLOTS), face.first, kept)
        self.written = ""

    def serve(self) -> None:
        listener = Listener(self.places.server)
        while True:
            request = listener.hear(TICK_SECONDS)
            if request is not None:
                user = name_of(request.uid)
                said = reply(self.queue, request.asked, user, time.time())
                # A job that is said to be there is there, whatever comes.
                self.keep()
                request.reply(said)
                if "tell" in said:
                    self.tell(self.queue.jobs[request.asked["number"]], said["tell"])
            self.look()

    def look(self) -> None:
        """What time brings."""
        now = time.time()
        for end in self.places.ends.glob("*.json"):
            told = json.loads(end.read_text())
            job = self.queue.jobs.get(int(end.stem))
            if job is not None and job.ended is None:
                self.queue.end(job, told["status"], told["ends"], told["ended"])
            self.keep()
            end.unlink()
        seconds = self.places.control("keeps")
        self.queue.forget(self.face.keeps if seconds is None else float(seconds), now)
        if self.places.control("closed") is None:
            for job in self.queue.start(now):
                self.begin(job)
        self.keep()

    def begin(self, job: Job) -> None:
        self.keep()
        told = {"do": "join", "job": asdict(job)}
        try:
            for host in job.hosts:
                ask(self.places.host(host), told)
            ask(self.places.host(job.hosts[0]), {"do": "start", "number": job.number})
        except NotThere:
            self.queue.back(job)

    def tell(self, job: Job, told: Mapping[str, Any]) -> None:
        with contextlib.suppress(NotThere):
            ask(self.places.host(job.hosts[0]), {**told, "number": job.number})

    def keep(self) -> None:
        text = json.dumps(self.queue.keep())
        if text != self.written:
            self.places.replace(self.places.kept, text)
            self.written = text


def name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


if __name__ == "__main__":
    Server(Places(Path(sys.argv[1])), FACES[sys.argv[2]]).serve()
