import { PassThrough } from 'node:stream';
import pino from 'pino';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type Clock, systemClock } from '../../../src/sidecar/process/clock';
import { Agents } from '../../../src/sidecar/remote/agents';
import type { RemoteAnswer } from '../../../src/sidecar/remote/remote';
import { type Script, runScript } from '../../../src/sidecar/remote/script';
import { LOGIN_PAUSE_SECONDS } from '../../../src/sidecar/remote/gate';
import { Remotes } from '../../../src/sidecar/remote/remotes';
import { makeTemp } from '../../makeTemp';
import { FakeClock } from '../fakeClock';
import { type KeyPair, makeKey } from './ssh2/keys';
import {
  type Behaviour,
  Proxy,
  SshServer,
  at,
  writeConfig,
  writeKnownHosts
} from './ssh2/sshServer';
import { Questions } from '../../../src/sidecar/remote/questions';

let folder: string;
let hostKey: KeyPair;
let key: KeyPair;
let stranger: KeyPair;

beforeAll(() => {
  folder = makeTemp();
  hostKey = makeKey(folder, 'host');
  key = makeKey(folder, 'id');
  stranger = makeKey(folder, 'stranger');
});

function serve(behaviour: Partial<Behaviour> = {}): Promise<SshServer> {
  return SshServer.start({ hostKeys: [hostKey], users: [key], ...behaviour });
}

const HOST = { host: 'hpc' };

/** The ways of a sidecar, of which the one to `hpc` leads to a port of this machine that is known. */
function connectTo(
  target: { port: number },
  options = '',
  {
    clock = systemClock,
    pauseSeconds = 0,
    questions = new Questions()
  }: { clock?: Clock; pauseSeconds?: number; questions?: Questions } = {}
): Remotes {
  writeKnownHosts(folder, [`${at(target)} ${hostKey.line}`]);
  const configFile = writeConfig(folder, `Host hpc\n  Port ${target.port}\n  ${options}`);
  const remotes = new Remotes(
    configFile,
    new Agents({}),
    questions,
    clock,
    pino({ level: 'silent' }),
    pauseSeconds
  );
  onTestFinished(() => remotes.close());
  return remotes;
}

function run(remotes: Remotes, script: string | Script): Promise<RemoteAnswer> {
  return runScript(
    { remote: remotes.of(HOST) },
    typeof script === 'string' ? { body: script } : script
  );
}

const UNREACHABLE = { problem: { code: 'cluster-unreachable' } };
const REFUSED = { problem: { code: 'login-refused' } };

/** Listens from now on, so that a refusal that comes early is not missed. */
async function refusalOf(asked: Promise<unknown>, refusal: object = UNREACHABLE): Promise<void> {
  await expect(asked).rejects.toMatchObject(refusal);
}

test('many commands share one connection, six at a time', async () => {
  const server = await serve();
  const remotes = connectTo(server);
  const numbers = Array.from({ length: 12 }, (_, index) => index);
  const answers = await Promise.all(
    numbers.map(number => run(remotes, `sleep 0.05; echo ${number}`))
  );
  expect(answers.map(({ stdout }) => stdout)).toEqual(numbers.map(number => `${number}\n`));
  expect(server).toMatchObject({ connections: 1, peak: 6, sessions: 12 });
});

test.each([1, 2])('a host that takes %s at a time gets all of ten commands', async maxSessions => {
  const server = await serve({ maxSessions });
  const remotes = connectTo(server);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => run(remotes, `sleep 0.01; echo ${index}`))
  );
  expect(answers.map(({ stdout }) => Number(stdout))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  // One session has a bash for all that come after the first.
  const sessions = maxSessions === 1 ? 2 : 10;
  expect(server).toMatchObject({ connections: 1, peak: maxSessions, sessions });
  expect((await run(remotes, 'echo later')).stdout).toBe('later\n');
});

test('a host that counts a command a little longer than it runs keeps its one connection', async () => {
  const server = await serve({ maxSessions: 1, lingerMs: 25 });
  const remotes = connectTo(server);
  for (const number of [1, 2, 3]) {
    expect((await run(remotes, `echo ${number}`)).stdout).toBe(`${number}\n`);
  }
  const many = await Promise.all([4, 5, 6].map(number => run(remotes, `echo ${number}`)));
  expect(many.map(({ stdout }) => stdout)).toEqual(['4\n', '5\n', '6\n']);
  expect(server.connections).toBe(1);
});

test('a host that takes no command at all is unreachable', async () => {
  const server = await serve({ maxSessions: 0 });
  await expect(run(connectTo(server), 'echo never')).rejects.toMatchObject(UNREACHABLE);
  expect(server.connections).toBe(1);
});

test('commands that were given up and hold all that the host allows cost the connection, no more', async () => {
  const server = await serve({ maxSessions: 1, exec: () => undefined });
  const remotes = connectTo(server);
  await expect(run(remotes, { body: 'echo never', timeoutSeconds: 0.1 })).rejects.toMatchObject(
    UNREACHABLE
  );
  server.behaviour = { hostKeys: [hostKey], users: [key], maxSessions: 1 };
  expect((await run(remotes, 'echo again')).stdout).toBe('again\n');
  expect(server.connections).toBeLessThanOrEqual(2);
});

test('a command that never answers is unheard after its time, and the connection goes on', async () => {
  const server = await serve();
  const remotes = connectTo(server);
  await expect(run(remotes, { body: 'sleep 5', timeoutSeconds: 0.2 })).rejects.toMatchObject({
    problem: { code: 'cluster-unreachable', details: { output: 'no answer within 0.2 s' } }
  });
  expect((await run(remotes, 'echo next')).stdout).toBe('next\n');
  expect(server.connections).toBe(1);
});

test('a command that is never started is unreachable, and the next has a connection of its own', async () => {
  const server = await serve({ neverStarts: true });
  const remotes = connectTo(server);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const asked = run(remotes, 'echo never');
  const refused = refusalOf(asked);
  await vi.waitUntil(() => server.sessions === 1, { interval: 10 });
  await vi.advanceTimersByTimeAsync(30_000);
  await refused;
  vi.useRealTimers();
  server.behaviour = { ...server.behaviour, neverStarts: false };
  expect((await run(remotes, 'echo next')).stdout).toBe('next\n');
  expect(server.connections).toBe(2);
});

test.each([
  ['prints', 'echo begun; sleep 5'],
  ['reads', 'cat <&3 >/dev/null'],
  ['prints without end', 'yes']
])(
  'a link that is cut while a command %s makes it unheard, and the next connects',
  async (_, body) => {
    const server = await serve();
    const proxy = await Proxy.start(server.port);
    const remotes = connectTo(proxy);
    // What has more to send, but not yet.
    const input = new PassThrough();
    input.write('some');
    const asked = run(remotes, { body, input });
    const refused = refusalOf(asked);
    await vi.waitUntil(() => server.peak === 1);
    await new Promise(resolve => setTimeout(resolve, 50));
    proxy.cut();
    await refused;
    expect((await run(remotes, 'echo next')).stdout).toBe('next\n');
    expect(server.connections).toBe(2);
  }
);

test.each([
  ['fail', (output: PassThrough) => output.destroy(new Error('disk full'))],
  ['are closed', (output: PassThrough) => output.destroy()]
])('outputs that %s take no room from the commands that come after', async (_, end) => {
  const remotes = connectTo(await serve());
  const asked = Array.from({ length: 6 }, () => {
    const output = new PassThrough();
    output.once('data', () => end(output));
    return run(remotes, { body: 'yes', output, timeoutSeconds: 3600 });
  });
  await Promise.all(asked.map(one => expect(one).rejects.toThrow(/disk full|Premature close/)));
  expect((await run(remotes, 'echo next')).stdout).toBe('next\n');
});

test('commands that wait when the link is cut run on the next one', async () => {
  const server = await serve();
  const proxy = await Proxy.start(server.port);
  const remotes = connectTo(proxy);
  const cut = Array.from({ length: 6 }, () => run(remotes, 'sleep 5'));
  const refused = Promise.all(cut.map(asked => refusalOf(asked)));
  await vi.waitUntil(() => server.peak === 6, { timeout: 5000 });
  const waiting = run(remotes, 'echo waited');
  proxy.cut();
  await refused;
  expect((await waiting).stdout).toBe('waited\n');
  expect(server.connections).toBe(2);
});

test('a link that carries nothing any more is noticed without a command', async () => {
  const server = await serve();
  const proxy = await Proxy.start(server.port);
  const remotes = connectTo(proxy, 'ServerAliveInterval 1\n  ServerAliveCountMax 1');
  await run(remotes, 'echo first');
  const asked = run(remotes, 'sleep 20');
  const refused = refusalOf(asked);
  await vi.waitUntil(() => server.sessions === 2);
  proxy.isSwallowing = true;
  await refused;
  proxy.isSwallowing = false;
  expect((await run(remotes, 'echo next')).stdout).toBe('next\n');
});

test('a quiet link that is alive stays', async () => {
  const server = await serve();
  const remotes = connectTo(server, 'ServerAliveInterval 1\n  ServerAliveCountMax 1');
  await run(remotes, 'sleep 1.2');
  await new Promise(resolve => setTimeout(resolve, 2200));
  await run(remotes, 'echo');
  expect(server.connections).toBe(1);
});

test('a refused login is never tried again by itself, until a person acts', async () => {
  const server = await serve({ users: [stranger] });
  const clock = new FakeClock();
  const remotes = connectTo(server, '', { clock });
  const many = Array.from({ length: 5 }, () => run(remotes, 'echo'));
  await Promise.all(many.map(asked => refusalOf(asked, REFUSED)));
  expect(server.connections).toBe(1);
  clock.advance(30 * 86_400);
  remotes.dropAll(3600);
  await expect(run(remotes, 'echo')).rejects.toMatchObject(REFUSED);
  expect(server.connections).toBe(1);
  await remotes.reach(HOST, 'person');
  await expect(run(remotes, 'echo')).rejects.toMatchObject(REFUSED);
  expect(server.connections).toBe(2);
  await expect(run(remotes, 'echo')).rejects.toMatchObject(REFUSED);
  expect(server.connections).toBe(2);
  server.behaviour = { ...server.behaviour, users: [key] };
  await remotes.reach(HOST, 'person');
  expect((await run(remotes, 'echo in')).stdout).toBe('in\n');
});

test('a person signs in to a host for files, too, which asks for itself', async () => {
  const prompts = [{ prompt: 'Code: ', echo: false }];
  const rounds = [{ prompts, isRight: (answers: readonly string[]) => answers[0] === '123456' }];
  const [server, files] = [await serve(), await serve({ rounds })];
  const questions = new Questions();
  const remotes = connectTo(server, `\nHost files\n  Port ${files.port}`, { questions });
  writeKnownHosts(
    folder,
    [server, files].map(one => `${at(one)} ${hostKey.line}`)
  );
  const reached = remotes.reach({ ...HOST, transferHost: 'files' }, 'answering-person');
  await vi.waitUntil(() => questions.list().length > 0, 10_000);
  const [question] = questions.list();
  expect(question).toMatchObject({ host: 'files', prompts: [{ text: 'Code: ' }] });
  questions.answer(question?.id ?? '', ['123456']);
  await reached;
  expect([server.connections, files.connections]).toEqual([1, 1]);
  const { stdout } = await runScript(
    { remote: remotes.of({ host: 'files' }) },
    { body: 'echo there' }
  );
  expect([stdout, files.connections]).toEqual(['there\n', 1]);
});

test('after failures a host is asked less and less often, and once for all who ask', async () => {
  const proxy = await Proxy.start(1);
  const clock = new FakeClock();
  const remotes = connectTo(proxy, '', { clock, pauseSeconds: LOGIN_PAUSE_SECONDS });
  const times: number[] = [];
  for (let seconds = 0; seconds < 1500; seconds += 1) {
    const before = proxy.connections;
    // Of no more than a few are there many: each takes a program of its own.
    await expect(run(remotes, 'echo')).rejects.toMatchObject(UNREACHABLE);
    if (proxy.connections > before) {
      times.push(seconds);
    }
    clock.advance(1);
  }
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  pauses.forEach((pause, index) => {
    const least = Math.min(300, 60 * 2 ** index);
    expect(pause).toBeGreaterThanOrEqual(least);
    expect(pause).toBeLessThanOrEqual(1.2 * least + 1);
  });
  expect(pauses.length).toBeGreaterThanOrEqual(5);
  const before = proxy.connections;
  clock.advance(360);
  const many = Array.from({ length: 20 }, () => run(remotes, 'echo'));
  await Promise.all(many.map(asked => refusalOf(asked)));
  expect(proxy.connections).toBe(before + 1);
  // After a sleep there is nothing to wait for.
  remotes.dropAll(3600);
  await expect(run(remotes, 'echo')).rejects.toMatchObject(UNREACHABLE);
  expect(proxy.connections).toBe(before + 2);
  // Who acts does not wait at all.
  await remotes.reach(HOST, 'person');
  await expect(run(remotes, 'echo')).rejects.toMatchObject(UNREACHABLE);
  expect(proxy.connections).toBe(before + 3);
});

test('a host at which nobody listens is soon tried again: that is no login', async () => {
  const gone = await serve();
  gone.stop();
  const clock = new FakeClock();
  const remotes = connectTo(gone, '', { clock, pauseSeconds: LOGIN_PAUSE_SECONDS });
  await expect(run(remotes, 'echo')).rejects.toMatchObject(UNREACHABLE);
  const back = await SshServer.start({ hostKeys: [hostKey], users: [key] }, gone.port);
  await expect(run(remotes, 'echo')).rejects.toMatchObject(UNREACHABLE);
  clock.advance(5);
  expect((await run(remotes, 'echo back')).stdout).toBe('back\n');
  expect(back.connections).toBe(1);
});

test('a link that breaks again and again has one login of our own a minute', async () => {
  const server = await serve();
  const proxy = await Proxy.start(server.port);
  const clock = new FakeClock();
  const remotes = connectTo(proxy, '', { clock, pauseSeconds: LOGIN_PAUSE_SECONDS });
  const times: number[] = [];
  // A person has submitted something.
  await remotes.reach(HOST, 'person');
  for (let seconds = 0; seconds < 200; seconds += 1) {
    const before = server.connections;
    await run(remotes, 'echo').catch(() => undefined);
    if (server.connections > before) {
      times.push(seconds);
    }
    proxy.cut();
    clock.advance(1);
  }
  const [first, second, ...pauses] = times.map((time, index) => time - (times[index - 1] ?? 0));
  expect(first).toBe(0);
  // It may take a command to notice.
  expect(second).toBeLessThanOrEqual(5);
  pauses.forEach(pause => expect(Math.abs(pause - 62)).toBeLessThanOrEqual(2));
  expect(pauses.length).toBe(3);
});

test('a dropped connection makes what runs unheard, and the next command connects', async () => {
  const server = await serve();
  const remotes = connectTo(server);
  const asked = run(remotes, 'sleep 5');
  const refused = refusalOf(asked);
  await vi.waitUntil(() => server.peak === 1);
  remotes.dropAll(3600);
  await refused;
  expect((await run(remotes, 'echo next')).stdout).toBe('next\n');
  expect(server.connections).toBe(2);
});

test('how a command ended is heard although it ends in the moment in which it begins', async () => {
  const server = await serve({
    exec: channel => {
      channel.exit(7);
      channel.end();
      channel.close();
    }
  });
  // What the server sends together comes together.
  const remote = connectTo(server).of(HOST);
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => remote.run({ script: 'exit 7', timeoutSeconds: 10 }))
  );
  expect(answers.map(({ exitCode }) => exitCode)).toEqual([7, 7, 7, 7, 7]);
});
