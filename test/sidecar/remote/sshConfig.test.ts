import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import pino from 'pino';
import { beforeEach, describe, expect, test } from 'vitest';
import { english } from '../../../src/api/translation';
import { asProblem } from '../../../src/sidecar/process/asProblem';
import type { Asker } from '../../../src/sidecar/remote/asker';
import { Collected } from '../../../src/sidecar/remote/collected';
import { opensshWay } from '../../../src/sidecar/remote/openssh/connection';
import { ssh2Way } from '../../../src/sidecar/remote/ssh2/connection';
import { Passphrases } from '../../../src/sidecar/remote/ssh2/passphrases';
import { problemWords } from '../../../src/words';
import { agentOf } from './openssh/agent';
import { Hpc } from './openssh/hpc';
import { Person } from './openssh/person';
import { Sshd, USER, freePort, whyNoSshd } from './openssh/sshd';
import { type KeyPair, makeKey } from './ssh2/keys';
import { Proxy } from './ssh2/sshServer';

const LOG = pino({ level: 'silent' });
const reason = whyNoSshd();
const SKIPPED = reason === null ? '' : ` (skipped: ${reason})`;

let hpc: Hpc;
let server: Sshd;
let other: KeyPair;

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
      `IdentityAgent ${await agentOf(hpc, other, hpc.id)}`,
      'IdentitiesOnly yes',
      `IdentityFile ${hpc.id.file}.pub`
    ],
    seen: () => expect(shown()).toEqual([fingerprint(hpc.id)])
  },
  IdentityAgent: {
    lines: async () => {
      hpc.admit(other);
      return [`IdentityAgent ${await agentOf(hpc, other)}`];
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
  'ProxyCommand, with its tokens': {
    lines: () => {
      const program = hpc.file('pipe.cjs');
      const pipe = 'process.stdin.pipe(this).pipe(process.stdout)';
      writeFileSync(
        program,
        `const [, , mark, name, port] = process.argv;
require('node:fs').writeFileSync(mark, name);
require('node:net').connect(Number(port), '127.0.0.1', function () { ${pipe}; });\n`
      );
      return [
        'HostName far.invalid',
        `HostKeyAlias [127.0.0.1]:${server.port}`,
        `ProxyCommand ${process.execPath} ${program} ${hpc.file('passed')} %h %p`
      ];
    },
    seen: () => expect(readFileSync(hpc.file('passed'), 'utf8')).toBe('far.invalid')
  },
  'StrictHostKeyChecking yes, of a host that is known': {
    lines: () => ['StrictHostKeyChecking yes']
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

    test('ConnectionAttempts: a host that begins to listen meanwhile is reached, by one login', async () => {
      server = await hpc.start();
      const port = await freePort();
      const config = hpc.config({ port }, 'ConnectionAttempts 6');
      const login = output(config, null);
      setTimeout(() => void Proxy.start(server.port, port), 1500);
      expect(await login).toBe(`${USER}\n`);
      expect(server.count('Accepted publickey')).toBe(1);
    });

    test('ConnectionAttempts: who is not let in does not come again', async () => {
      server = await hpc.start();
      hpc.admit(other);
      const config = hpc.config(server, 'ConnectionAttempts 3');
      await expect(connect(config, null)).rejects.toMatchObject({
        problem: { code: 'login-refused' }
      });
      // One looked whether it listens.
      expect(server.count('Connection from')).toBe(2);
    });

    test('ConnectTimeout: a host that takes the call and says nothing is given up', async () => {
      const config = hpc.config(await Proxy.start(null), 'ConnectTimeout 1');
      const begun = performance.now();
      await expect(connect(config, null)).rejects.toMatchObject({
        problem: { code: 'cluster-unreachable' }
      });
      expect(performance.now() - begun).toBeLessThan(10_000);
    });

    test('ServerAliveInterval and ServerAliveCountMax: a connection that carries nothing any more is lost', async () => {
      server = await hpc.start();
      const link = await Proxy.start(server.port);
      const config = hpc.config(link, 'ServerAliveInterval 1', 'ServerAliveCountMax 2');
      const connection = await connect(config, null);
      const output = new Collected();
      const script = 'echo begun; sleep 60';
      const run = connection.run({ script, timeoutSeconds: 60, output });
      run.catch(() => undefined);
      await expect.poll(() => output.bytes.length, { timeout: 8000 }).toBeGreaterThan(0);
      link.isSwallowing = true;
      const begun = performance.now();
      await expect(run).rejects.toMatchObject({ problem: { code: 'cluster-unreachable' } });
      expect(connection.isOpen).toBe(false);
      expect(performance.now() - begun).toBeLessThan(15_000);
    });

    describe('StrictHostKeyChecking of a host that is not known:', () => {
      const nowhere = (checking: string): string[] => [
        `UserKnownHostsFile ${hpc.file('known')}`,
        `StrictHostKeyChecking ${checking}`
      ];

      test.each(['accept-new', 'no', 'off'])('%s takes it, and writes it down', async checking => {
        server = await hpc.start();
        const person = new Person();
        const config = hpc.config(server, ...nowhere(checking));
        expect(await output(config, person)).toBe(`${USER}\n`);
        expect(person.rounds).toEqual([]);
        expect(readFileSync(hpc.file('known'), 'utf8')).toContain(hpc.hostKey.line.trim());
      });

      test('ask asks, and a loop is not let in', async () => {
        server = await hpc.start();
        const config = hpc.config(server, ...nowhere('ask'));
        await expect(connect(config, null)).rejects.toMatchObject({
          problem: { code: 'host-key-unknown' }
        });
        const person = new Person(['yes']);
        expect(await output(config, person)).toBe(`${USER}\n`);
        expect(person.rounds).toMatchObject([{ kind: 'host-key' }]);
      });

      test('yes takes none, and asks nobody', async () => {
        server = await hpc.start();
        const person = new Person(['yes']);
        await expect(connect(hpc.config(server, ...nowhere('yes')), person)).rejects.toMatchObject({
          problem: { code: 'host-key-not-taken' }
        });
        expect(person.rounds).toEqual([]);
      });
    });

    test.each(['yes', 'ask', 'accept-new'])(
      'StrictHostKeyChecking %s: a host that shows another key than before is refused',
      async checking => {
        server = await hpc.start();
        writeFileSync(hpc.file('known'), `[127.0.0.1]:${server.port} ${other.line}\n`);
        const lines = [
          `UserKnownHostsFile ${hpc.file('known')}`,
          `StrictHostKeyChecking ${checking}`
        ];
        const person = new Person(['yes']);
        await expect(connect(hpc.config(server, ...lines), person)).rejects.toMatchObject({
          problem: { code: 'host-key-changed' }
        });
        expect(person.rounds).toEqual([]);
      }
    );

    describe('several machines behind one name, each with a host key of its own:', () => {
      /** The way to them, at first to the one that is known, and what then is. */
      async function machines(
        second: KeyPair
      ): Promise<{ config: string; link: Proxy; port: number }> {
        server = await hpc.start();
        const next = await Sshd.start(hpc.home, 'next', [
          `HostKey ${second.file}`,
          `AuthorizedKeysFile ${hpc.file('authorized_keys')}`
        ]);
        const link = await Proxy.start(server.port);
        return { config: hpc.config(link), link, port: next.port };
      }

      function know({ port }: Proxy, ...keys: KeyPair[]): void {
        const lines = keys.map(({ line }) => `[127.0.0.1]:${port} ${line}\n`);
        writeFileSync(hpc.file('usual_hosts'), lines.join(''));
      }

      test('all are right where known_hosts has a line for each', async () => {
        const { config, link, port } = await machines(other);
        know(link, hpc.hostKey, other);
        for (const target of [server.port, port, server.port, port]) {
          link.target = target;
          expect(await output(config, null)).toBe(`${USER}\n`);
        }
      });

      test.each([
        ['ed25519', []],
        ['rsa', ['-b', '2048']]
      ])(
        'one that shows a new key, %s, is refused, and the advice is right for it',
        async (type, more) => {
          const key = makeKey(hpc.home, 'new', ['-t', type, ...more]);
          const { config, link, port } = await machines(key);
          link.target = port;
          const person = new Person(['yes']);
          const failed = await connect(config, person).catch((error: unknown) => error);
          expect(asProblem(failed)).toMatchObject({
            code: 'host-key-changed',
            values: { file: hpc.file('usual_hosts'), line: 1 }
          });
          expect(problemWords(asProblem(failed), english).advice).toContain('several machines');
          expect(person.rounds).toEqual([]);
        }
      );
    });

    test('a server that takes no keys at all: no advice is about keys', async () => {
      server = await hpc.start(['PubkeyAuthentication no', 'KbdInteractiveAuthentication yes']);
      const failed = await connect(hpc.config(server), null).catch((error: unknown) => error);
      expect(asProblem(failed).code).toMatch(/^login-(?:asks|refused)$/);
      const { advice, title } = problemWords(asProblem(failed), english);
      expect(`${title} ${advice}`).not.toMatch(/ssh-keygen|ssh-add|passphrase|\bkeys?\b/);
    });

    test('AddressFamily inet6 does not go to an address of the other kind', async () => {
      server = await hpc.start();
      await expect(connect(hpc.config(server, 'AddressFamily inet6'), null)).rejects.toMatchObject({
        problem: { code: expect.stringMatching(/^(host-not-found|cluster-unreachable)$/) }
      });
      // The server's log is behind: the one that began it, and this one.
      expect(await output(hpc.config(server), null)).toBe(`${USER}\n`);
      await expect.poll(() => server.count('Connection from')).toBe(2);
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
