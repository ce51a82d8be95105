import { describe, expect, it } from 'vitest';
import { ExitFile, ProgressFile, StartedFile, readRunFile } from '../../src/api/runFiles';

const started = { schedulerId: '4711', host: 'node1', startedAt: 1_790_000_000 };
const progress = {
  at: 1_790_000_012.3,
  phase: 'running',
  engines: { ready: 3, wanted: 8 },
  cell: { index: 2, total: 9, startedAt: 1_790_000_010.1 }
};
const exit = {
  state: 'failed',
  cause: { code: 'cell-error', cell: 2, ename: 'KeyError', evalue: "'x'" },
  endedAt: 1_790_000_100.5
};

const note = { code: 'kernel-missing', kernel: 'px', python: '/usr/bin/python3' };

describe.each([
  ['started.json', StartedFile, started, {}],
  ['progress.json', ProgressFile, progress, { notes: [note] }],
  ['exit.json', ExitFile, exit, { notes: [note] }]
])('%s', (_, schema, content, more) => {
  const text = `${JSON.stringify(content)}\n`;

  it('is read', () => {
    const whole = { ...content, ...more };
    expect(readRunFile(schema, JSON.stringify(whole))).toEqual(whole);
  });

  it('is nothing while it is half-written', () => {
    for (let length = 0; length < text.trimEnd().length; length += 1) {
      expect(readRunFile(schema, text.slice(0, length)), text.slice(0, length)).toBeNull();
    }
  });

  it('is nothing with a field missing or of another type', () => {
    for (const field of Object.keys(content)) {
      for (const wrong of [undefined, [], true, { code: 'nonsense' }]) {
        const read = readRunFile(schema, JSON.stringify({ ...content, [field]: wrong }));
        expect(read, `${field}: ${JSON.stringify(wrong)}`).toBeNull();
      }
    }
  });

  it.each(['', '\n', 'null', '[]', '"text"', '12', '{}', `${text}${text}`, `@@ ${text}`])(
    'is nothing when it holds %j',
    other => {
      expect(readRunFile(schema, other)).toBeNull();
    }
  );
});

describe('what no clock and no counter has', () => {
  const no: [typeof StartedFile | typeof ProgressFile | typeof ExitFile, object, string][] = [
    [StartedFile, started, 'startedAt'],
    [ProgressFile, progress, 'at'],
    [ExitFile, exit, 'endedAt']
  ];

  it.each(['1e999', '-1e999', '1e300', '-1e300', '-1', '253402300800', '1e17'])(
    '%s is no moment',
    number => {
      for (const [schema, content, field] of no) {
        const text = JSON.stringify({ ...content, [field]: 0 });
        expect(readRunFile(schema, text)).not.toBeNull();
        expect(
          readRunFile(schema, text.replace(`"${field}":0`, `"${field}":${number}`))
        ).toBeNull();
      }
    }
  );

  it.each(['1e999', '-1', '0.5', '1e10'])('%s counts no cells and no engines', number => {
    const counted = [
      JSON.stringify(exit).replace('"cell":2', `"cell":${number}`),
      JSON.stringify(progress).replace('"ready":3', `"ready":${number}`),
      JSON.stringify(progress).replace('"index":2', `"index":${number}`)
    ];
    expect(readRunFile(ExitFile, counted[0] ?? '')).toBeNull();
    expect(readRunFile(ProgressFile, counted[1] ?? '')).toBeNull();
    expect(readRunFile(ProgressFile, counted[2] ?? '')).toBeNull();
  });

  it('what was read can be written and read again', () => {
    const read = readRunFile(ExitFile, JSON.stringify(exit));
    expect(readRunFile(ExitFile, JSON.stringify(read))).toEqual(read);
  });
});

it('of a long text, the beginning counts', () => {
  const cause = { code: 'cell-error', cell: 1, ename: 'E'.repeat(1e6), evalue: 'x'.repeat(1e6) };
  const read = readRunFile(ExitFile, JSON.stringify({ ...exit, cause }));
  expect(JSON.stringify(read).length).toBeLessThan(10_000);
  expect(read?.cause).toMatchObject({ code: 'cell-error', ename: 'E'.repeat(4096) });
});

describe('progress.json', () => {
  it('may name no cell', () => {
    expect(readRunFile(ProgressFile, JSON.stringify({ ...progress, cell: null }))?.cell).toBeNull();
  });

  it.each(['queued', 'preparing', 'succeeded', ''])('has no phase %j', phase => {
    expect(readRunFile(ProgressFile, JSON.stringify({ ...progress, phase }))).toBeNull();
  });
});

describe('exit.json', () => {
  it.each(['succeeded', 'failed', 'timed-out', 'cancelled'])('may say %j', state => {
    const text = JSON.stringify({ ...exit, state, cause: null });
    expect(readRunFile(ExitFile, text)).toEqual({ ...exit, state, cause: null, notes: [] });
  });

  it.each(['running', 'lost', 'done', ''])('cannot say %j', state => {
    expect(readRunFile(ExitFile, JSON.stringify({ ...exit, state }))).toBeNull();
  });

  it('keeps nothing that its cause does not have', () => {
    const cause = { code: 'restarted', script: '<script>' };
    expect(readRunFile(ExitFile, JSON.stringify({ ...exit, cause }))?.cause).toEqual({
      code: 'restarted'
    });
  });
});
