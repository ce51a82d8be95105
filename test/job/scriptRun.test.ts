import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ExitFile, StartedFile, readRunFile } from '../../src/api/runFiles';
import { AWKWARD_NAMES } from '../awkward';
import { makeTemp } from '../makeTemp';
import { JobRun } from './jobRun';

/** Python that writes a file in one step, for runners that tell how far they are. */
const WRITE = `
import json, os, signal, sys, time
def write(name, text=''):
    with open(name + '.part', 'w') as file:
        file.write(text)
    os.replace(name + '.part', name)
`;

/** A runner that does its work, and has the word. */
const GOOD = `${WRITE}
write('ran', json.dumps(dict(os.environ)))
write('exit.json', '{"state": "succeeded", "cause": null, "endedAt": 1}')
`;

/** The same for bash, which starts sooner. */
const GOOD_IN_BASH = `
touch ran
echo '{"state": "succeeded", "cause": null, "endedAt": 1}' >exit.json
`;

/** A runner that works until somebody ends it. */
const BUSY = `${WRITE}
write('ran', str(os.getpid()))
time.sleep(60)
`;

const variables = (run: JobRun): Record<string, string> =>
  JSON.parse(run.read('ran')) as Record<string, string>;

describe('a good run', () => {
  it('says that it has started, and leaves the word to the runner', async () => {
    const run = new JobRun({ runner: GOOD });
    const before = Math.floor(Date.now() / 1000);
    expect(await run.run()).toBe(0);
    const started = readRunFile(StartedFile, run.read('started.json'));
    expect(started?.schedulerId).toBe('4711');
    expect(started?.host).not.toBe('');
    expect(started?.startedAt).toBeGreaterThanOrEqual(before);
    expect(started?.startedAt).toBeLessThanOrEqual(Date.now() / 1000);
    expect(run.verdict()).toEqual({ state: 'succeeded', cause: null });
    expect(readdirSync(run.directory).filter(name => name.endsWith('.part'))).toEqual([]);
  });

  it('passes the exit code on', async () => {
    const run = new JobRun({ runner: `${GOOD}\nsys.exit(7)` });
    expect(await run.run()).toBe(7);
    expect(run.verdict()?.state).toBe('succeeded');
  });

  it('keeps its files from others', async () => {
    const run = new JobRun({ runner: GOOD });
    await run.run();
    const files = ['started.json', 'run.lock/id', 'ran', 'exit.json'];
    const modes = files.map(name => (statSync(run.path(name)).mode & 0o777).toString(8));
    expect(modes).toEqual(files.map(() => '600'));
    expect(statSync(run.path('run.lock')).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['022', [], '0644'],
    ['007', [], '0660'],
    ['077', [], '0600'],
    ['022', ['umask 002'], '0664']
  ])(
    'umask %s, lines %j: what the lines make, and the notebook is to make, is %s',
    async (own, lines, mode) => {
      const run = new JobRun({
        environment: [...lines, 'touch made'],
        runner: `${GOOD}\nos.umask(int(os.environ["JUPYTERLAB_SUBMIT_UMASK"], 8))\nopen("by_it", "w")`
      });
      execFileSync('bash', ['-c', `umask ${own}; bash ${run.path('script.sh')}`]);
      const modes = ['made', 'by_it', 'ran', 'exit.json'].map(
        name => `0${(statSync(run.path(name)).mode & 0o777).toString(8)}`
      );
      expect(modes).toEqual([mode, mode, '0600', '0600']);
    }
  );

  it('starts the runner in the job directory, with as many files as it may have', async () => {
    const runner = `${WRITE}
import resource
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
write('seen', json.dumps([os.getcwd(), soft == hard, sys.argv]))`;
    const run = new JobRun({ runner });
    await run.run();
    expect(JSON.parse(run.read('seen'))).toEqual([run.directory, true, ['run_notebook.pyz']]);
  });

  it('names the job and the number of threads to every process', async () => {
    const run = new JobRun({ runner: GOOD, spec: { coresPerEngine: 3 } });
    await run.run();
    expect(variables(run)).toMatchObject({
      JUPYTERLAB_SUBMIT_JOB: 'k3v9x2ab',
      OMP_NUM_THREADS: '3',
      OPENBLAS_NUM_THREADS: '3',
      MKL_NUM_THREADS: '3',
      NUMEXPR_NUM_THREADS: '3'
    });
  });

  it('works below folders with awkward names', async () => {
    const root = makeTemp();
    await Promise.all(
      AWKWARD_NAMES.map(async name => {
        const baseFolder = path.join(root, name);
        const spec = { notebook: `/home/ada/${name}/${name}.ipynb`, python: '/bin/bash' };
        const run = new JobRun({ runner: GOOD_IN_BASH, spec, baseFolder });
        expect(await run.run(), name).toBe(0);
        expect(run.verdict()?.state, name).toBe('succeeded');
      })
    );
    expect(readdirSync(root).toSorted()).toEqual([...AWKWARD_NAMES].toSorted());
  });
});

describe('a second start', () => {
  it('by the same id ends at once, says so, and keeps what the first has left', async () => {
    const run = new JobRun({
      runner: `${WRITE}\nwrite('result.ipynb', 'first')\nos.kill(os.getppid(), 9)`
    });
    await run.run();
    const started = run.read('started.json');
    expect(run.verdict()).toBeNull();
    expect(await run.run()).toBe(1);
    expect(run.verdict()).toEqual({ state: 'failed', cause: { code: 'restarted' } });
    expect(run.read('started.json')).toBe(started);
    expect(run.read('result.ipynb')).toBe('first');
  });

  it('by the same id does not touch a verdict', async () => {
    const run = new JobRun({ runner: GOOD });
    await run.run();
    expect(await run.run()).toBe(1);
    expect(run.verdict()?.state).toBe('succeeded');
  });

  it('by another id ends at once and writes nothing', async () => {
    const run = new JobRun({ runner: BUSY });
    const first = run.start('4711');
    await run.until('ran');
    const files = readdirSync(run.directory);
    expect((await run.start('4712').ended).code).toBe(1);
    expect(readdirSync(run.directory)).toEqual(files);
    expect(run.read('run.lock/id')).toBe('4711\n');
    first.signalAll('SIGTERM');
    await first.ended;
  });

  it('at the same time leaves one run', async () => {
    const run = new JobRun({ runner: `${WRITE}\nopen('runs', 'a').write('x')\ntime.sleep(0.3)` });
    const ends = ['1', '2', '3', '4', '5', '6'].map(id => run.start(id).ended);
    await Promise.all(ends);
    expect(run.read('runs')).toBe('x');
  });
});

describe('environment lines', () => {
  const runs = async (environment: string[], spec: string[] = []): Promise<JobRun> => {
    const run = new JobRun({ runner: GOOD, environment, spec: { environment: spec } });
    await run.run();
    return run;
  };

  it('are for every process, the site’s before the person’s', async () => {
    const run = await runs(
      ['export WHO=site', 'export SITE="$JUPYTERLAB_SUBMIT_JOB"'],
      ['export WHO="$WHO, person"', 'export OMP_NUM_THREADS=9']
    );
    expect(variables(run)).toMatchObject({
      WHO: 'site, person',
      SITE: 'k3v9x2ab',
      OMP_NUM_THREADS: '9'
    });
  });

  it('may say one thing in several lines', async () => {
    const run = await runs(
      ['if true', 'then', '  export ONE=1', 'fi', 'export TWO=$(cat <<EOF', "it's two", 'EOF', ')'],
      ['two() {', 'export THREE=3', '}', 'two', 'export FOUR=a\\', 'b  # a comment']
    );
    expect(variables(run)).toMatchObject({ ONE: '1', TWO: "it's two", THREE: '3', FOUR: 'ab' });
  });

  it.each([
    ['an open single quote', ["echo 'open"]],
    ['an open double quote', ['echo "open']],
    ['an open back quote', ['echo `open']],
    ['an open substitution', ['x=$(echo']],
    ['an open if', ['if true', 'then']],
    ['an open heredoc', ['cat <<EOF', 'text']],
    ['an open loop', ['for x in 1 2']],
    ['an open case', ['case x in']],
    ['a function without an end', ['f() {']],
    ['a lone fi', ['fi']],
    ['a lone brace', ['}']],
    ['a lone parenthesis', [')']],
    ['two semicolons', [';;']],
    ['a comment', ['# nothing; exit 1']],
    ['a backslash at the end', ['true \\']],
    ['a quote that would close ours', ["'; touch pwned; '"]],
    ['a failure', ['false']],
    ['a missing program', ['no-such-program --load x']],
    ['set -e and a failure', ['set -e', 'false']],
    ['set -u', ['set -u']],
    ['traps', ["trap 'rm -f exit.json' EXIT", "trap '' TERM"]],
    ['another folder', ['cd /']],
    ['names of ours', ['verdict=x status=3 id=4 python=/no; last_word() { :; }; unset -f end_job']],
    ['input that is not there', ['read answer', 'cat']],
    ['a closed output', ['exec >&- 2>&-']],
    ['a process that stays', ['sleep 1 & ']]
  ])('with %s end where they end', async (_, environment) => {
    const run = new JobRun({ runner: GOOD_IN_BASH, environment, spec: { python: '/bin/bash' } });
    await run.run();
    expect(run.has('ran')).toBe(true);
    expect(run.verdict()).toEqual({ state: 'succeeded', cause: null });
    expect(run.has('pwned')).toBe(false);
  });

  it('do not keep the lines behind them from being read', async () => {
    const run = await runs(['export ONE=1', 'fi', 'export TWO=2']);
    expect(variables(run)).toMatchObject({ ONE: '1' });
  });

  it('that end the script end the job, with their status', async () => {
    const run = new JobRun({ runner: GOOD, environment: ['exit 3'] });
    expect(await run.run()).toBe(3);
    expect(run.has('ran')).toBe(false);
    expect(run.verdict()).toEqual({ state: 'failed', cause: { code: 'ended-early', status: 3 } });
  });

  it('that end the script well end the job all the same', async () => {
    const run = new JobRun({ runner: GOOD, environment: ['exit 0'] });
    expect(await run.run()).toBe(0);
    expect(run.verdict()).toEqual({ state: 'failed', cause: { code: 'ended-early', status: 0 } });
  });

  it.each<[string, string[], { line: number; text: string; status: number }[]]>([
    ['a failure', ['true', '(exit 5)'], [{ line: 2, text: '(exit 5)', status: 5 }]],
    ['a file that is gone', ['source /gone'], [{ line: 1, text: 'source /gone', status: 1 }]],
    ['set -e', ['set -e; false'], [{ line: 1, text: 'set -e; false', status: 1 }]],
    ['no input', ['read answer'], [{ line: 1, text: 'read answer', status: 1 }]],
    [
      'two, and what is whole only together between them',
      ['no-such "x"', 'if true', 'then (exit 3)', 'fi', 'export OK=1'],
      [
        { line: 1, text: 'no-such "x"', status: 127 },
        { line: 2, text: 'if true', status: 3 }
      ]
    ],
    [
      'one that cannot be read, which stands alone',
      ["echo 'open", 'export OK=1'],
      [{ line: 1, text: "echo 'open", status: 2 }]
    ],
    ['none', ['f() {', 'true', '}', 'cat <<X', 'text', 'X', 'f', '# nothing', ''], []]
  ])('that fail are noted, and the job goes on: %s', async (_, lines, notes) => {
    const run = await runs(lines);
    expect(run.verdict()?.state).toBe('succeeded');
    const written = run.has('notes.jsonl') ? run.read('notes.jsonl').trim().split('\n') : [];
    expect(written.map((line): unknown => JSON.parse(line))).toEqual(
      notes.map(note => ({ code: 'environment-failed', ...note }))
    );
    expect(run.has('environment.line')).toBe(false);
  });

  it('that end the shell are noted in the last word', async () => {
    const run = await runs(['true', 'exit 3']);
    expect(run.verdict()).toEqual({ state: 'failed', cause: { code: 'ended-early', status: 3 } });
    const note = { code: 'environment-ended', line: 2, text: 'exit 3' };
    expect(JSON.parse(run.read('exit.json'))).toMatchObject({ notes: [note] });
  });
});

describe('the last word', () => {
  it.each(['mkfifo exit.json.part exit.json notes.jsonl', 'mkdir -p exit.json/x exit.json.part/x'])(
    'has the last word whatever the notebook puts in its place: %s',
    async inTheWay => {
      const run = new JobRun({
        runner: `${WRITE}\nos.system('${inTheWay}'); os.kill(os.getpid(), 9)`
      });
      await run.run();
      expect(run.verdict()).toEqual({ state: 'failed', cause: { code: 'killed', signal: 9 } });
    }
  );

  it('names the signal that killed the runner', async () => {
    const run = new JobRun({ runner: `${WRITE}\nos.kill(os.getpid(), 9)` });
    expect(await run.run()).toBe(137);
    expect(run.verdict()).toEqual({ state: 'failed', cause: { code: 'killed', signal: 9 } });
  });

  it('is given when the runner says nothing', async () => {
    const run = new JobRun({ runner: 'raise SystemExit(2)' });
    expect(await run.run()).toBe(2);
    expect(run.verdict()).toEqual({ state: 'failed', cause: { code: 'ended-early', status: 2 } });
  });

  it('has the room on the disk that the runner has kept', async () => {
    const rooms = ['exit.json.room', 'result.ipynb.room'];
    const keep = rooms.map(name => `open("${name}", "w").write("x" * 5000)`).join('\n');
    const run = new JobRun({ runner: `${keep}\nraise SystemExit(2)` });
    expect(await run.run()).toBe(2);
    expect(run.verdict()).toMatchObject({ state: 'failed' });
    expect(rooms.filter(name => run.has(name))).toEqual([]);
  });

  it('has what was noted before, but for what is not whole', async () => {
    const note = { code: 'kernel-missing', kernel: "it's", python: '/e/%s' };
    const other = { ...note, kernel: 'other' };
    const text = `${JSON.stringify(note)}\n${JSON.stringify(other)}\n{"code": "kern`;
    const run = new JobRun({
      runner: `open("notes.jsonl", "w").write(${JSON.stringify(text)})\nraise SystemExit(2)`
    });
    await run.run();
    expect(readRunFile(ExitFile, run.read('exit.json'))?.notes).toEqual([note, other]);
  });

  it('has a time', async () => {
    const run = new JobRun({ runner: 'raise SystemExit(2)' });
    const before = Math.floor(Date.now() / 1000);
    await run.run();
    const exit = readRunFile(ExitFile, run.read('exit.json'));
    const endedAt = exit?.endedAt;
    expect(exit?.ranSeconds).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000 - before) + 1);
    expect(endedAt).toBeGreaterThanOrEqual(before);
    expect(endedAt).toBeLessThanOrEqual(Date.now() / 1000);
  });

  it.each(AWKWARD_NAMES.map(name => `/opt/${name}/bin/python`))(
    'names %j when there is no such Python',
    async python => {
      const run = new JobRun({ spec: { python } });
      expect(await run.run()).toBe(127);
      const cause = { code: 'environment', module: 'python', python, fix: '' };
      expect(run.verdict()).toEqual({ state: 'failed', cause });
    }
  );

  it('names a Python that is a folder', async () => {
    const python = makeTemp();
    const run = new JobRun({ spec: { python } });
    await run.run();
    expect(run.verdict()?.cause).toMatchObject({ code: 'environment', python });
  });

  it('names the Python that the environment lines do not bring', async () => {
    const run = new JobRun({ runner: GOOD, environment: ['PATH=/no/such/folder'] });
    await run.run();
    expect(run.verdict()?.cause).toMatchObject({ code: 'environment', python: 'python3' });
  });

  it('is not given where the job directory is gone', async () => {
    const run = new JobRun({ runner: `import shutil, os\nshutil.rmtree(os.getcwd())` });
    await run.run();
    expect(existsSync(run.directory)).toBe(false);
  });
});

describe('the warning', () => {
  /** A runner that takes its time before it can take the signal, as Python with imports does. */
  const SLOW = `${WRITE}
write('here')
time.sleep(0.4)
warned = []
signal.signal(signal.SIGUSR1, lambda *_: write('warned'))
write('ready')
while not os.path.exists('warned'):
    time.sleep(0.02)
write('exit.json', '{"state": "succeeded", "cause": null, "endedAt": 1}')
`;

  it('does not kill a runner that cannot take it yet, and reaches it later', async () => {
    const run = new JobRun({ runner: SLOW });
    const start = run.start();
    await run.until('here');
    start.signalAll('SIGUSR1');
    start.signal('SIGUSR1');
    await run.until('ready');
    expect(run.has('warned')).toBe(false);
    start.signal('SIGUSR1');
    expect(await start.ended).toMatchObject({ code: 0, signal: null });
    expect(run.verdict()?.state).toBe('succeeded');
  });

  it('does not end the environment lines', async () => {
    const environment = ['echo >here', 'sleep 0.4'];
    const run = new JobRun({ runner: GOOD, environment });
    const start = run.start();
    await run.until('here');
    start.signalAll('SIGUSR1');
    expect(await start.ended).toMatchObject({ code: 0, signal: null });
    expect(run.verdict()?.state).toBe('succeeded');
  });

  it('may come several times', async () => {
    const runner = `${WRITE}
signal.signal(signal.SIGUSR1, lambda *_: None)
write('ready')
while not os.path.exists('go'):
    time.sleep(0.02)
sys.exit(5)`;
    const run = new JobRun({ runner });
    const start = run.start();
    await run.until('started.json');
    for (let times = 0; times < 10; times += 1) {
      start.signal('SIGUSR1');
      await setTimeout(20);
    }
    await run.until('ready');
    writeFileSync(run.path('go'), '');
    expect((await start.ended).code).toBe(5);
    expect(run.verdict()?.cause).toEqual({ code: 'ended-early', status: 5 });
  });
});

describe('where all processes get what is for the script', () => {
  const scheduler = { endSignal: 'USR2' } as const;

  it('what it starts ignores both signals, and the runner alone is warned', async () => {
    const runner = `${WRITE}
import subprocess
def warned(*_):
    write('warned')
write('signals', repr([signal.getsignal(each) == signal.SIG_IGN for each in (signal.SIGUSR1, signal.SIGUSR2)]))
signal.signal(signal.SIGURG, warned)
child = subprocess.Popen(['sleep', '60'])
write('ready')
while not os.path.exists('warned'):
    time.sleep(0.02)
write('child', repr(child.poll()))
child.kill()
write('exit.json', '{"state": "succeeded", "cause": null, "endedAt": 1}')
`;
    const run = new JobRun({ runner, scheduler });
    const start = run.start();
    await run.until('ready');
    start.signalAll('SIGUSR1');
    expect(await start.ended).toMatchObject({ code: 0, signal: null });
    expect([run.read('signals'), run.read('child')]).toEqual(['[True, True]', 'None']);
  });

  it('the end is for the script', async () => {
    const run = new JobRun({ runner: BUSY, scheduler });
    const start = run.start();
    await run.until('ran');
    start.signalAll('SIGUSR2');
    expect((await start.ended).code).toBe(143);
    expect(run.verdict()).toMatchObject({ state: 'cancelled' });
  });
});

describe('exit codes that are orders for the batch system', () => {
  const scheduler = { orders: [99, 100] };

  it.each([99, 100])("%i of the runner is told, and not the script's own", async status => {
    const run = new JobRun({ runner: `import sys; sys.exit(${status})`, scheduler });
    expect(await run.run()).toBe(1);
    expect(run.verdict()?.cause).toEqual({ code: 'ended-early', status });
  });

  it.each([99, 100])("%i of an environment line is not the script's own", async status => {
    const run = new JobRun({ runner: GOOD, scheduler, environment: [`exit ${status}`] });
    expect(await run.run()).toBe(1);
    expect(run.verdict()?.cause).toEqual({ code: 'ended-early', status });
  });

  it.each([0, 1, 98, 101])('%i is none', async status => {
    const run = new JobRun({ runner: `import sys; sys.exit(${status})`, scheduler });
    expect(await run.run()).toBe(status);
  });
});

describe('TERM', () => {
  const ENDED = { state: 'cancelled', cause: { code: 'cancelled', by: 'unknown' } };

  /** A runner that saves when it is ended, for as long as it takes. */
  const saving = (seconds: number) => `${WRITE}
def end(*_):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(${seconds})
    write('exit.json', '{"state": "cancelled", "cause": {"code": "time-limit", "cell": 3}, "endedAt": 1}')
    sys.exit(4)
signal.signal(signal.SIGTERM, end)
write('ready')
time.sleep(60)
`;

  it('to the script reaches the runner, which has the word', async () => {
    const run = new JobRun({ runner: saving(0) });
    const start = run.start();
    await run.until('ready');
    start.signal('SIGTERM');
    expect(await start.ended).toMatchObject({ code: 4, signal: null });
    expect(run.verdict()?.cause).toEqual({ code: 'time-limit', cell: 3 });
  });

  it('may come several times, to everybody', async () => {
    const run = new JobRun({ runner: saving(0.4) });
    const start = run.start();
    await run.until('ready');
    for (let times = 0; times < 3; times += 1) {
      start.signalAll('SIGTERM');
      start.signal('SIGTERM');
      await setTimeout(50);
    }
    expect(await start.ended).toMatchObject({ code: 4, signal: null });
    expect(run.verdict()?.cause).toEqual({ code: 'time-limit', cell: 3 });
  });

  it('that the runner does not survive is not a kill', async () => {
    const run = new JobRun({ runner: BUSY });
    const start = run.start();
    await run.until('ran');
    start.signal('SIGTERM');
    expect((await start.ended).code).toBe(143);
    expect(run.verdict()).toEqual(ENDED);
  });

  it('during the environment lines ends the job', async () => {
    const run = new JobRun({ runner: GOOD, environment: ['echo >here', 'sleep 60'] });
    const start = run.start();
    await run.until('here');
    start.signal('SIGTERM');
    expect((await start.ended).code).toBe(143);
    expect(run.verdict()).toEqual(ENDED);
    expect(run.has('ran')).toBe(false);
  });

  it('at any moment of the start leaves a verdict, or nothing at all', async () => {
    await Promise.all(
      Array.from({ length: 24 }, async (_, index) => {
        const run = new JobRun({ runner: BUSY });
        const start = run.start();
        await setTimeout(index * 4);
        start.signalAll('SIGTERM');
        await start.ended;
        if (run.has('started.json')) {
          expect(run.verdict()).toEqual(ENDED);
        }
      })
    );
  });
});
