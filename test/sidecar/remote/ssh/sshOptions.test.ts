import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  SSH_OPTIONS,
  refusedOption,
  sshOptions,
  unknownOptions
} from '../../../../src/sidecar/remote/ssh/sshOptions';
import { makeTemp } from '../../../makeTemp';

/** Everything that a configuration can say and that `ssh -G` does not print of its own accord. */
const MORE = `
BindAddress 127.0.0.1
BindInterface lo
CertificateFile /c
ControlPath /p
DynamicForward 1080
EscapeChar none
HostKeyAlias alias
IdentityAgent /a
IgnoreUnknown Nothing
KbdInteractiveDevices bsdauth
KnownHostsCommand /bin/true
LocalCommand true
LocalForward 1 h:1
PKCS11Provider /p
PreferredAuthentications publickey
ProxyCommand nc %h %p
RemoteCommand true
RemoteForward 2 h:2
RevokedHostKeys /r
SendEnv LANG
SetEnv A=b
`;

function printed(text: string): string {
  const file = path.join(makeTemp(), 'config');
  writeFileSync(file, text);
  return execFileSync('ssh', ['-F', file, '-G', '-T', 'hpc'], { encoding: 'utf8', stdio: 'pipe' });
}

test('every option that the ssh of this machine prints is in the table', () => {
  for (const text of ['', MORE, 'ProxyJump other']) {
    expect(unknownOptions(sshOptions(printed(text)))).toEqual([]);
  }
});

test('what ssh does by itself refuses no host', () => {
  expect(refusedOption(sshOptions(printed('')))).toBeNull();
});

test.each([
  ['RekeyLimit 1G', 'rekeylimit'],
  ['BindInterface lo', 'bindinterface'],
  ['ProxyUseFdpass yes', 'proxyusefdpass']
])('%s protects, and is not done here', (line, name) => {
  expect(refusedOption(sshOptions(printed(line)))?.[0]).toBe(name);
});

test('names of objects are no names of options', () => {
  expect(unknownOptions([['constructor', 'x']])).toEqual([['constructor', 'x']]);
  expect(refusedOption([['constructor', 'x']])).toBeNull();
});

test('the table has names as ssh -G is read: in lower case', () => {
  expect(Object.keys(SSH_OPTIONS).filter(name => name !== name.toLowerCase())).toEqual([]);
});
