import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { makeTemp } from '../makeTemp';

/** The root of the project. */
export const ROOT = path.resolve(import.meta.dirname, '../..');

/** Jupyter's interpreter, with ipyparallel. */
export const PYTHON = path.join(ROOT, '.venv/bin/python');

let built: Promise<string> | undefined;

/** The sidecar as one program, made of the source as it is now; once for each file of tests. */
export function sidecarBundle(): Promise<string> {
  built ??= bundle(path.join(makeTemp(), 'sidecar.cjs'));
  return built;
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
