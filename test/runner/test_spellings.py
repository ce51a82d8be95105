"""Every way in which a notebook asks ipyparallel for engines: it gets those of its job."""

import re

IMPORT = "import ipyparallel as ipp, os, subprocess, sys\n"
ALL = "print('ids', {}.ids)"

# Each cell prints the ids of all engines once.
CELLS = [
    "c = ipp.Cluster.from_file()\n"
    + ALL.format("c.connect_client_sync()")
    + "\nc.stop_cluster_sync()",
    "c = ipp.Cluster.from_file()\n" + ALL.format("(await c.connect_client())"),
    ALL.format("ipp.Cluster.from_file(profile='mpi').connect_client_sync()"),
    ALL.format("ipp.Cluster.from_file(cluster_id='of-yesterday').connect_client_sync()"),
    ALL.format("ipp.Cluster.from_file('/gone/cluster-.json').connect_client_sync()"),
    "clusters = ipp.ClusterManager().load_clusters()\n(c,) = clusters.values()\n"
    + ALL.format("c.connect_client_sync()"),
    "(c,) = ipp.ClusterManager().load_clusters(profile='slurm').values()\n"
    + ALL.format("c.connect_client_sync()"),
    "async with ipp.Cluster(n=2) as rc:\n    " + ALL.format("rc"),
    "c = ipp.Cluster(cluster_id='', n=2)\nawait c.start_cluster()\n"
    + ALL.format("(await c.connect_client())")
    + "\nawait c.stop_cluster()",
    ALL.format("ipp.Cluster.from_file().connect_client_sync()"),
    "c = ipp.Cluster(n=1)\nc.start_controller_sync()\nc.start_engines_sync(n=1)\n"
    "c.start_engines_sync(n=1)\nrc = c.connect_client_sync()\nrc.wait_for_engines(2)\n"
    + ALL.format("rc")
    + "\nc.stop_cluster_sync()",
    "rc = ipp.Cluster(n=1).start_and_connect_sync()\n" + ALL.format("rc"),
    "c = ipp.Cluster(n=2)\nc.start_cluster_sync()\n"
    + ALL.format("ipp.Cluster.from_file(c.cluster_file).connect_client_sync()"),
    "c = ipp.Cluster(engine_launcher_class='SGE', controller_launcher_class='ssh', n=2)\n"
    "c.start_cluster_sync()\nprint(c, c.engines, c.controller, c.controller_launcher_class)\n"
    + ALL.format("c.connect_client_sync()"),
    "import site_clusters\n" + ALL.format("site_clusters.connect()"),
    "os.environ['WHICH'] = 'fast'\n" + ALL.format("ipp.Client(profile=os.environ['WHICH'])"),
    ALL.format("ipp.Client(profile=f'{sys.platform}-{os.getpid()}', timeout=30)"),
    ALL.format("ipp.Client(ipython_dir='/gone', cluster_id='x', profile='y')"),
]


def test_clusters_and_clients_are_those_of_the_job(new_job, interpreter):
    job = new_job(interpreter)
    job.write([IMPORT, *CELLS], engines=2)
    (job.work / "site_clusters.py").write_text(
        "import ipyparallel\ndef connect(name='of-the-site'):\n"
        "    return ipyparallel.Client(profile=name)\n"
    )
    job.start().wait()
    assert job.exit["state"] == "succeeded", f"{job.cause}\n{job.log('runner')}"
    ids = re.findall(r"^ids .*$", job.printed(), re.MULTILINE)
    assert ids == ["ids [0, 1]"] * len(CELLS)
    assert "<class" not in job.printed() and "Attach" not in job.printed()
    assert "topp" not in job.printed().replace("stopped.", "")


PROGRAM = """
import ipyparallel as ipp, os, sys
print("ids", ipp.Client(profile=sys.argv[-1]).ids, flush=True)
with ipp.Cluster(n=2, log_level=30) as rc:
    print("ids", rc.ids, flush=True)
print("ids", ipp.Cluster.from_file().connect_client_sync().ids, flush=True)
"""
# Programs of all kinds, as cells start them.
PROGRAMS = [
    "!{sys.executable} fit.py of-nobody",
    "print(subprocess.run([sys.executable, '-u', 'fit.py', 'run-' + str(os.getpid())],"
    " stdout=subprocess.PIPE).stdout.decode())",
    "!ipython fit.py x",
    "%run fit.py y",
]


def test_programs_of_cells_find_the_engines_as_the_notebook_does(new_job, interpreter):
    job = new_job(interpreter)
    job.write([IMPORT, *PROGRAMS], engines=2)
    (job.work / "fit.py").write_text(PROGRAM)
    job.start().wait()
    assert job.exit["state"] == "succeeded", f"{job.cause}\n{job.log('runner')}"
    assert job.printed().count("ids [0, 1]") == 3 * len(PROGRAMS), job.printed()


def test_the_persons_own_sitecustomize_and_python_path_count(new_job, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    (own / "sitecustomize.py").write_text("import os\nos.environ['CUSTOM'] = 'yes'\n")
    look = (
        "import os, sys, sitecustomize\nprint(os.environ.get('CUSTOM'), sitecustomize.__file__ =="
        f" {str(own / 'sitecustomize.py')!r}, sum('/ipython/python' in p for p in sys.path))"
    )
    job = new_job(PYTHONPATH=str(own))
    job.write(["import sys\n!{sys.executable} look.py", look], engines=1)
    (job.work / "look.py").write_text(look)
    job.start().wait()
    assert job.printed().splitlines() == ["yes True 0"] * 2
    assert job.exit["state"] == "succeeded"


KNOWN = "print(rc[:].apply_sync(lambda: 'known' in globals()))"
TELL = "rc[:].push({'known': 1})\n" + KNOWN


def test_what_begins_after_another_has_ended_begins_clean(new_job, interpreter):
    job = new_job(interpreter)
    job.write(
        [
            IMPORT,
            f"with ipp.Cluster(n=2) as rc:\n    {TELL.splitlines()[0]}\n    {KNOWN}\n"
            "    rc[:].execute('import mine; mine.state = 5; import os; os.chdir(\"/\")').get()",
            f"with ipp.Cluster(n=2) as rc:\n    {KNOWN}\n"
            "    print(rc[:].apply_sync(lambda: (__import__('mine').state, __import__('os').getcwd())))",
            f"c = ipp.Cluster(n=2)\nrc = c.start_and_connect_sync()\n{TELL}",
            f"c.restart_engines_sync()\n{KNOWN}",
            f"{TELL}\nc.stop_cluster_sync()\nrc = ipp.Cluster(n=2).start_and_connect_sync()\n{KNOWN}",
        ],
        engines=2,
    )
    (job.work / "mine.py").write_text("state = 0\n")
    job.start().wait()
    assert job.exit["state"] == "succeeded", job.cause
    said = [line for line in job.printed().splitlines() if not line.startswith("Starting")]
    both, none = "[True, True]", "[False, False]"
    ends = "The engines of this job end with it."
    clean = (
        "The engines begin clean: without variables, in the notebook's folder, "
        "its modules to be imported anew"
    )
    state = str([(0, str(job.work))] * 2)
    assert said == [
        *[both, ends],
        *[clean, none, state, ends],
        *[clean, both],
        *[ends, clean, none],
        *[both, ends, clean, none],
    ]


def test_sets_of_one_cluster_begin_clean_together(new_job, interpreter):
    two = (
        "c = ipp.Cluster(n=1)\nrc = c.start_and_connect_sync()\nsecond = c.start_engines_sync(n=1)"
    )
    job = new_job(interpreter).run(
        [
            f"{IMPORT}{two}\n{TELL}",
            f"c.restart_engines_sync(second)\n{KNOWN}",
            f"c.restart_engines_sync()\n{KNOWN}",
        ],
        engines=2,
    )
    assert job.exit["state"] == "succeeded", job.cause
    said = [line for line in job.printed().splitlines() if not line.startswith("Starting")]
    both, none = "[True, True]", "[False, False]"
    ends = "The engines of this job end with it."
    shared = "The engines are shared with what else is connected to them, and keep what they know"
    clean = (
        "The engines begin clean: without variables, in the notebook's folder, "
        "its modules to be imported anew"
    )
    assert said == [both, ends, shared, both, ends, ends, clean, none]


def test_startup_files_count_again_on_engines_that_begin_clean(job, home):
    startup = home / ".ipython/profile_default/startup"
    startup.mkdir(parents=True)
    (startup / "of-mine.py").write_text("from math import pi as mine\n")
    look = "    print(rc[:].apply_sync(lambda: int(mine)))"
    job.run([IMPORT, *[f"with ipp.Cluster(n=1) as rc:\n{look}"] * 2], engines=1)
    assert re.findall(r"^\[3\]$", job.printed(), re.MULTILINE) == ["[3]"] * 2


def test_those_open_at_once_share_the_engines_and_say_so(new_job, interpreter):
    job = new_job(interpreter).run(
        [
            IMPORT + f"rc = ipp.Cluster(n=2).start_and_connect_sync()\n{TELL}",
            f"with ipp.Cluster(n=2) as rc2:\n    {KNOWN.replace('rc', 'rc2')}",
            "program = '''import ipyparallel as ipp\n"
            "with ipp.Cluster(n=2) as rc:\n"
            f"    {KNOWN.replace('print(', 'print(0, ')}'''\n"
            "open('other.py', 'w').write(program)\n!{sys.executable} other.py",
            KNOWN,
        ],
        engines=2,
    )
    assert job.exit["state"] == "succeeded", job.cause
    shared = "The engines are shared with what else is connected to them, and keep what they know"
    assert job.printed().splitlines().count(shared) == 2
    assert job.printed().count("[True, True]") == 4
    assert "begin clean" not in job.printed()


def test_more_engines_than_there_are_are_refused_at_once(new_job, interpreter):
    waits = "engine_timeout=10_000"
    job = new_job(interpreter).run(
        [
            # As many as there are cores is a number like any other.
            f"import multiprocessing\nmultiprocessing.cpu_count = lambda: 2\n{IMPORT}rc = ipp.Client()",
            f"ipp.Cluster(n=3, {waits}).start_and_connect_sync()",
            f"ipp.Cluster({waits}).start_and_connect_sync(n=3)",
            f"c = ipp.Cluster(n=2, {waits})\nc.start_cluster_sync()\nc.start_engines_sync(n=1)",
            "c = ipp.Cluster()\nc.start_engines_sync(n=1)\nc.start_engines_sync(n=2)",
            "rc.wait_for_engines(3)",
            "rc.wait_for_engines(n=3, timeout=10_000)",
            "rc.wait_for_engines(2)\nprint(rc.ids)",
        ],
        engines=2,
        allowErrors=True,
    )
    errors = [out for cell in job.result.cells for out in cell.outputs if "ename" in out]
    words = "The notebook asks for 3 engines, this job has 2: submit it with at least 3"
    assert [(out.ename, out.evalue) for out in errors] == [("ValueError", words)] * 6
    assert job.printed().splitlines()[-1] == "[0, 1]"


def test_notebook_that_starts_controller_and_engines_as_programs_goes_through(new_job, interpreter):
    """As ipcmagic's %ipcluster does it, twice in a notebook."""
    both = (
        "own = [subprocess.Popen([name], stdout=subprocess.DEVNULL)"
        " for name in ('ipcontroller', 'ipengine')]\n"
        "rc = ipp.Client(timeout=60)\nrc.wait_for_engines(2)\nprint(rc[:].apply_sync(lambda: 7))\n"
        "rc.shutdown(hub=True)\nprint([program.wait(30) for program in own])"
    )
    job = new_job(interpreter).run([IMPORT, both, both], engines=2)
    assert job.exit["state"] == "succeeded", job.cause
    once = ["[7, 7]", "The engines of this job end with it.", "[0, 0]"]
    assert job.printed().splitlines() == once * 2


def test_shutdown_ends_what_the_notebook_started_and_not_the_engines_of_the_job(
    new_job, interpreter
):
    start = (
        "folder = os.path.abspath('own')\n"
        "own = subprocess.Popen([sys.executable, '-m', 'ipyparallel.controller',"
        " '--profile-dir=' + folder])\n"
        "import time\nfile = folder + '/security/ipcontroller-client.json'\n"
        "while not os.path.exists(file): time.sleep(0.1)\n"
        "rc = ipp.Client(profile_dir=folder, timeout=60)\nprint('own', rc.ids)"
    )
    job = new_job(interpreter).run(
        [
            IMPORT + "rc = ipp.Client()\nrc.shutdown()\nrc.shutdown(hub=True)",
            "rc = ipp.Client()\nprint(rc[:].apply_sync(lambda: 1))\nrc[0].shutdown()",
            start,
            "rc.shutdown(hub=True)\nown.wait(30)\nprint('ended')",
            "print(ipp.Client().ids)",
        ],
        engines=2,
    )
    assert job.exit["state"] == "succeeded", job.cause
    refused = "The engines of this job end with it."
    lines = [*[refused] * 2, "[1, 1]", refused, "own []", "ended", "[0, 1]"]
    assert job.printed().splitlines() == lines


def test_what_engines_still_work_on_is_interrupted_before_they_begin_clean(new_job, interpreter):
    job = new_job(interpreter).run(
        [
            IMPORT + "import time\nc = ipp.Cluster(n=2)\nrc = c.start_and_connect_sync()",
            "ars = [rc[:].apply_async(time.sleep, 1000) for _ in range(2)]\n"
            f"rc[:].push({{'known': 1}}, block=False)\nc.restart_engines_sync()\n{KNOWN}",
            "print([ar.ready() for ar in ars])",
        ],
        engines=2,
    )
    assert job.exit["state"] == "succeeded", job.cause
    assert job.printed().endswith("[False, False]\n[True, True]\n")
    assert "The engines still work on something of before, which is interrupted\n" in job.printed()


def test_a_cluster_signals_its_engines(new_job, interpreter):
    job = new_job(interpreter).run(
        [
            IMPORT + "import signal, time\nc = ipp.Cluster(n=2)\nawait c.start_cluster()\n"
            "await c.signal_engines(signal.SIGINT)\nrc = await c.connect_client()",
            "ar = rc[:].apply_async(time.sleep, 1000)",
            "try:\n    for _ in range(100):\n        await c.signal_engines(signal.SIGINT)\n"
            "        if ar.wait(0.5): break\n    ar.get()\n"
            "except ipp.error.CompositeError as error:\n    print('Interrupt' in str(error))",
            "print(rc[:].apply_sync(lambda: 1))",
        ],
        engines=2,
    )
    assert job.exit["state"] == "succeeded", job.cause
    lines = [line for line in job.printed().splitlines() if "ngine" not in line]
    assert lines == ["True", "[1, 1]"]
    assert "Nothing was sent: no Client is connected to the engines\n" in job.printed()
