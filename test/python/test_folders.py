from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from jupyterlab_submit import folders
from jupyterlab_submit.folders import data_folder, host_label, private, socket_folder
from jupyterlab_submit.ownership import expect_own_files, open_own
from jupyterlab_submit.problem import Problem


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_socket_lies_in_a_private_folder_of_this_host(home: Path, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(home / "data/runtime"))
    found = socket_folder()
    assert found == home / "data/runtime/jupyterlab-submit" / host_label()
    assert (mode(found), mode(found.parent)) == (0o700, 0o700)
    assert socket_folder() == found


def test_two_data_folders_that_share_a_runtime_folder_have_a_socket_each(home: Path, monkeypatch):
    one = socket_folder()
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(home / "other"))
    assert socket_folder() != one
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(home / ("y" * 90)))
    long = socket_folder()
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(home / "data"))
    assert socket_folder() != long
    assert {one.parent, long.parent.parent} == {home / "run/jupyterlab-submit", Path("/tmp")}


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
    rest = len(f"/jupyterlab-submit/{host_label()}{folders.suffix()}/{folders.SOCKET}")
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


@pytest.mark.parametrize("name", ["data/jupyterlab-submit", "data/jupyterlab-submit/HOST"])
@pytest.mark.parametrize("bits", [0o020, 0o002])
def test_a_data_folder_that_others_may_write_is_refused(home: Path, name: str, bits: int):
    folder = home / name.replace("HOST", host_label())
    data_folder()
    folder.chmod(0o755 | bits)
    with pytest.raises(Problem, match=f"Others may write into {folder}, .*chmod go-w '{folder}'"):
        data_folder()
    folder.chmod(0o755)
    assert data_folder().is_dir()
    assert os.listdir(folder) in ([], [host_label()])


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to somebody else")
@pytest.mark.parametrize("mode", [0o700, 0o777])
def test_a_data_folder_of_somebody_else_is_refused(home: Path, mode: int):
    folder = data_folder()
    os.chown(folder, 4711, 4711)
    folder.chmod(mode)
    with pytest.raises(Problem, match=f"{folder} is not yours"):
        data_folder()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a link to somebody else")
def test_a_link_to_our_own_folder_that_somebody_else_has_laid_is_refused(home: Path):
    folder = data_folder()
    real = home / "real"
    folder.rename(real)
    folder.symlink_to(real)
    assert data_folder() == folder
    os.chown(folder, 4711, 4711, follow_symlinks=False)
    with pytest.raises(Problem, match=f"{folder} is not yours"):
        data_folder()


def test_a_disk_that_gives_all_folders_to_everybody_will_do(home: Path, monkeypatch):
    """As FAT and shares of Windows do: there a new folder that was to be private is not, either."""
    folder = data_folder()
    folder.chmod(0o777)
    folder.parent.chmod(0o777)
    real = os.stat

    def stat_of(path, **options):
        found = real(path, **options)
        return with_mode(found, 0o40777) if ".private-" in os.fspath(path) else found

    monkeypatch.setattr(os, "stat", stat_of)
    assert data_folder() == folder


def test_a_disk_that_gives_all_folders_to_one_owner_will_do(home: Path, monkeypatch):
    """As a network disk that takes root for nobody, and a share that is mounted for one user."""
    data_folder()
    ours = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: ours + 1)
    assert data_folder().is_dir()


def with_mode(found: os.stat_result, mode: int) -> os.stat_result:
    return os.stat_result((mode, *found[1:]))


@pytest.mark.parametrize(
    "name", ["sidecar.log", "sidecar-output.log", "jobs.sqlite", "20261129-1200-01-sidecar.log"]
)
def test_links_in_the_place_of_what_is_written_are_refused(home: Path, name: str):
    victim = home / "victim"
    victim.write_text("theirs")
    (data_folder() / name).symlink_to(victim)
    (data_folder() / "notes.txt").symlink_to(victim)
    with pytest.raises(Problem, match=f"{name} is a link, or is not yours"):
        expect_own_files(data_folder())
    with pytest.raises(Problem, match=f"{name} is a link, or is not yours"):
        open_own(data_folder() / name, os.O_RDWR)
    assert victim.read_text() == "theirs"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file to somebody else")
def test_files_of_somebody_else_in_the_place_of_what_is_written_are_refused(home: Path):
    file = data_folder() / "sidecar-output.log"
    file.write_text("theirs")
    os.chown(file, 4711, 4711)
    for refused in (lambda: expect_own_files(data_folder()), lambda: open_own(file, os.O_RDWR)):
        with pytest.raises(Problem, match="is a link, or is not yours"):
            refused()
    assert file.read_text() == "theirs"
