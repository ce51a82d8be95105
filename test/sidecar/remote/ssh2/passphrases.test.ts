import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import pino from 'pino';
import type { AuthContext } from 'ssh2';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Asker } from '../../../../src/sidecar/remote/asker';
import { opensshWay } from '../../../../src/sidecar/remote/openssh/connection';
import { ssh2Way } from '../../../../src/sidecar/remote/ssh2/connection';
import { Passphrases } from '../../../../src/sidecar/remote/ssh2/passphrases';
import { Hpc } from '../openssh/hpc';
import { Person } from '../openssh/person';
import { whyNoSshd } from '../openssh/sshd';
import { type KeyPair, makeKey } from './keys';
import { type Behaviour, SshServer } from './sshServer';

const LOG = pino({ level: 'silent' });
const KINDS: [kind: string, options: string[]][] = [
  ['ed25519', ['-t', 'ed25519']],
  ['rsa', ['-t', 'rsa', '-b', '2048']],
  ['ecdsa, as PEM', ['-t', 'ecdsa', '-m', 'PEM']],
  ['rsa, as PKCS#8', ['-t', 'rsa', '-b', '2048', '-m', 'PKCS8']]
];

const reason = whyNoSshd();
const SKIPPED = reason === null ? '' : ` (skipped: ${reason})`;

let hpc: Hpc;
let locked: KeyPair;
let passphrases: Passphrases;

beforeEach(() => {
  hpc = new Hpc();
  locked = makeKey(hpc.home, 'locked', ['-t', 'ed25519'], 'opens it');
  passphrases = new Passphrases();
});

/** A person who types one answer after another, and wants passphrases kept. */
function keeper(...answers: string[]): Person {
  const person = new Person(...answers.map(answer => [answer]));
  person.keeps = true;
  return person;
}

/** Milliseconds for several logins, each with ssh itself. */
const LONG = 60_000;

describe.each(['ssh2', 'openssh'] as const)(
  'by %s, the passphrase of a key',
  { timeout: LONG },
  by => {
    /** Logs in and out. */
    async function logIn(config: string, asker: Asker | null): Promise<void> {
      const given = { configFile: config, passphrases };
      const way =
        by === 'ssh2'
          ? ssh2Way('hpc', () => ({ ...given, agentSockets: [] }), LOG)
          : opensshWay('hpc', async () => ({ ...given, environment: process.env }), LOG);
      const connection = await way.connect(asker);
      connection.close();
    }

    function configOf(server: { port: number }, ...lines: string[]): string {
      return hpc.config(server, ...lines, `IdentityFile ${locked.file}`, 'IdentitiesOnly yes');
    }

    describe.skipIf(reason !== null)(`at a real SSH server${SKIPPED}`, () => {
      test.each(KINDS)(
        'is kept if the person wants it, and opens the key for loops and people: %s',
        async (_, options) => {
          rmSync(locked.file);
          locked = makeKey(hpc.home, 'locked', options, 'opens it');
          hpc.admit(locked);
          const config = configOf(await hpc.start());
          await logIn(config, new Person(['opens it']));
          const locks = { problem: { code: 'key-locked', values: { key: locked.file } } };
          await expect(logIn(config, null)).rejects.toMatchObject(locks);
          const person = keeper('opens it');
          await logIn(config, person);
          expect(person.rounds).toMatchObject([{ kind: 'passphrase', mayKeep: true }]);
          await logIn(config, null);
          const other = new Person();
          await logIn(config, other);
          expect(other.rounds).toEqual([]);
          passphrases.forgetAll();
          await expect(logIn(config, null)).rejects.toMatchObject(locks);
        }
      );

      test('is forgotten once it does not open the key any more, and asked for', async () => {
        hpc.admit(locked);
        const config = configOf(await hpc.start());
        await logIn(config, keeper('opens it'));
        execFileSync('ssh-keygen', [
          '-p',
          '-q',
          '-P',
          'opens it',
          '-N',
          'another',
          '-f',
          locked.file
        ]);
        await expect(logIn(config, null)).rejects.toMatchObject({
          problem: { code: 'key-locked' }
        });
        expect(passphrases.areKept([locked.file])).toBe(false);
        const person = new Person(['another']);
        await logIn(config, person);
        expect(person.rounds).toHaveLength(1);
      });

      test('is not kept where it does not open the key', async () => {
        hpc.admit(locked);
        const config = configOf(await hpc.start());
        await expect(logIn(config, keeper('wrong'))).rejects.toMatchObject({
          problem: { code: expect.stringMatching(/^(answer-refused|sign-in-cancelled)$/) }
        });
        expect(passphrases.areKept([locked.file])).toBe(false);
      });

      test('makes nobody believe a host that is not known', async () => {
        hpc.admit(locked);
        const server = await hpc.start();
        await logIn(configOf(server), keeper('opens it'));
        const stranger = configOf(server, `UserKnownHostsFile ${hpc.file('nobody')}`);
        await expect(logIn(stranger, null)).rejects.toMatchObject({
          problem: { code: 'host-key-unknown' }
        });
      });

      test('leaves another key that is locked, and whose host would take it, to the person', async () => {
        const other = makeKey(hpc.home, 'other', ['-t', 'ed25519'], 'secret');
        await passphrases.keepIfRight(locked.file, 'opens it');
        hpc.admit(other);
        const config = configOf(await hpc.start(), `IdentityFile ${other.file}`);
        await expect(logIn(config, null)).rejects.toMatchObject({
          problem: { code: 'key-locked', values: { key: other.file } }
        });
        const person = new Person(['secret']);
        await logIn(config, person);
        expect(person.rounds).toMatchObject([{ file: other.file }]);
      });
    });

    describe('is not given to a host', () => {
      let heard: string[];

      /** A host that asks for it in the words of ssh, by each of its methods that ask. */
      async function forger(method: 'keyboard-interactive' | 'password'): Promise<SshServer> {
        heard = [];
        const authenticate: Behaviour['authenticate'] = (context: AuthContext) => {
          if (context.method === 'keyboard-interactive') {
            const prompt = `Enter passphrase for key '${locked.file}': `;
            context.prompt([{ prompt, echo: false }], 'ssh', prompt, answers => {
              heard.push(...answers);
              context.reject([]);
            });
          } else {
            heard.push(...(context.method === 'password' ? [context.password] : []));
            context.reject([method]);
          }
        };
        const server = await SshServer.start({ hostKeys: [hpc.hostKey], users: [], authenticate });
        onTestFinished(() => server.stop());
        return server;
      }

      test('that asks for it as ssh would, where nobody can be asked', async () => {
        await passphrases.keepIfRight(locked.file, 'opens it');
        for (const method of ['keyboard-interactive', 'password'] as const) {
          const config = configOf(await forger(method));
          await expect(logIn(config, null)).rejects.toMatchObject({
            problem: { code: 'login-asks' }
          });
          expect(heard).toEqual([]);
        }
      });

      test('that asks for it as ssh would: a person sees that the host asks, and nothing is kept', async () => {
        await passphrases.keepIfRight(locked.file, 'opens it');
        const person = keeper('typed');
        const config = configOf(await forger('keyboard-interactive'));
        await expect(logIn(config, person)).rejects.toMatchObject({
          problem: { code: 'answer-refused' }
        });
        expect(person.rounds).toMatchObject([{ kind: 'prompts', file: null, mayKeep: false }]);
        expect(heard).toEqual(['typed']);
        expect(await passphrases.of(locked.file)).toBe('opens it');
      });
    });
  }
);
