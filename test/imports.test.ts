import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { refusedImports, roomsBelow, TABLE } from './importTable';

const ENTIRE = globSync('src/*/**/*.{ts,tsx}').map(file => file.replaceAll('\\', '/'));

test('every file of src imports only what its room may', () => {
  expect(ENTIRE.length).toBeGreaterThan(10);
  const refused = ENTIRE.flatMap(file => refusedImports(file, readFileSync(file, 'utf8')));
  expect(refused).toEqual([]);
});

test.each([
  ['src/api/job.ts', "import { readFile } from 'node:fs/promises';"],
  ['src/api/job.ts', "import type { Job } from '../job/paths';"],
  ['src/api/deep/er.ts', "export * from '../../sidecar/records/store';"],
  ['src/api/job.ts', "import * as v from 'valibotic';"],
  ['src/schedulers/slurm/slurm.ts', "import { Client } from 'ssh2';"],
  ['src/schedulers/slurm/slurm.ts', "import { script } from '../../job/script';"],
  ['src/job/script.ts', "import { slurm } from '../schedulers/slurm';"],
  ['src/job/script.ts', "import { schedulers } from '../schedulers';"],
  ['src/job/script.ts', "const fs = require('fs');"],
  ['src/job/script.ts', "const fs = await import('node:fs');"],
  ['src/sidecar/submission/submit.ts', "import express from 'express';"],
  ['src/sidecar/watching/watch.ts', "import { submitJob } from '../submission/submit';"],
  ['src/sidecar/records/jobs.ts', "import type { Life } from '../lifecycle/life';"],
  ['src/sidecar/submission/submit.ts', "import { problemWords } from '../../words';"],
  ['src/sidecar/http/jobs.ts', "import { Client } from 'ssh2';"],
  ['src/sidecar/remote/local.ts', "import express from 'express';"],
  ['src/sidecar/remote/local.ts', "import { Client } from 'ssh2';"],
  ['src/sidecar/remote/gate.ts', "import { ssh2Way } from './ssh2/connection';"],
  ['src/sidecar/remote/ssh2/connection.ts', "import { Gate } from '../gate';"],
  ['src/sidecar/main.ts', "import { table } from '../cli/table';"],
  ['src/lab/model/jobs.ts', "import type { Store } from '../../sidecar/records/store';"],
  ['src/lab/model/jobs.ts', "import { FormModel } from '../form/model/formModel';"],
  ['src/lab/model/jobs.ts', "import { connect } from 'node:net';"],
  ['src/lab/jobs/row.tsx', "import { createRoot } from 'react-dom/client';"],
  ['src/cli/main.ts', "import { submit } from '../sidecar/submit';"],
  ['src/cli/main.ts', "import * as v from 'valibot';"],
  ['src/elsewhere/file.ts', '']
])('in %s, %s is refused', (file, text) => {
  expect(refusedImports(file, text)).toHaveLength(1);
});

test.each([
  ['src/api/job.ts', "import * as v from 'valibot'; import { a } from './text';"],
  ['src/job/script.ts', "import { quote } from '../shell/quote';"],
  ['src/needs/python.ts', "import { parser } from '@lezer/python'; import './paths';"],
  ['src/sidecar/http/app.ts', "import express from 'express';"],
  ['src/sidecar/http/jobs.ts', "import express from 'express'; import '../records/store';"],
  ['src/sidecar/remote/ssh2/login.ts', "import { Client } from 'ssh2'; import 'node:fs/promises';"],
  ['src/sidecar/remote/remotes.ts', "import { ssh2Way } from './ssh2/connection';"],
  [
    'src/lab/panel/panel.tsx',
    "import { Panel } from '@lumino/widgets'; import React from 'react';"
  ],
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

test('the table speaks of each folder of src, and of each room of the sidecar', () => {
  const depth = (file: string): number => (file.startsWith('src/sidecar/') ? 3 : 2);
  const folders = ENTIRE.map(file =>
    file
      .replace(/\.tsx?$/, '')
      .split('/')
      .slice(0, depth(file))
  );
  expect(
    [...new Set(folders.map(parts => parts.join('/')))].filter(room => !(room in TABLE))
  ).toEqual([]);
});

test('no room may import, however far round, one that may import it', () => {
  const below = (room: string, seen: Set<string>): Set<string> => {
    for (const next of roomsBelow(room).filter(other => !seen.has(other))) {
      seen.add(next);
      below(next, seen);
    }
    return seen;
  };
  expect(Object.keys(TABLE).filter(room => below(room, new Set()).has(room))).toEqual([]);
});

test('files of a person are asked for through disk.ts, which waits for no disk for ever', () => {
  const asking = globSync('src/sidecar/**/*.ts').filter(file =>
    ts
      .preProcessFile(readFileSync(file, 'utf8'))
      .importedFiles.some(({ fileName }) => /^(node:)?fs\/promises$/.test(fileName))
  );
  expect(asking.toSorted()).toEqual([
    'src/sidecar/files/disk.ts',
    // Only the types.
    'src/sidecar/files/openFile.ts',
    // A folder of our own, and what Linux tells of processes.
    'src/sidecar/remote/openssh/askpassProgram.ts',
    'src/sidecar/remote/openssh/hangUp.ts',
    'src/sidecar/remote/openssh/login.ts',
    'src/sidecar/remote/openssh/masterConfig.ts',
    'src/sidecar/remote/openssh/privateFolder.ts',
    // What revokes keys is read as OpenSSH reads it; the rest of this file is about a folder of our own.
    'src/sidecar/remote/ssh2/revokedKeys.ts'
  ]);
});
