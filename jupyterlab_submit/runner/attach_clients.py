"""Inside a process of the job: whatever cluster a Client is to look up, it finds the job's."""

from __future__ import annotations

import functools
import os
from typing import Any

from .attached import NOT_ENDED
from .engine_use import EngineUse

# How Client is told which cluster, beside its first argument, which was called so in older versions.
OLDER_NAMES = ("url_or_file", "url_file")
WAYS = ("profile_dir", "cluster_id", "sshserver", "sshkey", "password", "paramiko")


def attach_clients(module: Any, use: EngineUse) -> None:
    """A cluster that is there where Client looks for it is taken; else it is the job's.

    So one that the notebook has started itself is its own, up to its end.
    """
    stock = module.Client
    look_up, close = stock.__init__, stock.close
    shutdown, wait_for_engines = stock.shutdown, stock.wait_for_engines

    @functools.wraps(look_up)
    def attach(client: Any, connection_info: Any = None, **asked: Any) -> None:
        for older_name in OLDER_NAMES:
            connection_info = asked.pop(older_name, None) or connection_info
        if not isinstance(connection_info, dict) and not is_there(connection_info, asked):
            connection_info = use.client_file
            for way in WAYS:
                asked.pop(way, None)
        look_up(client, connection_info, **asked)
        try:
            use.connected(client)
        except Exception:
            client.close()
            raise

    @functools.wraps(close)
    def close_and_tell(client: Any, *args: Any, **kwargs: Any) -> None:
        close(client, *args, **kwargs)
        use.ended()

    @functools.wraps(shutdown)
    def shutdown_of_others(client: Any, *args: Any, **kwargs: Any) -> Any:
        if not use.is_of_job(client):
            return shutdown(client, *args, **kwargs)
        print(NOT_ENDED)
        if kwargs.get("hub") or args[2:3] == (True,):
            client.close()

    @functools.wraps(wait_for_engines)
    def wait_for_those_that_come(client: Any, n: Any = None, *args: Any, **kwargs: Any) -> Any:
        if n is not None and use.is_of_job(client):
            n = use.expect(n)
        return wait_for_engines(client, n, *args, **kwargs)

    stock.__init__ = attach
    stock.close = close_and_tell
    stock.shutdown = shutdown_of_others
    stock.wait_for_engines = wait_for_those_that_come


def is_there(connection_info: Any, asked: dict[str, Any]) -> bool:
    """Whether a Client that is asked for so would find a connection file at once."""
    if connection_info is not None:
        return os.path.isfile(os.path.expanduser(connection_info))
    folder = asked.get("profile_dir")
    if folder is None:
        profile = asked.get("profile")
        if not profile:
            return False
        from IPython.paths import get_ipython_dir

        folder = os.path.join(asked.get("ipython_dir") or get_ipython_dir(), f"profile_{profile}")
    cluster = asked.get("cluster_id")
    name = f"ipcontroller-{cluster}-client.json" if cluster else "ipcontroller-client.json"
    return os.path.isfile(os.path.join(os.path.expanduser(folder), "security", name))
