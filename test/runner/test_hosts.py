"""How many engines each host of a job has, where its scheduler lists hosts in a file."""

import pytest

from jupyterlab_submit.runner.hosts import engines_of_hosts, slots_of, spread


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("gx2 4 all.q@gx2 UNDEFINED\ngx1 2 all.q@gx1 UNDEFINED\n", [4, 2]),
        # Of two queues.
        ("gx2 4 all.q@gx2 UNDEFINED\ngx1 1 all.q@gx1 <NULL>\ngx2 3 long.q@gx2 <NULL>\n", [7, 1]),
        ("n1\nn1\nn2\nn1\n", [3, 1]),
        ("\nn1 2\n\n", [2]),
        ("", []),
    ],
)
def test_slots_of_each_host(text, slots):
    assert slots_of(text) == slots


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


def test_without_a_file_of_hosts_all_engines_are_here(tmp_path):
    assert engines_of_hosts("PE_HOSTFILE", {}, 3) == [3]
    (tmp_path / "hosts").write_text("gx2 4 all.q@gx2 UNDEFINED\ngx1 2 all.q@gx1 UNDEFINED\n")
    assert engines_of_hosts("PE_HOSTFILE", {"PE_HOSTFILE": str(tmp_path / "hosts")}, 6) == [4, 2]
