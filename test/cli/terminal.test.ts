import { stripVTControlCharacters } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { NOON, finishedJob, jobRecord } from '../api/jobRecord';
import { run, start } from './command';
import { type FakeSidecar, fakeSidecar } from './fakeSidecar';

const open: FakeSidecar[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(sidecar => sidecar.close()));
});

async function sidecarWithJob(): Promise<FakeSidecar> {
  const progress = {
    engines: { ready: 4, wanted: 4 },
    cell: { index: 1, total: 2, startedAt: Date.now() / 1000 }
  };
  const job = jobRecord({ state: 'running', submittedAt: NOON, startedAt: NOON, progress });
  const sidecar = await fakeSidecar({ jobs: [job] });
  open.push(sidecar);
  return sidecar;
}

const TERMINAL = { inTerminal: true, env: { TERM: 'xterm-256color' } };

/** What a terminal shows in the end: each line as it was written last. */
function shown(output: string): string[] {
  return output.split('\r\n').map(line => stripVTControlCharacters(line.split('\r').at(-1) ?? ''));
}

it('redraws a bar in color, whose time goes on by itself, and takes it away at the end', async () => {
  const sidecar = await sidecarWithJob();
  const command = await start(['show', 'k3v9x2ab', '--follow'], { ...sidecar, ...TERMINAL });
  await command.says('cell 1 of 2');
  await command.says('3 s in this cell');
  sidecar.change('k3v9x2ab', finishedJob());
  const { exitCode, stdout } = await command.ended;
  expect(exitCode).toBe(0);
  expect(stdout).toContain('\r\u001b[K\u001b[1manalysis');
  expect(shown(stdout)).toEqual([
    '✓ analysis k3v9x2ab  done in 41 s',
    '  ~/work/analysis.k3v9x2ab.ipynb',
    ''
  ]);
});

it('takes Ctrl-C, typed, for leave to go', async () => {
  const sidecar = await sidecarWithJob();
  const command = await start(['show', 'k3v9x2ab', '--follow'], { ...sidecar, ...TERMINAL });
  await command.says('cell 1 of 2');
  command.process.stdin.write('\u0003');
  const { exitCode, stdout } = await command.ended;
  expect(exitCode).toBe(130);
  expect(shown(stdout)[0]).toBe('k3v9x2ab goes on running.');
});

it('redraws nothing and colors nothing in a terminal that cannot', async () => {
  const sidecar = await sidecarWithJob();
  sidecar.change('k3v9x2ab', finishedJob());
  const place = { ...sidecar, inTerminal: true, env: { TERM: 'dumb' } };
  const { stdout } = await run(['show', 'k3v9x2ab', '--follow'], place);
  expect(stdout).not.toContain('\u001b');
});

it('cuts a list to the width of the terminal, not of a pipe', async () => {
  const sidecar = await sidecarWithJob();
  const evalue = 'a very long error '.repeat(20);
  const cause = { code: 'cell-error', cell: 1, ename: 'ValueError', evalue } as const;
  sidecar.change('k3v9x2ab', finishedJob({ state: 'failed', cause }));
  const inTerminal = await run(['list'], { ...sidecar, ...TERMINAL });
  expect(shown(inTerminal.stdout)[0]).toMatch(/^.{78}…$/);
  const inPipe = await run(['list'], sidecar);
  expect(inPipe.stdout).toContain(evalue.trim());
});

it('shows a log without what the terminal would obey', async () => {
  const text =
    '\u001b]52;c;cm0gLXJm\u0007\u001b]0;mine\u0007\u001b[31mred\u001b[0m \u202efdp.exe\n';
  const sidecar = await fakeSidecar({
    jobs: [finishedJob()],
    reply: ({ path }) =>
      path.includes('/log') ? { json: { text, next: text.length, size: text.length } } : undefined
  });
  open.push(sidecar);
  const { stdout } = await run(['log', 'k3v9x2ab'], { ...sidecar, ...TERMINAL });
  expect(stdout).toBe('red \ufffdfdp.exe\r\n');
});
