import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pino from 'pino';
import type { AuthContext } from 'ssh2';
import { afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { Asker } from '../../../../src/sidecar/remote/asker';
import { writeAskpass } from '../../../../src/sidecar/remote/openssh/askpassProgram';
import {
  AskpassServer,
  type SshQuestion
} from '../../../../src/sidecar/remote/openssh/askpassServer';
import { opensshWay } from '../../../../src/sidecar/remote/openssh/connection';
import { readQuestion } from '../../../../src/sidecar/remote/openssh/sshQuestion';
import type { Connection } from '../../../../src/sidecar/remote/way';
import { Passphrases } from '../../../../src/sidecar/remote/ssh2/passphrases';
import { makeTemp } from '../../../makeTemp';
import { type KeyPair, makeKey } from '../ssh2/keys';
import { SshServer, at, writeConfig, writeKnownHosts } from '../ssh2/sshServer';
import { Person } from './person';

let folder: string;
let hostKey: KeyPair;

beforeAll(() => {
  folder = makeTemp();
  hostKey = makeKey(folder, 'host');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

/** What ssh asks, and how it is shown. */
const QUESTIONS: [string, string, object][] = [
  [
    "The authenticity of host '[127.0.0.1]:2222 ([127.0.0.1]:2222)' can't be established.\nED25519 key fingerprint is SHA256:abc+/d.\nThis key is not known by any other names.\nAre you sure you want to continue connecting (yes/no/[fingerprint])? ",
    '',
    {
      who: null,
      asked: {
        kind: 'host-key',
        key: {
          type: 'ED25519',
          fingerprint: 'SHA256:abc+/d',
          address: '[127.0.0.1]:2222 ([127.0.0.1]:2222)'
        },
        instruction: 'This key is not known by any other names.'
      }
    }
  ],
  [
    "Enter passphrase for key '/home/a b/.ssh/id': ",
    '',
    { who: null, asked: { kind: 'passphrase', file: '/home/a b/.ssh/id' } }
  ],
  ["Enter PIN for 'token 1': ", '', { asked: { kind: 'passphrase', file: 'token 1' } }],
  [
    'Enter PIN for ED25519-SK key /home/ada/.ssh/id_sk: ',
    '',
    { asked: { kind: 'passphrase', file: '/home/ada/.ssh/id_sk' } }
  ],
  [
    "ada@hpc.example.org's password: ",
    '',
    {
      who: 'ada@hpc.example.org',
      asked: {
        kind: 'prompts',
        instruction: '',
        prompts: [{ text: "ada@hpc.example.org's password: ", echo: false }]
      }
    }
  ],
  [
    '(ada@hpc) Password: ',
    '',
    { who: 'ada@hpc', asked: { kind: 'prompts', prompts: [{ text: 'Password: ', echo: null }] } }
  ],
  [
    '(ada@hpc) Duo login for ada\n\n 1. Duo Push\n 2. Phone\n\nPasscode or option (1-2): ',
    '',
    {
      who: 'ada@hpc',
      asked: {
        instruction: 'Duo login for ada\n\n 1. Duo Push\n 2. Phone',
        prompts: [{ text: 'Passcode or option (1-2): ', echo: null }]
      }
    }
  ],
  ['Password: ', '', { who: null, asked: { prompts: [{ text: 'Password: ', echo: null }] } }],
  [
    'Confirm user presence for key ED25519-SK SHA256:x',
    'none',
    { asked: { kind: 'touch', instruction: 'Confirm user presence for key ED25519-SK SHA256:x' } }
  ],
  ['Add key k (C) to agent?', 'confirm', { asked: { kind: 'confirm' } }]
];

test.each(QUESTIONS)('a question of ssh is shown as what it is: %j', (prompt, hint, shown) => {
  expect(readQuestion({ prompt, hint }, false)).toMatchObject(shown);
});

test('what ssh asks after an answer that it has not understood is never answered', () => {
  const prompt = "Please type 'yes', 'no' or the fingerprint: ";
  expect(readQuestion({ prompt, hint: '' }, false)).toBeNull();
});

test.each([
  "Enter passphrase for key '/home/ada/.ssh/id': ",
  "The authenticity of host 'hpc' can't be established.\nED25519 key fingerprint is SHA256:x.\n",
  "root@another's password: "
])('what a host asks in the words of ssh is shown as its own: %j', prompt => {
  expect(readQuestion({ prompt, hint: '' }, true)).toEqual({
    who: null,
    asked: { kind: 'prompts', prompts: [{ text: prompt, echo: null }] }
  });
  expect(readQuestion({ prompt: `(ada@hpc) ${prompt}`, hint: '' }, true)).toMatchObject({
    who: 'ada@hpc',
    asked: { kind: 'prompts' }
  });
});

test('a password and a code are asked for in two rounds, and lead there', async () => {
  const server = await asking();
  const person = new Person(['pass word'], ['123456']);
  const connection = await connectTo(server, person);
  const { stdout } = await connection.run({ script: 'echo in', timeoutSeconds: 20 });
  expect(stdout).toBe('in\n');
  expect(person.rounds).toMatchObject([
    { kind: 'prompts', asker: 'ada@127.0.0.1', prompts: [{ text: 'Password: ', echo: null }] },
    {
      kind: 'prompts',
      asker: 'ada@127.0.0.1',
      instruction: 'Look at your token.',
      prompts: [{ text: 'Code: ' }]
    }
  ]);
  expect(server.attempts).toEqual(['none', 'keyboard-interactive']);
});

test('an answer that the host does not take is sent once, and no other', async () => {
  const server = await asking();
  const person = new Person(['pass word'], ['wrong'], ['pass word'], ['123456']);
  await expect(connectTo(server, person)).rejects.toMatchObject({
    problem: { code: 'answer-refused', values: { host: 'hpc', user: 'ada' } }
  });
  expect(server.attempts).toEqual(['none', 'keyboard-interactive']);
});

test('an empty answer is sent as it is', async () => {
  const server = await asking('', '123456');
  const connection = await connectTo(server, new Person([''], ['123456']));
  expect(connection.isOpen).toBe(true);
});

test('whoever wants no more of a login sends nothing', async () => {
  const server = await asking();
  await expect(connectTo(server, new Person('cancel'))).rejects.toMatchObject({
    problem: { code: 'sign-in-cancelled' }
  });
  await expect(connectTo(server, new Person(['pass word'], 'cancel'))).rejects.toMatchObject({
    problem: { code: 'sign-in-cancelled' }
  });
  expect(heard).toEqual(['pass word']);
  expect(server.open).toBe(0);
});

test('where nobody can be asked, nothing is tried that would ask', async () => {
  const server = await asking();
  await expect(connectTo(server, null)).rejects.toMatchObject({
    problem: { code: 'login-asks', values: { host: 'hpc', user: 'ada' } }
  });
  expect(server.attempts).toEqual(['none']);
});

test('nothing that is typed is left anywhere, nor seen by others', async () => {
  const place = makeTemp();
  vi.stubEnv('TMPDIR', place);
  const server = await asking();
  let during = '';
  const person = new Person(['pass word'], ['123456']);
  const looking: Asker = {
    ask: async (round, over) => {
      during += execFileSync('ps', ['axww', '-o', 'args='], { encoding: 'utf8' });
      during += filesBelow(place);
      return person.ask(round, over);
    }
  };
  const connection = await connectTo(server, looking);
  const after = filesBelow(place);
  expect(after).toContain('Include ');
  expect(`${during}${after}`).not.toMatch(/pass word|123456/);
  connection.close();
});

test('a question goes when nobody waits for its answer any more', async () => {
  const place = makeTemp();
  vi.stubEnv('TMPDIR', place);
  const server = await asking();
  const person = new Person('wait');
  const login = connectTo(server, person);
  login.catch(() => undefined);
  await expect.poll(() => person.rounds.length, { timeout: 5000 }).toBe(1);
  expect(person.withdrawn).toBe(0);
  const processes = execFileSync('ps', ['axww', '-o', 'pid=,args='], { encoding: 'utf8' });
  const [, pid] = new RegExp(`^ *(\\d+) ssh -F ${place}/`, 'm').exec(processes) ?? [];
  process.kill(Number(pid));
  await expect.poll(() => person.withdrawn, { timeout: 5000 }).toBe(1);
  await expect(login).rejects.toMatchObject({ problem: { code: 'cluster-unreachable' } });
});

test.skipIf(process.platform !== 'linux')(
  'a question goes when the host hangs up, which ssh does not notice',
  async () => {
    const server = await asking();
    const person = new Person('wait');
    const login = connectTo(server, person);
    login.catch(() => undefined);
    await expect.poll(() => person.rounds.length, { timeout: 5000 }).toBe(1);
    server.cut();
    await expect.poll(() => person.withdrawn, { timeout: 5000 }).toBe(1);
    await expect(login).rejects.toMatchObject({
      problem: { code: 'sign-in-expired', values: { host: 'hpc' } }
    });
  }
);

test('a host that wants a ticket is told from one that refuses', async () => {
  const programs = makeTemp();
  vi.stubEnv('PATH', `${programs}:${process.env['PATH'] ?? ''}`);
  // Its types know of no Kerberos.
  const methods = ['gssapi-with-mic'] as unknown as AuthContext['method'][];
  const authenticate = (context: AuthContext): void => context.reject(methods);
  const server = await SshServer.start({ hostKeys: [hostKey], users: [], authenticate });
  const klist = (status: number): void =>
    writeFileSync(path.join(programs, 'klist'), `#!/bin/sh\nexit ${status}\n`, { mode: 0o755 });
  klist(1);
  await expect(connectTo(server, null)).rejects.toMatchObject({
    problem: { code: 'ticket-missing', values: { host: 'hpc' } }
  });
  klist(0);
  await expect(connectTo(server, null)).rejects.toMatchObject({
    problem: { code: 'login-refused' }
  });
});

test('the program that asks ends the ssh that has started it where there is no answer, and nothing else', async () => {
  const place = makeTemp();
  const [program, socket] = [path.join(place, 'askpass'), path.join(place, 'q')];
  await writeAskpass(program, socket);
  const asked: SshQuestion[] = [];
  const server = await AskpassServer.listen(socket, async question => {
    asked.push(question);
    if (question.prompt === 'right? ') {
      return "an 'answer' ☃";
    }
    throw new Error('no answer');
  });
  onTestFinished(() => server.close());
  const environment = { ...process.env, SSH_ASKPASS_PROMPT: 'confirm' };
  const run = (prompt: string): { child: ReturnType<typeof spawn>; said: () => string } => {
    let said = '';
    const child = spawn('sh', ['-c', `"$0" "$1"; echo "$?"; sleep 0.1`, program, prompt], {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit']
    });
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    return { child, said: () => said };
  };
  const right = run('right? ');
  await once(right.child, 'close');
  expect(right.said()).toBe("an 'answer' ☃\n0\n");
  expect(asked).toEqual([{ prompt: 'right? ', hint: 'confirm', parent: right.child.pid }]);
  const wrong = run('wrong? ');
  await once(wrong.child, 'close');
  // Its parent was no ssh: it was let alone.
  expect(wrong.said()).toBe('1\n');
});

/** What the host has heard. */
let heard: string[] = [];

/** A host that asks for a password and a code. */
async function asking(password = 'pass word', code = '123456'): Promise<SshServer> {
  heard = [];
  const authenticate = (context: AuthContext): void => {
    if (context.method !== 'keyboard-interactive') {
      context.reject(['keyboard-interactive', 'password']);
      return;
    }
    context.prompt([{ prompt: 'Password: ', echo: false }], first => {
      heard.push(first[0] ?? '?');
      context.prompt([{ prompt: 'Look at your token.\nCode: ', echo: true }], second => {
        heard.push(second[0] ?? '?');
        if (first[0] === password && second[0] === code) {
          context.accept();
        } else {
          context.reject(['keyboard-interactive', 'password']);
        }
      });
    });
  };
  return SshServer.start({ hostKeys: [hostKey], users: [], authenticate });
}

async function connectTo(server: SshServer, asker: Asker | null): Promise<Connection> {
  writeKnownHosts(folder, [`${at(server)} ${hostKey.line}`]);
  const configFile = writeConfig(
    folder,
    `Host hpc\n  Port ${server.port}\n  PubkeyAuthentication no`
  );
  const options = { configFile, environment: process.env, passphrases: new Passphrases() };
  const way = opensshWay('hpc', async () => options, pino({ level: 'silent' }));
  const connection = await way.connect(asker);
  onTestFinished(() => connection.close());
  return connection;
}

/** All that the files below a folder have. */
function filesBelow(folder_: string): string {
  return readdirSync(folder_, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}
