import pino from 'pino';
import { beforeAll, onTestFinished } from 'vitest';
import { OneConnection } from '../../../../src/sidecar/remote/oneConnection';
import { ssh2Way } from '../../../../src/sidecar/remote/ssh2/connection';
import { Passphrases } from '../../../../src/sidecar/remote/ssh2/passphrases';
import { makeTemp } from '../../../makeTemp';
import { accountWith } from '../openTemp';
import { remoteSuite } from '../suite';
import { type KeyPair, makeKey } from './keys';
import { Proxy, SshServer, at, writeConfig, writeKnownHosts } from './sshServer';

let folder: string;
let hostKey: KeyPair;
let key: KeyPair;

beforeAll(() => {
  folder = makeTemp();
  hostKey = makeKey(folder, 'host');
  key = makeKey(folder, 'id');
});

remoteSuite('a host behind SSH, by ssh2', {
  reach: async startUp => {
    const environment = accountWith(startUp);
    const server = await SshServer.start({ hostKeys: [hostKey], users: [key], environment });
    const proxy = await Proxy.start(server.port);
    writeKnownHosts(folder, [`${at(proxy)} ${hostKey.line}`]);
    const configFile = writeConfig(folder, `Host hpc\n  Port ${proxy.port}`);
    const options = { configFile, agentSockets: [], passphrases: new Passphrases() };
    const way = ssh2Way('hpc', () => options, pino({ level: 'silent' }));
    const remote = new OneConnection(way);
    onTestFinished(() => remote.close());
    return { remote, cut: () => proxy.cut() };
  },
  variablesOf: 'account'
});
