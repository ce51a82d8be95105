import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { HOST, RANK } from '../../src/schedulers/hostLaunch';
import { LAUNCH_PBS_PRO, LAUNCH_TORQUE } from '../../src/schedulers/pbs/launch';
import { makeTemp } from '../makeTemp';
import { sealed } from '../sealed';

/** A process on another host, as MoM starts it: in the home folder, with variables of its own, and nothing of what it prints comes back. */
const ELSEWHERE = `elsewhere() { # host, line, words
  local host=$1 line=$2; shift 2
  (cd / && exec env -i PATH=/usr/bin:/bin HOSTNAME="$host" PBS_VNODENUM="$line" TMPDIR=/of/$host "$@") >>"$BIN/log" 2>&1
}`;

/** pbs_tmrsh(8B) gives on the words as they are. */
const TMRSH = `${ELSEWHERE}
elsewhere "$1" '' "\${@:2}"`;

/** pbsdsh(1B) of Torque: `-u` is one process for the lines of a host that follow each other. */
const PBSDSH = `${ELSEWHERE}
[ "$1" = -u ] || exit 1
shift
last= line=0
while read -r host; do
  [ "$host" = "$last" ] || elsewhere "$host" "$line" "$@" &
  last=$host line=$((line + 1))
done <"$PBS_NODEFILE"
wait`;

let bin: string;
let directory: string;
beforeEach(() => {
  const folder = makeTemp();
  bin = path.join(folder, 'bin');
  directory = path.join(folder, 'two words, $HOME');
  mkdirSync(bin);
  mkdirSync(path.join(directory, 'logs'), { recursive: true });
});

function program(name: string, text: string): void {
  writeFileSync(path.join(bin, name), `#!/bin/bash\n${text}\n`);
  chmodSync(path.join(bin, name), 0o755);
}

function launch(
  script: string,
  size: string,
  hosts: readonly string[] | null,
  ...command: string[]
): SpawnSyncReturns<string> {
  const file = path.join(bin, 'hosts');
  writeFileSync(file, hosts === null ? '' : hosts.map(host => `${host}\n`).join(''));
  return spawnSync('bash', ['-c', script, 'launch', directory, size, ...command], {
    encoding: 'utf8',
    cwd: directory,
    env: {
      ...sealed(directory),
      BIN: bin,
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      TMPDIR: '/tmp',
      WORDS: `two 'words'\n"lines" $HOME`,
      ...(hosts !== null && { PBS_NODEFILE: file })
    }
  });
}

const lines = (said: SpawnSyncReturns<string>): string[] =>
  said.stdout.trim().split('\n').toSorted();

const SAY = `echo "$${RANK} on $${HOST} of $1 in $TMPDIR"`;

/** A host whose lines do not follow each other is one host nevertheless. */
const HOSTS = ['n2', 'n2', 'n1', 'n2', 'n3', 'n3'];

describe.each([
  ['PBS Pro', LAUNCH_PBS_PRO, 'pbs_tmrsh', TMRSH],
  ['Torque', LAUNCH_TORQUE, 'pbsdsh', PBSDSH]
])('processes on all hosts of %s', (_, script, name, text) => {
  beforeEach(() => {
    program(name, text);
  });

  it('are one a host, each with its index and what its host has', () => {
    const said = launch(script, '0', HOSTS, 'bash', '-c', SAY, 'bash', "it's $two");
    expect(lines(said)).toEqual([
      "0 on n2 of it's $two in /tmp",
      "1 on n1 of it's $two in /of/n1",
      "2 on n3 of it's $two in /of/n3"
    ]);
    expect(said.stderr).toBe('');
  });

  it('are as many as slots have room for', () => {
    expect(lines(launch(script, '2', HOSTS, 'bash', '-c', `echo "$${RANK} $${HOST}"`))).toEqual([
      '0 n2',
      '1 n3'
    ]);
    expect(lines(launch(script, '1', HOSTS, 'bash', '-c', `echo "$${HOST}"`))).toEqual(
      HOSTS.toSorted()
    );
  });

  it('have the variables of the job, and its folder', () => {
    const [here, there] = lines(
      launch(script, '0', ['n1', 'n2'], 'bash', '-c', 'echo "${WORDS@Q} $PWD"')
    );
    expect(there).toBe(here);
    expect(here).toContain("$'two \\'words\\'\\n\"lines\" $HOME'");
  });

  it('are heard as they speak, in whole lines', () => {
    const said = launch(
      script,
      '0',
      ['n1', 'n2'],
      'bash',
      '-c',
      `[ "$${RANK}" = 0 ] && exit; printf 'a wo'; sleep 0.6; printf 'rd\\n'; for i in {1..500}; do echo $i; done; echo "to stderr" >&2`
    );
    expect(said.stdout.split('\n')).toEqual([
      'a word',
      ...Array.from({ length: 500 }, (__, index) => `${index + 1}`),
      'to stderr',
      ''
    ]);
  });

  it('are one without a file of hosts, and leave nothing behind', () => {
    expect(lines(launch(script, '0', null, 'bash', '-c', `echo "$${RANK}"`))).toEqual(['0']);
    expect(readdirSync(path.join(directory, 'logs'))).toEqual([]);
  });

  it('are reached by ssh where the system has no way', () => {
    rmSync(path.join(bin, name));
    program(
      'ssh',
      `${ELSEWHERE}\nwhile [[ $1 = -* ]]; do [ "$1" = -o ] && shift; shift; done\nelsewhere "$1" '' sh -c "$2"`
    );
    expect(lines(launch(script, '0', HOSTS, 'bash', '-c', `echo "$${HOST}"`))).toEqual([
      'n1',
      'n2',
      'n3'
    ]);
  });
});
