"""An mpiexec that is told the hosts of its job, and how to get there."""

import subprocess

import pytest

from jupyterlab_submit.runner.mpi_hosts import agent_script, told_hosts

MPICH = "MPICH Version:      5.0.2\n"
OPEN_MPI = "Open MPI v5.0.11, package: Open MPI user@localhost Distribution\0"
OLD_OPEN_MPI = "Open MPI v4.1.4, package: Debian OpenMPI\0"
AGENT = {"argv": ["by", "{directory}", "two words"], "hydra": False}


def launched(agent=AGENT, hosts="HOSTS"):
    return {"nodes": {"hosts": hosts}, "mpi": {"agent": agent}}


def told(
    launch, library, family, place, wanted=6, text="gx2 4 all.q UNDEFINED\ngx1 2 all.q <NULL>\n"
):
    file = place / "listed"
    file.write_text(text)
    env = {"HOSTS": str(file)}
    options = told_hosts(
        launch, library, family, wanted=wanted, env=env, place=place, directory="/the job"
    )
    return [option.replace(str(place), "PLACE") for option in options]


def test_mpich_is_told_hosts_and_how_many_ranks_each_has(tmp_path):
    assert told(launched(), MPICH, "MPICH", tmp_path) == ["-machinefile", "PLACE/hosts"]
    assert (tmp_path / "hosts").read_text() == "gx2:4\ngx1:2\n"


def test_mpich_is_told_the_way_where_it_does_not_know_the_scheduler(tmp_path):
    options = told(launched({**AGENT, "hydra": True}), MPICH, "MPICH", tmp_path)
    assert options[2:] == ["-launcher", "rsh", "-launcher-exec", "PLACE/agent"]
    assert (tmp_path / "agent").read_text() == (
        "#!/bin/sh\nexec by '/the job' 'two words' \"$@\"\n"
    )


@pytest.mark.parametrize(
    ("library", "option", "prefix", "session"),
    [
        (OPEN_MPI, "--prtemca", "plm_ssh", "prte_leave_session_attached"),
        (OLD_OPEN_MPI, "--mca", "plm_rsh", "orte_leave_session_attached"),
    ],
)
def test_open_mpi_is_always_told_the_way(tmp_path, library, option, prefix, session):
    assert told(launched(), library, "Open MPI", tmp_path, 3) == [
        *("--hostfile", "PLACE/hosts", "--map-by", "slot"),
        *(option, f"{prefix}_agent", "sh PLACE/agent"),
        *(option, f"{prefix}_no_tree_spawn", "1", option, session, "1"),
    ]
    # Two slots an engine.
    assert (tmp_path / "hosts").read_text() == "gx2 slots=2\ngx1 slots=1\n"


def test_on_one_host_no_way_is_needed(tmp_path):
    assert told(launched(), OPEN_MPI, "Open MPI", tmp_path, 2, "n1\nn1\n")[4:] == []
    # Of a host that has no room for an engine, nothing is said.
    assert told(launched(), MPICH, "MPICH", tmp_path, 2, "n1 4\nn2 1\n") == [
        *("-machinefile", "PLACE/hosts")
    ]
    assert (tmp_path / "hosts").read_text() == "n1:2\n"


def test_nothing_is_told_where_no_file_lists_hosts(tmp_path):
    for launch in (launched(hosts="OTHERS"), launched(hosts=None), {**launched(), "nodes": None}):
        assert told(launch, OPEN_MPI, "Open MPI", tmp_path) == []


def test_the_agent_is_a_program_that_puts_words_before_its_own(tmp_path):
    agent = tmp_path / "agent"
    agent.write_text(agent_script(["printf", "%s\n", "it's"]))
    said = subprocess.run(["sh", agent, "a b", "c"], capture_output=True, text=True)
    assert said.stdout == "it's\na b\nc\n"
