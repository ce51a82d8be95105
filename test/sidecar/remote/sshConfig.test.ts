import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import pino from 'pino';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Asker } from '../../../src/sidecar/remote/asker';
import { opensshWay } from '../../../src/sidecar/remote/openssh/connection';
import { ssh2Way } from '../../../src/sidecar/remote/ssh2/connection';
import { Passphrases } from '../../../src/sidecar/remote/ssh2/passphrases';
import { Hpc } from './openssh/hpc';
import { Person } from './openssh/person';
import { type Sshd, USER, whyNoSshd } from './openssh/sshd';
import { type KeyPair, makeKey } from './ssh2/keys';

const LOG = pino({ level: 'silent' });
const reason = whyNoSshd();
const SKIPPED = reason === null ? '' : ` (skipped: ${reason})`;

let hpc: Hpc;
let server: Sshd;
let other: KeyPair;

/** An agent of this test that has these keys; gives its socket. */
async function agentWith(...keys: KeyPair[]): Promise<string> {
  const socket = hpc.file('agent');
  const agent: ChildProcess = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  onTestFinished(async () => {
    agent.kill();
    await once(agent, 'exit');
  });
  await expect.poll(() => existsSync(socket), { timeout: 5000 }).toBe(true);
  const env = { ...process.env, SSH_AUTH_SOCK: socket };
  keys.forEach(({ file }) => execFileSync('ssh-add', ['-q', file], { env, stdio: 'pipe' }));
  return socket;
}

/** The fingerprints of keys that the server was shown, in turn. */
function shown(): string[] {
  return [...server.log.matchAll(/^(?:Failed|Accepted) publickey for .* (SHA256:\S+)/gm)].map(
    ([, fingerprint = '']) => fingerprint
  );
}

function fingerprint({ file }: KeyPair): string {
  return (
    execFileSync('ssh-keygen', ['-lf', `${file}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? ''
  );
}

/** How a row goes: lines of the host before the usual ones, and what has to be true of it. */
interface Row {
  /** Lines for the server. */
  sshd?: string[];
  lines: () => string[] | Promise<string[]>;
  /** A command there, and what it prints. */
  prints?: [script: string, output: string];
  seen?: () => void;
}

const ROWS: Record<string, Row> = {
  'Include, with a pattern': {
    lines: () => {
      writeFileSync(hpc.file('more-1.conf'), `IdentityFile ${hpc.id.file}\nIdentitiesOnly yes\n`);
      return [`Include ${hpc.home}/more-*.conf`, `IdentityFile ${other.file}`];
    },
    seen: () => expect(shown()).toEqual([fingerprint(hpc.id)])
  },
  'Match host, user, originalhost, exec': {
    lines: () => [
      `Match originalhost hpc host hpc user ${USER} exec "test %n = hpc"`,
      `IdentityFile ${hpc.id.file}`,
      'Match exec false',
      'HostName no-such-host.invalid',
      'Match user nobody',
      'Port 1',
      'Host hpc',
      'IdentitiesOnly yes'
    ],
    seen: () => expect(shown()).toEqual([fingerprint(hpc.id)])
  },
  'Match final': {
    sshd: ['AcceptEnv PASS'],
    lines: () => ['Match final host 127.0.0.1', 'SetEnv PASS=second', 'Host hpc'],
    prints: ['printenv PASS', 'second\n']
  },
  'CanonicalizeHostname, and Match canonical': {
    sshd: ['AcceptEnv PASS'],
    lines: () => [
      'CanonicalizeHostname always',
      'CanonicalizeFallbackLocal yes',
      'Match canonical host 127.0.0.1',
      'SetEnv PASS=canonical',
      'Host hpc'
    ],
    prints: ['printenv PASS', 'canonical\n']
  },
  tokens: {
    lines: () => {
      const link = hpc.file(`key-hpc-127.0.0.1-${server.port}-${USER}-%`);
      execFileSync('cp', ['-p', hpc.id.file, link]);
      execFileSync('cp', ['-p', `${hpc.id.file}.pub`, `${link}.pub`]);
      return [`IdentityFile ${hpc.home}/key-%n-%h-%p-%r-%%`, 'IdentitiesOnly yes'];
    }
  },
  'several IdentityFiles, in their order': {
    lines: () => [`IdentityFile ${other.file}`, `IdentityFile ${hpc.id.file}`],
    seen: () => expect(shown()).toEqual([fingerprint(other), fingerprint(hpc.id)])
  },
  'IdentitiesOnly: nothing of the agent that is not named': {
    lines: async () => [
      `IdentityAgent ${await agentWith(other, hpc.id)}`,
      'IdentitiesOnly yes',
      `IdentityFile ${hpc.id.file}.pub`
    ],
    seen: () => expect(shown()).toEqual([fingerprint(hpc.id)])
  },
  IdentityAgent: {
    lines: async () => {
      hpc.admit(other);
      return [`IdentityAgent ${await agentWith(other)}`];
    },
    seen: () => expect(shown()).toEqual([fingerprint(other)])
  },
  AddressFamily: {
    lines: () => [
      'HostName localhost',
      `HostKeyAlias [127.0.0.1]:${server.port}`,
      'AddressFamily inet'
    ]
  },
  BindAddress: {
    lines: () => ['BindAddress 127.0.0.2'],
    seen: () => expect(server.log).toContain('Connection from 127.0.0.2 ')
  },
  SetEnv: {
    sshd: ['AcceptEnv ONE TWO'],
    lines: () => ['SetEnv ONE="a b" TWO=c=d'],
    prints: ['printenv ONE TWO', 'a b\nc=d\n']
  },
  'PermitLocalCommand, which is ignored': {
    lines: () => ['PermitLocalCommand yes', `LocalCommand touch ${hpc.file('mark')}`],
    seen: () => expect(existsSync(hpc.file('mark'))).toBe(false)
  },
  'RemoteCommand and RequestTTY, which are overridden': {
    lines: () => ['RemoteCommand echo never', 'RequestTTY force'],
    prints: ['test -t 0 || echo no terminal', 'no terminal\n']
  },
  HostKeyAlias: {
    lines: () => {
      writeFileSync(hpc.file('alias_hosts'), `cluster ${hpc.hostKey.line}\n`);
      return ['HostKeyAlias Cluster', `UserKnownHostsFile ${hpc.file('alias_hosts')}`];
    }
  },
  'UserKnownHostsFile: several': {
    lines: () => [`UserKnownHostsFile ${hpc.file('first')} ${hpc.file('usual_hosts')}`],
    seen: () => expect(existsSync(hpc.file('first'))).toBe(false)
  },
  'UserKnownHostsFile: several, of which the first gets a new host': {
    lines: () => [
      `UserKnownHostsFile ${hpc.file('first')} ${hpc.file('second')}`,
      'StrictHostKeyChecking accept-new'
    ],
    seen: () => {
      expect(readFileSync(hpc.file('first'), 'utf8')).toContain(hpc.hostKey.line.trim());
      expect(existsSync(hpc.file('second'))).toBe(false);
    }
  },
  'ConnectionAttempts at a host that answers: one': {
    lines: () => ['ConnectionAttempts 3', 'ConnectTimeout 5'],
    // One looked whether it listens.
    seen: () => expect(server.count('Connection from')).toBe(2)
  }
};

describe.skipIf(reason !== null)(`~/.ssh/config counts as it does for ssh${SKIPPED}`, () => {
  beforeEach(() => {
    hpc = new Hpc();
    other = makeKey(hpc.home, 'other');
  });

  describe.each(['ssh2', 'openssh'] as const)('by %s:', by => {
    function connect(configFile: string, asker: Asker | null) {
      const given = { configFile, passphrases: new Passphrases() };
      return by === 'ssh2'
        ? ssh2Way('hpc', () => ({ ...given, agentSockets: [] }), LOG).connect(asker)
        : opensshWay('hpc', async () => ({ ...given, environment: process.env }), LOG).connect(
            asker
          );
    }

    /** What a command there prints. */
    async function output(configFile: string, asker: Asker | null, script = 'id -un') {
      const connection = await connect(configFile, asker);
      const { stdout } = await connection.run({ script, timeoutSeconds: 20 });
      connection.close();
      return stdout;
    }

    test.each(Object.entries(ROWS))('%s', async (_, { lines, prints, sshd = [], seen }) => {
      server = await hpc.start(sshd);
      const [script, expected] = prints ?? ['id -un', `${USER}\n`];
      expect(await output(hpc.config(server, ...(await lines())), null, script)).toBe(expected);
      seen?.();
    });

    test('AddressFamily inet6 does not go to an address of the other kind', async () => {
      server = await hpc.start();
      await expect(connect(hpc.config(server, 'AddressFamily inet6'), null)).rejects.toMatchObject({
        problem: { code: expect.stringMatching(/^(host-not-found|cluster-unreachable)$/) }
      });
      expect(server.count('Connection from')).toBe(1);
    });

    test('UserKnownHostsFile /dev/null: the person is asked each time, and nothing is written', async () => {
      server = await hpc.start();
      const config = hpc.config(server, 'UserKnownHostsFile /dev/null');
      await expect(connect(config, null)).rejects.toMatchObject({
        problem: { code: 'host-key-not-kept' }
      });
      for (const person of [new Person(['yes']), new Person(['yes'])]) {
        expect(await output(config, person)).toBe(`${USER}\n`);
        expect(person.rounds).toMatchObject([{ kind: 'host-key' }]);
      }
    });

    test.each(['ask', 'accept-new', 'no'])(
      'UserKnownHostsFile none: nobody is asked, and no new host is taken, with StrictHostKeyChecking %s',
      async checking => {
        server = await hpc.start();
        const lines = ['UserKnownHostsFile none', `StrictHostKeyChecking ${checking}`];
        const person = new Person(['yes']);
        await expect(connect(hpc.config(server, ...lines), person)).rejects.toMatchObject({
          problem: { code: 'host-key-not-taken' }
        });
        expect(person.rounds).toEqual([]);
      }
    );

    test('ProxyJump over two hops: each has a key of its own to accept', async () => {
      server = await hpc.start();
      const [one, two] = [makeKey(hpc.home, 'one-key'), makeKey(hpc.home, 'two-key')];
      const first = await hpc.start([`HostKey ${one.file}`], 'first');
      const second = await hpc.start([`HostKey ${two.file}`], 'second');
      const known = `UserKnownHostsFile ${hpc.file('known')}`;
      const config = hpc.config(server, known, 'ProxyJump first,second');
      const hops = [
        ['first', first],
        ['second', second]
      ] as const;
      const more = hops.map(
        ([name, { port }]) => `Host ${name}\n  HostName 127.0.0.1\n  Port ${port}\n  ${known}\n`
      );
      writeFileSync(config, `${more.join('')}${readFileSync(config, 'utf8')}`);
      const person = new Person(['yes'], ['yes'], ['yes']);
      expect(await output(config, person)).toBe(`${USER}\n`);
      expect(person.rounds.map(({ key }) => [key?.address, key?.fingerprint])).toEqual([
        [expect.stringContaining(`:${first.port}`), fingerprint(one)],
        [expect.stringContaining(`:${second.port}`), fingerprint(two)],
        [expect.stringContaining(`:${server.port}`), fingerprint(hpc.hostKey)]
      ]);
      expect(await output(config, null)).toBe(`${USER}\n`);
    });
  });
});
