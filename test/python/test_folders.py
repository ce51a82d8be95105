from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from jupyterlab_submit import folders
from jupyterlab_submit.folders import data_folder, host_label, private, socket_folder
from jupyterlab_submit.problem import Problem


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_socket_lies_in_a_private_folder_of_this_host(home: Path):
    found = socket_folder()
    assert found == home / "run/jupyterlab-submit" / host_label()
    assert (mode(found), mode(found.parent)) == (0o700, 0o700)
    assert socket_folder() == found


def test_data_lies_in_a_private_folder_of_this_host(home: Path):
    found = data_folder()
    assert found == home / "data/jupyterlab-submit" / host_label()
    assert (mode(found), mode(found.parent)) == (0o700, 0o700)


@pytest.mark.parametrize(
    "name, label",
    [("Node1.Cluster.example.org", "node1"), ("laptop", "laptop"), ("", "localhost")],
)
def test_the_host_is_its_first_label(monkeypatch, name: str, label: str):
    monkeypatch.setattr(socket, "gethostname", lambda: name)
    assert host_label() == label


def test_a_long_home_gets_a_folder_in_the_temporary_directory(home: Path, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(home / ("x" * 90)))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home))
    found = socket_folder()
    assert found.parent.parent == home
    assert found.parent.name.startswith(f"jupyterlab-submit-{os.getuid()}-")
    assert (mode(found), mode(found.parent)) == (0o700, 0o700)

    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(home / ("y" * 90)))
    assert socket_folder() != found


def test_the_longest_path_that_a_socket_takes_is_still_used(home: Path, monkeypatch):
    rest = len(f"/jupyterlab-submit/{host_label()}/{folders.SOCKET}")
    for length in (107, 108):
        runtime = str(home) + "/" + "r" * (length - rest - len(str(home)) - 1)
        monkeypatch.setenv("JUPYTER_RUNTIME_DIR", runtime)
        path = folders.usual_folder() / folders.SOCKET
        assert len(os.fsencode(path)) == length
        assert (socket_folder() == path.parent) == (length == 107)
        if length == 107:
            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind(str(path))


def test_a_folder_that_others_can_enter_is_refused(tmp_path: Path):
    (tmp_path / "ours").mkdir(mode=0o700)
    (tmp_path / "ours/host").mkdir()
    (tmp_path / "ours/host").chmod(0o755)
    with pytest.raises(Problem, match="open to others, so it is not used. Run: chmod 700"):
        private(tmp_path / "ours/host")


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path, monkeypatch):
    folder = tmp_path / "theirs/host"
    folder.mkdir(parents=True, mode=0o700)
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    with pytest.raises(Problem, match="is not yours"):
        private(folder)


def test_a_file_in_the_way_is_named(home: Path):
    (home / "data").mkdir()
    (home / "data/jupyterlab-submit").write_text("")
    with pytest.raises(Problem, match="data/jupyterlab-submit cannot be made"):
        data_folder()


def test_a_data_folder_that_no_database_can_be_opened_in_is_named(home: Path, monkeypatch):
    deep = home / "/".join(["x" * 100] * 5)
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(deep))
    with pytest.raises(Problem, match="too long a path for a database. Set JUPYTER_DATA_DIR"):
        data_folder()
    assert not deep.exists()
