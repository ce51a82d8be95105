import fc from 'fast-check';
import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { SiteProfile } from '../../src/api/profile';
import type { JobRecord } from '../../src/api/job';
import { ProblemError } from '../../src/api/problem';
import { LeftFile, SizedFile } from '../../src/api/resultFiles';
import { LogAnswer } from '../../src/api/routes';
import { schedulers } from '../../src/schedulers';
import { attempt, lastLines } from '../../src/sidecar/submission/attempt';
import { Hosts } from '../../src/sidecar/clusters/hosts';
import { readLog } from '../../src/sidecar/watching/jobLog';
import { shellOf } from '../../src/sidecar/clusters/shell';
import { type Seen, askQueue, look } from '../../src/sidecar/watching/look';
import { listOutputs } from '../../src/sidecar/collecting/outputs';
import { changed } from '../../src/sidecar/records/recordable';
import { Collected } from '../../src/sidecar/remote/collected';
import { runScript } from '../../src/sidecar/remote/script';
import { removeFolders } from '../../src/sidecar/removal/removeFolders';
import { recorded } from '../schedulers/recorded';
import { type Workbench, addJob, makeWorkbench } from '../sidecar/workbench';
import { AnsweringRemote, PART_MARK } from './answeringRemote';
import { few, seed } from './runs';
import { strangeBytes } from './strangeBytes';

let remote: AnsweringRemote;
let bench: Workbench;
let record: JobRecord;
let other: JobRecord;
beforeEach(async () => {
  remote = new AnsweringRemote();
  bench = makeWorkbench({ remote });
  record = await addJob(bench);
  other = await addJob(bench, 'other123');
});

const shell = () => shellOf(bench.context, record.cluster);

/** What a reader makes of an answer; null where it says that it cannot be read. Any other error is one of ours. */
async function told<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    expect(error).toBeInstanceOf(ProblemError);
    return null;
  }
}

/** Whether a schema reads back what is written of a value, as it is. */
function expectSame(schema: v.GenericSchema, value: unknown): void {
  expect(v.parse(schema, JSON.parse(JSON.stringify(value)))).toEqual(value);
}

const exit = JSON.stringify({ state: 'failed', cause: { code: 'killed', signal: 9 }, endedAt: 8 });
const started = JSON.stringify({ schedulerId: '5', host: 'here', startedAt: 7 });

const file = (id: string, name: string, text: string): Buffer =>
  Buffer.from(`\n${PART_MARK} file ${id} ${name} 1:${text.length}\n${text}`);

const exitCodes = fc.constantFrom(0, 0, 0, 1, 3, 127, 255, null);

describe(`readers of a cluster's answers, seed ${seed}`, () => {
  it('see each job for itself, whatever the file of another says', async () => {
    const strange = strangeBytes([exit, started, `\n@@ file other123 exit.json 1 2\n${exit}`]);
    await fc.assert(
      fc.asyncProperty(strange, strange, async (one, two) => {
        remote.answer = {
          bytes: Buffer.concat([
            file(record.id, 'started.json', ''),
            one,
            file(other.id, 'exit.json', exit),
            file(record.id, 'exit.json', ''),
            two
          ])
        };
        const seen = new Map<string, Seen>();
        const question = { queue: false, past: [], lingerSeconds: 0 };
        const { files, unreadable } = await look(
          shell(),
          [record, other],
          seen,
          schedulers.slurm,
          question
        );
        expect(files.get(other.id)).toEqual({
          started: null,
          progress: null,
          exit: { ...(JSON.parse(exit) as object), notes: [] }
        });
        expect(unreadable.get(other.id)).toEqual([]);
        expect([...files.keys()].toSorted()).toEqual([record.id, other.id].toSorted());
      })
    );
  });

  it('make of any look at all what is known, or nothing', async () => {
    const whole = `${file(record.id, 'exit.json', exit).toString()}
${PART_MARK} queue
${recorded('slurm/one_of_each.txt')}
0
${PART_MARK} past
${recorded('slurm/past_with_accounting.txt')}`;
    await fc.assert(
      fc.asyncProperty(strangeBytes([whole]), exitCodes, async (bytes, exitCode) => {
        remote.answer = { bytes, exitCode };
        const question = { queue: true, past: ['38'], lingerSeconds: 0 };
        const { queue } = await look(shell(), [record], new Map(), schedulers.slurm, question);
        for (const entries of [queue, await askQueue(shell(), schedulers.slurm)]) {
          expect(entries?.filter(({ schedulerId }) => !/^\d+$/.test(schedulerId)) ?? []).toEqual(
            []
          );
        }
      }),
      few
    );
  });

  it('list results that a record can keep, or none', async () => {
    const listing = [
      '5\0/job\0f\u000012\0\0work/project/table.csv\0u\u00003\0\0work/project/secret\0',
      'd\0\0\0work/project/empty\0lf\u00004\0table.csv\0work/project/link\0',
      'o\u00007\0\0elsewhere.txt\0f\u00009\0\0outputs/cell-3-1.png\0',
      '@\0/job/work/project/table.csv\0@\u000012\0work/project/link\0@\0end'
    ].join('');
    const errors = fc.constantFrom(
      '',
      `find: ‘work/project/${'x'.repeat(9000)}’: Input/output error\n`,
      "find: 'work/../../x': No\n"
    );
    await fc.assert(
      fc.asyncProperty(
        strangeBytes([listing]),
        exitCodes,
        errors,
        async (bytes, exitCode, stderr) => {
          remote.answer = { bytes, exitCode, stderr };
          const outputs = await told(listOutputs(shell(), record));
          outputs?.files.forEach(({ bytes: size, path }) =>
            expectSame(SizedFile, { path, bytes: size })
          );
          outputs?.left.forEach(left => expectSame(LeftFile, left));
          const all = [
            ...(outputs?.files ?? []),
            ...(outputs?.folders ?? []),
            ...(outputs?.links ?? [])
          ];
          for (const { path } of all) {
            expect(path.split('/')).not.toContain('..');
            expect(path.startsWith('/')).toBe(false);
          }
        }
      )
    );
  });

  it('give a page of a log, or none', async () => {
    await fc.assert(
      fc.asyncProperty(strangeBytes(['12\nhello world\n']), exitCodes, async (bytes, exitCode) => {
        remote.answer = { bytes, exitCode };
        const page = await told(readLog(shell(), record, 'job', 0));
        expect(page === null || v.is(LogAnswer, JSON.parse(JSON.stringify(page)))).toBe(true);
      })
    );
  });

  it('know of a host what a cluster can be made of, or nothing', async () => {
    const facts = `@@ home /home/ada

@@ site
{"name": "own", "hosts": ["a.example"], "fields": {"account": {"required": true}}, "help": "https://a.example"}

@@ program sbatch

@@ variable PATH /opt/slurm/bin:/usr/bin
`;
    await fc.assert(
      fc.asyncProperty(strangeBytes([facts]), async bytes => {
        remote.answer = { bytes };
        const hosts = new Hosts(
          () => remote,
          async () => undefined
        );
        const found = await told(hosts.find('hpc', 'nobody'));
        expect(found?.home ?? '/').toMatch(/^(\/|$)/);
        const site = found?.site;
        expect(
          site?.ok !== true || v.is(SiteProfile, JSON.parse(JSON.stringify(site.profile)))
        ).toBe(true);
        for (const value of Object.values(found?.variables ?? {})) {
          expect(value.length).toBeLessThanOrEqual(131_072);
        }
      })
    );
  });

  it('take of a submission an id that is none of an option, and the end of what it said', async () => {
    const answers = [
      'answer\n0\n38\n\n@@ errors\nsbatch: slow\n',
      'answer\n1\n\n@@ errors\nsbatch: error: invalid partition specified: x\n',
      'answer\nwithdrawn\n',
      'claimed\n4711\nSubmitted batch job 38\n'
    ];
    await fc.assert(
      fc.asyncProperty(strangeBytes(answers), exitCodes, async (bytes, exitCode) => {
        remote.answer = { bytes, exitCode };
        const tried = await told(
          attempt(bench.context, shell(), record, new AbortController().signal)
        );
        if (tried?.kind === 'claimed') {
          expect(tried.startedAs ?? '1').toMatch(/^[A-Za-z0-9][\w.[\]-]*$/);
        } else if (tried?.kind === 'answer') {
          const reason = schedulers.slurm.parseRefusal(tried.output);
          const cause = {
            code: 'refused',
            reason: reason === 'unclear' ? null : reason,
            text: lastLines(tried.output)
          } as const;
          expect(changed(record, { state: 'failed', cause }).lost).toBeNull();
        }
      }),
      few
    );
  });

  it('tell what of some folders stays', async () => {
    await fc.assert(
      fc.asyncProperty(strangeBytes(['\0\0/base/a/x\0rm: no\0']), async bytes => {
        remote.answer = { bytes };
        const removed = await removeFolders(shell(), ['/base/a', '/base/b']);
        expect([...removed.keys()]).toEqual(['/base/a', '/base/b']);
      })
    );
  });

  it('take nothing for an answer that does not come behind the mark', async () => {
    await fc.assert(
      fc.asyncProperty(
        strangeBytes(["printf '\\n%s\\n' 'jupyterlab-submit 00'\n", '\njupyterlab-submit 00\n']),
        fc.boolean(),
        async (bytes, isText) => {
          remote.answer = { bytes, isUnmarked: true };
          const output = new Collected();
          const script = { body: 'echo', ...(!isText && { output }) };
          expect(await told(runScript(shell(), script))).toBeNull();
          expect(output.bytes).toHaveLength(0);
        }
      )
    );
  });
});
