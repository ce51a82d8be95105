import pino from 'pino';
import { beforeAll, onTestFinished } from 'vitest';
import { OneConnection } from '../../../../src/sidecar/remote/oneConnection';
import { opensshWay } from '../../../../src/sidecar/remote/openssh/connection';
import { Passphrases } from '../../../../src/sidecar/remote/ssh2/passphrases';
import { makeTemp } from '../../../makeTemp';
import { accountWith } from '../openTemp';
import { type KeyPair, makeKey } from '../ssh2/keys';
import { Proxy, SshServer, at, writeConfig, writeKnownHosts } from '../ssh2/sshServer';
import { remoteSuite } from '../suite';

let folder: string;
let hostKey: KeyPair;
let key: KeyPair;

beforeAll(() => {
  folder = makeTemp();
  hostKey = makeKey(folder, 'host');
  key = makeKey(folder, 'id');
});

remoteSuite('a host behind SSH, by OpenSSH', {
  reach: async startUp => {
    const environment = accountWith(startUp);
    const server = await SshServer.start({ hostKeys: [hostKey], users: [key], environment });
    const proxy = await Proxy.start(server.port);
    writeKnownHosts(folder, [`${at(proxy)} ${hostKey.line}`]);
    const configFile = writeConfig(folder, `Host hpc\n  Port ${proxy.port}`);
    const options = { configFile, environment: process.env, passphrases: new Passphrases() };
    const way = opensshWay('hpc', async () => options, pino({ level: 'silent' }));
    const remote = new OneConnection(way);
    onTestFinished(() => remote.close());
    return { remote, cut: () => proxy.cut() };
  },
  variablesOf: 'account',
  signals: 'untold'
});
