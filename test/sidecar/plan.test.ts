import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { ProblemError } from '../../src/api/problem';
import { planJob, scriptOf } from '../../src/sidecar/plan';
import { type Workbench, NOTEBOOK, makeWorkbench, planFor } from './workbench';

let bench: Workbench;
beforeEach(() => {
  bench = makeWorkbench();
});

function write(name: string, text: string): void {
  writeFileSync(path.join(bench.project, name), text);
}

function withCells(...sources: string[]): string {
  return JSON.stringify({
    cells: sources.map(source => ({ cell_type: 'code', metadata: {}, outputs: [], source })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5
  });
}

/** The problem that a form meets. */
function problemOf(form: Parameters<typeof planFor>[1]): Promise<unknown> {
  return planFor(bench, form).then(
    () => 'no problem',
    (error: ProblemError) => error.problem
  );
}

test('a plan says everything that submitting would do', async () => {
  write(
    'nb.ipynb',
    withCells('import helper\nopen("in.csv")\nopen("../up.csv")', 'import ipyparallel')
  );
  write('helper.py', 'x = 1');
  write('in.csv', '1,2');
  write('more.dat', '12345');
  writeFileSync(path.join(bench.home, 'up.csv'), '');
  const plan = await planFor(bench, { cores: 4, files: ['*.dat'] });
  expect(plan).toMatchObject({
    engines: 4,
    files: [
      { path: 'helper.py', bytes: 5, why: 'import' },
      { path: 'in.csv', bytes: 3, why: 'literal' },
      { path: 'more.dat', bytes: 5, why: 'asked' }
    ],
    notTaken: [{ literal: '../up.csv', cell: 1 }],
    spec: { cores: 4, timeSeconds: 600, name: 'nb' },
    cluster: { name: 'local', baseFolder: `${bench.home}/.jupyterlab-submit` }
  });
  expect(plan.script).toBe(scriptOf('job00000', plan.spec, plan.cluster));
  expect((await planFor(bench, { findFiles: false })).files).toEqual([]);
  expect((await planFor(bench, { exclude: ['*.csv'] })).files).toMatchObject([
    { path: 'helper.py' }
  ]);
});

test.each([
  [{ queue: 'long' }, 'queue', 'unsupported'],
  [{ memoryPerCore: '4G' }, 'memoryPerCore', 'unsupported'],
  [{ directives: ['#SBATCH x'] }, 'directives', 'unsupported'],
  [{ files: ['../secret', '*.dat'] }, 'files.0', 'pattern-outside'],
  [{ exclude: ['a', '!'] }, 'exclude.1', 'pattern-empty'],
  [{ cores: 0 }, 'cores', 'minimum'],
  [{ cores: 5, coresPerEngine: 2 }, 'cores', 'not-divisible'],
  [{ time: '10' }, 'time', 'time-format'],
  [{ notebook: 'nb.ipynb' }, 'notebook', 'absolute-path']
])('%j is wrong in one field', async (form, field, code) => {
  expect(await problemOf(form)).toMatchObject({
    code: 'invalid-fields',
    fields: [{ field, code }]
  });
});

test('fields that are given and empty are not refused', async () => {
  const empty = { queue: '', directives: [], nodes: undefined } as object;
  expect((await planFor(bench, empty)).spec.queue).toBeNull();
});

test('a cluster that nobody knows is named', async () => {
  expect(await problemOf({ cluster: 'hpc' })).toMatchObject({
    code: 'unknown-cluster',
    values: { cluster: 'hpc' }
  });
});

test.each([
  ['missing', 'notebook-missing', () => rmSync(path.join(bench.project, 'nb.ipynb'))],
  ['not JSON', 'notebook-invalid', () => write('nb.ipynb', '{"cells": [')],
  ['empty', 'notebook-invalid', () => write('nb.ipynb', '')],
  ['no notebook', 'notebook-invalid', () => write('nb.ipynb', '[1, 2]')],
  [
    'a folder',
    'notebook-unreadable',
    () => {
      rmSync(path.join(bench.project, 'nb.ipynb'));
      mkdirSync(path.join(bench.project, 'nb.ipynb'));
    }
  ]
])('a notebook that is %s is the problem %s', async (_, code, spoil) => {
  spoil();
  expect(await problemOf({})).toMatchObject({
    code,
    values: { notebook: path.join(bench.project, 'nb.ipynb') }
  });
});

test('patterns that match no file are named, all at once', async () => {
  write('there.txt', '');
  expect(await problemOf({ files: ['*.csv', 'there.txt', 'no/such/'] })).toMatchObject({
    code: 'files-missing',
    values: { patterns: '*.csv, no/such/' }
  });
});

test('links that lead to folders, or nowhere, are no files to take along', async () => {
  write('there.txt', '');
  symlinkSync('there.txt', path.join(bench.project, 'link.txt'));
  symlinkSync('..', path.join(bench.project, 'up'));
  symlinkSync('nowhere', path.join(bench.project, 'broken'));
  expect((await planFor(bench, { files: ['*'] })).files.map(file => file.path)).toEqual([
    'link.txt',
    'there.txt'
  ]);
});

test('a notebook that is named in a roundabout way is staged under its own name', async () => {
  const { project } = bench;
  const plan = await planJob(
    {
      form: { notebook: `${project}/../project//./nb.ipynb`, cores: 1, time: '10m' },
      caller: { python: '/usr/bin/env' }
    },
    'k3v9x2ab'
  );
  expect(plan.notebook).toBe(NOTEBOOK);
  expect(plan.script).not.toContain('..');
});

test('a form that is no form is refused', async () => {
  for (const form of [null, 'text', [], 7, { notebook: 5 }]) {
    await expect(planJob({ form, caller: { python: '/usr/bin/env' } })).rejects.toMatchObject({
      problem: { code: 'invalid-fields' }
    });
  }
  await expect(
    planJob({
      form: { notebook: '/a/b.ipynb', cores: 1, time: '1h' },
      caller: { python: 'relative' }
    })
  ).rejects.toMatchObject({ problem: { code: 'invalid-fields', fields: [{ field: 'python' }] } });
});
