import { hostname, userInfo } from 'node:os';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { HostConfig } from '../../../../src/sidecar/remote/ssh/hostConfig';
import { resolveHost } from '../../../../src/sidecar/remote/ssh/resolveHost';
import { makeTemp } from '../../../makeTemp';

const { homedir: home, uid, username } = userInfo();

let folder: string;

beforeEach(() => {
  folder = makeTemp();
});

/** What a configuration means, as the `ssh` of this machine reads it. */
function resolve(
  text: string,
  alias = 'hpc',
  { port = null, ...environment }: NodeJS.ProcessEnv & { port?: string | null } = {}
): Promise<HostConfig> {
  const file = path.join(folder, 'config');
  writeFileSync(file, text);
  return resolveHost(alias, { file, environment: { ...process.env, ...environment }, port });
}

test('a host that nothing is said of is itself', async () => {
  expect(await resolve('', 'login.hpc.edu')).toMatchObject({
    alias: 'login.hpc.edu',
    hostName: 'login.hpc.edu',
    port: 22,
    user: username,
    hostKeyAlias: null,
    knownHostsFiles: expect.arrayContaining([
      `${home}/.ssh/known_hosts`,
      '/etc/ssh/ssh_known_hosts'
    ]),
    identityFiles: expect.arrayContaining([`${home}/.ssh/id_ed25519`, `${home}/.ssh/id_rsa`]),
    identitiesOnly: false,
    agent: { kind: 'caller' },
    jumps: [],
    proxyCommand: null,
    connectSeconds: 20,
    connectionAttempts: 1,
    family: 'any',
    bindAddress: null,
    setEnv: {}
  });
});

test('what is said of a host counts, from included files, patterns and Match', async () => {
  mkdirSync(path.join(folder, 'more'));
  writeFileSync(path.join(folder, 'more/one'), 'Host hpc\n  User ada\n  HostName %h.example\n');
  const config = await resolve(`
Include ${folder}/more/*
Host h* !hpd
  ConnectTimeout 7
  ConnectionAttempts 4
  AddressFamily inet6
  BindAddress ::1
Match exec "test %n = hpc"
  Port 2200
Match originalhost hpc user ada
  HostKeyAlias Cluster
  SetEnv ONE="a b" TWO=c=d
  Ciphers aes256-ctr,aes128-ctr
  MACs hmac-sha2-256
  KexAlgorithms curve25519-sha256
  HostKeyAlgorithms ssh-rsa,ssh-ed25519
`);
  expect(config).toMatchObject({
    alias: 'hpc',
    hostName: 'hpc.example',
    user: 'ada',
    port: 2200,
    hostKeyAlias: 'cluster',
    connectSeconds: 7,
    connectionAttempts: 4,
    family: 'inet6',
    bindAddress: '::1',
    setEnv: { ONE: 'a b', TWO: 'c=d' },
    ciphers: ['aes256-ctr', 'aes128-ctr'],
    macs: ['hmac-sha2-256'],
    keyExchanges: ['curve25519-sha256'],
    hostKeyAlgorithms: ['ssh-rsa', 'ssh-ed25519']
  });
});

test('user and port of the name count before the configuration', async () => {
  const text = 'Host hpc\n  User ada\n  Port 2200\n  ProxyCommand way %n %r %p';
  expect(await resolve(text, 'eve@hpc', { port: '77' })).toMatchObject({
    alias: 'eve@hpc',
    hostName: 'hpc',
    user: 'eve',
    port: 77,
    proxyCommand: 'way hpc eve 77'
  });
  expect(await resolve(text, 'ssh://eve@hpc:78')).toMatchObject({ user: 'eve', port: 78 });
});

test('tokens are completed in the names of files and in commands', async () => {
  const config = await resolve(
    `Host hpc
  HostName login.%h
  User ada
  Port 2200
  IdentityFile ~/.ssh/%h-%n-%p-%r-%u-%i-%k-%l-%L-%%
  IdentityFile %d/id
  IdentityFile \${WHERE}/id
  IdentityFile "/with blank/id"
  ProxyCommand way %h %n %p %r %%h ~ "a b"
`,
    'hpc',
    { WHERE: '/somewhere' }
  );
  const [short] = hostname().split('.');
  expect(config.identityFiles).toEqual([
    `${home}/.ssh/login.hpc-hpc-2200-ada-${username}-${uid}-hpc-${hostname()}-${short}-%`,
    `${home}/id`,
    '/somewhere/id',
    '/with blank/id'
  ]);
  expect(config.proxyCommand).toBe('way login.hpc hpc 2200 ada %h ~ "a b"');
});

test('%k is the HostKeyAlias, and a host without its user where there is none', async () => {
  const text = 'IdentityFile /keys/%k\nHost other\n  HostKeyAlias one';
  expect((await resolve(text, 'ada@hpc')).identityFiles).toEqual(['/keys/hpc']);
  expect((await resolve(text, 'other')).identityFiles).toEqual(['/keys/one']);
});

test('known_hosts files: several, with blanks in their names, with tokens, none', async () => {
  const config = await resolve(`UserKnownHostsFile ~/one "~/two words" /three/%h
GlobalKnownHostsFile "/etc/four five/six"`);
  expect(config.knownHostsFiles).toEqual([
    `${home}/one`,
    `${home}/two words`,
    '/three/hpc',
    '/etc/four five/six'
  ]);
  const none = await resolve('UserKnownHostsFile none\nGlobalKnownHostsFile none');
  expect(none.knownHostsFiles).toEqual([]);
});

test.each<[string, HostConfig['agent']]>([
  ['none', { kind: 'none' }],
  ['SSH_AUTH_SOCK', { kind: 'caller' }],
  ['/run/agent', { kind: 'socket', path: '/run/agent' }],
  ['"/run/a b/agent"', { kind: 'socket', path: '/run/a b/agent' }],
  ['~/agent-%r', { kind: 'socket', path: `${home}/agent-${username}` }],
  ['${SOCKET}.two', { kind: 'socket', path: '/run/mine.two' }],
  ['$SOCKET', { kind: 'socket', path: '/run/mine' }],
  ['$NO_SUCH_SOCKET', { kind: 'none' }]
])('IdentityAgent %s', async (said, agent) => {
  const config = await resolve(`IdentityAgent ${said}`, 'hpc', { SOCKET: '/run/mine' });
  expect(config.agent).toEqual(agent);
});

test('identities: only those that are named, or none', async () => {
  expect(await resolve('IdentitiesOnly yes\nIdentityFile /one')).toMatchObject({
    identitiesOnly: true,
    identityFiles: ['/one']
  });
  expect((await resolve('IdentityFile none')).identityFiles).toEqual([]);
});

test.each<[string, Partial<HostConfig>]>([
  ['ProxyJump gate', { jumps: ['gate'], proxyCommand: null }],
  [
    'ProxyJump eve@one:77,ssh://two:78,[::1]:79',
    { jumps: ['eve@one:77', 'ssh://two:78', '[::1]:79'], proxyCommand: null }
  ],
  ['ProxyJump none\nProxyCommand nc %h 1', { jumps: [], proxyCommand: 'nc hpc 1' }],
  ['ProxyCommand none', { jumps: [], proxyCommand: null }],
  ['ProxyCommand nc %h 1\nProxyJump gate', { jumps: [], proxyCommand: 'nc hpc 1' }]
])('%s', async (text, expected) => {
  expect(await resolve(text)).toMatchObject(expected);
});

test('a wrong line is told in the words of ssh', async () => {
  await expect(resolve('Host hpc\n  Porrt 22\n')).rejects.toMatchObject({
    problem: {
      code: 'ssh-config-invalid',
      values: { host: 'hpc' },
      details: {
        command: expect.stringContaining('ssh -F'),
        output: expect.stringMatching(/config.* line 2: Bad configuration option: porrt/)
      }
    }
  });
});

test('a variable that is not there, and a host that jumps through itself, are wrong lines too', async () => {
  for (const text of ['IdentityAgent ${NO_SUCH_SOCKET}', 'ProxyJump hpc']) {
    await expect(resolve(text)).rejects.toMatchObject({ problem: { code: 'ssh-config-invalid' } });
  }
});

test('without ssh, that is told', async () => {
  await expect(resolve('', 'hpc', { PATH: folder })).rejects.toMatchObject({
    problem: { code: 'ssh-missing', values: { host: 'hpc' } }
  });
});

test.each(['-oProxyCommand=touch MARK', '-FMARK', '-E MARK', '-h', '--'])(
  'a host %s is no option',
  async host => {
    const mark = path.join(folder, 'mark');
    const config = resolve('Match exec true\n', host.replace('MARK', mark));
    await expect(config).rejects.toMatchObject({ problem: { code: 'ssh-config-invalid' } });
    expect(existsSync(mark)).toBe(false);
  }
);
