import pino from 'pino';
import { beforeEach, expect, test } from 'vitest';
import { PROBLEMS, type ProblemCode, ProblemError } from '../../../src/api/problem';
import { Gate, gated } from '../../../src/sidecar/remote/gate';
import { NotReached } from '../../../src/sidecar/remote/way';
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
  for (let tenths = 0; tenths <= 4000; tenths += 1) {
    if (gate.refusal === null) {
      return tenths / 10;
    }
    clock.advance(0.1);
  }
  clock.advance(YEAR);
  return gate.refusal === null ? Infinity : null;
}

/** With pauses as long as they can be, to the chance of 1. */
function gateWith(chance = 1): Gate {
  return new Gate('near', clock, undefined, () => chance);
}

const OWN = { isOwn: true, isHeard: true };
const UNHEARD = { isOwn: true, isHeard: false };

test('one may knock where nobody has', () => {
  expect(gateWith().refusal).toBe(null);
});

test.each([
  ['has heard of them', true, 0, [60, 120, 240, 300, 300]],
  ['has heard of them', true, 1, [72, 144, 288, 360, 360]],
  ['was not reached', false, 0, [3.5, 7, 14, 28, 56, 112, 210, 210]],
  ['was not reached', false, 1, [4.5, 9, 18, 36, 72, 144, 270, 270]]
])(
  'after each failure in a row the pause doubles; the host %s (%s), chance %s',
  (_, isHeard, chance, pauses) => {
    const gate = gateWith(chance);
    const seen = pauses.map(() => {
      gate.failed(failureOf('cluster-unreachable'), { isOwn: true, isHeard });
      return pauseOf(gate);
    });
    seen.forEach((pause, index) => expect(pause).toBeCloseTo(pauses[index] ?? 0, 0));
  }
);

test('who is let in begins anew', () => {
  const gate = gateWith();
  for (let times = 0; times < 5; times += 1) {
    gate.failed(failureOf('cluster-unreachable'), UNHEARD);
    gate.failed(failureOf('cluster-unreachable'), { ...OWN, isOwn: false });
  }
  gate.passed(false);
  expect(gate.refusal).toBe(null);
  gate.failed(failureOf('cluster-unreachable'), UNHEARD);
  expect(pauseOf(gate)).toBeCloseTo(4.5, 0);
  gate.failed(failureOf('cluster-unreachable'), OWN);
  expect(pauseOf(gate)).toBeCloseTo(72, 0);
});

test('a host that was not reached is soon tried again, whatever it had refused before', () => {
  const gate = gateWith();
  for (let times = 0; times < 4; times += 1) {
    gate.failed(failureOf('cluster-unreachable'), OWN);
    clock.advance(360);
  }
  gate.failed(failureOf('host-not-found'), UNHEARD);
  expect(pauseOf(gate)).toBeCloseTo(4.5, 0);
});

test('a connection that is lost is made anew at once, and the next one after a minute, which is said', () => {
  const gate = gateWith();
  gate.forgive();
  expect(gate.begin()).toBe(false);
  gate.passed(false);
  expect(gate.refusal).toBe(null);
  expect(gate.begin()).toBe(true);
  gate.passed(true);
  expect(gate.refusal?.problem).toEqual({
    code: 'cluster-unreachable',
    values: { cluster: 'near' },
    details: { output: 'the connection was lost; without you, there is one login in 60 s' }
  });
  expect(pauseOf(gate)).toBeCloseTo(60, 0);
});

test('a login of a person does not bring the next one of our own nearer', () => {
  const gate = gateWith();
  gate.begin();
  gate.passed(true);
  clock.advance(20);
  gate.forgive();
  expect(gate.begin()).toBe(false);
  gate.passed(false);
  expect(pauseOf(gate)).toBeCloseTo(40, 0);
});

test('who acts may knock at once, once, and only where that is what it was for', () => {
  const gate = gateWith();
  gate.failed(failureOf('login-refused'), OWN);
  gate.forgive();
  expect(gate.refusal).toBe(null);
  clock.advance(61);
  expect(gate.refusal?.problem.code).toBe('login-refused');
  gate.forgive();
  expect(gate.begin()).toBe(false);
  expect(gate.refusal?.problem.code).toBe('login-refused');
});

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

test.each(CODES)('after %s one waits for a person where it is one who mends the way', code => {
  const gate = gateWith();
  gate.failed(failureOf(code), OWN);
  const { heals, lies } = PROBLEMS[code];
  const waits = heals === 'by-a-person' && lies === 'way';
  expect(pauseOf(gate) === null).toBe(waits);
  gate.forgive();
  expect(gate.refusal).toBe(null);
});

test('a refusal outlasts a sleep of the machine, a failure does not', () => {
  const refused = gateWith();
  refused.failed(failureOf('login-refused'), OWN);
  refused.woken(3600);
  expect(refused.refusal?.problem.code).toBe('login-refused');
  const failed = gateWith();
  for (let times = 0; times < 5; times += 1) {
    failed.failed(failureOf('cluster-unreachable'), OWN);
  }
  failed.woken(3600);
  expect(failed.refusal).toBe(null);
  failed.failed(failureOf('cluster-unreachable'), OWN);
  expect(pauseOf(failed)).toBeCloseTo(72, 0);
});

test('a sleep that was shorter than what is to be waited for leaves the rest', () => {
  const gate = gateWith();
  gate.failed(failureOf('cluster-unreachable'), OWN);
  gate.woken(25);
  expect(pauseOf(gate)).toBeCloseTo(35, 0);
});

test('a person who acts does not shorten the pauses that come after', () => {
  const gate = gateWith();
  gate.failed(failureOf('cluster-unreachable'), OWN);
  gate.forgive();
  gate.failed(failureOf('cluster-unreachable'), { isOwn: gate.begin(), isHeard: true });
  expect(pauseOf(gate)).toBeCloseTo(144, 0);
});

test('a way behind a gate is asked only while it is open, and what went wrong is told meanwhile', async () => {
  const near = new NearWay();
  near.failure = unreachable();
  const gate = gateWith();
  const way = gated(near, gate, LOG);
  for (const knocks of [1, 1, 1]) {
    await expect(way.connect(null)).rejects.toMatchObject({
      problem: { code: 'cluster-unreachable', values: { cluster: 'near' } }
    });
    expect(near.knocks).toBe(knocks);
  }
  clock.advance(72);
  // What has not come to the host is no attempt there.
  near.failure = NotReached.because(unreachable());
  await expect(way.connect(null)).rejects.toThrow('cluster-unreachable');
  clock.advance(4.5);
  near.failure = null;
  expect(await way.connect(null)).toMatchObject({ isOpen: true });
  expect(near.knocks).toBe(3);
  await expect(way.connect(null)).rejects.toThrow('cluster-unreachable');
  expect(near.knocks).toBe(3);
  gate.forgive();
  expect(await way.connect(null)).toMatchObject({ isOpen: true });
  expect(near.knocks).toBe(4);
});

test('what goes wrong without being a problem is one behind a gate', async () => {
  const near = new NearWay();
  near.failure = new Error('never seen');
  const way = gated(near, gateWith(), LOG);
  await expect(way.connect(null)).rejects.toMatchObject({
    problem: { code: 'internal', details: { output: 'never seen' } }
  });
});
