"""What stands for PBS Pro, Torque and LSF, without a cluster: its queue, and what its commands say."""

from __future__ import annotations

import ast
import json
import signal
import time
from pathlib import Path

import pytest

from dev.cluster.stand_in import cluster as stand_in
from dev.cluster.stand_in.face import HOSTS, Answer, Call
from dev.cluster.stand_in.faces import FACES
from dev.cluster.stand_in.queue import BY_LIMIT, BY_USER, HELD, OVER, QUEUED, RUNNING, Job, Queue
from dev.cluster.stand_in.server import reply
from dev.cluster.stand_in.wire import NotThere

NOW = time.mktime((2026, 11, 30, 9, 30, 0, 0, 0, -1))
USER = "ada"
ENVIRON = {
    "HOME": "/home/ada",
    "PATH": "/bin",
    "SHELL": "/bin/bash",
    "LOGNAME": USER,
    "WORDS": "two, words",
}


class System:
    """One of the faces, over a queue of its own."""

    def __init__(self, face: str) -> None:
        self.face = FACES[face]
        self.queue = Queue(dict.fromkeys(HOSTS, 4), self.face.first)
        self.control: dict[str, str] = {}
        self.is_away = False

    def run(self, name: str, *words: str, text: str = "", **environ: str) -> Answer:
        call = Call(
            words=words,
            environ={**ENVIRON, **environ},
            user=USER,
            directory="/home/ada/a, b",
            host="gxm",
            now=NOW + 5,
            read=lambda: text,
            ask=self.ask,
            control=self.control.get,
        )
        return self.face.commands[name](call)

    def ask(self, request, to=None, descriptors=()):
        if self.is_away:
            raise NotThere
        return reply(self.queue, request, USER, NOW)

    def start(self) -> list[Job]:
        return self.queue.start(NOW)

    def end(self, number: int, status: int, ends: str | None = None) -> None:
        self.queue.end(self.queue.jobs[number], status, ends, NOW + 3)


@pytest.fixture
def pbspro() -> System:
    return System("pbspro")


@pytest.fixture
def torque() -> System:
    return System("torque")


@pytest.fixture
def lsf() -> System:
    return System("lsf")


def job(*chunks: tuple[int, int], **more) -> Job:
    return Job("name", USER, "queue", "true\n", [list(chunk) for chunk in chunks], **more)


class TestQueue:
    @pytest.mark.parametrize(
        ("place", "chunks", "expected"),
        [
            ("free", [(3, 3), (3, 1), (1, 1)], [["a", 3, 3], ["b", 3, 1], ["a", 1, 1]]),
            ("scatter", [(1, 1), (1, 1)], [["a", 1, 1], ["b", 1, 1]]),
            ("pack", [(2, 2), (2, 2)], [["a", 2, 2], ["a", 2, 2]]),
        ],
    )
    def test_the_parts_of_a_job_are_where_there_is_room(self, place, chunks, expected):
        queue = Queue({"a": 4, "b": 4})
        [begun] = [queue.submit(job(*chunks, place=place), 0)] and queue.start(0)
        assert begun.where == expected

    def test_a_job_waits_until_there_is_room_and_knows_when_that_is(self):
        queue = Queue({"a": 4, "b": 4})
        first = queue.submit(job((4, 4), seconds=60), 0)
        queue.start(0)
        waits = queue.submit(job((4, 4), (4, 4)), 1)
        small = queue.submit(job((4, 4)), 2)
        assert queue.start(5) == [small]
        assert (waits.state, waits.never, waits.earliest) == (QUEUED, False, None)
        queue.end(small, 0, None, 6)
        assert (queue.start(6), waits.earliest) == ([], 60)
        queue.end(first, 0, None, 7)
        assert queue.start(7) == [waits]

    def test_what_fits_nowhere_never_starts(self):
        queue = Queue({"a": 4})
        waits = queue.submit(job((5, 5)), 0)
        assert (queue.start(0), waits.never) == ([], True)

    def test_a_held_job_starts_when_it_is_released(self):
        queue = Queue({"a": 4})
        held = queue.submit(job((1, 1), state=HELD), 0)
        assert queue.start(0) == []
        assert (queue.release(held, 1), queue.start(2)) == (True, [held])
        assert queue.hold(held, 3) is False

    def test_a_job_that_runs_is_over_when_its_processes_are(self):
        queue = Queue({"a": 4})
        waits, runs = queue.submit(job((1, 1), state=HELD), 0), queue.submit(job((1, 1)), 0)
        queue.start(0)
        assert (queue.delete(waits, 1), waits.state) == (False, OVER)
        assert (queue.delete(runs, 1), runs.state, runs.ends) == (True, RUNNING, BY_USER)

    def test_it_is_the_same_after_it_was_kept(self):
        queue = Queue({"a": 4}, first=0)
        queue.submit(job((1, 1)), 0)
        queue.start(0)
        again = Queue({"a": 4}, 0, json.loads(json.dumps(queue.keep())))
        assert (again.jobs, again.next, again.free()) == (queue.jobs, 1, {"a": 3})

    def test_it_forgets_what_is_over_for_long(self):
        queue = Queue({"a": 4})
        queue.end(queue.submit(job((1, 1)), 0), 0, None, 10)
        queue.forget(5, 14)
        assert list(queue.jobs) == [1]
        queue.forget(5, 15)
        assert list(queue.jobs) == []

    def test_nobody_ends_the_job_of_another(self):
        queue = Queue({"a": 4})
        queue.submit(job((1, 1)), 0)
        request = {"do": "delete", "number": 1}
        assert reply(queue, request, "eve", 1) == {"error": "denied"}
        assert reply(queue, request, USER, 1) == {}
        assert reply(queue, request, USER, 1) == {"error": "over"}
        assert reply(queue, {"do": "hold", "number": 7}, USER, 1) == {"error": "unknown"}


class TestPbsPro:
    def test_a_job_is_told_by_its_whole_id(self, pbspro):
        assert pbspro.run("qsub", text="true\n").out == "0.gxm\n"
        assert pbspro.run("qsub", "-z", text="true\n").out == ""
        assert pbspro.run("qselect", "-N", "STDIN").out == "0.gxm\n1.gxm\n"

    def test_the_command_line_wins_over_directives_and_the_first_resource_over_the_next(
        self, pbspro
    ):
        text = "#!/bin/bash\n#PBS -N other -l walltime=1:00\n#PBS -l walltime=2:00 -l \\\nselect=1:ncpus=2\ntrue\n#PBS -q nope\n"
        pbspro.run("qsub", "-N", "mine", text=text)
        made = pbspro.queue.jobs[0]
        assert (made.name, made.seconds, made.chunks) == ("mine", 60, [[2, 1]])
        pbspro.run("qsub", "-C", "", text=text)
        assert pbspro.queue.jobs[1].name == "STDIN"

    @pytest.mark.parametrize(
        ("words", "status", "said"),
        [
            (["-q", "nope"], 170, "qsub: Unknown queue\n"),
            (["-q", "down"], 173, "qsub: Queue is not enabled\n"),
            (["-q", "others"], 159, "qsub: Unauthorized Request \n"),
            (["-l", "foo=1"], 187, "qsub: Unknown resource Resource_List.foo\n"),
            (["-l", "select=1:foo=1"], 187, "qsub: Unknown resource: foo\n"),
            (
                ["-q", "short", "-l", "walltime=1:0:0"],
                188,
                "qsub: Job violates queue and/or server resource limits\n",
            ),
            (
                ["-l", "walltime=soon"],
                166,
                "qsub: Illegal attribute or resource value Resource_List.walltime\n",
            ),
            (
                ["-l", "select=1", "-l", "ncpus=2"],
                5,
                'qsub: "-lresource=" cannot be used with "select" or "place", resource is: ncpus\n',
            ),
            (["-l", "place=scatter"], 7, 'qsub: Cannot have "place" without "select"\n'),
            (["-v", "NOWHERE"], 1, "qsub: cannot send environment with the job\n"),
        ],
    )
    def test_a_refusal_has_its_words_and_its_status(self, pbspro, words, status, said):
        assert pbspro.run("qsub", *words, text="true\n") == Answer("", said, status)
        assert pbspro.queue.jobs == {}

    @pytest.mark.parametrize(
        ("words", "text", "status", "said"),
        [
            (["-Z"], "true\n", 2, "qsub: invalid option -- 'Z'\nusage: qsub"),
            (["-N", "1st"], "true\n", 2, "qsub: illegal -N value\nusage: qsub"),
            ([], "#PBS -Y now\n", 1, "qsub: directive error: -Y now "),
            ([], "true\r\n", 1, "qsub: script contains cr, lf"),
            (["/nowhere"], "", 1, "qsub: script file:: No such file or directory"),
        ],
    )
    def test_what_is_wrong_with_options_and_script_is_said(self, pbspro, words, text, status, said):
        answer = pbspro.run("qsub", *words, text=text)
        assert (answer.out, answer.status) == ("", status)
        assert answer.err.startswith(said)

    def test_a_running_job_says_where_it_runs_in_lines_that_are_broken(self, pbspro):
        select = "select=2:ncpus=4:mpiprocs=4"
        pbspro.run("qsub", "-N", "job", "-l", select, "-v", "WORDS,B='c, d'", text="true\n")
        pbspro.start()
        text = pbspro.run("qstat", "-f", "0.gxm").out
        assert text.startswith("Job Id: 0.gxm\n    Job_Name = job\n    Job_Owner = ada@gxm\n")
        for line in (
            "    job_state = R\n",
            "    exec_host = gx1/0*4+gx2/0*4\n",
            "    exec_vnode = (gx1:ncpus=4)+(gx2:ncpus=4)\n",
            "    Resource_List.mpiprocs = 8\n",
            "    comment = Job run at Mon Nov 30 at 09:30 on (gx1:ncpus=4)+(gx2:ncpus=4)\n",
            "    Output_Path = gxm:/home/ada/a, b/job.o0\n",
            "\tPBS_O_QUEUE=workq,PBS_O_HOST=gxm,WORDS=two\\, words,B=c\\, d\n",
        ):
            assert line in text
        assert max(map(len, text.splitlines())) <= 79
        assert pbspro.run("qstat").out.splitlines()[2] == (
            "0.gxm             job              ada                      0 R workq           "
        )

    def test_json_takes_what_looks_like_json_for_it(self, pbspro):
        pbspro.run("qsub", "-N", "n123", "-v", "A=007,B=[1],C=two words,D=a\\,b", text="true\n")
        pbspro.start()
        told = json.loads(pbspro.run("qstat", "-f", "-F", "json", "0").out)
        assert (told["pbs_server"], told["timestamp"]) == ("gxm", int(NOW + 5))
        variables = told["Jobs"]["0.gxm"]["Variable_List"]
        assert [variables[name] for name in "ABCD"] == [7, [1], "two words", "a,b"]
        pbspro.end(0, 271, BY_USER)
        told = json.loads(pbspro.run("qstat", "-x", "-f", "-F", "json", "0").out)
        ended = told["Jobs"]["0.gxm"]
        assert (ended["job_state"], ended["Exit_status"], ended["substate"]) == ("F", 271, 91)
        assert ended["comment"].endswith("and terminated")

    def test_the_variables_of_others_break_its_json(self, pbspro):
        pbspro.control["others"] = ""
        with pytest.raises(ValueError, match="delimiter"):
            json.loads(pbspro.run("qstat", "-f", "-F", "json").out)
        pbspro.run("qsub", text="true\n")
        with pytest.raises(ValueError, match="delimiter"):
            json.loads(pbspro.run("qstat", "-f", "-F", "json").out)
        assert json.loads(pbspro.run("qstat", "-f", "-F", "json", "0").out)["Jobs"].keys() == {
            "0.gxm"
        }

    def test_why_a_job_waits(self, pbspro):
        for words in (["select=4:ncpus=4"], ["select=1:ncpus=4"], ["select=1:ncpus=5"]):
            pbspro.run("qsub", "-l", f"walltime=60,{words[0]}", text="true\n")
        pbspro.start()
        said = pbspro.run("qstat", "-f", "-w").out
        assert "comment = Not Running: Not enough free nodes available\n" in said
        assert "estimated.start_time = Mon Nov 30 09:31:00 2026\n" in said
        assert (
            "comment = Can Never Run: Insufficient amount of resource: ncpus (R: 5 A: 4 T: 4)\n"
        ) in said

    def test_what_is_over_is_told_with_x_and_only_where_there_is_a_history(self, pbspro):
        pbspro.run("qsub", text="true\n")
        pbspro.start()
        pbspro.end(0, 0)
        hint = "use -x or -H to obtain historical job information"
        assert pbspro.run("qstat", "0") == Answer(
            "", f"qstat: 0.gxm Job has finished, {hint}\n", 35
        )
        assert " F workq " in pbspro.run("qstat", "-x", "0").out
        assert pbspro.run("qdel", "0.gxm") == Answer("", "qdel: Job has finished 0.gxm\n", 35)
        assert pbspro.run("qstat", "9") == Answer("", "qstat: Unknown Job Id 9.gxm\n", 153)
        pbspro.control["keeps"] = "0"
        said = pbspro.run("qstat", "-x", "-f", "0")
        assert (said.out, said.status) == ("", 0)
        assert said.err.startswith("qstat: PBS is not configured to maintain job history")

    def test_nobody_listens(self, pbspro):
        pbspro.is_away = True
        refused = "Connection refused\n"
        cannot = "cannot connect to server gxm (errno=15010)\n"
        assert pbspro.run("qstat") == Answer("", f"{refused}qstat: {cannot}", 255)
        assert pbspro.run("qsub", text="x") == Answer("", f"{refused}qsub: {cannot}", 162)
        gone = f"{refused}Couldn't connect to cluster: gxm\n"
        assert pbspro.run("qdel", "0") == Answer("", gone, 162)
        assert pbspro.run("qstat", "--version").out == "pbs_version = 23.06.06\n"

    def test_a_queue_has_its_limit(self, pbspro):
        queues = json.loads(pbspro.run("qstat", "-Q", "-f", "-F", "json").out)["Queue"]
        assert queues["short"]["resources_max"] == {"walltime": "00:05:00"}
        assert (queues["down"]["enabled"], queues["workq"]["started"]) == ("False", "True")
        row = "down                 0     0  no  no     0     0     0     0     0     0 Exec"
        assert row in pbspro.run("qstat", "-Q").out.splitlines()

    def test_a_script_is_run_by_a_login_shell_in_the_home_folder(self, pbspro):
        pbspro.run("qsub", "-l", "select=2:ncpus=2:mpiprocs=2", "-j", "oe", text="true\n")
        [begun] = pbspro.start()
        plan = pbspro.face.start(begun, "/home/ada", "/bin/bash", "/F/stand_in")
        assert (plan.argv, plan.program, plan.stdin) == (
            ["-bash"],
            "/bin/bash",
            "/F/stand_in/spool/0.gxm.SC\n",
        )
        assert (plan.directory, plan.output, plan.error) == (
            "/home/ada",
            "/F/stand_in/spool/0.gxm.OU",
            "/F/stand_in/spool/0.gxm.OU",
        )
        assert list(plan.copies) == [(plan.output, "/home/ada/a, b/STDIN.o0", False)]
        assert plan.files["/F/stand_in/spool/0.gxm"] == "gx1\ngx1\ngx1\ngx1\n"
        assert plan.variables["TMPDIR"] == "/F/tmp/pbs.0.gxm"
        assert plan.variables["PBS_JOBID"] == "0.gxm"
        assert plan.variables["PBS_O_WORKDIR"] == "/home/ada/a, b"
        assert "WORDS" not in plan.variables
        task = pbspro.face.task(begun, "gx1", "/home/ada", {"argv": ["true"]}, "/F/stand_in")
        assert "PBS_NODEFILE" in plan.variables
        assert "PBS_NODEFILE" not in task.variables

    def test_output_is_where_k_says(self, pbspro):
        pbspro.run("qsub", "-k", "oed", "-o", "out", "-N", "n", text="true\n")
        pbspro.run("qsub", "-k", "e", "-e", "/else/", "-N", "n", text="true\n")
        direct, home = pbspro.start()
        plan = pbspro.face.start(direct, "/home/ada", "/bin/bash", "/F/stand_in")
        assert (plan.output, plan.error, list(plan.copies)) == (
            "/home/ada/a, b/out",
            "/home/ada/a, b/n.e0",
            [],
        )
        plan = pbspro.face.start(home, "/home/ada", "/bin/bash", "/F/stand_in")
        assert plan.error == "/home/ada/n.e1"

    def test_other_hosts_hear_of_a_signal_in_their_own_ways(self, pbspro, torque, lsf):
        heard = [each.face.signal_of_others(signal.SIGURG) for each in (pbspro, torque, lsf)]
        assert heard == [None, signal.SIGKILL, signal.SIGURG]

    @pytest.mark.parametrize(
        ("waited", "ends", "expected"),
        [(3 << 8, None, 3), (15, BY_USER, 271), (9, None, 265), (15, BY_LIMIT, -29)],
    )
    def test_the_end_of_a_script_is_a_number(self, pbspro, waited, ends, expected):
        assert pbspro.face.status(waited, ends) == expected


class TestTorque:
    def test_nodes_and_processors_are_parts_of_a_job(self, torque):
        torque.run("qsub", "-l", "nodes=2:ppn=3+1,walltime=90", text="true\n")
        [begun] = torque.start()
        assert begun.where == [["gx1", 3, 3], ["gx2", 3, 3], ["gx3", 1, 1]]
        said = torque.run("qstat", "-f", "0.gxm").out
        assert "    exec_host = gx1/0-2+gx2/0-2+gx3/0\n" in said
        assert "    Walltime.Remaining = 85\n" in said
        assert "    Resource_List.walltime = 00:01:30\n" in said
        assert "\n\tPBS_O_SHELL" in said
        assert "\n\t" not in torque.run("qstat", "-f", "-1", "0").out

    @pytest.mark.parametrize(
        ("words", "status", "said"),
        [
            (["-q", "nope"], 172, "Unknown queue MSG=requested queue not found"),
            (["-q", "down"], 175, "Queue is not enabled"),
            (
                ["-q", "short", "-l", "walltime=1:0:0"],
                190,
                "Job exceeds queue resource limits MSG=cannot satisfy queue max walltime requirement",
            ),
        ],
    )
    def test_a_refusal_has_its_words_and_its_status(self, torque, words, status, said):
        answer = torque.run("qsub", *words, text="true\n")
        assert answer == Answer("", f"qsub: submit error ({said})\n", status)

    def test_what_is_over_is_told_for_a_while_in_xml_too(self, torque):
        torque.run("qsub", "-N", "a<b", text="true\n")
        torque.start()
        torque.end(0, -11, BY_LIMIT)
        text = torque.run("qstat", "-x").out
        assert text.startswith('<?xml version="1.0"?>\n<Data><Job><Job_Id>0.gxm</Job_Id>')
        for element in (
            "<Job_Name>a&lt;b</Job_Name>",
            "<job_state>C</job_state>",
            "<exit_status>-11</exit_status>",
            f"<comp_time>{int(NOW + 3)}</comp_time>",
            "<Resource_List><nodect>1</nodect><nodes>1</nodes></Resource_List>",
        ):
            assert element in text
        assert torque.face.keeps == 300
        assert torque.run("qdel", "0").err == (
            "qdel: Request invalid for state of job MSG=invalid state for job - COMPLETE 0\n"
        )
        assert torque.run("qstat", "9") == Answer("", "qstat: Unknown Job Id Error 9.gxm\n", 153)
        assert torque.run("qstat", "-x", "9").out == ""

    def test_its_version_is_an_error_output(self, torque):
        assert torque.run("qstat", "--version") == Answer(
            "", "Version: 6.1.3\nCommit: unknown\n", 0
        )

    def test_nobody_listens(self, torque):
        torque.is_away = True
        said = (
            "qstat: cannot connect to server gxm (errno=15133) Could not connect to batch server\n"
        )
        assert torque.run("qstat") == Answer("", said, 29)

    def test_a_signal_reaches_a_job_that_runs_alone(self, torque):
        torque.run("qsub", "-h", text="true\n")
        torque.run("qsub", text="true\n")
        torque.start()
        refused = "qsig: Request invalid for state of job 0\n"
        assert torque.run("qsig", "-s", "URG", "0") == Answer("", refused, 170)
        assert torque.run("qsig", "-s", "URG", "1.gxm") == Answer()
        unknown = torque.run("qsig", "-s", "NONE", "1")
        assert unknown.err == "qsig: Unknown/illegal signal name 1\n"

    def test_hosts_say_how_many_processors_they_have(self, torque):
        torque.run("qsub", "-l", "nodes=1:ppn=4", text="true\n")
        torque.start()
        said = torque.run("pbsnodes", "-a").out
        assert said.startswith("gx1\n     state = job-exclusive\n")
        assert said.count("     np = 4\n") == 4
        assert "default_queue = batch\n" in torque.run("qstat", "-B", "-f").out

    def test_a_job_starts_where_d_says_and_its_tasks_get_what_e_says(self, torque):
        torque.run("qsub", "-d", "/scratch", "-l", "nodes=1:ppn=2", text="true\n")
        [begun] = torque.start()
        plan = torque.face.start(begun, "/home/ada", "/bin/bash", "/F/stand_in")
        assert (plan.directory, plan.variables["PBS_NP"]) == ("/scratch", "2")
        asked = {"argv": ["true"], "variables": {"A": "1"}}
        task = torque.face.task(begun, "gx1", "/home/ada", asked, "/F/stand_in")
        assert (task.variables["A"], "PBS_NODEFILE" in task.variables) == ("1", True)

    def test_a_queue_has_its_row(self, torque):
        said = torque.run("qstat", "-Q").out.splitlines()
        assert said[2].split() == ["batch", "0", "0", "yes", "yes", *"000000", "E", "0"]


class TestLsf:
    def test_directives_count_in_a_script_on_standard_input(self, lsf):
        text = "#!/bin/bash\n#BSUB -J other -W 0:10 # ten\n#BSUB -q short -W 5\n#BSUB -n 6 -R 'span[ptile=4]'\ntrue\n"
        said = lsf.run("bsub", "-J", "mine", "-W", "3", text=text)
        assert said.out == "Job <1> is submitted to queue <short>.\n"
        [begun] = lsf.start()
        assert (begun.name, begun.seconds) == ("mine", 180)
        assert begun.where == [["gx1", 4, 4], ["gx2", 2, 2]]
        said = lsf.run("bsub", "sleep", "1")
        assert said.out == "Job <2> is submitted to default queue <normal>.\n"

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["-q", "nope"], "nope: No such queue."),
            (["-q", "down"], "down: Queue has been closed."),
            (["-q", "others"], "User cannot use the queue."),
            (["-R", "nonsense[1]"], "Bad resource requirement syntax."),
            (["-q", "short", "-W", "6"], "RUNLIMIT: Cannot exceed queue's hard limit(s)."),
        ],
    )
    def test_a_refusal_has_its_words(self, lsf, words, said):
        assert lsf.run("bsub", *words, text="true\n") == Answer(
            "", f"{said} Job not submitted.\n", 255
        )

    def test_json_has_a_record_for_each_job_and_each_that_is_none(self, lsf):
        lsf.run("bsub", "-n", "5", "-W", "1", text="sleep 9\n")
        lsf.start()
        names = "jobid stat exec_host exit_code runtimelimit"
        told = json.loads(lsf.run("bjobs", "-a", "-o", names, "-json", "1", "7").out)
        assert told == {
            "COMMAND": "bjobs",
            "JOBS": 2,
            "RECORDS": [
                {
                    "JOBID": "1",
                    "STAT": "RUN",
                    "EXEC_HOST": "4*gx1:gx2",
                    "EXIT_CODE": "",
                    "RUNTIMELIMIT": "1.0",
                },
                {"JOBID": "7", "ERROR": "Job <7> is not found"},
            ],
        }

    def test_ends_have_reasons(self, lsf):
        for _ in range(3):
            lsf.run("bsub", text="true\n")
        lsf.start()
        lsf.end(1, 0)
        lsf.end(2, 130, BY_USER)
        lsf.end(3, 140, BY_LIMIT)
        fields = "jobid stat exit_code exit_reason delimiter='|'"
        assert lsf.run("bjobs", "-a", "-noheader", "-o", fields).out == (
            "1|DONE|-|-\n2|EXIT|130|TERM_OWNER: job killed by owner\n"
            "3|EXIT|140|TERM_RUNLIMIT: job killed after reaching LSF run time limit\n"
        )
        assert lsf.run("bjobs") == Answer("", "No unfinished job found\n", 0)
        assert lsf.run("bjobs", "9") == Answer("", "Job <9> is not found\n", 255)
        assert lsf.run("bkill", "1").err == "Job <1>: Job has already finished\n"

    def test_a_held_job_says_so(self, lsf):
        lsf.run("bsub", "-H", text="true\n")
        assert lsf.run("bjobs", "-noheader", "-o", "stat pend_reason delimiter=';'").out == (
            "PSUSP;Job was suspended by the user while pending;\n"
        )
        assert lsf.run("bresume", "1").out == "Job <1> is being resumed\n"
        assert lsf.start() != []

    def test_a_signal_is_not_the_end(self, lsf):
        lsf.run("bsub", "-H", text="true\n")
        lsf.run("bsub", "echo", "$HOME", ">out")
        [begun] = lsf.start()
        assert begun.script == "echo $HOME >out\n"
        waits = "Job <1>: Job has not started yet\n"
        assert lsf.run("bkill", "-s", "TERM", "1") == Answer("", waits, 255)
        assert lsf.run("bkill", "-s", "TERM", "2") == Answer("Job <2> is being signaled\n")
        assert lsf.queue.jobs[2].ends is None

    def test_a_queue_is_told_at_length_to_those_who_may_use_it(self, lsf):
        said = lsf.run("bqueues", "-l", "-u", USER).out
        assert "QUEUE: others" not in said
        assert " RUNLIMIT\n 5.0 min of gx1\n" in said
        assert "  -- For tests.  This is the default queue.\n" in said
        assert lsf.run("bsub", "-V").err.startswith("IBM Spectrum LSF Standard 10.1.0.14")

    def test_it_waits_for_a_server_that_is_away(self, lsf, capsys):
        lsf.is_away = True
        assert lsf.run("bjobs", LSB_NTRIES="1") == Answer("", "", 255)
        assert capsys.readouterr().err == "LSF is down. Please wait ...\n"

    def test_a_job_has_the_variables_of_the_shell_and_its_own(self, lsf):
        lsf.run("bsub", "-n", "2", "-o", "out.%J", "-cwd", "sub", text="true\n")
        [begun] = lsf.start()
        plan = lsf.face.start(begun, "/home/ada", "/bin/bash", "/F/stand_in")
        assert (plan.argv, plan.directory) == (["/F/stand_in/spool/1"], "/home/ada/a, b/sub")
        assert plan.variables["WORDS"] == "two, words"
        assert plan.variables["LSB_MCPU_HOSTS"] == "gx1 2 "
        assert plan.variables["LSB_HOSTS"] == "gx1 gx1"
        assert list(plan.copies) == [(plan.output, "/home/ada/a, b/sub/out.1", True)]
        assert "Successfully completed.\n\nThe output (if any) follows:\n\n" in lsf.face.report(
            begun, 0
        )

    def test_the_run_limit_comes_with_patience(self, lsf):
        one, two = job(where=[["gx1", 4, 4]]), job(where=[["gx1", 4, 4], ["gx2", 4, 4]])
        names = [(after, number.name) for after, number in lsf.face.signals(one, BY_LIMIT)]
        assert names == [(0, "SIGUSR2"), (600, "SIGINT"), (610, "SIGTERM"), (620, "SIGKILL")]
        names = [(after, number.name) for after, number in lsf.face.signals(two, BY_USER)]
        assert names == [(0, "SIGKILL")]

    def test_a_queue_has_its_limit(self, lsf):
        told = json.loads(lsf.run("bqueues", "-o", "queue_name runlimit", "-json").out)
        assert told["RECORDS"][:2] == [
            {"QUEUE_NAME": "normal", "RUNLIMIT": ""},
            {"QUEUE_NAME": "short", "RUNLIMIT": "5.0"},
        ]
        assert lsf.run("lsid").out.endswith("My cluster name is standin\nMy master name is gxm\n")


def test_what_hosts_of_a_cluster_run_needs_nothing_but_itself():
    """It is copied to where its users can read it, without the rest of the checkout."""
    outside = {"cluster.py", "daemons.py"}
    for file in Path(stand_in.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if file.name not in outside and isinstance(node, ast.ImportFrom):
                if node.module.startswith("dev"):
                    assert node.module.startswith("dev.cluster.stand_in"), file
