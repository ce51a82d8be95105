"""Ports that are told to a program before it is there to take them."""

import json
import socket

import zmq

from jupyterlab_submit.runner.ports import HeldPorts


def test_nobody_who_asks_for_any_port_gets_a_held_one():
    held = HeldPorts(500)
    given = set()
    for _ in range(20_000):
        with socket.socket() as asked:
            asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            asked.bind(("127.0.0.1", 0))
            given.add(asked.getsockname()[1])
    numbers = set(held.numbers)
    held.release()
    assert len(numbers) == 500
    assert not numbers & given


def test_who_was_told_a_held_port_can_listen_there():
    held = HeldPorts(2)
    with zmq.Context() as context:
        for address, port in zip(("127.0.0.1", "*"), held.numbers, strict=True):
            with context.socket(zmq.ROUTER) as server, context.socket(zmq.DEALER) as client:
                server.bind(f"tcp://{address}:{port}")
                client.connect(f"tcp://127.0.0.1:{port}")
                client.send(b"hello")
                assert server.poll(5000)
    held.release()
    assert held.numbers == []


def test_controller_takes_only_held_ports(new_job, interpreter):
    job = new_job(interpreter)
    job.write(["import time\nprint('here', flush=True)\ntime.sleep(2)"], engines=1)
    job.start().wait_for("here")
    commands = [line for line in job.processes().values() if "--IPController.ports=" in line]
    argument = commands[0].split("--IPController.ports=")[1].split()[0]
    told = {int(port) for port in argument.split(",")}
    for kind in ("client", "engine"):
        file = job.folder / f"ipython/profile_default/security/ipcontroller-{kind}.json"
        values = json.loads(file.read_text()).values()
        ports = {port for port in numbers_in(values) if port > 1023}
        assert ports
        assert ports <= told
    job.wait()
    assert job.exit["state"] == "succeeded"


def numbers_in(values):
    for value in values:
        if isinstance(value, int):
            yield value
        elif isinstance(value, list):
            yield from numbers_in(value)
