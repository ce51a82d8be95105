import pino from 'pino';
import { beforeEach, expect, test } from 'vitest';
import { PROBLEMS, type ProblemCode, ProblemError } from '../../../src/api/problem';
import { Gate, gated } from '../../../src/sidecar/remote/gate';
import { FakeClock } from '../fakeClock';
import { NearWay, unreachable } from './nearWay';

const LOG = pino({ level: 'silent' });
const YEAR = 365 * 86_400;

let clock: FakeClock;

beforeEach(() => {
  clock = new FakeClock();
});

function failureOf(code: ProblemCode): ProblemError {
  return new ProblemError({ code, values: {} });
}

/** Seconds, to a tenth, until one may knock again; null when that is never. */
function pauseOf(gate: Gate): number | null {
  for (let tenths = 0; tenths <= 3000; tenths += 1) {
    if (gate.refusal === null) {
      return tenths / 10;
    }
    clock.advance(0.1);
  }
  clock.advance(YEAR);
  return gate.refusal === null ? Infinity : null;
}

test('one may knock where nobody has', () => {
  expect(new Gate(clock).refusal).toBe(null);
});

test.each([
  [0, [3.5, 7, 14, 28, 56, 112, 210, 210]],
  [0.5, [4, 8, 16, 32, 64, 128, 240, 240]],
  [1, [4.5, 9, 18, 36, 72, 144, 270, 270]]
])(
  'after each failure in a row the pause doubles, to five minutes; chance %s',
  (chance, pauses) => {
    const gate = new Gate(clock, () => chance);
    const seen = pauses.map(() => {
      gate.failed(failureOf('cluster-unreachable'));
      return pauseOf(gate);
    });
    seen.forEach((pause, index) => expect(pause).toBeCloseTo(pauses[index] ?? 0, 0));
  }
);

test('who is let in begins anew', () => {
  const gate = new Gate(clock, () => 1);
  for (let times = 0; times < 5; times += 1) {
    gate.failed(failureOf('cluster-unreachable'));
  }
  gate.passed();
  expect(gate.refusal).toBe(null);
  gate.failed(failureOf('cluster-unreachable'));
  expect(pauseOf(gate)).toBeCloseTo(4.5, 0);
});

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

test.each(CODES)('after %s one waits for a person where it is one who mends the way', code => {
  const gate = new Gate(clock);
  gate.failed(failureOf(code));
  const { heals, lies } = PROBLEMS[code];
  const waits = heals === 'by-a-person' && lies === 'way';
  expect(pauseOf(gate) === null).toBe(waits);
  gate.forgive();
  expect(gate.refusal).toBe(null);
});

test('a refusal outlasts a sleep of the machine, a failure does not', () => {
  const refused = new Gate(clock);
  refused.failed(failureOf('login-refused'));
  refused.woken();
  expect(refused.refusal?.problem.code).toBe('login-refused');
  const failed = new Gate(clock, () => 1);
  for (let times = 0; times < 5; times += 1) {
    failed.failed(failureOf('cluster-unreachable'));
  }
  failed.woken();
  expect(failed.refusal).toBe(null);
  failed.failed(failureOf('cluster-unreachable'));
  expect(pauseOf(failed)).toBeCloseTo(4.5, 0);
});

test('a person who acts does not shorten the pauses that come after', () => {
  const gate = new Gate(clock, () => 1);
  gate.failed(failureOf('cluster-unreachable'));
  gate.forgive();
  gate.failed(failureOf('cluster-unreachable'));
  expect(pauseOf(gate)).toBeCloseTo(9, 0);
});

test('a way behind a gate is asked only while it is open, and what went wrong is told meanwhile', async () => {
  const near = new NearWay();
  near.failure = unreachable();
  const way = gated(near, new Gate(clock, () => 1), LOG);
  for (const knocks of [1, 1, 1]) {
    await expect(way.connect(null)).rejects.toMatchObject({
      problem: { code: 'cluster-unreachable', values: { cluster: 'near' } }
    });
    expect(near.knocks).toBe(knocks);
  }
  clock.advance(4.5);
  near.failure = null;
  expect(await way.connect(null)).toMatchObject({ isOpen: true });
  expect(near.knocks).toBe(2);
  // Who was let in begins anew: the first pause, not the second.
  near.failure = unreachable();
  await expect(way.connect(null)).rejects.toThrow('cluster-unreachable');
  clock.advance(4.5);
  near.failure = null;
  expect(await way.connect(null)).toMatchObject({ isOpen: true });
  expect(near.knocks).toBe(4);
});

test('what goes wrong without being a problem is one behind a gate', async () => {
  const near = new NearWay();
  near.failure = new Error('never seen');
  const way = gated(near, new Gate(clock), LOG);
  await expect(way.connect(null)).rejects.toMatchObject({
    problem: { code: 'internal', details: { output: 'never seen' } }
  });
});
