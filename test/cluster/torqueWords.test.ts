import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schedulers } from '../../src/schedulers';
import { torque } from '../../src/schedulers/pbs/torque';
import { factsScript, readFacts } from '../../src/sidecar/clusters/hostFacts';
import { makeTemp } from '../makeTemp';
import { batchJob } from '../schedulers/batchJob';
import { sealed } from '../sealed';
import { clusterOf, skippedFor, startCluster, stopCluster, whyNot } from './testCluster';

/** Where .ci/run unpacks Debian's slurm-wlm-torque: it cannot be installed beside Grid Engine's commands. */
const UNPACKED = '/opt/slurm-wlm-torque';
const LIBRARIES = `${UNPACKED}/usr/lib/x86_64-linux-gnu`;

const reason =
  whyNot('slurmctld slurmd munged sbatch', 'slurmctld slurmd slurm-client munge') ??
  (existsSync(`${UNPACKED}/usr/bin/qsub`)
    ? null
    : `no ${UNPACKED}, where .ci/run puts slurm-wlm-torque`);

/** Commands of Torque's names over a real Slurm, made by others: what they take for our options is told by Slurm. */
describe.skipIf(reason !== null)(`Torque's commands over Slurm${skippedFor(reason)}`, () => {
  let folder: string;
  let env: Record<string, string>;

  beforeAll(() => {
    clusterOf(__filename);
    const { slurmConf } = startCluster();
    folder = makeTemp();
    const bin = path.join(folder, 'bin');
    mkdirSync(bin);
    // They do not know where a job begins.
    const qsub = path.join(bin, 'qsub');
    writeFileSync(
      qsub,
      `#!/bin/bash\n[ "$1 $2" = "-d $PWD" ] && exec ${UNPACKED}/usr/bin/qsub "\${@:3}"\n`
    );
    chmodSync(qsub, 0o755);
    env = {
      ...sealed(folder),
      PATH: `${bin}:${UNPACKED}/usr/bin:${process.env['PATH'] ?? ''}`,
      PERL5LIB: `${LIBRARIES}/perl5/5.36:${UNPACKED}/usr/share/perl5`,
      LD_LIBRARY_PATH: LIBRARIES,
      SLURM_CONF: slurmConf
    };
  });

  afterAll(() => stopCluster());

  function run([file = '', ...words]: readonly string[]): string {
    return execFileSync(file, words, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  test('are taken for nobody else than Slurm', () => {
    const said = run(['bash', '-c', factsScript(schedulers, '@@mark')]);
    expect(readFacts(said, schedulers, '@@mark')?.schedulers).toEqual(['slurm']);
  });

  test('take a job as it was asked for, on nodes that were found, and end it', () => {
    const job = batchJob(
      { cores: 20, queue: 'main', time: '90m', account: 'physics' },
      { baseFolder: folder }
    );
    mkdirSync(path.dirname(job.log), { recursive: true });
    writeFileSync(job.script, '#!/bin/bash\nsleep 100\n');
    const id = torque.parseJobId(run(torque.submitArgv(job)));
    const shown = (): string => run(['scontrol', 'show', 'job', '-o', id ?? '']);
    // Two of four nodes of sixteen cores.
    expect(shown()).toMatch(/ NumNodes=2(?:-2)? NumCPUs=20 /);
    for (const said of [
      'JobName=k3v9x2ab-decay',
      'Account=physics',
      'TimeLimit=01:30:00',
      'Partition=main',
      `WorkDir=${path.dirname(job.script)}`,
      `StdOut=${job.log}`,
      `StdErr=${job.log}`
    ]) {
      expect(shown()).toContain(` ${said} `);
    }
    run(torque.cancelArgv({ id: job.id, schedulerId: id ?? '' }));
    expect(shown()).toContain(' JobState=CANCELLED ');
  });
});
