"""The sidecar's coming and going under a server that runs."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from jupyterlab_submit.folders import host_label


def record(server) -> dict:
    """What is known of the running sidecar."""
    lock = server.home / "data/jupyterlab-submit" / host_label() / "sidecar.lock"
    return json.loads(lock.read_text())


def sidecars(server) -> list:
    return list(server.home.rglob("sidecar.sock"))


def test_the_first_request_starts_it_and_the_start_of_jupyter_does_not(own_server):
    own_server.start()
    assert own_server.ask("POST", "contents-paths", json={"files": []}).status_code == 200
    assert sidecars(own_server) == []
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: own_server.ask("GET", "api/ping"), range(8)))
    assert {answer.json()["pid"] for answer in answers} == {record(own_server)["pid"]}


def killed(server, pid: int) -> None:
    """Ends the sidecar, and waits until its socket is nobody's: the kernel takes a moment for that."""
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(record(server)["socket"])
        except ConnectionRefusedError:
            return
        time.sleep(0.01)
    raise TimeoutError(f"{pid} still takes connections")


def test_one_that_was_killed_is_replaced_within_one_request(own_server):
    own_server.start()
    first = own_server.ask("GET", "api/ping").json()["pid"]
    killed(own_server, first)
    # A job would be submitted twice if a request were repeated that had arrived.
    second = own_server.ask("POST", "api/clusters", json={})
    assert second.status_code == 200
    assert second.json()["clusters"]
    assert record(own_server)["pid"] != first


def test_one_that_is_killed_ends_the_streams_and_the_next_one_takes_over(own_server):
    own_server.start()
    with own_server.program.stream("GET", "jupyterlab-submit/api/events") as stream:
        chunks = stream.iter_raw()
        assert next(chunks).startswith(b'data: {"type":"jobs"')
        os.kill(record(own_server)["pid"], signal.SIGKILL)
        with pytest.raises(Exception, match="incomplete chunked read|peer closed"):
            # What was sent before may come in several pieces.
            list(chunks)
    with own_server.program.stream("GET", "jupyterlab-submit/api/events") as stream:
        assert next(stream.iter_raw()).startswith(b'data: {"type":"jobs"')
    assert "Traceback" not in own_server.log.read_text()


def test_why_it_cannot_be_had_is_told_until_it_can(own_server):
    in_the_way = own_server.home / "data/jupyterlab-submit"
    in_the_way.parent.mkdir()
    in_the_way.write_text("")
    own_server.start()
    answer = own_server.ask("GET", "api/jobs")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "service-unavailable"
    assert f"{in_the_way} cannot be made" in answer.json()["details"]["output"]
    in_the_way.unlink()
    assert own_server.ask("GET", "api/jobs").json()["jobs"] == []


def test_jupyters_start_goes_on_with_unfinished_jobs(own_server, wait):
    data = own_server.home / "data/jupyterlab-submit" / host_label()
    data.mkdir(parents=True)
    database = sqlite3.connect(data / "jobs.sqlite")
    database.execute("CREATE TABLE jobs (id TEXT PRIMARY KEY, created REAL, record TEXT)")
    unfinished = {"state": "running", "result": {"place": "pending"}}
    database.execute("INSERT INTO jobs VALUES ('abcdefgh', 1, ?)", [json.dumps(unfinished)])
    database.commit()
    database.close()
    own_server.start()
    wait(lambda: sidecars(own_server) != [], seconds=20)


def test_secrets_of_the_server_are_not_in_the_sidecar(own_server):
    own_server.environment["JUPYTERHUB_API_TOKEN"] = "of the hub"
    own_server.start()
    process = own_server.ask("GET", "api/ping").json()["pid"]
    with open(f"/proc/{process}/environ", "rb") as environment:
        assert b"of the hub" not in environment.read()


def test_a_notebook_is_run_from_a_page(own_server):
    """All of it, with nothing false: the form of a page becomes a result beside its source."""
    own_server.start()
    cell = {"cell_type": "code", "id": "a", "source": "print(6 * 7)", "outputs": []}
    cell |= {"execution_count": None, "metadata": {}}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "cells": [cell], "metadata": {}}
    (own_server.root / "a b").mkdir()
    (own_server.root / "a b/six.ipynb").write_text(json.dumps(notebook))
    form = {"notebook": "a b/six.ipynb", "cluster": "local", "cores": 1, "time": "5m"}
    checked = own_server.ask("POST", "api/check", json={"form": form})
    assert checked.status_code == 200, checked.text
    with own_server.program.stream("GET", "jupyterlab-submit/api/events") as stream:
        job = own_server.ask("PUT", "api/jobs/abcdefgh", json={"form": form}).json()["job"]
        assert job["spec"]["notebook"] == f"{own_server.root}/a b/six.ipynb"
        for line in stream.iter_lines():
            event = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
            job = event.get("job", job)
            if job["result"]["place"] not in ("pending", "fetching"):
                break
    assert (job["state"], job["result"]["place"]) == ("succeeded", "here"), job
    files = [job["spec"]["notebook"], job["result"]["notebook"]]
    paths = own_server.ask("POST", "contents-paths", json={"files": files}).json()["paths"]
    assert paths == ["a b/six.ipynb", "a b/six.abcdefgh.ipynb"]
    opened = own_server.program.get(f"api/contents/{paths[1]}").json()
    assert opened["content"]["cells"][0]["outputs"][0]["text"] == "42\n"


def test_jupyter_lists_the_extension_and_finds_nothing_wrong():
    jupyter = os.path.join(os.path.dirname(sys.executable), "jupyter")
    listed = subprocess.run(
        [jupyter, "server", "extension", "list"], capture_output=True, text=True
    )
    said = listed.stdout + listed.stderr
    ours = said[said.index("jupyterlab_submit") :].splitlines()[:3]
    assert "enabled" in ours[0]
    assert "OK" in ours[2]
