import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Asker } from '../../../../src/sidecar/remote/asker';
import { opensshWay } from '../../../../src/sidecar/remote/openssh/connection';
import { inSlots } from '../../../../src/sidecar/remote/slots';
import type { Connection } from '../../../../src/sidecar/remote/way';
import { Passphrases } from '../../../../src/sidecar/remote/ssh2/passphrases';
import { makeTemp } from '../../../makeTemp';
import { FakeClock } from '../../fakeClock';
import { makeKey } from '../ssh2/keys';
import { Hpc } from './hpc';
import { Person } from './person';
import { USER, whyNoSshd } from './sshd';

const reason = whyNoSshd();
const SKIPPED = reason === null ? '' : ` (skipped: ${reason})`;

afterEach(() => {
  vi.unstubAllEnvs();
});

describe.skipIf(reason !== null)(`OpenSSH logs in to a real SSH server${SKIPPED}`, () => {
  let hpc: Hpc;

  beforeEach(() => {
    hpc = new Hpc();
  });

  test('with a certificate, and tells when that has expired', async () => {
    const server = await hpc.start([
      `TrustedUserCAKeys ${hpc.ca.file}.pub`,
      'AuthorizedKeysFile none'
    ]);
    const config = hpc.config(server);
    hpc.certify('-1h:+1d');
    expect(await idOn(config, null)).toBe(USER);
    hpc.certify('20200101:20200102');
    await expect(connectBy(config, null)).rejects.toMatchObject({
      problem: {
        code: 'certificate-expired',
        values: {
          host: 'hpc',
          file: `${hpc.id.file}-cert.pub`,
          until: expect.stringMatching(/^2020-01-0[12]T\d\d:00:00.000Z$/)
        },
        details: { output: expect.stringContaining('Permission denied') }
      }
    });
  });

  test('of which only an authority is known', async () => {
    hpc.certifyHost('127.0.0.1');
    const server = await hpc.start([`HostCertificate ${hpc.hostKey.file}-cert.pub`]);
    const known = hpc.file('known_hosts');
    writeFileSync(known, `@cert-authority * ${hpc.ca.line}\n`);
    const config = hpc.config(server, `UserKnownHostsFile ${known}`);
    expect(await idOn(config, null)).toBe(USER);
    hpc.certifyHost('another.host');
    const other = await hpc.start([`HostCertificate ${hpc.hostKey.file}-cert.pub`]);
    await expect(
      connectBy(hpc.config(other, `UserKnownHostsFile ${known}`), null)
    ).rejects.toMatchObject({
      problem: {
        code: 'host-key-unknown',
        details: { output: expect.stringContaining('name is not a listed principal') }
      }
    });
  });

  test('that is not known: the person sees its key, and once taken it is known', async () => {
    const server = await hpc.start();
    const known = hpc.file('known_hosts');
    const config = hpc.config(server, `UserKnownHostsFile ${known}`, 'HashKnownHosts yes');
    const fingerprint = spawnSync('ssh-keygen', ['-lf', `${hpc.hostKey.file}.pub`], {
      encoding: 'utf8'
    }).stdout.split(' ')[1];
    await expect(connectBy(config, null)).rejects.toMatchObject({
      problem: {
        code: 'host-key-unknown',
        values: { host: 'hpc', fingerprint: expect.stringContaining(fingerprint ?? '?') }
      }
    });
    const wary = new Person('cancel');
    await expect(connectBy(config, wary)).rejects.toMatchObject({
      problem: { code: 'sign-in-cancelled' }
    });
    expect(existsSync(known)).toBe(false);
    const person = new Person(['yes']);
    expect(await idOn(config, person)).toBe(USER);
    expect(person.rounds).toMatchObject([
      {
        kind: 'host-key',
        asker: `${USER}@127.0.0.1`,
        key: { type: 'ED25519', fingerprint, address: expect.stringContaining('127.0.0.1') },
        prompts: []
      }
    ]);
    expect(readFileSync(known, 'utf8')).toMatch(/^\|1\|/);
    expect(await idOn(config, null)).toBe(USER);
  });

  test('that shows another key than before: nothing is sent, nobody is asked', async () => {
    const server = await hpc.start();
    const known = hpc.file('known_hosts');
    const wrong = makeKey(hpc.home, 'wrong');
    writeFileSync(known, `# one\n[127.0.0.1]:${server.port} ${wrong.line}\n`);
    const person = new Person();
    await expect(
      connectBy(hpc.config(server, `UserKnownHostsFile ${known}`), person)
    ).rejects.toMatchObject({
      problem: {
        code: 'host-key-changed',
        values: {
          file: known,
          line: 2,
          known: expect.stringMatching(/^ssh-ed25519 SHA256:/),
          fingerprint: expect.stringMatching(/^ssh-ed25519 SHA256:/)
        }
      }
    });
    expect(person.rounds).toEqual([]);
  });

  test.each([
    ['a line of known_hosts', 'host-key-revoked'],
    ['a file', 'host-key-revoked-by-file']
  ])('whose key %s revokes: nothing is sent, nobody is asked', async (what, code) => {
    const server = await hpc.start();
    const known = hpc.file('known_hosts');
    const usual = `[127.0.0.1]:${server.port} ${hpc.hostKey.line}\n`;
    writeFileSync(
      known,
      code === 'host-key-revoked' ? `${usual}@revoked * ${hpc.hostKey.line}\n` : usual
    );
    const lines = code === 'host-key-revoked' ? [] : [`RevokedHostKeys ${hpc.hostKey.file}.pub`];
    const person = new Person();
    await expect(
      connectBy(hpc.config(server, `UserKnownHostsFile ${known}`, ...lines), person)
    ).rejects.toMatchObject({
      problem: {
        code,
        values: {
          fingerprint: expect.stringMatching(/^ssh-ed25519 SHA256:/),
          ...(code === 'host-key-revoked'
            ? { file: known, line: 2 }
            : { file: `${hpc.hostKey.file}.pub` })
        }
      }
    });
    expect([what, person.rounds]).toEqual([what, []]);
  });

  test('with a key that has a passphrase', async () => {
    const locked = makeKey(hpc.home, 'locked', ['-t', 'ed25519'], 'opens it');
    hpc.admit(locked);
    const server = await hpc.start();
    const config = hpc.config(server, `IdentityFile ${locked.file}`, 'IdentitiesOnly yes');
    await expect(connectBy(config, null)).rejects.toMatchObject({
      problem: { code: 'key-locked', values: { host: 'hpc', key: locked.file } }
    });
    const mistaken = new Person(['wrong']);
    await expect(connectBy(config, mistaken)).rejects.toMatchObject({
      problem: { code: 'answer-refused', values: { host: 'hpc', user: USER } }
    });
    const person = new Person(['opens it']);
    expect(await idOn(config, person)).toBe(USER);
    expect([...mistaken.rounds, ...person.rounds]).toMatchObject([
      { kind: 'passphrase', file: locked.file, prompts: [{ echo: false }] },
      { kind: 'passphrase', file: locked.file }
    ]);
  });

  test('that does not take the key', async () => {
    hpc.admit(makeKey(hpc.home, 'other'));
    const server = await hpc.start();
    await expect(connectBy(hpc.config(server), null)).rejects.toMatchObject({
      problem: { code: 'login-refused', values: { host: 'hpc', user: USER } }
    });
  });

  test('which allows one session at a time, and is asked for one login', async () => {
    const server = await hpc.start(['MaxSessions 1']);
    const connection = await connectBy(hpc.config(server), null);
    const run = (): Promise<{ exitCode: number | null }> =>
      connection.run({ script: 'sleep 0.1; exit 3', timeoutSeconds: 20 });
    expect(
      (await Promise.all([run(), run(), run(), run()])).map(({ exitCode }) => exitCode)
    ).toEqual([3, 3, 3, 3]);
    expect(server.count('Accepted publickey')).toBe(1);
    expect(server.count('Connection from')).toBe(2);
  });

  test('behind another one, each with a key of its own to accept', async () => {
    const gateKey = makeKey(hpc.home, 'gate');
    const gate = await hpc.start([`HostKey ${gateKey.file}`], 'gate');
    const target = await hpc.start();
    const known = hpc.file('known_hosts');
    const config = hpc.config(target, `UserKnownHostsFile ${known}`, 'ProxyJump gate');
    writeFileSync(
      config,
      `${readFileSync(config, 'utf8')}Host gate\n  HostName 127.0.0.1\n  Port ${gate.port}\n  UserKnownHostsFile ${known}\n`
    );
    const person = new Person(['yes'], ['yes']);
    expect(await idOn(config, person)).toBe(USER);
    expect(person.rounds.map(({ key }) => key?.address)).toMatchObject([
      expect.stringContaining(`:${gate.port}`),
      expect.stringContaining(`:${target.port}`)
    ]);
    await expect.poll(() => gate.ended, { timeout: 5000 }).toBe(1);
  });

  test('as its person wants it for other things: forwardings, commands and terminals do not count', async () => {
    const server = await hpc.start();
    const mark = hpc.file('mark');
    const config = hpc.config(
      server,
      'RemoteCommand echo never',
      'RequestTTY force',
      'PermitLocalCommand yes',
      `LocalCommand touch ${mark}`,
      'LocalForward 1 localhost:1',
      'ExitOnForwardFailure yes',
      'StdinNull yes',
      'ForkAfterAuthentication yes',
      'SessionType none',
      'ControlMaster auto',
      'ControlPersist yes',
      `ControlPath ${hpc.home}/theirs-%C`,
      'LogLevel QUIET'
    );
    expect(await idOn(config, null)).toBe(USER);
    expect(existsSync(mark)).toBe(false);
    expect(readdirSync(hpc.home).filter(name => name.startsWith('theirs'))).toEqual([]);
  });

  test('once, although a command was given up', async () => {
    const server = await hpc.start();
    const connection = await connectBy(hpc.config(server), null);
    const slow = connection.run({ script: 'sleep 20', timeoutSeconds: 0.2 });
    await expect(slow).rejects.toMatchObject({ problem: { code: 'cluster-unreachable' } });
    expect(connection.isOpen).toBe(true);
    const next = await connection.run({ script: 'echo next', timeoutSeconds: 20 });
    expect([next.stdout, connection.isOpen]).toEqual(['next\n', true]);
    expect(server.count('Accepted publickey')).toBe(1);
  });

  test('and leaves nothing behind, whoever ends first', async () => {
    vi.stubEnv('TMPDIR', makeTemp());
    const folders = (): string[] => readdirSync(tmpdir());
    const server = await hpc.start();
    const config = hpc.config(server);
    const connection = await connectBy(config, null);
    expect(folders()).toEqual([expect.stringMatching(/^submit-ssh-/)]);
    await connection.run({ script: 'true', timeoutSeconds: 20 });
    connection.close();
    await expect.poll(folders, { timeout: 5000 }).toEqual([]);
    await expect.poll(() => server.ended, { timeout: 5000 }).toBe(1);
    const dropped = await connectBy(config, null);
    await dropped.run({ script: 'true', timeoutSeconds: 20 });
    dropped.drop();
    expect(folders()).toEqual([]);
    expect(dropped.isOpen).toBe(false);
    const killed = await connectBy(config, null);
    const processes = execFileSync('ps', ['axww', '-o', 'pgid=,args='], { encoding: 'utf8' });
    const [, group] = new RegExp(`^ *(\\d+) ssh -F ${tmpdir()}/`, 'm').exec(processes) ?? [];
    process.kill(-Number(group), 'SIGKILL');
    await expect.poll(folders, { timeout: 5000 }).toEqual([]);
    expect(killed.isOpen).toBe(false);
    await expect.poll(() => server.ended, { timeout: 5000 }).toBe(3);
  });
});

async function connectBy(configFile: string, asker: Asker | null): Promise<Connection> {
  const options = { configFile, environment: process.env, passphrases: new Passphrases() };
  const way = opensshWay('hpc', async () => options, pino({ level: 'silent' }));
  const connection = await inSlots(way, 6, new FakeClock()).connect(asker);
  onTestFinished(() => connection.close());
  return connection;
}

/** Who one is there. */
async function idOn(configFile: string, asker: Asker | null): Promise<string> {
  const connection = await connectBy(configFile, asker);
  const { stdout } = await connection.run({ script: 'id -un', timeoutSeconds: 20 });
  connection.close();
  return stdout.trim();
}
