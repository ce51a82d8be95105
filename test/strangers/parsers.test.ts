import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { readSchedulerId } from '../../src/api/bounds';
import { ClusterCheck } from '../../src/api/clusterCheck';
import { JobRecord } from '../../src/api/job';
import { ExitFile, ProgressFile, StartedFile, readRunFile } from '../../src/api/runFiles';
import { NOTHING } from '../../src/job/observation';
import { onOurClock } from '../../src/job/ourClock';
import { nextStatus } from '../../src/job/status';
import { codeSources } from '../../src/needs/notebook';
import { schedulers } from '../../src/schedulers';
import { CodeReader } from '../../src/sidecar/files/codeReader';
import { checkedParts } from '../../src/sidecar/clusters/checkedParts';
import { changed } from '../../src/sidecar/records/recordable';
import { NOON, jobRecord } from '../api/jobRecord';
import { CAUSES } from '../api/everyCause';
import { NOTES } from '../api/everyNote';
import { recorded, recordings } from '../schedulers/recorded';
import { few, seed } from './runs';
import { strangeBytes } from './strangeBytes';

const JOB = jobRecord({ state: 'running', submittedAt: NOON, schedulerId: '38' });
const NOW = NOON + 1000;

const all = (folder: string): string[] =>
  recordings(folder).map(name => recorded(`${folder}/${name}`));
const SYSTEMS = ['slurm', 'local', 'gridengine', 'pbspro', 'torque', 'lsf'] as const;
const QUEUES = SYSTEMS.flatMap(all).filter(said => said !== '');

const SUBMISSIONS = [
  'Submitted batch job 38\n',
  '38\n',
  '38;cluster\n',
  '38.server.example.org\n',
  'Job <38> is submitted to queue <a>.\n'
];

const started = { schedulerId: '38', host: 'n1', startedAt: NOON };
const progress = {
  at: NOW,
  phase: 'running',
  ranSeconds: 900,
  engines: { ready: 3, wanted: 4 },
  cell: { index: 2, total: 9, startedAt: NOON + 5, ranSeconds: 5 },
  notes: NOTES
};
const exits = CAUSES.map(cause => ({ state: 'failed', cause, endedAt: NOW, notes: NOTES }));

/** A text of a cluster's: bytes that are no UTF-8 have been replaced by then. */
const text = (recordingsOf: readonly string[]): fc.Arbitrary<string> =>
  strangeBytes(recordingsOf).map(bytes => bytes.toString('utf8'));

/** Whatever was understood can be written into the record, which then is read back as it is; what was lost otherwise. */
function lostOf(change: Partial<JobRecord>): unknown {
  const { lost, record } = changed(JOB, change);
  const written = JSON.stringify(record);
  expect(v.parse(JobRecord, JSON.parse(written))).toEqual(record);
  expect(written.length).toBeLessThan(300_000);
  return lost;
}

function isJson(written: string): boolean {
  try {
    JSON.parse(written);
    return true;
  } catch {
    return false;
  }
}

describe(`readers of a cluster's text, seed ${seed}`, () => {
  it('make of state files what a record can keep', () => {
    fc.assert(
      fc.property(
        text([JSON.stringify(started)]),
        text([JSON.stringify(progress)]),
        text(exits.map(exit => JSON.stringify(exit))),
        (one, two, three) => {
          const seen = onOurClock(JOB, null, {
            at: NOW,
            started: readRunFile(StartedFile, one),
            progress: readRunFile(ProgressFile, two),
            exit: readRunFile(ExitFile, three),
            unreadable: [],
            queue: 'unknown',
            past: 'unasked'
          });
          const { change } = nextStatus(JOB, NOTHING, seen, schedulers.local);
          expect(lostOf(change)).toBeNull();
        }
      )
    );
  });

  it.each(SYSTEMS)('make of a queue what a record can keep: %s', name => {
    const scheduler = schedulers[name];
    fc.assert(
      fc.property(text(QUEUES), said => {
        const seen = {
          at: NOW,
          started: null,
          progress: null,
          exit: null,
          unreadable: [],
          past: 'unasked'
        } as const;
        const past = scheduler.records?.parse(said) ?? new Map();
        for (const queue of scheduler.parseStatus(said)) {
          const job = { ...JOB, state: 'queued' } as const;
          const asked = { ...seen, past: past.get(queue.schedulerId) ?? ('nothing' as const) };
          for (const look of [seen, asked]) {
            expect(
              lostOf(nextStatus(job, NOTHING, { ...look, queue }, scheduler).change)
            ).toBeNull();
          }
          expect(lostOf({ schedulerId: queue.schedulerId })).toBeNull();
        }
        for (const end of past.values()) {
          const lost = { ...JOB, state: 'lost' } as const;
          const look = { ...seen, queue: 'absent', past: end } as const;
          expect(lostOf(nextStatus(lost, NOTHING, look, scheduler).change)).toBeNull();
        }
      })
    );
  });

  it.each(SYSTEMS)('make of a submission an id, or none: %s', name => {
    fc.assert(
      fc.property(text([...SUBMISSIONS, ...QUEUES]), said => {
        const id = schedulers[name].parseJobId(said);
        expect(readSchedulerId(id ?? '1')).not.toBeNull();
        schedulers[name].parseRefusal(said);
      })
    );
  });

  it('find the code of a notebook that whoever opens it finds', () => {
    const notebooks = [1, undefined].map(indent =>
      JSON.stringify(
        {
          nbformat: 4,
          metadata: { cells: [] },
          cells: [
            { cell_type: 'code', source: ['a "b" \\\n', 'ä'], outputs: [{ text: ['"source"'] }] },
            { cell_type: 'markdown', source: 'words' },
            { source: '%%px\n1', cell_type: 'code', metadata: { source: [] } }
          ]
        },
        null,
        indent
      )
    );
    fc.assert(
      fc.property(text(notebooks), fc.integer({ min: 1, max: 300 }), (written, length) => {
        let found: string[] = [];
        const add = (source: string): void => void found.push(source);
        const reader = new CodeReader({ add, clear: () => (found = []) });
        const bytes = Buffer.from(written);
        for (let at = 0; at < bytes.length; at += length) {
          reader.read(bytes.subarray(at, at + length));
        }
        const opened = isJson(written) ? codeSources(written) : null;
        if (reader.isWhole && opened !== null) {
          expect(found).toEqual(opened);
        }
      })
    );
  });

  it('make of a check what can be shown', () => {
    const answers = all('slurm_limits').map(
      limits => `
@@ host
n1

@@ scheduler
${limits}
@@ status 0

@@ accounts
ended 0 1
error begun
account begun
account phys-001 1,200 of 5,000 core hours left
account physics
@@ status 0

@@ folder

@@ room 1000 4096

@@ status 0

@@ python

@@ line 1

@@ failed 1 127

@@ lines

@@ found {"python": "/usr/bin/python3", "version": [3, 11, 2], "packages": {"nbclient": "0.10.2"}, "takes": true}

@@ status 0
`
    );
    const { cluster } = JOB;
    const side = {
      cluster,
      scheduler: schedulers.slurm,
      needs: {
        limits: schedulers.slurm.limits,
        accountsCommand: 'sbank',
        baseFolder: '/scratch',
        environment: ['module load x'],
        python: 'python3',
        packages: ['nbclient', 'ipykernel']
      },
      transport: null,
      queue: 'main'
    };
    fc.assert(
      fc.property(text(answers), said => {
        const parts = checkedParts(said, side);
        const check = v.parse(ClusterCheck, {
          name: 'hpc',
          title: 'hpc',
          scheduler: null,
          ...parts
        });
        expect(v.parse(ClusterCheck, JSON.parse(JSON.stringify(check)))).toEqual(check);
      }),
      few
    );
  });

  it('take as long for a text as it is long', () => {
    const { slurm } = schedulers;
    const pieces = [
      ...QUEUES,
      'JobId=1 ',
      ' JobState=FAILED Reason=x ExitCode=1:0 EndTime=5 ',
      '1|',
      '9|FAILED by ',
      'sbatch: error: Invalid numeric value for --mem',
      'PartitionName=a AllowGroups=a,b State=UP ',
      'group x\n'
    ];
    for (const piece of pieces) {
      const long = piece.replaceAll('\n', ' ').repeat(Math.ceil(1_000_000 / piece.length));
      for (const said of [long, `JobId=1 ${long}`, `1.${long}`, `PartitionName=x ${long}`]) {
        slurm.parseStatus(said);
        slurm.records?.parse(said);
        slurm.limits?.parse(said);
        schedulers.local.parseStatus(said);
        expect(slurm.parseJobId(said)).toBeNull();
      }
    }
  }, 60_000);
});
