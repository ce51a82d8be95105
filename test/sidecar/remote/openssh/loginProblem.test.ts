import { expect, test } from 'vitest';
import { asProblem } from '../../../../src/sidecar/process/asProblem';
import { loginProblem } from '../../../../src/sidecar/remote/openssh/loginProblem';
import { hostConfig } from '../../../../src/sidecar/remote/ssh/hostConfig';
import { NotReached } from '../../../../src/sidecar/remote/way';

/** Where ssh was to make the socket of its connection. */
const MASTER = '/tmp/submit-ssh-Ab12Cd/m';

/** What OpenSSH 9.2 has said, and the problem that it is. */
const SAID: [string, object][] = [
  [
    'ssh: Could not resolve hostname nowhere.example: Name or service not known\r\n',
    { code: 'host-not-found', values: { host: 'nowhere.example' } }
  ],
  [
    'ssh: connect to host 192.0.2.1 port 22: Connection timed out\r\n',
    { code: 'host-silent', values: { host: 'hpc', address: 'login.example.org' } }
  ],
  [
    'ssh: connect to host 192.0.2.1 port 22: No route to host\r\n',
    { code: 'host-silent', values: { host: 'hpc' } }
  ],
  [
    'ssh: connect to host 127.0.0.1 port 1: Connection refused\r\n',
    { code: 'cluster-unreachable', values: { cluster: 'hpc' } }
  ],
  [
    'kex_exchange_identification: read: Connection reset by peer\r\nConnection reset by 127.0.0.1 port 9\r\n',
    { code: 'cluster-unreachable' }
  ],
  [
    'Unable to negotiate with 127.0.0.1 port 9: no matching host key type found. Their offer: ssh-rsa\r\n',
    { code: 'cluster-unreachable', details: { output: expect.stringContaining('Their offer') } }
  ],
  [
    'debug1: Authentications that can continue: publickey,password\r\nada@login.example.org: Permission denied (publickey,password).\r\n',
    { code: 'login-asks', values: { host: 'hpc', user: 'ada' } }
  ],
  [
    'debug1: Authentications that can continue: publickey\r\nada@login.example.org: Permission denied (publickey).\r\n',
    {
      code: 'login-refused',
      details: { where: 'hpc', output: 'ada@login.example.org: Permission denied (publickey).' }
    }
  ],
  [
    'pin required\r\ndebug1: Authentications that can continue: publickey\r\nada@login.example.org: Permission denied (publickey).\r\n',
    { code: 'login-asks' }
  ],
  [
    'Received disconnect from 127.0.0.1 port 9:2: Too many authentication failures\r\nDisconnected from 127.0.0.1 port 9\r\n',
    { code: 'login-refused' }
  ],
  [
    'debug1: Server host key: ssh-ed25519 SHA256:abc\r\nHost key verification failed.\r\n',
    { code: 'host-key-unknown', values: { host: 'hpc', fingerprint: 'ssh-ed25519 SHA256:abc' } }
  ],
  [
    'ada@gate: Permission denied (publickey).\r\nkex_exchange_identification: Connection closed by remote host\r\nConnection closed by UNKNOWN port 65535\r\n',
    { code: 'login-refused', details: { output: expect.stringMatching(/^ada@gate/) } }
  ],
  ['', { code: 'cluster-unreachable' }]
];

test.each(SAID)('what ssh says is a problem with a cause: %j', async (said, expected) => {
  const printed =
    'host hpc\nhostname login.example.org\nuser ada\nport 22\nuserknownhostsfile /known_hosts\n';
  const config = hostConfig('hpc', printed, {});
  const attempt = {
    config,
    said,
    environment: process.env,
    answered: 0,
    isUnanswered: false,
    master: MASTER
  };
  expect(asProblem(await loginProblem(attempt))).toMatchObject(expected);
});

test('after an answer a refusal is one of the answer', async () => {
  const config = hostConfig('hpc', 'host hpc\nhostname h\nuser ada\n', {});
  const said = 'ada@h: Permission denied (keyboard-interactive).\r\n';
  const attempt = {
    config,
    said,
    environment: process.env,
    answered: 1,
    isUnanswered: false,
    master: MASTER
  };
  expect(asProblem(await loginProblem(attempt))).toMatchObject({ code: 'answer-refused' });
});

test.each([
  ['ssh: Could not resolve hostname nowhere.example: Name or service not known', false],
  ['ssh: connect to host 192.0.2.1 port 22: Connection refused', false],
  ['ssh: connect to host 192.0.2.1 port 22: No route to host', false],
  ['ssh: connect to host 192.0.2.1 port 22: Network is unreachable', false],
  ['ssh: connect to host 192.0.2.1 port 22: Connection timed out', true],
  [
    'debug1: connect to address 2001:db8::1 port 22: Connection timed out\r\nssh: connect to host h port 22: Network is unreachable',
    true
  ],
  ['debug1: Connection established.\r\nssh: connect to host h port 22: Connection refused', true],
  ['kex_exchange_identification: read: Connection reset by peer', true],
  [
    'debug1: Connection established.\r\nada@login.example.org: Permission denied (publickey).',
    true
  ],
  ['', true]
])('what may have come to a host is told from what has not: %j', async (said, isHeard) => {
  const config = hostConfig('hpc', 'host hpc\nhostname login.example.org\nuser ada\n', {});
  const attempt = {
    config,
    said: `${said}\r\n`,
    environment: process.env,
    answered: 0,
    isUnanswered: false,
    master: MASTER
  };
  expect((await loginProblem(attempt)) instanceof NotReached).toBe(!isHeard);
});
