import { describe, expect, it } from 'vitest';
import { type JobEvent, KEEP_ALIVE, formatEvent, parseEvents } from '../../src/api/events';
import { ProblemError } from '../../src/api/problem';
import { jobRecord } from './jobRecord';

async function* chunked(text: string, length: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += length) {
    yield text.slice(at, at + length);
  }
}

async function read(text: string, length = text.length): Promise<JobEvent[]> {
  const events: JobEvent[] = [];
  for await (const event of parseEvents(chunked(text, length))) {
    events.push(event);
  }
  return events;
}

const EVENTS: JobEvent[] = [
  { type: 'jobs', jobs: [jobRecord(), jobRecord({ id: 'abcdefgh', state: 'running' })] },
  {
    type: 'job',
    job: jobRecord({ notTaken: ['a line\n\nand another', 'data: x', 'größer 日本 🎉'] })
  },
  { type: 'removed', id: 'abcdefgh' }
];

describe('parseEvents', () => {
  const text = EVENTS.map(formatEvent).join(KEEP_ALIVE);

  it.each([1, 2, 3, 7, 64, 100_000])('reads a stream in chunks of %d characters', async length => {
    expect(await read(text, length)).toEqual(EVENTS);
  });

  it('passes over comments, and over a message that was cut off', async () => {
    expect(await read(KEEP_ALIVE + text + formatEvent(EVENTS[0]!).slice(0, -1))).toEqual(EVENTS);
  });

  it('names a record that it cannot read, and reads the others', async () => {
    const wrong = { ...jobRecord({ id: 'wrong123' }), endedAt: null, state: 'unheard-of' };
    const message = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
    const text = [
      { type: 'jobs', jobs: [wrong, jobRecord(), null], unreadable: ['stored12'] },
      { type: 'job', job: wrong },
      { type: 'job', job: jobRecord() }
    ]
      .map(message)
      .join('');
    expect(await read(text)).toEqual([
      { type: 'jobs', jobs: [jobRecord()], unreadable: ['stored12', 'wrong123', '?'] },
      { type: 'unreadable', id: 'wrong123' },
      { type: 'job', job: jobRecord() }
    ]);
  });

  it('passes over a message of a kind that it does not know', async () => {
    const newer = 'data: {"type":"new-kind","text":"hello"}\n\n';
    expect(await read(newer + text + newer)).toEqual(EVENTS);
  });

  it.each(['data: {"type":"job"}\n\n', 'data: no JSON\n\n', 'data: {"kind":"job"}\n\n'])(
    'tells of a message that it cannot read: %j',
    async message => {
      const error = await read(message).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ProblemError);
      expect(error).toMatchObject({ problem: { code: 'answer-unreadable' } });
    }
  );
});
