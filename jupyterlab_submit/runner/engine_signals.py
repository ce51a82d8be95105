"""In an engine: signals that a client sends, without a second Python that would deliver them.

ipyparallel has a nanny beside each engine for it. But a thread of the engine can take these requests, whatever
its cell does, and an engine can signal itself.
"""

from __future__ import annotations

import os
import queue
import signal
import threading
from typing import Any

from .handshakes import Handshakes

CONNECT_SECONDS = 10  # what the control channel gets to be connected
REPLY_SECONDS = 0.1  # what the reply gets to leave an engine that a signal may end


def take_signals(config: Any) -> None:
    """Let this process, which is to be an engine of this configuration, take `Client.send_signal`."""
    from ipyparallel.engine import app, kernel

    if hasattr(app, "ControlThread"):
        changed: Any = kernel.IPythonParallelKernel
        changed.signal_request = signal_request
        changed.control_msg_types = [*changed.control_msg_types, "signal_request"]
        config.IPEngine.enable_nanny = False
    else:
        # Before ipyparallel 9, an engine reads its control channel only between cells.
        app.start_nanny = start_relay
        config.IPEngine.enable_nanny = True


def signal_request(kernel: Any, stream: Any, ident: Any, parent: Any) -> None:
    """Answer a request of the control channel as a nanny does, and send the signal."""
    number, content = understood(parent["content"])
    kernel.session.send(stream, "signal_reply", content, parent, ident=ident)
    stream.flush()
    send(number)


def start_relay(**asked: Any) -> tuple[str, None]:
    """In the place of ipyparallel's `start_nanny`: a thread takes the control channel, and passes on what is not its own.

    Returns the address at which the engine gets it.
    """
    address: queue.Queue[str] = queue.Queue()
    thread = threading.Thread(target=relay, args=(asked, address), name="signals", daemon=True)
    thread.start()
    return address.get(), None


def relay(asked: dict[str, Any], address: queue.Queue[str]) -> None:
    import zmq
    from ipyparallel import util
    from jupyter_client.session import Session

    session = Session(config=asked["config"])
    context: zmq.Context[Any] = zmq.Context()
    outside, inside = context.socket(zmq.ROUTER), context.socket(zmq.DEALER)
    outside.identity = asked["identity"]
    handshakes = Handshakes()
    handshakes.expect(outside)
    util.connect(outside, asked["control_url"], curve_serverkey=asked["curve_serverkey"])
    if asked["curve_secretkey"]:
        inside.setsockopt(zmq.CURVE_SERVER, 1)
        inside.setsockopt(zmq.CURVE_SECRETKEY, asked["curve_secretkey"])
    port = inside.bind_to_random_port("tcp://127.0.0.1")
    handshakes.wait(CONNECT_SECONDS)
    address.put(f"tcp://127.0.0.1:{port}")
    poller = zmq.Poller()
    poller.register(outside, zmq.POLLIN)
    poller.register(inside, zmq.POLLIN)
    while True:
        ready = dict(poller.poll())
        if inside in ready:
            outside.send_multipart(inside.recv_multipart())
        if outside in ready:
            parts = outside.recv_multipart()
            idents, frames = session.feed_identities(parts)
            if session.unpack(frames[1])["msg_type"] != "signal_request":
                inside.send_multipart(parts)
                continue
            request = session.deserialize(frames)
            number, content = understood(request["content"])
            session.send(outside, "signal_reply", content, request, ident=idents)
            send(number)


def understood(content: Any) -> tuple[int | None, Any]:
    """The signal that is asked for, None where there is no such one, and what is answered."""
    try:
        return number_of(content["sig"]), {"status": "ok"}
    except Exception:
        from ipyparallel.error import wrap_exception

        return None, wrap_exception()


def send(number: int | None) -> None:
    """Signal this process, by its main thread: that is where Python runs handlers, and whose call is interrupted."""
    main = threading.main_thread().ident
    assert main is not None
    if number == signal.SIGINT:
        signal.pthread_kill(main, number)
    elif number:
        threading.Timer(REPLY_SECONDS, os.kill, (os.getpid(), number)).start()


def number_of(sig: Any) -> int:
    """A signal by its number or its name; 0 asks whether the engine is there."""
    return int(getattr(signal, sig) if isinstance(sig, str) else sig)
