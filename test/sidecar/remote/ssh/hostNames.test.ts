import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { hostNames } from '../../../../src/sidecar/remote/ssh/hostNames';
import { makeTemp } from '../../../makeTemp';

let folder: string;

beforeEach(() => {
  folder = makeTemp();
});

/** The names in a configuration; further files are beside it. */
function names(text: string, more: Record<string, string> = {}): string[] {
  for (const [name, content] of Object.entries(more)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  const file = path.join(folder, 'config');
  writeFileSync(file, text.replaceAll('FOLDER', folder));
  return hostNames(file);
}

test.each<[string, string[]]>([
  ['Host hpc', ['hpc']],
  ['Host one two\nHost three', ['one', 'two', 'three']],
  ['  hOsT\tone\t two  ', ['one', 'two']],
  ['Host=one\nHost = two', ['one', 'two']],
  ['Host "one" "tw o" three', ['one', 'three']],
  ['Host one # and two\nHost three #four', ['one', 'three']],
  ['# Host one\n  #Host two\nHost three', ['three']],
  ['Host *\nHost ?x\nHost *.edu\nHost one !two h*', ['one']],
  ['Host !one', []],
  ['Host one\r\nHost two\r\n', ['one', 'two']],
  ['Host one\nHost one two\n', ['one', 'two']],
  ['Host login.hpc.edu 10.0.0.1 a_b-c ada@hpc', ['login.hpc.edu', '10.0.0.1', 'a_b-c', 'ada@hpc']],
  ['Host -oProxyCommand=x one', ['one']],
  ['HostName one\nHostKeyAlias two\nHost', []],
  ['Match host one\n  User x\nMatch all\nHost two', ['two']],
  ['', []]
])('%j names %j', (text, expected) => {
  expect(names(text)).toEqual(expected);
});

test.each<[string, string[]]>([
  ['Host github.com\n  User git\nHost hpc\n  User ada', ['hpc']],
  ['Host github.com gitlab.com\n  HostName x\n  user = "git"\nHost hpc', ['hpc']],
  ['Host hpc\nMatch host github.com\n  User git', ['hpc']],
  ['Host hpc\n  User gitta\nHost two\n  User ada # not git', ['hpc', 'two']],
  ['User git\nHost hpc', ['hpc']],
  ['Host one\nHost one\n  User git', []]
])('hosts for git are left out: %j', (text, expected) => {
  expect(names(text)).toEqual(expected);
});

test('included files count at their place: named, by pattern, several, nested', () => {
  expect(
    names('Host one\nInclude FOLDER/d/* "FOLDER/with blank" FOLDER/missing\nHost last', {
      'd/20': 'Host three\n',
      'd/10': `Include ${folder}/deeper\n`,
      deeper: 'Host two\n',
      'with blank': 'Host four\n'
    })
  ).toEqual(['one', 'two', 'three', 'four', 'last']);
});

test('a file that is included within a block says more of it, and the block goes on behind', () => {
  expect(
    names('Host one\n  Include FOLDER/git\nHost two\n  Include FOLDER/other\n  User git', {
      git: 'User git\nHost three\n',
      other: 'Host four\n'
    })
  ).toEqual(['three', 'four']);
});

test('files that include themselves or each other come to an end', () => {
  const files = Object.fromEntries(
    Array.from({ length: 30 }, (_, index) => [
      `d/${index}`,
      `Host h${index}\nInclude ${folder}/d/*\n`
    ])
  );
  expect(names('Include FOLDER/config\nInclude FOLDER/d/*\nHost last', files)).toContain('h0');
});

test('what is not there, a folder, and a link to nowhere have no names', () => {
  symlinkSync('/nowhere/at/all', path.join(folder, 'link'));
  expect(hostNames(path.join(folder, 'missing'))).toEqual([]);
  expect(hostNames(path.join(folder, 'link'))).toEqual([]);
  expect(hostNames(folder)).toEqual([]);
  expect(names('Include FOLDER FOLDER/link\nHost one')).toEqual(['one']);
});

test('relative names of included files are below ~/.ssh, and of other kinds they mean nothing', () => {
  expect(
    names('Include other ~/no-such-file-of-jupyterlab-submit\nHost one', { other: 'Host two' })
  ).toEqual(['one']);
});
