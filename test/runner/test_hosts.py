"""How many engines each host of a job has, where its scheduler lists hosts in a file."""

import pytest

from jupyterlab_submit.runner.hosts import engines_of_hosts, slots_of, spread


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("gx2 4 all.q@gx2 UNDEFINED\ngx1 2 all.q@gx1 UNDEFINED\n", [("gx2", 4), ("gx1", 2)]),
        # Of two queues.
        (
            "gx2 4 all.q@gx2 UNDEFINED\ngx1 1 all.q@gx1 <NULL>\ngx2 3 long.q@gx2 <NULL>\n",
            [("gx2", 7), ("gx1", 1)],
        ),
        ("n1\nn1\nn2\nn1\n", [("n1", 3), ("n2", 1)]),
        ("\nn1 2\n\n", [("n1", 2)]),
        ("", []),
    ],
)
def test_slots_of_each_host(text, slots):
    assert list(slots_of(text).items()) == slots


@pytest.mark.parametrize(
    ("slots", "wanted", "counts"),
    [
        ([4, 4, 4, 4], 16, [4, 4, 4, 4]),
        ([4, 2], 6, [4, 2]),
        ([4, 4], 4, [2, 2]),  # two slots an engine
        ([3, 3, 2], 4, [2, 1, 1]),  # one of them across hosts: where most is free
        ([1, 3], 2, [1, 1]),
        ([5, 4], 4, [2, 2]),  # more slots than were asked for
        ([8], 3, [3]),
        ([1], 1, [1]),
        ([1, 1], 4, [2, 2]),  # fewer than engines
    ],
)
def test_engines_are_where_slots_are(slots, wanted, counts):
    assert spread(slots, wanted) == counts
    assert sum(counts) == wanted


def test_hosts_are_those_of_the_file_that_a_variable_names(tmp_path):
    assert engines_of_hosts("PE_HOSTFILE", {}, 3) == {}
    (tmp_path / "hosts").write_text("gx2 4 all.q@gx2 UNDEFINED\ngx1 2 all.q@gx1 UNDEFINED\n")
    env = {"PE_HOSTFILE": str(tmp_path / "hosts")}
    assert engines_of_hosts("PE_HOSTFILE", env, 6) == {"gx2": 4, "gx1": 2}
