"""Nobody else on the node can listen to what a kernel says."""

import json
import stat
from pathlib import Path

import pytest

from jupyterlab_submit.runner.kernel_sockets import CHANNELS, KernelSockets

CONNECTION = "from ipykernel.connect import get_connection_info as g; print(g())"


def test_a_kernel_speaks_through_sockets_of_a_private_folder(new_job, interpreter):
    job = new_job(interpreter).run([CONNECTION])
    assert job.exit["state"] == "succeeded", job.log("runner")
    connection = json.loads(job.printed())
    assert connection["transport"] == "ipc"
    folder = Path(connection["ip"]).parent
    assert folder == job.folder / "ipython"
    assert stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0


def test_a_path_too_long_for_a_socket_has_its_sockets_elsewhere(new_job, tmp_path):
    job = new_job()
    deep = tmp_path / ("long" * 25) / ("long" * 25)
    deep.mkdir(parents=True)
    job.folder = job.folder.rename(deep / "job")
    job.work = job.folder / "work" / "study"
    mode = "import os; print(oct(os.stat(os.path.dirname(eval(g())['ip'])).st_mode & 0o77))"
    job.run([CONNECTION, mode])
    assert job.exit["state"] == "succeeded", job.log("runner")
    connection, mode = job.printed().rstrip().rsplit("\n", 1)
    folder = Path(json.loads(connection)["ip"]).parent
    assert job.folder not in folder.parents
    assert mode == "0o0"
    assert not folder.exists()


@pytest.mark.parametrize("language, over_tcp", [("python", False), ("R", True), ("julia", True)])
def test_kernels_of_other_languages_are_reached_as_they_know(tmp_path, language, over_tcp):
    sockets = KernelSockets(tmp_path, language)
    assert sockets.options.get("transport", "tcp") == ("tcp" if over_tcp else "ipc")
    assert len(sockets.options) == (len(CHANNELS) if over_tcp else 2)
    sockets.release()
