import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { beforeEach, describe, expect, it, test } from 'vitest';
import type { Account } from '../../../src/api/clusterCheck';
import {
  type SiteAccounts,
  accountsArgv,
  readSiteAccounts,
  withSiteAccounts
} from '../../../src/sidecar/clusters/siteAccounts';
import { makeTemp } from '../../makeTemp';

let home: string;
beforeEach(() => {
  home = makeTemp();
});

/** What a site's line tells here. */
function told(line: string, variables: Record<string, string> = {}): SiteAccounts {
  const [program = '', ...argv] = accountsArgv(line);
  const { status, stdout } = spawnSync(program, argv, {
    encoding: 'utf8',
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, ...variables },
    stdio: ['ignore', 'pipe', 'pipe']
  });
  return readSiteAccounts({ text: stdout, status: status ?? 1 }, line);
}

/** What a line tells that prints these bytes. */
function printed(bytes: string | Buffer): SiteAccounts {
  writeFileSync(path.join(home, 'printed'), bytes);
  return told('cat printed');
}

const listed = (accounts: SiteAccounts['accounts']): string[] =>
  accounts.map(({ name, words }) => `${name}|${words}`);

/** One second in place of ten. */
function hurried(): Record<string, string> {
  const bin = path.join(home, 'bin');
  mkdirSync(bin);
  writeFileSync(
    path.join(bin, 'timeout'),
    '#!/bin/bash\nshift 3; exec /usr/bin/timeout -k 1 1 "$@"\n',
    { mode: 0o755 }
  );
  return { PATH: `${bin}:${process.env['PATH']}` };
}

describe('what a site says of accounts', () => {
  it('is a name, and whatever else stands in its line', () => {
    const { accounts, warning } = printed(
      'phys-001   1,200 of 5,000 core hours left\nbio\n\tche.m_2:a@b+c\t"until" May;  $(x)\n'
    );
    expect(listed(accounts)).toEqual([
      'phys-001|1,200 of 5,000 core hours left',
      'bio|',
      'che.m_2:a@b+c|"until" May;  $(x)'
    ]);
    expect(warning).toBeNull();
  });

  it.each([
    ['line ends of other systems', 'phys 1 h\r\nbio 2 h\r\n', ['phys|1 h', 'bio|2 h']],
    ['no line end', 'phys 1 h\nbio', ['phys|1 h', 'bio|']],
    ['empty lines', '\n\n  \nphys 1 h\n\n', ['phys|1 h']],
    [
      'other languages',
      'phys 1 200 Stunden übrig, bis März\n',
      ['phys|1 200 Stunden übrig, bis März']
    ],
    ['a name twice', 'phys 1 h\nphys 2 h\n', ['phys|1 h']],
    ['capitals', 'Phys 1 h\nphys 2 h\n', ['Phys|1 h', 'phys|2 h']],
    ['what moves a cursor', 'phys \u001b[31m1 h\u0007\u0085left\n', ['phys|[31m1 h left']],
    ['rules and words between', '------- ---\nphys 1 h\n* a note\n(b)\n', ['phys|1 h']],
    [
      'names that no job can have',
      `phys/1 x\n-A x\nphysü x\n'phys' x\n$(id) x\n${'x'.repeat(129)} x\nphys x\n`,
      ['phys|x']
    ],
    [
      'lines like ours',
      'ended 0 0\nbegun\nerror no\n@@ python\naccount-cut\nphys\n',
      ['ended|0 0', 'begun|', 'error|no', 'account-cut|', 'phys|']
    ]
  ])('is read where there are %s', (_, text, expected) => {
    expect(listed(printed(text).accounts)).toEqual(expected);
  });

  it('is read where there are bytes that are no text', () => {
    const { accounts } = printed(Buffer.from('ph\0ys 1\xff h\n\xffbio 2 h\n', 'latin1'));
    expect(listed(accounts)).toEqual(['phys|1\ufffd h']);
  });

  it('is of as many accounts as anybody chooses from, and of as many words as anybody reads', () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => `a${index} ${'x'.repeat(300)}`);
    const { accounts, warning } = printed(lines.join('\n'));
    expect([accounts.length, warning]).toEqual([200, null]);
    expect(accounts.at(-1)).toEqual({ name: 'a199', words: 'x'.repeat(200) });
  });

  it('has no half line, where there is more than is read', () => {
    const lines = Array.from({ length: 400 }, (_, index) => `a${index} ${'x'.repeat(996)}`);
    const { accounts } = printed(lines.join('\n'));
    expect(accounts.length).toBeGreaterThan(60);
    expect(accounts.every(({ words }) => words.length === 200)).toBe(true);
    expect(accounts.every(({ name }) => lines.some(line => line.startsWith(`${name} `)))).toBe(
      true
    );
  });
});

describe('a line of a site', () => {
  it('is one of bash, and whatever stands in it', () => {
    const { accounts } = told(`for a in "it's" 'phys 1 h'; do [[ $a != it* ]] && echo "$a"; done`);
    expect(listed(accounts)).toEqual(['phys|1 h']);
  });

  it('gets no input, and nothing of ours', () => {
    expect(listed(told('cat; echo phys "$(echo /proc/self/fd/*)"').accounts)).toEqual([
      expect.not.stringMatching(/fd\/[56]\b/)
    ]);
  });

  it.each([
    ['exit 3', 3, ''],
    ['echo phys 1 h; exit 3', 3, ''],
    ['echo >&2; echo " no  database" >&2; echo more >&2; echo phys; false', 1, 'no  database'],
    ['head -c 5000000 /dev/zero | tr "\\0" e >&2; exit 4', 4, ''],
    ['sbank-of-nobody --accounts', 127, expect.stringContaining('sbank-of-nobody')],
    ['echo "phys', expect.any(Number), expect.stringMatching(/unexpected EOF/)],
    ['kill -TERM $$', 143, '']
  ])('that fails tells nothing but how: %j', (line, status, said) => {
    expect(told(line)).toEqual({
      accounts: [],
      warning: { code: 'accounts-failed', values: { command: line, status, said } }
    });
  });

  it.each([
    ['true', ''],
    ['echo "no projects for you" >&2', 'no projects for you'],
    ['echo "*** closed ***"; echo "---"', '*** closed ***'],
    ['head -c 5000000 /dev/zero', ''],
    ['head -c 5000000 /dev/urandom | base64 -w 0', '']
  ])('that names no account is told: %j', (line, said) => {
    expect(told(line)).toEqual({
      accounts: [],
      warning: { code: 'accounts-unreadable', values: { command: line, said } }
    });
  });

  it.each([
    ['hangs', 'echo phys; echo asking >&2; sleep 300', 'asking'],
    ['never ends', 'yes phys', '']
  ])('that %s is ended', (_, line, said) => {
    expect(told(line, hurried())).toEqual({
      accounts: [],
      warning: { code: 'accounts-slow', values: { command: line, seconds: 10, said } }
    });
  });

  it.each([
    ['ended 137 12\n', 0, 'accounts-slow'],
    ['ended 137 1\n', 0, 'accounts-failed'],
    // The whole look was given up.
    ['', 124, 'accounts-slow'],
    ['', 127, 'accounts-failed']
  ])('of which this is all that is heard, %j with status %i: %s', (text, status, code) => {
    expect(readSiteAccounts({ text, status }, 'sbank').warning?.code).toBe(code);
  });

  it('that leaves something behind holds nothing up, and its process is ended', async () => {
    const { accounts } = told('sleep 300 & echo "$!" >pid; echo phys');
    expect(listed(accounts)).toEqual(['phys|']);
    const pid = readFileSync(path.join(home, 'pid'), 'utf8').trim();
    await expect.poll(() => existsSync(`/proc/${pid}/exe`)).toBe(false);
  });

  it('has its start-up files, and what they print is nobody’s', () => {
    const file = path.join(home, 'bash_env');
    writeFileSync(file, 'echo welcome to all\necho warning >&2\nsbank() { echo "phys $1"; }\n');
    const variables = { BASH_ENV: file };
    expect(listed(told('sbank left', variables).accounts)).toEqual(['phys|left']);
    expect(told('false', variables).warning?.values['said']).toBe('');
  });
});

test('the example of sites.md makes a list of its table', () => {
  const page = readFileSync('docs/sites.md', 'utf8');
  const table = /```\n(Project [^]*?)```/.exec(page)?.[1] ?? '';
  const profile: unknown = JSON.parse(`{${/`("accountsCommand": "saldo.*?)`\./.exec(page)?.[1]}}`);
  writeFileSync(path.join(home, 'table'), table);
  const { accountsCommand } = v.parse(v.object({ accountsCommand: v.string() }), profile);
  expect(listed(told(`saldo() { cat table; }; ${accountsCommand}`).accounts)).toEqual([
    'phys-001|1200 of 5000 core hours left'
  ]);
});

test('without a line nothing is told', () => {
  expect(readSiteAccounts(undefined, null)).toEqual({ accounts: [], warning: null });
});

describe('accounts that are put together', () => {
  const physics: Account = {
    name: 'physics',
    notIn: ['gpu'],
    qos: ['normal'],
    defaultQos: 'normal'
  };
  const chemistry: Account = { name: 'chemistry', notIn: [], qos: [], defaultQos: null };

  it('are all of both, those of the site first, with what the batch system tells', () => {
    const site = [
      { name: 'phys-001', words: '1 h left' },
      { name: 'Physics', words: '2 h left' }
    ];
    expect(withSiteAccounts([chemistry, physics], site)).toEqual([
      { name: 'phys-001', notIn: [], qos: [], defaultQos: null, words: '1 h left' },
      { ...physics, words: '2 h left' },
      chemistry
    ]);
  });

  it('are those of the one where the other tells none', () => {
    expect(withSiteAccounts([physics], [])).toEqual([physics]);
    expect(withSiteAccounts([], [{ name: 'a', words: '' }])).toMatchObject([{ name: 'a' }]);
  });

  it('are each there once', () => {
    const site = ['PHYSICS', 'physics', 'Physics'].map(name => ({ name, words: name }));
    expect(withSiteAccounts([physics], site)).toEqual([{ ...physics, words: 'PHYSICS' }]);
  });
});
