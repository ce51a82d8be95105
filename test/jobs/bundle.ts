import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { makeTemp } from '../makeTemp';

/** The root of the project. */
export const ROOT = path.resolve(import.meta.dirname, '../..');

/** Jupyter's interpreter, with ipyparallel. */
export const PYTHON = path.join(ROOT, '.venv/bin/python');

let built: Promise<string> | undefined;
let packed: string | undefined;

/** The sidecar as one program, made of the source as it is now; once for each file of tests. */
export function sidecarBundle(): Promise<string> {
  built ??= bundle(path.join(makeTemp(), 'sidecar.cjs'));
  return built;
}

/** The runner as one file, made of its source as it is now; once for each file of tests. */
export function runnerArchive(): string {
  packed ??= packRunner(path.join(makeTemp(), 'run_notebook.pyz'));
  return packed;
}

function packRunner(archive: string): string {
  const program = `import sys
from pathlib import Path
from dev.runner_archive import pack_runner
pack_runner(Path(sys.argv[1]), Path(sys.argv[2]))`;
  execFileSync(PYTHON, ['-c', program, ROOT, archive], { cwd: ROOT });
  return archive;
}

async function bundle(outfile: string): Promise<string> {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  await build({
    entryPoints: [path.join(ROOT, 'src/sidecar/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    external: ['cpu-features', '*.node'],
    define: { __VERSION__: JSON.stringify(version) },
    logLevel: 'warning'
  });
  return outfile;
}
