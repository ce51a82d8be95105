import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Collected } from '../../../../src/sidecar/remote/collected';
import { OneConnection } from '../../../../src/sidecar/remote/oneConnection';
import { oneSession } from '../../../../src/sidecar/remote/oneShell/oneSession';
import { opensshWay } from '../../../../src/sidecar/remote/openssh/connection';
import { makePrivateFolder } from '../../../../src/sidecar/remote/openssh/privateFolder';
import { inSlots } from '../../../../src/sidecar/remote/slots';
import { Passphrases } from '../../../../src/sidecar/remote/ssh2/passphrases';
import type { Way } from '../../../../src/sidecar/remote/way';
import { makeTemp } from '../../../makeTemp';
import { FakeClock } from '../../fakeClock';
import { millions } from '../millions';
import { accountWith } from '../openTemp';
import { makeKey } from '../ssh2/keys';
import { Proxy } from '../ssh2/sshServer';
import { remoteSuite } from '../suite';
import { Hpc } from './hpc';
import { pathWithSsh } from './otherSsh';
import { Person } from './person';
import { type Sshd, whyNoSshd } from './sshd';

const reason = whyNoSshd();
const SKIPPED = reason === null ? '' : ` (skipped: ${reason})`;

afterEach(() => {
  vi.unstubAllEnvs();
});

describe.skipIf(reason !== null)(`an ssh without multiplexing${SKIPPED}`, () => {
  let hpc: Hpc;
  let said: string[];

  beforeEach(() => {
    hpc = new Hpc();
    said = [];
  });

  remoteSuite('a host behind SSH, by an OpenSSH without multiplexing', {
    reach: async startUp => {
      vi.stubEnv('PATH', pathWithSsh('has no multiplexing'));
      const server = await hpc.start([`SetEnv HOME=${accountWith(startUp)['HOME']}`]);
      const proxy = await Proxy.start(server.port);
      const remote = new OneConnection(wayTo(hpc.config(proxy)));
      onTestFinished(() => remote.close());
      return { remote, cut: () => proxy.cut() };
    },
    variablesOf: 'account',
    signals: 'as status'
  });

  test('runs all commands in the one session of its one login', async () => {
    vi.stubEnv('PATH', pathWithSsh('has no multiplexing'));
    const server = await hpc.start(['MaxSessions 1', 'ClientAliveInterval 1', 'RekeyLimit 4M']);
    const remote = reach(server);
    await remote.run({ script: 'true', timeoutSeconds: 30 });
    // Who has logged in once will not be let in again.
    hpc.admit(makeKey(hpc.home, 'another'));
    const { areSame, input, output } = millions(5);
    const errors = 'for i in {1..200}; do echo "error $i" >&2; sleep 0.005; done';
    const answers = await Promise.all([
      remote.run({ script: 'cat <&3; exit 3', timeoutSeconds: 30, input, output }),
      remote.run({ script: errors, timeoutSeconds: 30 }),
      remote.run({ script: 'echo beside', timeoutSeconds: 30 })
    ]);
    expect(areSame()).toBe(true);
    expect(answers.map(({ exitCode }) => exitCode)).toEqual([3, 0, 0]);
    // What ssh says meanwhile is not the command's.
    expect(answers[1].stderr).toBe(
      Array.from({ length: 200 }, (_, index) => `error ${index + 1}\n`).join('')
    );
    expect(answers[2].stdout).toBe('beside\n');
    expect(said).toEqual(['unknown option -- S']);
    expect([server.count('Connection from'), server.count('Accepted publickey')]).toEqual([2, 1]);
  });

  test('asks, as one that has it does', async () => {
    vi.stubEnv('PATH', pathWithSsh('has no multiplexing'));
    const locked = makeKey(hpc.home, 'locked', ['-t', 'ed25519'], 'opens it');
    hpc.admit(locked);
    const server = await hpc.start();
    const config = hpc.config(server, `IdentityFile ${locked.file}`, 'IdentitiesOnly yes');
    await expect(wayTo(config).connect(null)).rejects.toMatchObject({
      problem: { code: 'key-locked' }
    });
    const person = new Person(['opens it']);
    const connection = await wayTo(config).connect(person);
    onTestFinished(() => connection.close());
    expect(person.rounds).toMatchObject([{ kind: 'passphrase', file: locked.file }]);
    expect((await connection.run({ script: 'echo in', timeoutSeconds: 20 })).stdout).toBe('in\n');
  });

  test('does not mind what its person wants of ssh otherwise', async () => {
    vi.stubEnv('PATH', pathWithSsh('has no multiplexing'));
    const server = await hpc.start();
    const config = hpc.config(
      server,
      'RemoteCommand echo never',
      'RequestTTY force',
      'StdinNull yes',
      'ForkAfterAuthentication yes',
      'SessionType none',
      'ControlMaster auto',
      'ControlPersist yes',
      `ControlPath ${hpc.home}/theirs-%C`,
      'LogLevel QUIET'
    );
    const connection = await wayTo(config).connect(null);
    onTestFinished(() => connection.close());
    expect((await connection.run({ script: 'echo in', timeoutSeconds: 20 })).stdout).toBe('in\n');
    expect(readdirSync(hpc.home).filter(name => name.startsWith('theirs'))).toEqual([]);
  });

  test('is lost when the host ends its session', async () => {
    vi.stubEnv('PATH', pathWithSsh('has no multiplexing'));
    const server = await hpc.start();
    const connection = await wayTo(hpc.config(server)).connect(null);
    // The first process of a session is what sshd has started.
    const script = 'kill -KILL "$(ps -o sid= -p $$ | tr -d " ")"';
    await connection.run({ script, timeoutSeconds: 20 });
    await expect.poll(() => connection.isOpen, { timeout: 5000 }).toBe(false);
    await expect(connection.run({ script: 'true', timeoutSeconds: 20 })).rejects.toMatchObject({
      reason: 'lost'
    });
    await expect.poll(() => server.ended, { timeout: 5000 }).toBe(1);
  });

  test('leaves nothing behind, whoever ends first', async () => {
    vi.stubEnv('PATH', pathWithSsh('has no multiplexing'));
    vi.stubEnv('TMPDIR', makeTemp());
    const folders = (): string[] => readdirSync(tmpdir());
    const server = await hpc.start();
    const way = wayTo(hpc.config(server));
    const connection = await way.connect(null);
    expect(folders()).toEqual([expect.stringMatching(/^submit-ssh-/)]);
    connection.close();
    await expect.poll(folders, { timeout: 5000 }).toEqual([]);
    await expect.poll(() => server.count('Disconnected from user'), { timeout: 5000 }).toBe(1);
    const hung = await way.connect(null);
    const output = new Collected();
    const running = hung.run({ script: 'echo begun; sleep 60', timeoutSeconds: 60, output });
    await expect.poll(() => output.bytes.length, { timeout: 8000 }).toBeGreaterThan(0);
    hung.close();
    await expect(running).rejects.toMatchObject({ problem: { code: 'cluster-unreachable' } });
    await expect.poll(folders, { timeout: 8000 }).toEqual([]);
    const dropped = await way.connect(null);
    dropped.drop();
    expect([folders(), dropped.isOpen]).toEqual([[], false]);
    const killed = await way.connect(null);
    const processes = execFileSync('ps', ['axww', '-o', 'pgid=,args='], { encoding: 'utf8' });
    const [, group] = new RegExp(`^ *(\\d+) \\S*ssh -F ${tmpdir()}/`, 'm').exec(processes) ?? [];
    process.kill(-Number(group), 'SIGKILL');
    await expect.poll(folders, { timeout: 5000 }).toEqual([]);
    expect(killed.isOpen).toBe(false);
    // Whoever looked whether it listens, and the two that were not closed.
    await expect.poll(() => server.count('Connection closed by'), { timeout: 5000 }).toBe(3);
  });

  test.each([
    ['can make no socket', /^unix_listener: cannot bind to path \S+: /],
    ['goes on without a socket', /^ControlSocket \S+ already exists, disabling multiplexing$/]
  ] as const)(
    'that %s behind the login does without in the next one, which is at once where nobody has typed anything',
    async (otherwise, words) => {
      vi.stubEnv('PATH', pathWithSsh(otherwise));
      const server = await hpc.start();
      const remote = reach(server);
      expect((await remote.run({ script: 'echo in', timeoutSeconds: 20 })).stdout).toBe('in\n');
      expect(said).toEqual([expect.stringMatching(words)]);
      expect(server.count('Accepted publickey')).toBe(2);
    }
  );

  test('that shows it behind a login for which somebody has typed does not ask again by itself', async () => {
    vi.stubEnv('PATH', pathWithSsh('can make no socket'));
    const locked = makeKey(hpc.home, 'locked', ['-t', 'ed25519'], 'opens it');
    hpc.admit(locked);
    const server = await hpc.start();
    const config = hpc.config(server, `IdentityFile ${locked.file}`, 'IdentitiesOnly yes');
    const way = wayTo(config);
    const person = new Person(['opens it'], ['opens it']);
    await expect(way.connect(person)).rejects.toMatchObject({
      problem: {
        code: 'cluster-unreachable',
        details: { output: expect.stringContaining('unix_listener: cannot bind to path') }
      }
    });
    expect(person.rounds).toHaveLength(1);
    const connection = await way.connect(person);
    onTestFinished(() => connection.close());
    expect((await connection.run({ script: 'echo in', timeoutSeconds: 20 })).stdout).toBe('in\n');
    expect(person.rounds).toHaveLength(2);
  });

  function reach(server: Sshd): OneConnection {
    const remote = new OneConnection(wayTo(hpc.config(server)));
    onTestFinished(() => remote.close());
    return remote;
  }

  function wayTo(configFile: string): Way {
    const options = { configFile, environment: process.env, passphrases: new Passphrases() };
    const alone = { tell: (why: string) => void said.push(why), readyMs: 5000 };
    const way = opensshWay('hpc', async () => options, pino({ level: 'silent' }), alone);
    const clock = new FakeClock();
    return inSlots(oneSession(way, clock), 6, clock);
  }
});

test('a folder in which sockets cannot be linked is taken where there is no other', async () => {
  vi.stubEnv('TMPDIR', makeTemp());
  const here = tmpdir();
  const elsewhere = await makePrivateFolder(async file => {
    if (file.startsWith(here)) {
      throw new Error('EPERM: operation not permitted, link');
    }
  });
  expect([elsewhere.path.startsWith(here), elsewhere.whyNoMaster]).toEqual([false, null]);
  execFileSync('rm', ['-r', elsewhere.path]);
  const nowhere = await makePrivateFolder(() => Promise.reject(new Error('EPERM, link')));
  expect([nowhere.path.startsWith(here), nowhere.whyNoMaster]).toEqual([
    true,
    'Error: EPERM, link'
  ]);
  expect(readdirSync(here)).toHaveLength(1);
});
