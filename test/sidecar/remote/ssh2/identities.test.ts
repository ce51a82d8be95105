import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { HostConfig } from '../../../../src/sidecar/remote/ssh/hostConfig';
import { resolveHost } from '../../../../src/sidecar/remote/ssh/resolveHost';
import { type Identities, findIdentities } from '../../../../src/sidecar/remote/ssh2/identities';
import { makeTemp } from '../../../makeTemp';
import { type KeyPair, makeKey } from './keys';

let folder: string;
let one: KeyPair;
let two: KeyPair;
let base: HostConfig;

beforeAll(async () => {
  folder = makeTemp();
  one = makeKey(folder, 'one');
  two = makeKey(folder, 'two');
  writeFileSync(path.join(folder, 'config'), 'IdentityFile none');
  base = await resolveHost('hpc', { file: path.join(folder, 'config'), environment: process.env });
});

function find(
  change: Partial<HostConfig>,
  agentSockets: readonly string[] = [],
  agentMs?: number
): Promise<Identities> {
  return findIdentities({ ...base, ...change }, agentSockets, agentMs);
}

/** A real agent that has these keys; it ends with the test. */
async function startAgent(...keys: string[]): Promise<string> {
  const socket = path.join(makeTemp(), 'agent');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  onTestFinished(() => void agent.kill());
  await vi.waitUntil(() => existsSync(socket));
  if (keys.length > 0) {
    execFileSync('ssh-add', ['-q', ...keys], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
  }
  return socket;
}

/** The keys that an agent would show, by their comments. */
async function shown({ agent, agentKeys }: Identities): Promise<string[]> {
  const keys = await new Promise<{ getPublicSSH(): Buffer }[]>((resolve, reject) => {
    if (agent === null) {
      resolve([]);
      return;
    }
    agent.getIdentities((error, found) =>
      error ? reject(error) : resolve((found ?? []) as { getPublicSSH(): Buffer }[])
    );
  });
  expect(keys.length).toBe(agentKeys);
  return keys.map(key => {
    const blob = key.getPublicSSH();
    return blob.equals(one.blob) ? 'one' : blob.equals(two.blob) ? 'two' : 'another';
  });
}

test.each([
  ['ed25519', ['-t', 'ed25519']],
  ['ecdsa', ['-t', 'ecdsa', '-b', '384']],
  ['rsa', ['-t', 'rsa', '-b', '2048']],
  ['rsa-pem', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
  ['ecdsa-pem', ['-t', 'ecdsa', '-m', 'PEM']],
  ['rsa-pkcs8', ['-t', 'rsa', '-b', '2048', '-m', 'PKCS8']],
  ['ecdsa-pkcs8', ['-t', 'ecdsa', '-m', 'PKCS8']]
])('a key file: %s, and the same with a passphrase', async (name, options) => {
  const { blob, file } = makeKey(folder, name, options);
  const { file: locked } = makeKey(folder, `${name}-locked`, options, 'opens it');
  const found = await find({ identityFiles: [file, locked] });
  expect(found).toMatchObject({ agent: null, agentKeys: 0, locked: [locked], unsupported: [] });
  expect(found.keys.map(key => key.file)).toEqual([file]);
  expect(found.keys[0]?.key.getPublicSSH().equals(blob)).toBe(true);
  rmSync(`${file}.pub`);
  rmSync(`${locked}.pub`);
  const bare = await find({ identityFiles: [file, locked] });
  expect([bare.keys.length, bare.locked, bare.unsupported]).toEqual([1, [locked], []]);
});

test('files that are missing are passed over; those that cannot be used are named', async () => {
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const rubbish = file('rubbish', 'no key at all');
  const empty = file('empty', '');
  const cut = file('cut', readFileSync(one.file, 'utf8').slice(0, 100));
  const pkcs8 = file('pkcs8', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n');
  const directory = path.join(folder, 'directory');
  mkdirSync(directory);
  const found = await find({
    identityFiles: [rubbish, path.join(folder, 'missing'), empty, cut, pkcs8, directory, two.file]
  });
  expect(found.keys.map(key => key.file)).toEqual([two.file]);
  expect(found.locked).toEqual([]);
  expect(found.unsupported).toEqual([rubbish, empty, cut, pkcs8]);
});

test("an agent's keys come first, those that the configuration names before the others", async () => {
  const socket = await startAgent(one.file, two.file);
  expect(await shown(await find({ identityFiles: [two.file] }, [socket]))).toEqual(['two', 'one']);
  expect(await shown(await find({ identityFiles: [] }, [socket]))).toEqual(['one', 'two']);
  const other = makeKey(folder, 'other');
  const found = await find({ identityFiles: [other.file, one.file] }, [socket]);
  expect(await shown(found)).toEqual(['one', 'two']);
  expect(found.keys.map(({ file }) => file)).toEqual([other.file]);
});

test('IdentitiesOnly shows none but the named, whichever half of them is there', async () => {
  const locked = makeKey(folder, 'with-passphrase', ['-t', 'ed25519'], 'opens it');
  const socket = await startAgent(one.file, two.file);
  const only = (...identityFiles: string[]) =>
    find({ identitiesOnly: true, identityFiles }, [socket]);
  expect(await shown(await only(two.file))).toEqual(['two']);
  expect(await only(locked.file)).toMatchObject({ agent: null, locked: [locked.file] });
  // The private half is the agent's alone; `IdentityFile` names the public one, with or without `.pub`.
  const half = path.join(folder, 'half');
  copyFileSync(`${two.file}.pub`, `${half}.pub`);
  for (const file of [half, `${half}.pub`]) {
    const found = await only(file);
    expect(await shown(found)).toEqual(['two']);
    expect(found).toMatchObject({ keys: [], locked: [], unsupported: [] });
  }
  expect(await only()).toMatchObject({ agent: null, agentKeys: 0, keys: [] });
});

test('a key with a passphrase that an agent has is not locked, even without its public half', async () => {
  const plain = makeKey(folder, 'plain');
  const locked = path.join(folder, 'now-locked');
  copyFileSync(plain.file, locked);
  execFileSync('chmod', ['600', locked]);
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'opens it', '-f', locked]);
  const socket = await startAgent(plain.file);
  const found = await find({ identitiesOnly: true, identityFiles: [locked] }, [socket]);
  expect(found).toMatchObject({ agentKeys: 1, keys: [], locked: [], unsupported: [] });
  expect(await find({ identityFiles: [locked] })).toMatchObject({ locked: [locked] });
});

test('a public half alone is no key to show, and no agent has it', async () => {
  const alone = path.join(folder, 'alone.pub');
  copyFileSync(`${one.file}.pub`, alone);
  expect(await find({ identityFiles: [alone] })).toMatchObject({
    agent: null,
    keys: [],
    unsupported: [alone]
  });
});

test('the first agent that answers is used, as the configuration says which', async () => {
  const socket = await startAgent(one.file);
  const empty = await startAgent();
  const dead = path.join(folder, 'dead');
  const missing = path.join(folder, 'no-such-socket');
  writeFileSync(dead, '');
  expect(await shown(await find({}, [missing, dead, socket]))).toEqual(['one']);
  expect((await find({}, [missing, dead])).agent).toBeNull();
  expect((await find({}, [empty])).agent).toBeNull();
  expect((await find({ agent: { kind: 'none' } }, [socket])).agent).toBeNull();
  const named = await find({ agent: { kind: 'socket', path: socket } }, [empty]);
  expect(await shown(named)).toEqual(['one']);
});

test('an agent that takes the call and never answers is passed over', async () => {
  const silent = path.join(makeTemp(), 'silent');
  const server = createServer(socket => socket.on('error', () => undefined)).listen(silent);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const socket = await startAgent(one.file);
  expect(await shown(await find({}, [silent, socket], 100))).toEqual(['one']);
});

test('an agent signs with the key that is shown', async () => {
  const socket = await startAgent(one.file, two.file);
  const { agent } = await find({ identitiesOnly: true, identityFiles: [two.file] }, [socket]);
  renameSync(two.file, `${two.file}.away`);
  const signature = await new Promise<Buffer | undefined>((resolve, reject) => {
    agent?.getIdentities((_, keys) => {
      const [key] = keys ?? [];
      agent.sign(key as never, Buffer.from('data'), {}, (error, made) =>
        error ? reject(error) : resolve(made)
      );
    });
  });
  renameSync(`${two.file}.away`, two.file);
  expect(signature?.length).toBe(64);
});
