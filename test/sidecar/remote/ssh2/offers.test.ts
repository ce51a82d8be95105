import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Problem, ProblemError, problem } from '../../../../src/api/problem';
import type { Round } from '../../../../src/api/question';
import type { Asker } from '../../../../src/sidecar/remote/asker';
import { fingerprint } from '../../../../src/sidecar/remote/ssh2/knownHosts';
import { type Login, login } from '../../../../src/sidecar/remote/ssh2/login';
import { asProblem } from '../../../../src/sidecar/process/asProblem';
import { Passphrases } from '../../../../src/sidecar/remote/ssh2/passphrases';
import { makeTemp } from '../../../makeTemp';
import { type KeyPair, makeKey } from './keys';
import {
  type AskedRound,
  type Behaviour,
  SshServer,
  at,
  writeConfig,
  writeKnownHosts
} from './sshServer';

let folder: string;
let hostKey: KeyPair;
let key: KeyPair;
beforeEach(() => {
  folder = makeTemp();
  hostKey = makeKey(folder, 'host');
  key = makeKey(folder, 'id');
});

/** Somebody who gives these answers, one round after another, and remembers what was asked. */
class Person implements Asker {
  readonly asked: Round[] = [];
  constructor(private readonly answers: (readonly string[] | Error)[]) {}

  async ask(round: Round): Promise<readonly string[]> {
    this.asked.push(round);
    const answer = this.answers.shift() ?? new Error(`nobody knows: ${JSON.stringify(round)}`);
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  }

  get texts(): string[] {
    return this.asked.flatMap(({ prompts }) => prompts.map(({ text }) => text));
  }
}

const CODE: AskedRound = {
  name: 'Two steps',
  instruction: 'Have your token ready.',
  prompts: [{ prompt: 'TOTP: ', echo: false }],
  isRight: ([code]) => code === '123456'
};
const MENU: AskedRound = {
  prompts: [{ prompt: 'Passcode or option (1-3): ', echo: true }],
  isRight: ([option]) => option === '1'
};

function serve(behaviour: Partial<Behaviour>): Promise<SshServer> {
  return SshServer.start({ hostKeys: [hostKey], users: [], ...behaviour });
}

async function logIn(
  server: SshServer,
  asker: Asker | null,
  { known = [`${at(server)} ${hostKey.line}`], options = '', agents = [] as string[] } = {}
): Promise<Login> {
  writeKnownHosts(folder, known);
  const config = `Host hpc\n  Port ${server.port}\n  ${options}`;
  const configFile = writeConfig(folder, config);
  const made = await login(
    'hpc',
    { configFile, agentSockets: agents, passphrases: new Passphrases() },
    asker
  );
  onTestFinished(() => void made.client.destroy());
  return made;
}

function problemOf(attempt: Promise<unknown>): Promise<Problem> {
  return attempt.then(() => {
    throw new Error('it let us in');
  }, asProblem);
}

describe('questions of the host', () => {
  const methods: Behaviour['methods'] = ['keyboard-interactive'];

  test('are asked round by round, in its own words', async () => {
    const server = await serve({ methods, rounds: [CODE, MENU] });
    const person = new Person([['123456'], ['1']]);
    await logIn(server, person);
    expect(server.answers).toEqual([['123456'], ['1']]);
    expect(person.asked).toMatchObject([
      {
        kind: 'prompts',
        asker: 'ada@127.0.0.1',
        name: 'Two steps',
        instruction: 'Have your token ready.',
        prompts: [{ text: 'TOTP: ', echo: false }]
      },
      { prompts: [{ text: 'Passcode or option (1-3): ', echo: true }] }
    ]);
    const [first] = person.asked;
    expect(first?.expires).toBeGreaterThan(Date.now() + 60_000);
    expect(first?.expires).toBeLessThanOrEqual(Date.now() + 120_000);
  });

  test('have empty answers, and several prompts in a round', async () => {
    const prompts = [
      { prompt: 'Password: ', echo: false },
      { prompt: 'Press Enter', echo: true }
    ];
    const isRight = (answers: readonly string[]): boolean => answers.join('|') === 'secret|';
    const server = await serve({ methods, rounds: [{ prompts, isRight }] });
    await logIn(server, new Person([['secret', '']]));
    expect(server.answers).toEqual([['secret', '']]);
  });

  test.each(['a file', 'an agent', 'a file with a passphrase'])(
    'follow a key of %s in one login',
    async place => {
      const passphrase = place === 'a file with a passphrase' ? 'opens it' : '';
      const mine = makeKey(folder, 'mine', ['-t', 'ed25519'], passphrase);
      const server = await serve({ users: [mine], methods, rounds: [CODE] });
      const agents = place === 'an agent' ? [await startAgent(mine)] : [];
      const options =
        agents.length > 0 ? 'IdentityAgent SSH_AUTH_SOCK' : `IdentityFile ${mine.file}`;
      const person = new Person([...(passphrase === '' ? [] : [[passphrase]]), ['123456']]);
      await logIn(server, person, { agents, options });
      expect(server.answers).toEqual([['123456']]);
      expect(person.asked.at(-1)).toMatchObject({ kind: 'prompts', name: 'Two steps' });
      expect(person.asked).toHaveLength(passphrase === '' ? 1 : 2);
    }
  );

  test('that were not answered rightly are not asked again by us', async () => {
    const server = await serve({ methods: ['keyboard-interactive', 'password'], rounds: [CODE] });
    const person = new Person([['999999']]);
    const found = await problemOf(logIn(server, person));
    expect(found).toMatchObject({ code: 'answer-refused', values: { host: 'hpc', user: 'ada' } });
    expect(JSON.stringify(found)).not.toContain('999999');
    expect([person.asked.length, server.connections]).toEqual([1, 1]);
    expect(server.attempts.filter(method => method !== 'none')).toEqual(['keyboard-interactive']);
  });

  test('are nobody to ask for a loop, and not one attempt is made', async () => {
    const server = await serve({ methods, rounds: [CODE] });
    expect(await problemOf(logIn(server, null))).toMatchObject({ code: 'login-asks' });
    expect(server.attempts).toEqual(['none']);
  });

  test('a person who wants no more of it ends the login', async () => {
    const server = await serve({ methods, rounds: [CODE] });
    const cancelled = problem('sign-in-cancelled', { host: 'hpc' });
    const found = await problemOf(logIn(server, new Person([cancelled])));
    expect(found).toEqual(cancelled.problem);
    await vi.waitUntil(() => server.open === 0);
    expect(server.answers).toEqual([]);
  });

  test('are over when the host hangs up', async () => {
    const server = await serve({ methods, rounds: [CODE] });
    const withdrawn: unknown[] = [];
    const asker: Asker = {
      ask: (_, over) =>
        new Promise((_resolve, reject) => {
          over.addEventListener('abort', () => {
            withdrawn.push(over.reason);
            reject(over.reason as Error);
          });
          setTimeout(() => server.cut(), 50);
        })
    };
    expect(await problemOf(logIn(server, asker))).toMatchObject({ code: 'sign-in-expired' });
    expect(withdrawn).toEqual([expect.any(ProblemError)]);
  });

  test.each([
    ['BatchMode yes', 'login-refused'],
    ['KbdInteractiveAuthentication no', 'login-refused'],
    ['PreferredAuthentications publickey', 'login-refused']
  ])('are not asked with %s', async (options, code) => {
    const server = await serve({ methods, rounds: [CODE] });
    const person = new Person([]);
    expect(await problemOf(logIn(server, person, { options }))).toMatchObject({ code });
    expect(person.asked).toEqual([]);
  });
});

describe('a password', () => {
  test('is asked for as ssh does, where the host takes one', async () => {
    const server = await serve({ methods: ['password'], password: 'secret' });
    const person = new Person([['secret']]);
    await logIn(server, person);
    expect(person.texts).toEqual(["ada@127.0.0.1's password: "]);
  });

  test('is sent once', async () => {
    const server = await serve({ methods: ['password'], password: 'secret' });
    const found = await problemOf(logIn(server, new Person([['wrong'], ['wrong']])));
    expect(found.code).toBe('answer-refused');
    expect(server.attempts).toEqual(['none', 'password']);
  });
});

describe('a passphrase', () => {
  test('is asked for when the host takes the key, and again while it is not right', async () => {
    const locked = makeKey(folder, 'locked', ['-t', 'ed25519'], 'opens it');
    const server = await serve({ users: [locked] });
    const options = `IdentityFile ${locked.file}`;
    const person = new Person([['nonsense'], ['opens it']]);
    await logIn(server, person, { options });
    expect(person.asked).toMatchObject([
      { kind: 'passphrase', file: locked.file, isRepeated: false },
      { kind: 'passphrase', file: locked.file, isRepeated: true }
    ]);
    const stranger = await serve({ users: [key] });
    const nobody = new Person([]);
    const only = `IdentitiesOnly yes\n  IdentityFile ${locked.file}`;
    await logIn(stranger, nobody, { options: only });
    expect(nobody.asked).toEqual([]);
  });
});

test('who does not open a key ends the login, and no other key is asked for', async () => {
  const locked = ['one', 'two'].map(name => makeKey(folder, name, ['-t', 'ed25519'], 'opens it'));
  const server = await serve({ users: locked, methods: ['password'], password: 'secret' });
  const options = locked.map(({ file }) => `IdentityFile ${file}`).join('\n  ');
  const cancelled = problem('sign-in-cancelled', { host: 'hpc' });
  const person = new Person([cancelled]);
  const found = await problemOf(logIn(server, person, { options }));
  expect([found, person.asked.length]).toEqual([cancelled.problem, 1]);
});

test('a host that asks for more than people can answer is left', async () => {
  const prompts = Array.from({ length: 21 }, () => ({ prompt: 'x', echo: true }));
  const server = await serve({
    methods: ['keyboard-interactive'],
    rounds: [{ prompts, isRight: () => true }]
  });
  const person = new Person([]);
  const found = await problemOf(logIn(server, person));
  expect([found.code, person.asked]).toEqual(['cluster-unreachable', []]);
});

describe('a host that is not known', () => {
  const accept = ['yes'];
  const attempt = (server: SshServer, person: Asker | null, options = ''): Promise<Login> =>
    logIn(server, person, { known: [], options });
  const written = (): string => readFileSync(path.join(folder, 'known_hosts'), 'utf8');

  test('is shown, and written down when it is accepted', async () => {
    const server = await serve({ users: [key] });
    const person = new Person([accept]);
    await attempt(server, person);
    expect(person.asked).toMatchObject([
      {
        kind: 'host-key',
        key: {
          type: 'ssh-ed25519',
          fingerprint: fingerprint(hostKey.blob),
          address: `[127.0.0.1]:${server.port}`
        }
      }
    ]);
    expect(written().trim()).toBe(`${at(server)} ${hostKey.line.split(' ').slice(0, 2).join(' ')}`);
    const nobody = new Person([]);
    await logIn(server, nobody, { known: written().trim().split('\n') });
    expect(nobody.asked).toEqual([]);
  });

  test('is written down as OpenSSH reads it, hashed where the configuration says so', async () => {
    const server = await serve({ users: [key] });
    writeFileSync(path.join(folder, 'known_hosts'), '# no end of line');
    await attempt(server, new Person([accept]), 'HashKnownHosts yes');
    expect(written()).toMatch(/^\n?\|1\|/);
    const file = path.join(folder, 'known_hosts');
    const found = execFileSync('ssh-keygen', ['-F', at(server), '-f', file], { encoding: 'utf8' });
    expect(found).toContain(hostKey.blob.toString('base64'));
  });

  test.each(['accept-new', 'no'])(
    'is taken by itself with StrictHostKeyChecking %s',
    async value => {
      const server = await serve({ users: [key] });
      await attempt(server, null, `StrictHostKeyChecking ${value}`);
      expect(written()).toContain(hostKey.blob.toString('base64'));
    }
  );

  test.each<[string, Asker | null, string, string]>([
    [
      'refused by the configuration',
      new Person([]),
      'StrictHostKeyChecking yes',
      'host-key-not-taken'
    ],
    ['nobody is there', null, '', 'host-key-unknown']
  ])('is not where it is %s', async (_, person, options, code) => {
    const server = await serve({ users: [key] });
    const found = await problemOf(attempt(server, person, options));
    expect(found.code).toBe(code);
    expect(existsSync(path.join(folder, 'known_hosts')) ? written().trim() : '').toBe('');
  });

  test('that has changed is never asked about', async () => {
    const server = await serve({ users: [key] });
    const other = makeKey(folder, 'other');
    const known = [`${at(server)} ${other.line}`];
    for (const options of ['', 'StrictHostKeyChecking accept-new', 'StrictHostKeyChecking no']) {
      const person = new Person([]);
      const found = await problemOf(logIn(server, person, { known, options }));
      expect([found.code, person.asked]).toEqual(['host-key-changed', []]);
    }
  });
});

/** A real agent that has a key, whose file is removed; it ends with the test. */
async function startAgent({ file }: KeyPair): Promise<string> {
  const socket = path.join(makeTemp(), 'agent');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  onTestFinished(() => void agent.kill());
  await vi.waitUntil(() => existsSync(socket));
  execFileSync('ssh-add', ['-q', file], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  return socket;
}
