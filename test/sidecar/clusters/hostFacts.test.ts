import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type Systems, factsScript, readFacts } from '../../../src/sidecar/clusters/hostFacts';
import { makeTemp } from '../../makeTemp';

/** Two systems that are both called `xsub`, and one that is known by its name. */
const SYSTEMS: Systems<'grid' | 'portable' | 'named'> = {
  grid: {
    detect: {
      program: 'xsub',
      whose: { argv: ['xstat', '-help'], parse: said => /^(?:GE|SGE) \d/m.test(said) }
    },
    variables: ['SGE_ROOT']
  },
  portable: {
    detect: {
      program: 'xsub',
      whose: { argv: ['xstat', '--version'], parse: said => said.includes('pbs_version') }
    },
    variables: ['PBS_CONF_FILE']
  },
  named: { detect: { program: 'nsub', whose: null }, variables: [] }
};

const MARK = '@@secret';

let home: string;
let bin: string;

beforeEach(() => {
  home = makeTemp();
  bin = path.join(home, 'bin');
  mkdirSync(bin);
});

function program(folder: string, name: string, text = ''): void {
  writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

function facts(): ReturnType<typeof readFacts<keyof typeof SYSTEMS>> {
  const env = { HOME: home, PATH: `${bin}:/usr/bin:/bin` };
  const said = execFileSync('bash', ['-c', factsScript(SYSTEMS, MARK)], { encoding: 'utf8', env });
  return readFacts(said, SYSTEMS, MARK);
}

const PBS = 'case $1 in --version) echo pbs_version = 23.06.06 >&2;; *) exit 1;; esac';
const GRID = 'case $1 in -help) echo SGE 8.1.9; echo usage: qstat; exit 1;; *) echo unknown; esac';

test.each([
  ['portable', PBS],
  ['grid', GRID]
])('systems with the same command are told apart by what it says: %s', (name, qstat) => {
  program(bin, 'xsub');
  program(bin, 'xstat', qstat);
  expect(facts()).toEqual({ home, schedulers: [name], variables: {}, site: null });
});

test('one that says nothing of itself that is known is none of them', () => {
  program(bin, 'xsub');
  program(bin, 'xstat', 'echo another system 1.0');
  expect(facts()?.schedulers).toEqual([]);
});

test('one that never says whose it is does not keep the others from being found', () => {
  program(bin, 'xsub');
  program(bin, 'xstat', 'exec sleep 60');
  program(bin, 'nsub');
  expect(facts()?.schedulers).toEqual(['named']);
}, 30_000);

test('what is asked whose it is does not get our input, and forges no part of the answer', () => {
  program(bin, 'xsub');
  program(bin, 'xstat', "cat; echo; echo '@@ program named'; echo '@@ home /elsewhere'");
  expect(facts()).toEqual({ home, schedulers: [], variables: {}, site: null });
});

test('a login shell tells them apart, too, with the variables that they need', () => {
  const login = path.join(home, 'login');
  mkdirSync(login);
  program(login, 'xsub');
  program(login, 'xstat', PBS);
  writeFileSync(
    path.join(home, '.bash_profile'),
    `export PATH='${login}:/usr/bin:/bin' PBS_CONF_FILE='/etc/a b'\n`
  );
  expect(facts()).toEqual({
    home,
    schedulers: ['portable'],
    variables: { PATH: `${login}:/usr/bin:/bin`, PBS_CONF_FILE: '/etc/a b' },
    site: null
  });
});

/** The same, with a file of the site. */
function site(file: string): unknown {
  const env = { HOME: home, PATH: `${bin}:/usr/bin:/bin` };
  const script = factsScript(SYSTEMS, MARK, file);
  const said = execFileSync('bash', ['-c', script], { encoding: 'utf8', env });
  return readFacts(said, SYSTEMS, MARK)?.site;
}

test('what a cluster says of itself comes along, whatever else is found', () => {
  program(bin, 'nsub');
  const file = path.join(home, "site's file.json");
  expect(site(file)).toBeNull();
  writeFileSync(file, '{"name": "own",\n"title": "Own"}');
  expect(site(file)).toMatchObject({ ok: true, profile: { name: 'own', title: 'Own' } });
  expect(facts()?.schedulers).toEqual(['named']);
});

test('a file of the site that is not right is told, and costs nothing else', () => {
  program(bin, 'nsub');
  const file = path.join(home, 'site.json');
  writeFileSync(file, `{"name": "own"}\n${MARK}`);
  expect(site(file)).toMatchObject({ ok: false, wrong: [{ code: 'json' }] });
  writeFileSync(file, `"${'x'.repeat(1_000_000)}"`);
  expect(site(file)).toMatchObject({ ok: false, wrong: [{ code: 'too-long' }] });
  writeFileSync(file, Buffer.from([0xff, 0x00, 0x7b]));
  expect(site(file)).toMatchObject({ ok: false, wrong: [{ code: 'json' }] });
  mkdirSync(path.join(home, 'folder'));
  expect(site(path.join(home, 'folder'))).toMatchObject({
    ok: false,
    wrong: [{ code: 'unreadable', values: { why: expect.stringContaining('directory') } }]
  });
});
