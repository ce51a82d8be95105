import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { Problem } from '../../../../src/api/problem';
import { asProblem } from '../../../../src/sidecar/process/asProblem';
import { rsaBits } from '../../../../src/sidecar/remote/ssh2/knownHosts';
import { login } from '../../../../src/sidecar/remote/ssh2/login';
import { Passphrases } from '../../../../src/sidecar/remote/ssh2/passphrases';
import { makeTemp } from '../../../makeTemp';
import { type KeyPair, makeKey } from './keys';
import { type Behaviour, SshServer, at, writeConfig, writeKnownHosts } from './sshServer';

let folder: string;
let host: KeyPair;
let rsaHost: KeyPair;
let key: KeyPair;
let rsaKey: KeyPair;
beforeAll(() => {
  folder = makeTemp();
  host = makeKey(folder, 'host');
  rsaHost = makeKey(folder, 'host-rsa', ['-t', 'rsa', '-b', '2048']);
  key = makeKey(folder, 'id');
  rsaKey = makeKey(folder, 'id_rsa', ['-t', 'rsa', '-b', '2048']);
});

/** What comes of logging in to a host whose key is known, under these lines of configuration: null when it lets us in. */
async function attempt(
  lines: readonly string[],
  behaviour: Partial<Behaviour> = {}
): Promise<{ problem: Problem | null; server: SshServer }> {
  const server = await SshServer.start({ hostKeys: [host], users: [key, rsaKey], ...behaviour });
  writeKnownHosts(folder, [`${at(server)} ${host.line}`, `${at(server)} ${rsaHost.line}`]);
  const config = [`Host hpc`, `Port ${server.port}`, ...lines].join('\n  ');
  const configFile = writeConfig(folder, config);
  const problem = await login(
    'hpc',
    { configFile, agentSockets: [], passphrases: new Passphrases() },
    null
  ).then(
    made => {
      onTestFinished(() => void made.client.destroy());
      return null;
    },
    (error: unknown) => asProblem(error)
  );
  return { problem, server };
}

/** Files of revoked keys, each in a form that OpenSSH takes. */
const revocations: [string, (file: string, keys: string[]) => void][] = [
  [
    'a list of keys',
    (file, keys) => writeFileSync(file, `# revoked\n${keys.join(' me@here\n')}\n`)
  ],
  [
    'a key revocation list',
    (file, keys) => {
      writeFileSync(`${file}.keys`, `${keys.join('\n')}\n`);
      execFileSync('ssh-keygen', ['-q', '-k', '-f', file, `${file}.keys`]);
    }
  ]
];

test.each(revocations)('a host key in %s is not believed, though known', async (_, write) => {
  const file = path.join(makeTemp(), 'revoked');
  write(file, [rsaHost.line, host.line]);
  const { problem, server } = await attempt([`RevokedHostKeys ${file}`]);
  expect(problem).toMatchObject({ code: 'host-key-revoked-by-file', values: { file } });
  expect(server.attempts).toEqual([]);
});

test.each(revocations)('%s of other keys is in nobody’s way', async (_, write) => {
  const file = path.join(makeTemp(), 'revoked');
  write(file, [rsaHost.line]);
  expect((await attempt([`RevokedHostKeys ${file}`])).problem).toBeNull();
});

test('no host is believed while the file of revoked keys cannot be read', async () => {
  const missing = path.join(makeTemp(), 'missing');
  expect((await attempt([`RevokedHostKeys ${missing}`])).problem).toMatchObject({
    code: 'revoked-keys-unreadable',
    values: { host: 'hpc', file: missing }
  });
  const broken = path.join(makeTemp(), 'broken');
  writeFileSync(broken, 'SSHKRL\n\0and no more');
  expect((await attempt([`RevokedHostKeys ${broken}`])).problem).toMatchObject({
    code: 'revoked-keys-unreadable'
  });
});

test('an RSA key of a host needs as many bits as are required', async () => {
  const hostKeys = [rsaHost];
  const { problem } = await attempt(['RequiredRSASize 3072'], { hostKeys });
  expect(problem).toMatchObject({
    code: 'host-key-short',
    values: { host: 'hpc', bits: 2048, required: 3072 }
  });
  expect((await attempt(['RequiredRSASize 2048'], { hostKeys })).problem).toBeNull();
  expect((await attempt(['RequiredRSASize 16384'])).problem).toBeNull();
});

test('the bits of a key are those that ssh-keygen tells', () => {
  const odd = makeKey(makeTemp(), 'odd', ['-t', 'rsa', '-b', '1031']);
  expect([rsaHost, odd, host].map(({ blob }) => rsaBits(blob))).toEqual([2048, 1031, null]);
  expect(rsaBits(odd.blob.subarray(0, 20))).toBe(0);
});

test.each([
  ['RequiredRSASize 3072', ['IdentityFile ID_RSA']],
  ['PubkeyAuthentication no', []],
  ['PreferredAuthentications password', []],
  ['PreferredAuthentications keyboard-interactive,password', []],
  ['PubkeyAcceptedAlgorithms rsa-sha2-256', ['IdentityFile ID']],
  ['PubkeyAcceptedAlgorithms ssh-ed25519', ['IdentityFile ID_RSA']],
  ['PubkeyAcceptedAlgorithms -ssh-ed25519', ['IdentityFile ID']]
])('%s: a key that must not be shown is not, and the details say so', async (line, more) => {
  const files = more.map(text => text.replace('ID_RSA', rsaKey.file).replace('ID', key.file));
  // Its own IdentityFile of the configuration of all tests comes after.
  const users = more.join().includes('RSA') ? [rsaKey] : [key];
  const { problem, server } = await attempt([line, ...files], { users });
  expect(problem?.code).toMatch(/^login-(refused|asks)$/);
  expect(problem?.details?.output).toContain(
    `not shown, as the SSH configuration excludes it: ${users[0]?.file}`
  );
  expect(server.attempts).toContain('none');
});

test('an option that protects and does not count here refuses the host, by name', async () => {
  const { problem, server } = await attempt(['RekeyLimit 1G 1h']);
  expect(problem).toMatchObject({
    code: 'ssh-option',
    values: { host: 'hpc', option: 'rekeylimit 1073741824 3600' }
  });
  expect(server.connections).toBe(0);
});

test('an option of a later OpenSSH refuses the host when somebody has said something of it', async () => {
  const bin = path.join(makeTemp(), 'bin');
  mkdirSync(bin);
  writeFileSync(
    path.join(bin, 'ssh'),
    `#!/bin/bash
PATH=${process.env['PATH'] ?? ''} command ssh "$@"
case " $* " in *" -F none "*) echo 'onlyonmondays no';; *) echo "onlyonmondays $MONDAYS";; esac
`
  );
  chmodSync(path.join(bin, 'ssh'), 0o755);
  vi.stubEnv('PATH', `${bin}:${process.env['PATH'] ?? ''}`);
  vi.stubEnv('MONDAYS', 'no');
  expect((await attempt([])).problem).toBeNull();
  vi.stubEnv('MONDAYS', 'yes');
  expect((await attempt([])).problem).toMatchObject({
    code: 'ssh-option',
    values: { option: 'onlyonmondays yes' }
  });
  vi.unstubAllEnvs();
});
