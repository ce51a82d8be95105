"""Messages that are sent while a connection is still being made: ZeroMQ's routers and publishers drop them."""

import json

import pytest

# In the person's configuration: connections of sockets of these types are made a second after they are asked for.
LATE = """
import socket, threading, time, zmq
def carry(source, target):
    while data := source.recv(65536):
        target.sendall(data)
    target.shutdown(socket.SHUT_WR)
def late(address):
    host, port = address.rpartition("/")[2].split(":")
    door = socket.create_server(("127.0.0.1", 0))
    def open_late():
        near = door.accept()[0]
        time.sleep(1)
        far = socket.create_connection((host, int(port)))
        for ends in ((near, far), (far, near)):
            threading.Thread(target=carry, args=ends, daemon=True).start()
    threading.Thread(target=open_late, daemon=True).start()
    return f"tcp://127.0.0.1:{door.getsockname()[1]}"
connect = zmq.Socket.connect
def connect_late(own, address):
    return connect(own, late(address) if own.type in TYPES else address)
zmq.Socket.connect = connect_late
"""
CELLS = [
    "import ipyparallel as ipp\nrc = ipp.Client()",
    "%%px\nprint('heard')",
    "print(rc[:].apply_sync(lambda: 5))",
    "print(rc.broadcast_view().apply_sync(lambda: 6))",
    "print(rc.load_balanced_view().map_sync(abs, range(-3, 0)))",
]


@pytest.mark.parametrize(
    ("program", "types"),
    [
        pytest.param("ipengine", "(zmq.ROUTER,)", id="what an engine is told"),
        pytest.param("ipengine", "(zmq.PUB, zmq.XPUB)", id="what an engine says"),
        pytest.param("ipython_kernel", "(zmq.SUB,)", id="what a client hears"),
    ],
)
def test_nothing_is_lost_before_all_are_connected(new_job, tmp_path, interpreter, program, types):
    profile = tmp_path / "ipython/profile_default"
    profile.mkdir(parents=True)
    (profile / f"{program}_config.py").write_text(LATE.replace("TYPES", types))
    job = new_job(interpreter, IPYTHONDIR=str(tmp_path / "ipython"))
    job.write(CELLS, engines=2)
    job.start().wait(60)
    assert job.exit["state"] == "succeeded", job.log("runner") + job.log("engines")
    outputs = json.dumps(job.result.cells[1].outputs)
    assert [outputs.count(f"[stdout:{engine}] heard") for engine in (0, 1)] == [1, 1]
    assert job.printed() == "[5, 5]\n[6, 6]\n[3, 2, 1]\n"
