import pino from 'pino';
import { expect, test } from 'vitest';
import { Gate, gated } from '../../../src/sidecar/remote/gate';
import { OneConnection } from '../../../src/sidecar/remote/oneConnection';
import { inSlots } from '../../../src/sidecar/remote/slots';
import { Questions } from '../../../src/sidecar/remote/questions';
import type { Round } from '../../../src/api/question';
import { NotRun } from '../../../src/sidecar/remote/way';
import { FakeClock } from '../fakeClock';
import { NearWay, refusalOf, unreachable } from './nearWay';
import { localAccountWith } from './openTemp';
import { remoteSuite } from './suite';

const ASKS = { problem: { code: 'login-asks' } };
const ROUND: Round = {
  kind: 'prompts',
  asker: 'ada@near',
  name: '',
  instruction: '',
  prompts: [{ text: 'Code: ', echo: false }],
  key: null,
  file: null,
  isRepeated: false,
  mayKeep: false,
  expires: Date.now() + 60_000
};
const ECHO = { script: 'echo heard', timeoutSeconds: 20 };
const SLEEP = { script: 'sleep 20', timeoutSeconds: 20 };
const UNREACHABLE = { problem: { code: 'cluster-unreachable' } };

test('nobody connects before there is a command, and then once for all', async () => {
  const way = new NearWay();
  const remote = new OneConnection(way);
  expect(remote.where).toBe('near');
  expect(way.knocks).toBe(0);
  const answers = await Promise.all(Array.from({ length: 5 }, () => remote.run(ECHO)));
  expect(answers.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 5 }, () => 'heard\n'));
  expect((await remote.run(ECHO)).stdout).toBe('heard\n');
  expect(way.knocks).toBe(1);
});

test('a host that asks is reached once somebody can be asked, once for all who wait', async () => {
  const way = new NearWay();
  way.question = ROUND;
  const questions = new Questions();
  const remote = new OneConnection(
    gated(way, new Gate('near', new FakeClock()), pino({ level: 'silent' }))
  );
  await refusalOf(remote.run(ECHO), ASKS);
  await refusalOf(remote.run(ECHO), ASKS);
  expect(way.knocks).toBe(1);
  const asker = questions.askerFor('near');
  const waiting = [remote.signIn(asker), remote.signIn(asker), remote.run(ECHO)];
  await expect.poll(() => questions.list().length).toBe(1);
  expect(way.knocks).toBe(2);
  questions.answer(questions.list()[0]?.id ?? '', ['123']);
  await Promise.all(waiting);
  way.question = { ...ROUND, asker: 'not again' };
  await remote.signIn(asker);
  expect([way.knocks, questions.list()]).toEqual([2, []]);
});

test('somebody who can be asked comes while nobody could, and is asked then', async () => {
  const way = new NearWay();
  way.question = ROUND;
  const questions = new Questions();
  const remote = new OneConnection(
    gated(way, new Gate('near', new FakeClock()), pino({ level: 'silent' }))
  );
  const loop = refusalOf(remote.run(ECHO), ASKS);
  const signedIn = remote.signIn(questions.askerFor('near'));
  await loop;
  await expect.poll(() => questions.list().length).toBe(1);
  questions.answer(questions.list()[0]?.id ?? '', null);
  await expect(signedIn).rejects.toMatchObject({ problem: { code: 'sign-in-cancelled' } });
  // Nobody is asked in a loop.
  await refusalOf(remote.run(ECHO), { problem: { code: 'sign-in-cancelled' } });
  expect(way.knocks).toBe(2);
});

test('a host that ends each connection at its first command is not knocked at without a pause', async () => {
  const way = new NearWay();
  way.connect = async () => {
    way.knocks += 1;
    return {
      isOpen: false,
      run: () => Promise.reject(new NotRun('lost')),
      close: () => undefined,
      drop: () => undefined
    };
  };
  await refusalOf(new OneConnection(way).run(ECHO), UNREACHABLE);
  expect(way.knocks).toBe(3);
});

test('all who ask at the same time hear of one failure, and the next asks again', async () => {
  const way = new NearWay();
  way.failure = unreachable();
  const remote = new OneConnection(way);
  const asked = Array.from({ length: 5 }, () => remote.run(ECHO));
  await Promise.all(asked.map(one => refusalOf(one, UNREACHABLE)));
  expect(way.knocks).toBe(1);
  way.failure = null;
  expect((await remote.run(ECHO)).stdout).toBe('heard\n');
  expect(way.knocks).toBe(2);
});

test.each([
  ['is cut', (_: OneConnection, way: NearWay) => way.cut()],
  ['is dropped', (remote: OneConnection) => remote.drop()]
])('what runs when the connection %s is unheard, and what comes next connects', async (_, lose) => {
  const way = new NearWay();
  const remote = new OneConnection(way);
  const asked = remote.run(SLEEP);
  const refused = refusalOf(asked, UNREACHABLE);
  await expect.poll(() => way.running).toBe(1);
  lose(remote, way);
  await refused;
  expect((await remote.run(ECHO)).stdout).toBe('heard\n');
  expect(way.knocks).toBe(2);
});

test('a command that was not run as its connection was lost runs on the next one', async () => {
  const way = new NearWay();
  const remote = new OneConnection(inSlots(way, 1, new FakeClock()));
  const refused = refusalOf(remote.run(SLEEP), UNREACHABLE);
  await expect.poll(() => way.running).toBe(1);
  const waiting = [remote.run(ECHO), remote.run(ECHO)];
  way.cut();
  await refused;
  expect((await Promise.all(waiting)).map(({ stdout }) => stdout)).toEqual(['heard\n', 'heard\n']);
  expect(way.knocks).toBe(2);
});

test('a host without room is nothing that another connection would mend', async () => {
  const way = new NearWay();
  way.room = 0;
  await expect(new OneConnection(way).run(ECHO)).rejects.toBeInstanceOf(NotRun);
  expect(way.knocks).toBe(1);
});

test('a connection that is made when all are closed is closed, too', async () => {
  const way = new NearWay();
  const remote = new OneConnection(way);
  const asked = refusalOf(remote.run(SLEEP), UNREACHABLE);
  remote.close();
  await asked;
  expect(way.made.map(({ isOpen }) => isOpen)).toEqual([false]);
});

remoteSuite('this machine, with all the policy of a way around it', {
  reach: async startUp => {
    const near = new NearWay(localAccountWith(startUp));
    const clock = new FakeClock();
    const way = gated(
      inSlots(near, 6, clock),
      new Gate('near', clock, 0),
      pino({ level: 'silent' })
    );
    return { remote: new OneConnection(way), cut: () => near.cut() };
  },
  variablesOf: 'caller'
});
