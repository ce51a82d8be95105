import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import pino from 'pino';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Transport, TransportChoice } from '../../../src/api/transport';
import { chosenWay } from '../../../src/sidecar/remote/chosenWay';
import type { Connection } from '../../../src/sidecar/remote/way';
import { borrowedWay } from '../../../src/sidecar/remote/openssh/connection';
import type { Asker } from '../../../src/sidecar/remote/asker';
import { agentOf } from './openssh/agent';
import { Hpc } from './openssh/hpc';
import { Person } from './openssh/person';
import { makeKey } from './ssh2/keys';
import { USER, whyNoSshd } from './openssh/sshd';
import { Proxy } from './ssh2/sshServer';
import { Passphrases } from '../../../src/sidecar/remote/ssh2/passphrases';

const reason = whyNoSshd();
const SKIPPED = reason === null ? '' : ` (skipped: ${reason})`;

describe.skipIf(reason !== null)(`what leads to a host is${SKIPPED}`, () => {
  let hpc: Hpc;
  let choices: TransportChoice[];

  beforeEach(() => {
    hpc = new Hpc();
    choices = [];
  });

  test('ssh2, where the settings ask for nothing else', async () => {
    const config = hpc.config(await hpc.start());
    expect(await idBy(config)).toBe(USER);
    expect(await idBy(config, 'openssh')).toBe(USER);
    expect(choices).toEqual([
      { transport: 'ssh2', reason: 'usual', detail: '' },
      { transport: 'openssh', reason: 'setting', detail: '' }
    ]);
  });

  test('OpenSSH for a certificate, which ssh2 would not show', async () => {
    hpc.certify('-1h:+1d');
    const server = await hpc.start([
      `TrustedUserCAKeys ${hpc.ca.file}.pub`,
      'AuthorizedKeysFile none'
    ]);
    const config = hpc.config(server);
    expect(await idBy(config)).toBe(USER);
    expect(choices).toEqual([
      { transport: 'openssh', reason: 'certificate', detail: `${hpc.id.file}-cert.pub` }
    ]);
    await expect(idBy(config, 'ssh2')).rejects.toMatchObject({
      problem: { code: 'login-refused' }
    });
  });

  test('OpenSSH for CertificateFile, wherever that lies', async () => {
    hpc.certify('-1h:+1d');
    const elsewhere = hpc.file('today.pub');
    renameSync(`${hpc.id.file}-cert.pub`, elsewhere);
    const server = await hpc.start([
      `TrustedUserCAKeys ${hpc.ca.file}.pub`,
      'AuthorizedKeysFile none'
    ]);
    expect(await idBy(hpc.config(server, `CertificateFile ${elsewhere}`))).toBe(USER);
    expect(choices).toMatchObject([{ reason: 'certificate', detail: elsewhere }]);
  });

  test('OpenSSH for KnownHostsCommand, which says whose key is right', async () => {
    const server = await hpc.start();
    const command = `KnownHostsCommand /bin/echo %H ${hpc.hostKey.line.trim()}`;
    const lines = [`UserKnownHostsFile ${hpc.file('none_yet')}`, 'StrictHostKeyChecking yes'];
    expect(await idBy(hpc.config(server, ...lines, command))).toBe(USER);
    expect(choices).toMatchObject([
      {
        transport: 'openssh',
        reason: 'option',
        detail: expect.stringMatching(/^knownhostscommand/)
      }
    ]);
    await expect(idBy(hpc.config(server, ...lines))).rejects.toMatchObject({
      problem: { code: 'host-key-not-taken' }
    });
  });

  test('OpenSSH for a host that only an authority knows', async () => {
    hpc.certifyHost('127.0.0.1');
    const server = await hpc.start([`HostCertificate ${hpc.hostKey.file}-cert.pub`]);
    const known = hpc.file('known_hosts');
    writeFileSync(known, `@cert-authority 127.0.0.* ${hpc.ca.line}\n`);
    expect(await idBy(hpc.config(server, `UserKnownHostsFile ${known}`))).toBe(USER);
    expect(choices).toMatchObject([{ transport: 'openssh', reason: 'authority' }]);
  });

  test('OpenSSH for an option that ssh2 does not know, of the host or of one on the way', async () => {
    const server = await hpc.start();
    expect(await idBy(hpc.config(server, 'RekeyLimit 1G'))).toBe(USER);
    const config = hpc.config(server, 'ProxyJump gate');
    const hosts = readFileSync(config, 'utf8');
    const known = hpc.file('usual_hosts');
    const gate = `HostName 127.0.0.1\n  Port ${server.port}\n  RekeyLimit 1G`;
    writeFileSync(config, `Host gate\n  ${gate}\n  UserKnownHostsFile ${known}\n${hosts}`);
    expect(await idBy(config)).toBe(USER);
    expect(choices).toMatchObject([
      { transport: 'openssh', reason: 'option', detail: expect.stringMatching(/^rekeylimit/) },
      { transport: 'openssh', reason: 'option', detail: expect.stringMatching(/^rekeylimit/) }
    ]);
  });

  test('OpenSSH, where host and ssh2 have no algorithm in common', async () => {
    const server = await hpc.start(['KexAlgorithms sntrup761x25519-sha512@openssh.com']);
    expect(await idBy(hpc.config(server))).toBe(USER);
    expect(choices.map(({ reason: why }) => why)).toEqual(['usual', 'algorithms']);
    expect(server.count('Accepted publickey')).toBe(1);
  });

  describe('where AddKeysToAgent says so, OpenSSH, which adds a key that was opened to the agent', () => {
    const OPEN = ['opens it'];

    /** A host that takes a key with a passphrase, an agent without keys, and what that has in the end. */
    async function withLockedKey(adds: string): Promise<{ config: string; added: () => string }> {
      const locked = makeKey(hpc.home, 'locked', ['-t', 'ed25519'], OPEN[0]);
      hpc.admit(locked);
      const socket = await agentOf(hpc);
      const lines = [
        `IdentityAgent ${socket}`,
        `IdentityFile ${locked.file}`,
        'IdentitiesOnly yes'
      ];
      const config = hpc.config(await hpc.start(), `AddKeysToAgent ${adds}`, ...lines);
      const added = (): string =>
        spawnSync('ssh-add', ['-L'], { env: { ...process.env, SSH_AUTH_SOCK: socket } })
          .stdout.toString()
          .includes(locked.line.trim())
          ? 'added'
          : 'not added';
      return { config, added };
    }

    test.each(['yes', '1h', 'confirm'])('%s: at once', async adds => {
      const { added, config } = await withLockedKey(adds);
      const person = new Person(OPEN);
      expect(await idBy(config, 'auto', person)).toBe(USER);
      expect(person.rounds.map(({ kind }) => kind)).toEqual(['passphrase']);
      expect(choices).toMatchObject([
        { transport: 'openssh', reason: 'option', detail: expect.stringMatching(/^addkeystoagent/) }
      ]);
      expect(added()).toBe('added');
    });

    test('and the next login asks nobody, and needs no OpenSSH', async () => {
      const { config } = await withLockedKey('yes');
      await idBy(config, 'auto', new Person(OPEN));
      expect(await idBy(config)).toBe(USER);
      expect(choices.map(({ transport }) => transport)).toEqual(['openssh', 'ssh2']);
    });

    test('ask: where the person agrees; who does not is let in all the same', async () => {
      const { added, config } = await withLockedKey('ask');
      const unwilling = new Person(OPEN, 'cancel');
      expect(await idBy(config, 'auto', unwilling)).toBe(USER);
      expect(unwilling.rounds).toMatchObject([
        { kind: 'passphrase' },
        { kind: 'confirm', instruction: expect.stringContaining('Add key ') }
      ]);
      expect(added()).toBe('not added');
      expect(await idBy(config, 'auto', new Person(OPEN, ['yes']))).toBe(USER);
      expect(added()).toBe('added');
    });

    test('no: ssh2, and nothing is added', async () => {
      const { added, config } = await withLockedKey('no');
      expect(await idBy(config, 'auto', new Person(OPEN))).toBe(USER);
      expect(choices).toMatchObject([{ transport: 'ssh2' }]);
      expect(added()).toBe('not added');
    });

    test('without an agent: ssh2', async () => {
      const { config } = await withLockedKey('yes');
      const without = readFileSync(config, 'utf8').replace(
        /IdentityAgent .*/,
        'IdentityAgent none'
      );
      writeFileSync(config, without);
      expect(await idBy(config, 'auto', new Person(OPEN))).toBe(USER);
      expect(choices).toMatchObject([{ transport: 'ssh2' }]);
    });
  });

  test('the connection that the person has made with ssh, which stays when ours is over', async () => {
    const server = await hpc.start();
    const socket = hpc.file('theirs');
    const config = hpc.config(server, `ControlPath ${socket}`);
    execFileSync('ssh', ['-F', config, '-M', '-N', '-f', 'hpc'], { stdio: 'ignore' });
    onTestFinished(() => void spawnSync('ssh', ['-F', config, '-O', 'exit', 'hpc']));
    const connection = await connectBy(config);
    const { stdout } = await connection.run({ script: 'id -un', timeoutSeconds: 20 });
    expect(stdout.trim()).toBe(USER);
    connection.drop();
    connection.close();
    expect(choices).toEqual([{ transport: 'openssh', reason: 'connection', detail: socket }]);
    expect(server.count('Accepted publickey')).toBe(1);
    expect(existsSync(socket)).toBe(true);
    // Once it is closed, we make one of our own.
    const second = await connectBy(config);
    execFileSync('ssh', ['-F', config, '-O', 'exit', 'hpc'], { stdio: 'ignore' });
    await expect(second.run({ script: 'true', timeoutSeconds: 20 })).rejects.toMatchObject({
      reason: 'lost'
    });
    expect(second.isOpen).toBe(false);
    expect(await idBy(config)).toBe(USER);
    expect(choices.at(-1)).toMatchObject({ transport: 'ssh2', reason: 'usual' });
  });

  test('no connection of the person behind which nothing answers', async () => {
    const server = await hpc.start();
    const proxy = await Proxy.start(server.port);
    const socket = hpc.file('theirs');
    const config = hpc.config(proxy, `ControlPath ${socket}`);
    // The link is in this process.
    const theirs = spawn('ssh', ['-F', config, '-M', '-N', '-f', 'hpc'], { stdio: 'ignore' });
    await once(theirs, 'exit');
    onTestFinished(() => void spawnSync('ssh', ['-F', config, '-O', 'exit', 'hpc']));
    proxy.isSwallowing = true;
    let deaths = 0;
    const isDead = (): void => {
      deaths += 1;
    };
    const called = { configFile: config, environment: process.env, passphrases: new Passphrases() };
    const log = pino({ level: 'silent' });
    const way = borrowedWay('hpc', { socket, isDead }, async () => called, log, 500);
    const connection = await way.connect(null);
    await expect(connection.run({ script: 'true', timeoutSeconds: 20 })).rejects.toMatchObject({
      problem: { code: 'cluster-unreachable' }
    });
    expect([deaths, connection.isOpen]).toEqual([1, false]);
  });

  async function connectBy(
    configFile: string,
    asked: Transport = 'auto',
    asker: Asker | null = null
  ): Promise<Connection> {
    const transport = {
      asked: () => asked,
      chosen: (choice: TransportChoice) => void choices.push(choice)
    };
    const options = { configFile, agentSockets: [], passphrases: new Passphrases() };
    const way = chosenWay('hpc', transport, () => options, pino({ level: 'silent' }));
    const connection = await way.connect(asker);
    onTestFinished(() => connection.close());
    return connection;
  }

  async function idBy(
    configFile: string,
    asked: Transport = 'auto',
    asker: Asker | null = null
  ): Promise<string> {
    const connection = await connectBy(configFile, asked, asker);
    const { stdout } = await connection.run({ script: 'id -un', timeoutSeconds: 20 });
    connection.close();
    return stdout.trim();
  }
});
