import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { refusedImports, TABLE } from './importTable';

const ENTIRE = globSync('src/*/**/*.{ts,tsx}').map(file => file.replaceAll('\\', '/'));

test('every file of src imports only what its room may', () => {
  expect(ENTIRE.length).toBeGreaterThan(10);
  const refused = ENTIRE.flatMap(file => refusedImports(file, readFileSync(file, 'utf8')));
  expect(refused).toEqual([]);
});

test.each([
  ['src/api/job.ts', "import { readFile } from 'node:fs/promises';"],
  ['src/api/job.ts', "import type { Job } from '../job/paths';"],
  ['src/api/deep/er.ts', "export * from '../../sidecar/store';"],
  ['src/api/job.ts', "import * as v from 'valibotic';"],
  ['src/schedulers/slurm.ts', "import { Client } from 'ssh2';"],
  ['src/schedulers/slurm.ts', "import { script } from '../job/script';"],
  ['src/job/script.ts', "import { slurm } from '../schedulers/slurm';"],
  ['src/job/script.ts', "import { schedulers } from '../schedulers';"],
  ['src/job/script.ts', "const fs = require('fs');"],
  ['src/job/script.ts', "const fs = await import('node:fs');"],
  ['src/sidecar/submit.ts', "import express from 'express';"],
  ['src/sidecar/application.ts', "import express from 'express';"],
  ['src/sidecar/routers/jobs.ts', "import { Client } from 'ssh2';"],
  ['src/sidecar/remote/local.ts', "import express from 'express';"],
  ['src/sidecar/main.ts', "import { table } from '../cli/table';"],
  ['src/lab/model.tsx', "import type { Store } from '../sidecar/store';"],
  ['src/lab/model.tsx', "import { connect } from 'node:net';"],
  ['src/lab/model.tsx', "import { createRoot } from 'react-dom/client';"],
  ['src/cli/main.ts', "import { submit } from '../sidecar/submit';"],
  ['src/cli/main.ts', "import * as v from 'valibot';"],
  ['src/elsewhere/file.ts', '']
])('in %s, %s is refused', (file, text) => {
  expect(refusedImports(file, text)).toHaveLength(1);
});

test.each([
  ['src/api/job.ts', "import * as v from 'valibot'; import { a } from './text';"],
  ['src/job/script.ts', "import { quote } from '../schedulers/text';"],
  ['src/job/needs/python.ts', "import { parser } from '@lezer/python'; import '../paths';"],
  ['src/sidecar/app.ts', "import express from 'express';"],
  ['src/sidecar/routers/jobs.ts', "import express from 'express'; import '../store';"],
  ['src/sidecar/remote/ssh.ts', "import { Client } from 'ssh2'; import 'node:fs/promises';"],
  ['src/lab/panel.tsx', "import { Panel } from '@lumino/widgets'; import React from 'react';"],
  ['src/lab/jobs/row.tsx', "import { jsx } from 'react/jsx-runtime'; import '../../api/job';"],
  ['src/cli/main.ts', "import { Command } from 'commander'; import '../api/client';"]
])('in %s, %s is allowed', (file, text) => {
  expect(refusedImports(file, text)).toEqual([]);
});

test('a text that only looks like an import is none', () => {
  expect(
    refusedImports('src/api/job.ts', "// import 'express'\nconst a = \"import 'ssh2'\";")
  ).toEqual([]);
});

test('the table speaks of each folder of src', () => {
  const folders = new Set(ENTIRE.map(file => file.split('/').slice(0, 2).join('/')));
  expect([...folders].filter(folder => !(folder in TABLE))).toEqual([]);
});

test('files of a person are asked for through disk.ts, which waits for no disk for ever', () => {
  const asking = globSync('src/sidecar/**/*.ts').filter(file =>
    ts
      .preProcessFile(readFileSync(file, 'utf8'))
      .importedFiles.some(({ fileName }) => /^(node:)?fs\/promises$/.test(fileName))
  );
  expect(asking.toSorted()).toEqual([
    'src/sidecar/disk.ts',
    // Only the types.
    'src/sidecar/openFile.ts',
    // What revokes keys is read as OpenSSH reads it; the rest of this file is about a folder of our own.
    'src/sidecar/remote/ssh/revokedKeys.ts'
  ]);
});
