import { expect, test } from 'vitest';
import { type TransportFacts, chooseTransport } from '../../../src/sidecar/remote/transport';

function facts(change: Partial<TransportFacts> = {}): TransportFacts {
  return {
    options: [
      ['gssapiauthentication', 'yes'],
      ['hostbasedauthentication', 'no'],
      ['verifyhostkeydns', 'false'],
      ['proxycommand', 'nc -X %% %h %p']
    ],
    refusedOption: null,
    certificates: [],
    keyTypes: ['ssh-ed25519', ''],
    hasAuthority: false,
    hasTicket: false,
    keysForAgent: [],
    ...change
  };
}

const USUAL = { transport: 'ssh2', reason: 'usual', detail: '' };

test('ssh2 is what leads to a host of which nothing is known that it cannot do', () => {
  expect(chooseTransport('auto', [facts(), facts()])).toEqual(USUAL);
});

const BY_OPENSSH: [Partial<TransportFacts>, string, string][] = [
  [{ refusedOption: 'rekeylimit 1G 0' }, 'option', 'rekeylimit 1G 0'],
  [
    { options: [['knownhostscommand', '/bin/keys %H']] },
    'option',
    'knownhostscommand /bin/keys %H'
  ],
  [{ options: [['hostbasedauthentication', 'yes']] }, 'option', 'hostbasedauthentication yes'],
  [{ options: [['proxycommand', 'connect %h %p %C']] }, 'option', 'proxycommand %C'],
  [{ certificates: ['/home/ada/id-cert.pub'] }, 'certificate', '/home/ada/id-cert.pub'],
  [
    { keyTypes: ['ssh-ed25519-cert-v01@openssh.com'] },
    'certificate',
    'ssh-ed25519-cert-v01@openssh.com'
  ],
  [{ hasAuthority: true }, 'authority', ''],
  [{ hasTicket: true }, 'ticket', ''],
  [{ keyTypes: ['sk-ssh-ed25519@openssh.com'] }, 'security-key', 'sk-ssh-ed25519@openssh.com'],
  [{ options: [['pkcs11provider', '/usr/lib/p.so']] }, 'pkcs11', '/usr/lib/p.so'],
  ...['true', 'ask', 'confirm', '3600', 'confirm 3600'].map(
    (adds): [Partial<TransportFacts>, string, string] => [
      { options: [['addkeystoagent', adds]], keysForAgent: ['/home/ada/id'] },
      'option',
      `addkeystoagent ${adds}`
    ]
  )
];

test.each(BY_OPENSSH)('OpenSSH is what leads to a host with %j', (change, reason, detail) => {
  const choice = { transport: 'openssh', reason, detail };
  expect(chooseTransport('auto', [facts(change)])).toEqual(choice);
  // A host on the way counts as much.
  expect(chooseTransport('auto', [facts(), facts(change)])).toEqual(choice);
  expect(chooseTransport('ssh2', [facts(change)])).toEqual({
    transport: 'ssh2',
    reason: 'setting',
    detail: ''
  });
});

test('a ticket is none for a host that is not to be shown it', () => {
  expect(chooseTransport('auto', [facts({ options: [], hasTicket: true })])).toEqual(USUAL);
});

test.each<Partial<TransportFacts>>([
  { options: [['addkeystoagent', 'false']], keysForAgent: ['/home/ada/id'] },
  { options: [['addkeystoagent', 'true']], keysForAgent: [] }
])('no key that would be added to an agent asks for OpenSSH with %j', change => {
  expect(chooseTransport('auto', [facts(change)])).toEqual(USUAL);
});

test('the settings can ask for OpenSSH', () => {
  expect(chooseTransport('openssh', [facts()])).toMatchObject({
    transport: 'openssh',
    reason: 'setting'
  });
});
