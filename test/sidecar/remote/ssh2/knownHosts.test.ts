import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Lookup,
  fingerprint,
  judgeKey,
  keyType,
  knownTypes,
  parseKnownHosts
} from '../../../../src/sidecar/remote/ssh2/knownHosts';
import { makeTemp } from '../../../makeTemp';
import { type KeyPair, makeKey } from './keys';

let folder: string;
let ed25519: KeyPair;
let other: KeyPair;
let ecdsa: KeyPair;

beforeAll(() => {
  folder = makeTemp();
  ed25519 = makeKey(folder, 'ed25519');
  other = makeKey(folder, 'other');
  ecdsa = makeKey(folder, 'ecdsa', ['-t', 'ecdsa']);
});

const HOST: Lookup = { hostName: 'login.hpc.edu', port: 22, alias: null };
const AT_2222: Lookup = { ...HOST, port: 2222 };

/** What is said of a host that shows `ed25519`; KEY, OTHER and ECDSA stand for keys. */
function verdict(lines: readonly string[], host: Lookup = HOST): string {
  const found = judgeKey(parseKnownHosts('known_hosts', filled(lines)), host, ed25519.blob);
  return 'entry' in found ? `${found.kind} ${found.entry.line}` : found.kind;
}

function filled(lines: readonly string[]): string {
  return lines
    .join('\n')
    .replaceAll('KEY', ed25519.line)
    .replaceAll('OTHER', other.line)
    .replaceAll('ECDSA', ecdsa.line);
}

describe('a host', () => {
  test.each<[string, string[]]>([
    ['known', ['login.hpc.edu KEY']],
    ['known', ['login.hpc.edu KEY and a comment']],
    ['known', ['  login.hpc.edu\tKEY\r']],
    ['known', ['LOGIN.hpc.EDU KEY']],
    ['known', ['a,login.hpc.edu,b KEY']],
    ['known', ['*.hpc.edu KEY']],
    ['known', ['login.???.edu KEY']],
    ['known', ['*.edu,!*.uni.edu KEY']],
    ['known', ['login.hpc.edu OTHER', 'login.hpc.edu KEY']],
    ['known', ['login.hpc.edu ECDSA', 'login.hpc.edu KEY']],
    ['known', ['@cert-authority *.hpc.edu OTHER', 'login.hpc.edu KEY']],
    ['unknown', []],
    ['unknown', ['', '#login.hpc.edu KEY', '# login.hpc.edu KEY']],
    ['unknown', ['loginxhpc.edu KEY', 'hpc.edu KEY', 'login.hpc.edu.evil KEY']],
    ['unknown', ['*.edu,!*.hpc.edu KEY']],
    ['unknown', ['!login.hpc.edu,* KEY']],
    ['unknown', ['!other.hpc.edu KEY']],
    ['unknown', ['login.hpc.?edu KEY', '[login.hpc.edu]:22 KEY', '(login|x).hpc.edu KEY']],
    ['unknown', ['@REVOKED login.hpc.edu KEY', '@new login.hpc.edu KEY']],
    ['changed 1', ['login.hpc.edu OTHER']],
    ['changed 2', ['login.hpc.edu ECDSA', 'login.hpc.edu OTHER']],
    ['changed 1', ['login.hpc.edu ECDSA']],
    ['revoked 2', ['login.hpc.edu KEY', '@revoked login.hpc.edu KEY']],
    ['revoked 1', ['@revoked * KEY', 'login.hpc.edu KEY']],
    ['revoked 2', ['@revoked elsewhere KEY', '@revoked login.hpc.edu KEY', 'login.hpc.edu KEY']],
    ['known', ['@revoked elsewhere KEY', '@revoked login.hpc.edu OTHER', 'login.hpc.edu KEY']],
    ['authority 1', ['@cert-authority *.hpc.edu OTHER']],
    ['authority 1', ['@cert-authority *.hpc.edu KEY']],
    ['changed 2', ['@cert-authority *.hpc.edu KEY', 'login.hpc.edu OTHER']]
  ])('is %s by %j', (expected, lines) => {
    expect(verdict(lines)).toBe(expected);
  });

  test.each<[string, string[]]>([
    ['known', ['[login.hpc.edu]:2222 KEY']],
    ['known', ['[*.hpc.edu]:2222 KEY']],
    ['known', ['login.hpc.edu KEY']],
    ['known', ['@cert-authority [login.hpc.edu]:2222 OTHER', 'login.hpc.edu KEY']],
    ['unknown', ['[login.hpc.edu]:22 KEY', '[login.hpc.edu]:222 KEY', 'login.hpc.edu:2222 KEY']],
    ['unknown', ['login.hpc.edu OTHER']],
    ['unknown', ['@cert-authority login.hpc.edu KEY']],
    // What is known at the port counts before what is known of the host.
    ['changed 1', ['[login.hpc.edu]:2222 OTHER', 'login.hpc.edu KEY']],
    ['changed 1', ['[login.hpc.edu]:2222 ECDSA', 'login.hpc.edu KEY']],
    ['revoked 2', ['login.hpc.edu KEY', '@revoked login.hpc.edu KEY']],
    ['known', ['[login.hpc.edu]:2222 KEY', '@revoked login.hpc.edu KEY']],
    ['revoked 1', ['@revoked [login.hpc.edu]:2222 KEY', 'login.hpc.edu KEY']]
  ])('at another port is %s by %j', (expected, lines) => {
    expect(verdict(lines, AT_2222)).toBe(expected);
  });

  test.each<[string, string[]]>([
    ['known', ['hpc KEY']],
    ['known', ['HPC KEY']],
    ['unknown', ['login.hpc.edu KEY', '[login.hpc.edu]:2222 KEY', '[hpc]:2222 KEY']]
  ])('with a HostKeyAlias is %s by %j, whatever its port', (expected, lines) => {
    expect(verdict(lines, { ...AT_2222, alias: 'hpc' })).toBe(expected);
  });
});

test.each([
  'login.hpc.edu',
  'login.hpc.edu ssh-ed25519',
  'login.hpc.edu ssh-ed25519 %%%%',
  'login.hpc.edu ssh-ed25519 AAAA',
  'login.hpc.edu ssh-ed25519 /////w==',
  'login.hpc.edu ssh-rsa BLOB',
  'login.hpc.edu 1024 65537 1234567890',
  '@revoked',
  '@',
  '|1|x ssh-ed25519',
  '|1| KEY',
  '|2|a|b KEY',
  '\0\xff\x1b'
])('a line such as %j means nothing', line => {
  const blob = ed25519.blob.toString('base64');
  expect(verdict([line.replace('BLOB', blob)])).toBe('unknown');
  expect(verdict([line.replace('BLOB', blob), 'login.hpc.edu KEY'])).toBe('known');
});

test('several files count together, and each line says where it is', () => {
  const known = [
    ...parseKnownHosts('one', `# hers\nlogin.hpc.edu ${ecdsa.line}\n`),
    ...parseKnownHosts('two', `login.hpc.edu ${other.line}\n`)
  ];
  expect(judgeKey(known, HOST, ed25519.blob)).toMatchObject({
    kind: 'changed',
    entry: { file: 'two', line: 1, type: 'ssh-ed25519' }
  });
  expect(judgeKey(known, HOST, ecdsa.blob)).toEqual({ kind: 'known' });
  expect(knownTypes(known, HOST)).toEqual(['ecdsa-sha2-nistp256', 'ssh-ed25519']);
});

test('the types that are known are those at the port, else those of the host', () => {
  const known = (lines: string[]) => parseKnownHosts('known_hosts', filled(lines));
  expect(knownTypes(known(['login.hpc.edu ECDSA']), AT_2222)).toEqual(['ecdsa-sha2-nistp256']);
  expect(knownTypes(known(['login.hpc.edu ECDSA', '[login.hpc.edu]:2222 KEY']), AT_2222)).toEqual([
    'ssh-ed25519'
  ]);
  expect(
    knownTypes(known(['@revoked login.hpc.edu KEY', '@cert-authority * OTHER']), HOST)
  ).toEqual([]);
});

test('names that ssh-keygen has hashed are found, and no others', () => {
  const file = path.join(folder, 'hashed');
  writeFileSync(
    file,
    filled(['login.hpc.edu KEY', '[login.hpc.edu]:2222 OTHER', 'a.edu,b.edu KEY', ''])
  );
  execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'pipe' });
  const known = parseKnownHosts(file, execFileSync('cat', [file], { encoding: 'utf8' }));
  expect(known.every(({ names }) => names.startsWith('|1|'))).toBe(true);
  for (const hostName of ['login.hpc.edu', 'LOGIN.hpc.edu', 'a.edu', 'b.edu', 'c.edu', 'hpc.edu']) {
    for (const port of [22, 2222, 222]) {
      const name = port === 22 ? hostName : `[${hostName}]:${port}`;
      const { stdout } = spawnSync('ssh-keygen', ['-F', name.toLowerCase(), '-f', file], {
        encoding: 'utf8'
      });
      const lines = [...stdout.matchAll(/found: line (\d+)/g)].map(([, line]) => Number(line));
      const ours = known.filter(entry => knownTypesAt([entry], hostName, port));
      expect([name, ours.map(({ line }) => line)]).toEqual([name, lines]);
    }
  }
});

/** Whether an entry is about just this port. */
function knownTypesAt(
  known: ReturnType<typeof parseKnownHosts>,
  hostName: string,
  port: number
): boolean {
  const alias = port === 22 ? hostName : `[${hostName}]:${port}`;
  return knownTypes(known, { hostName, port, alias }).length > 0;
}

test('fingerprints and types are those of ssh-keygen', () => {
  for (const { blob, file } of [ed25519, ecdsa]) {
    const printed = execFileSync('ssh-keygen', ['-l', '-f', `${file}.pub`], { encoding: 'utf8' });
    expect(printed).toContain(` ${fingerprint(blob)} `);
  }
  expect(keyType(ecdsa.blob)).toBe('ecdsa-sha2-nistp256');
  expect(keyType(Buffer.alloc(2))).toBe('');
  expect(keyType(Buffer.from([0xff, 0xff, 0xff, 0xff, 1]))).toBe('');
});
