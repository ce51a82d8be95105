import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { pbsPro } from '../../../src/schedulers/pbs/pbsPro';
import { torque } from '../../../src/schedulers/pbs/torque';
import { makeTemp } from '../../makeTemp';
import { sealed } from '../../sealed';
import { recorded } from '../recorded';

let folder: string;
beforeEach(() => {
  folder = makeTemp();
  mkdirSync(path.join(folder, 'bin'));
});

function program(name: string, text: string): void {
  const file = path.join(folder, 'bin', name);
  writeFileSync(file, `#!/bin/bash\n${text}\n`);
  chmodSync(file, 0o755);
}

function run([file = '', ...words]: readonly string[]): { status: number | null; stdout: string } {
  const env = {
    ...sealed(folder),
    PATH: `${path.join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
    TZ: 'UTC'
  };
  return spawnSync(file, words, { encoding: 'utf8', env });
}

/** A server that has these jobs. */
function server(recording: string, status = 0): void {
  writeFileSync(path.join(folder, 'jobs'), recorded(recording).replace(/^clock .*\n/, ''));
  const user = execFileSync('id', ['-un'], { encoding: 'utf8' }).trim();
  program('qselect', `[ "$*" = "-u ${user}" ] && sed -n 's/^Job Id: //p' '${folder}/jobs'`);
  program('qstat', `printf '%s\\n' "$@" >'${folder}/asked'; cat '${folder}/jobs'; exit ${status}`);
}

test.each([
  [pbsPro, 'pbspro/one_of_each.txt'],
  [pbsPro, 'pbspro/long_ids_and_variables.txt'],
  [torque, 'torque/one_of_each.txt']
])('what a look brings home of $0.name says the same: %s', (scheduler, recording) => {
  server(recording);
  const { status, stdout } = run(scheduler.statusArgv());
  expect(status).toBe(0);
  expect(stdout).not.toContain('PBS_O_HOME');
  const whole = scheduler.parseStatus(recorded(recording).replace(/^clock .*$/m, 'clock +0000'));
  expect(scheduler.parseStatus(stdout)).toEqual(whole);
  expect(whole.length).toBeGreaterThan(2);
});

test.each([
  [pbsPro, 'pbspro/past.txt'],
  [torque, 'torque/past.txt']
])('so does what the records are asked: %s', (scheduler, recording) => {
  server(recording);
  const { stdout } = run(scheduler.records?.argv(['101.pbs', '102.pbs']) ?? []);
  const whole = scheduler.records?.parse(recorded(recording).replace(/^clock .*$/m, 'clock +0000'));
  expect(scheduler.records?.parse(stdout)).toEqual(whole);
});

test.each([
  [0, 0],
  // One has finished, or is unknown, since its id was told.
  [35, 0],
  [153, 0],
  // No server.
  [255, 1]
])('qstat that ends with %i is %i', (status, answer) => {
  server('pbspro/one_of_each.txt', status);
  expect(run(pbsPro.statusArgv()).status).toBe(answer);
});

test('without a job, qstat is not asked, which would show those of all', () => {
  program('qselect', '');
  program('qstat', 'echo nobody asked >&2; exit 7');
  expect(run(pbsPro.statusArgv())).toMatchObject({ status: 0, stdout: '' });
});

test('a server that does not answer says nothing of any job', () => {
  program('qselect', 'echo "qselect: cannot connect to server pbs (errno=111)" >&2; exit 255');
  expect(run(pbsPro.statusArgv()).status).not.toBe(0);
});

test.each([
  [pbsPro, 'qdel: Unknown Job Id 7.pbs', 153, 0],
  [pbsPro, 'qdel: Job has finished 7.pbs', 35, 0],
  [torque, 'qdel: Unknown Job Id Error 7.torque', 153, 0],
  [
    torque,
    'qdel: Request invalid for state of job MSG=invalid state for job - COMPLETE 7.torque',
    168,
    0
  ],
  [pbsPro, 'qdel: Unauthorized Request  7.pbs', 159, 159],
  [torque, 'qdel: cannot connect to server torque (errno=111) Connection refused', 111, 111]
])('$0.name is told to end a job: %j', (scheduler, said, status, answer) => {
  program('qdel', `echo '${said}' >&2; exit ${status}`);
  expect(run(scheduler.cancelArgv({ id: 'k3v9x2ab', schedulerId: '7.pbs' })).status).toBe(answer);
});
