import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { asProblem } from '../../../../src/sidecar/process/asProblem';
import { type Login, login } from '../../../../src/sidecar/remote/ssh2/login';
import { fingerprint } from '../../../../src/sidecar/remote/ssh2/knownHosts';
import type { Problem } from '../../../../src/api/problem';
import { NotReached } from '../../../../src/sidecar/remote/way';
import { Passphrases } from '../../../../src/sidecar/remote/ssh2/passphrases';
import { makeTemp } from '../../../makeTemp';
import { type KeyPair, makeKey } from './keys';
import { type Behaviour, Proxy, SshServer, at, writeConfig, writeKnownHosts } from './sshServer';

let folder: string;
let ed25519: KeyPair;
let rsa: KeyPair;
let other: KeyPair;
let key: KeyPair;

beforeAll(() => {
  folder = makeTemp();
  ed25519 = makeKey(folder, 'host');
  rsa = makeKey(folder, 'host-rsa', ['-t', 'rsa', '-b', '2048']);
  other = makeKey(folder, 'other');
  key = makeKey(folder, 'id');
});

function serve(behaviour: Partial<Behaviour> = {}): Promise<SshServer> {
  return SshServer.start({ hostKeys: [ed25519], users: [key], ...behaviour });
}

/** Logs in to `hpc` under a configuration; `known` are lines of known_hosts. */
async function logIn(known: readonly string[], hosts: string, alias = 'hpc'): Promise<Login> {
  writeKnownHosts(folder, known);
  const made = await login(
    alias,
    { configFile: writeConfig(folder, hosts), agentSockets: [], passphrases: new Passphrases() },
    null
  );
  onTestFinished(() => void made.client.destroy());
  return made;
}

async function problemOf(attempt: Promise<Login>): Promise<Problem> {
  return attempt.then(
    () => {
      throw new Error('it let us in');
    },
    (error: unknown) => asProblem(error)
  );
}

/** What a command prints there. */
function echo({ client }: Login): Promise<string> {
  return new Promise((resolve, reject) => {
    client.exec('echo "$((6 * 7))"', (error, channel) => {
      if (error) {
        reject(error);
        return;
      }
      let text = '';
      channel.on('data', (bytes: Buffer) => {
        text += bytes.toString();
      });
      channel.once('close', () => resolve(text));
    });
  });
}

describe("the host's key", () => {
  test('is right where known_hosts has it', async () => {
    const server = await serve();
    const made = await logIn([`${at(server)} ${ed25519.line}`], `Host hpc\n  Port ${server.port}`);
    expect(await echo(made)).toBe('42\n');
    expect(new Set(server.attempts)).toEqual(new Set(['none', 'publickey']));
  });

  test.each<[string, string, (server: SshServer) => string[], object]>([
    ['unknown', 'host-key-unknown', () => [], {}],
    [
      'changed',
      'host-key-changed',
      server => ['# mine', `${at(server)} ${other.line}`],
      { line: 2, known: 'ssh-ed25519 OTHER' }
    ],
    [
      'changed although it is that of the same machine elsewhere',
      'host-key-changed',
      server => [`127.0.0.1 ${ed25519.line}`, `${at(server)} ${other.line}`],
      { line: 2 }
    ],
    [
      'revoked',
      'host-key-revoked',
      server => [`${at(server)} ${ed25519.line}`, `@revoked * ${ed25519.line}`],
      { line: 2 }
    ],
    [
      'of an authority',
      'host-key-authority',
      () => [`@cert-authority * ${other.line}`],
      { line: 1 }
    ]
  ])('%s: nothing is sent before, and all is told', async (_, code, known, values) => {
    const server = await serve();
    const problem = await problemOf(logIn(known(server), `Host hpc\n  Port ${server.port}`));
    const theirs = 'known' in values ? { known: `ssh-ed25519 ${fingerprint(other.blob)}` } : {};
    expect(problem).toMatchObject({
      code,
      values: {
        host: 'hpc',
        fingerprint: `ssh-ed25519 ${fingerprint(ed25519.blob)}`,
        ...('line' in values && { file: path.join(folder, 'known_hosts') }),
        ...values,
        ...theirs
      }
    });
    expect(problem.details?.where).toBe(`127.0.0.1:${server.port}`);
    expect(server).toMatchObject({ connections: 1, attempts: [], sessions: 0 });
  });

  test.each(['rsa', 'ed25519'])(
    'of a host with several, the known one is asked for: %s',
    async kind => {
      const server = await serve({ hostKeys: [ed25519, rsa] });
      const { line } = kind === 'rsa' ? rsa : ed25519;
      const made = await logIn([`${at(server)} ${line}`], `Host hpc\n  Port ${server.port}`);
      expect(await echo(made)).toBe('42\n');
    }
  );

  test('is looked up by HostKeyAlias', async () => {
    const server = await serve();
    const hosts = `Host hpc\n  Port ${server.port}\n  HostKeyAlias Cluster`;
    await logIn([`cluster ${ed25519.line}`], hosts);
    expect(await problemOf(logIn([`${at(server)} ${ed25519.line}`], hosts))).toMatchObject({
      code: 'host-key-unknown'
    });
  });
});

describe('who is not let in', () => {
  async function refused(behaviour: Partial<Behaviour>, more = ''): Promise<[Problem, SshServer]> {
    const server = await serve(behaviour);
    const hosts = `Host hpc\n  Port ${server.port}\n${more}`;
    return [await problemOf(logIn([`${at(server)} ${ed25519.line}`], hosts)), server];
  }

  test('hears which keys were shown', async () => {
    const [problem] = await refused({ users: [other] });
    expect(problem).toMatchObject({
      code: 'login-refused',
      values: { host: 'hpc', user: 'ada' },
      details: {
        output: expect.stringMatching(
          /the host takes: publickey\nshown: 0 keys of the agent, .*\/id/
        )
      }
    });
  });

  test('is not asked for keys by a host that takes passwords only', async () => {
    const [problem, server] = await refused({ users: [], methods: ['password'] });
    expect(problem).toMatchObject({ code: 'login-asks', values: { host: 'hpc', user: 'ada' } });
    expect(server.attempts).toEqual(['none']);
  });

  test('has no key, where the host would take a password instead', async () => {
    const server = await serve({ methods: ['keyboard-interactive'] });
    const nowhere = makeTemp();
    writeKnownHosts(nowhere, [`${at(server)} ${ed25519.line}`]);
    const configFile = writeConfig(nowhere, `Host hpc\n  Port ${server.port}`);
    const problem = await problemOf(
      login('hpc', { configFile, agentSockets: [], passphrases: new Passphrases() }, null)
    );
    expect(problem.code).toBe('login-asks');
  });

  test('has a key with a passphrase', async () => {
    const locked = makeKey(folder, 'locked', ['-t', 'ed25519'], 'opens it');
    const [problem] = await refused(
      { users: [locked], methods: ['password'] },
      `  IdentityFile ${locked.file}`
    );
    expect(problem).toMatchObject({ code: 'key-locked', values: { key: locked.file } });
  });
});

describe('what cannot be reached', () => {
  test('a closed port', async () => {
    const server = await serve();
    server.stop();
    const problem = await problemOf(logIn([], `Host hpc\n  Port ${server.port}`));
    expect(problem).toMatchObject({
      code: 'cluster-unreachable',
      values: { cluster: 'hpc' },
      details: { output: expect.stringContaining('ECONNREFUSED') }
    });
  });

  test('a host that there is not', async () => {
    const problem = await problemOf(logIn([], 'Host hpc\n  HostName no-such-host.invalid'));
    expect(problem).toMatchObject({
      code: 'host-not-found',
      values: { host: 'no-such-host.invalid' },
      details: { where: 'hpc' }
    });
  });

  test('is silent where not even the connection is taken: a firewall, or a missing VPN', async () => {
    const port = await deafPort();
    const hosts = `Host hpc\n  Port ${port}\n  ConnectTimeout 1`;
    expect(await problemOf(logIn([], hosts))).toMatchObject({
      code: 'host-silent',
      values: { host: 'hpc', address: '127.0.0.1' }
    });
  });

  test('what takes the call and says nothing', async () => {
    const silent = await Proxy.start(null);
    // Without that it would be waited for longer than a test may take.
    const hosts = `Host hpc\n  Port ${silent.port}\n  ConnectTimeout 1`;
    expect(await problemOf(logIn([], hosts))).toMatchObject({ code: 'cluster-unreachable' });
  });

  test.each<[string, boolean, () => Promise<string>]>([
    ['a port at which nobody listens', false, async () => 'Port 1'],
    ['a name that nobody has', false, async () => 'HostName no-such-host.invalid'],
    ['an address that is not ours to go from', false, async () => 'BindAddress 192.0.2.1'],
    ['a host that hangs up', true, async () => `Port ${(await Proxy.start(1)).port}`],
    ['a host that is silent', true, async () => `Port ${await deafPort()}\n  ConnectTimeout 1`],
    ['a program on the way that fails', true, async () => 'ProxyCommand false'],
    [
      'a host behind another one, at which nobody listens',
      true,
      async () => `Port 1\n  ProxyJump near:${(await serve()).port}`
    ],
    [
      'a host behind another one, at which nobody listens either',
      false,
      async () => `ProxyJump near:1`
    ]
  ])('%s may count that as an attempt: %s', async (_, isHeard, line) => {
    const hosts = `Host hpc\n  ${await line()}\nHost *\n  StrictHostKeyChecking no\n`;
    const failed = await logIn([], hosts).catch((error: unknown) => error);
    expect(asProblem(failed).code).toMatch(/^(cluster-unreachable|host-not-found|host-silent)$/);
    expect(failed instanceof NotReached).toBe(!isHeard);
  });

  test('a host with which no algorithm is shared', async () => {
    const server = await serve();
    const hosts = `Host hpc\n  Port ${server.port}\n  HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com`;
    expect(await problemOf(logIn([], hosts))).toMatchObject({
      code: 'ssh-config-invalid',
      details: { output: expect.stringContaining('HostKeyAlgorithms') }
    });
  });
});

describe('through other hosts', () => {
  test('ProxyJump goes through each, as each is configured', async () => {
    const [far, near] = [await serve(), await serve({ hostKeys: [rsa] })];
    const [first] = [await serve({ users: [other] })];
    const known = [
      `${at(far)} ${ed25519.line}`,
      `${at(near)} ${rsa.line}`,
      `${at(first)} ${ed25519.line}`
    ];
    const made = await logIn(
      known,
      `Host hpc
  Port ${far.port}
  ProxyJump first,near:${near.port}
Host near
  ProxyJump nowhere
Host first
  Port ${first.port}
  IdentityFile ${other.file}`
    );
    expect(await echo(made)).toBe('42\n');
    expect([far, near, first].map(({ connections }) => connections)).toEqual([1, 1, 1]);
    expect([far, near, first].map(({ sessions }) => sessions)).toEqual([1, 0, 0]);
  });

  test("a jump host's own ProxyJump counts", async () => {
    const [far, near, first] = [await serve(), await serve(), await serve()];
    await logIn(
      [far, near, first].map(server => `${at(server)} ${ed25519.line}`),
      `Host hpc
  Port ${far.port}
  ProxyJump near
Host near
  Port ${near.port}
  ProxyJump first
Host first
  Port ${first.port}`
    );
    expect([far, near, first].map(({ connections }) => connections)).toEqual([1, 1, 1]);
  });

  test('hosts that jump through each other are a wrong configuration', async () => {
    const problem = await problemOf(
      logIn([], 'Host hpc\n  ProxyJump two\nHost two\n  ProxyJump hpc')
    );
    expect(problem).toMatchObject({
      code: 'ssh-config-invalid',
      details: { output: expect.stringContaining('in a circle') }
    });
  });

  test("a jump host's key is checked, and its refusals are its own", async () => {
    const [far, near] = [await serve(), await serve({ users: [other] })];
    const hosts = `Host hpc\n  Port ${far.port}\n  ProxyJump near:${near.port}`;
    expect(await problemOf(logIn([], hosts))).toMatchObject({
      code: 'host-key-unknown',
      values: { host: 'near' }
    });
    const known = [`${at(near)} ${ed25519.line}`, `${at(far)} ${ed25519.line}`];
    expect(await problemOf(logIn(known, hosts))).toMatchObject({
      code: 'login-refused',
      values: { host: 'near' }
    });
    expect(far.connections).toBe(0);
  });

  test('a jump host that does not get further is unreachable, and let go', async () => {
    const near = await serve();
    const hosts = `Host hpc\n  Port 1\n  ProxyJump near:${near.port}`;
    expect(await problemOf(logIn([`${at(near)} ${ed25519.line}`], hosts))).toMatchObject({
      code: 'cluster-unreachable',
      values: { cluster: 'hpc' },
      details: { output: expect.stringMatching(/^near: /) }
    });
    await expect.poll(() => near.open).toBe(0);
  });

  test('with the connection go those that it went through', async () => {
    const [far, near] = [await serve(), await serve()];
    const { client } = await logIn(
      [far, near].map(server => `${at(server)} ${ed25519.line}`),
      `Host hpc\n  Port ${far.port}\n  ProxyJump near:${near.port}`
    );
    client.end();
    await expect.poll(() => [far.open, near.open]).toEqual([0, 0]);
  });

  test('ProxyCommand is run by a shell, with its tokens', async () => {
    const server = await serve();
    const pipe = `require("net").connect(+process.argv[1],"127.0.0.1",function(){process.stdin.pipe(this).pipe(process.stdout)})`;
    const made = await logIn(
      [`[nowhere.invalid]:${server.port} ${ed25519.line}`],
      `Host hpc
  HostName nowhere.invalid
  Port ${server.port}
  ProxyCommand ${process.execPath} -e '${pipe}' %p`
    );
    expect(await echo(made)).toBe('42\n');
    made.client.end();
    await expect.poll(() => server.open).toBe(0);
  });

  test.each([
    ['echo "no way to %h" >&2; exit 1', 'no way to 127.0.0.1'],
    ['/no/such/program', '/no/such/program'],
    ['true', '']
  ])('a ProxyCommand that fails (%s) is unreachable, in its own words', async (command, words) => {
    const hosts = `Host hpc\n  ProxyCommand ${command}`;
    expect(await problemOf(logIn([], hosts))).toMatchObject({
      code: 'cluster-unreachable',
      values: { cluster: 'hpc' },
      details: { output: expect.stringContaining(words) }
    });
  });
});

/** A port that takes no connection, and refuses none: its queue is full, and nobody empties it. Ends with the test. */
async function deafPort(): Promise<string> {
  const program = `
import socket, time
server = socket.socket()
server.bind(('127.0.0.1', 0))
server.listen(0)
waiting = [socket.socket() for _ in range(3)]
for one in waiting:
    one.setblocking(False)
    one.connect_ex(server.getsockname())
time.sleep(0.2)
print(server.getsockname()[1], flush=True)
time.sleep(60)
`;
  const child = spawn('python3', ['-c', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill());
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return port.toString().trim();
}
