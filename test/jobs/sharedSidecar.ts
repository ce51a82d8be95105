import { execFile } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from '../../src/api/client';
import { socketTransport } from '../../src/cli/transport';
import { PYTHON, ROOT, runnerArchive, sidecarBundle } from './bundle';
import { makeTemp } from '../makeTemp';
import { sealed } from '../sealed';

const run = promisify(execFile);

/** The Python package as it is installed: with the programs built. Its version is one of its own. */
export async function installedPackage(): Promise<string> {
  const root = makeTemp();
  const folder = path.join(root, 'jupyterlab_submit');
  cpSync(path.join(ROOT, 'jupyterlab_submit'), folder, {
    recursive: true,
    filter: source => !/__pycache__|bundle$/.test(source)
  });
  mkdirSync(path.join(folder, 'bundle'));
  copyFileSync(await sidecarBundle(), path.join(folder, 'bundle/sidecar.cjs'));
  copyFileSync(runnerArchive(), path.join(folder, 'bundle/run_notebook.pyz'));
  writeFileSync(path.join(folder, 'bundle/version.txt'), `${await bundledVersion()}\n`);
  return root;
}

async function bundledVersion(): Promise<string> {
  const { version } = (await import(path.join(ROOT, 'package.json'), { with: { type: 'json' } }))
    .default as { version: string };
  return version;
}

/** The environment of a person with this home, and with the package at `root`. */
export function personalEnvironment(root: string, home: string): Record<string, string> {
  return { ...sealed(home), PYTHONPATH: root };
}

/** Starts the sidecar as all callers do, or finds the one that runs; gives its socket. */
export async function ensureSidecar(environment: Record<string, string>): Promise<string> {
  const { stdout } = await run(PYTHON, ['-m', 'jupyterlab_submit.sidecar'], {
    cwd: '/',
    env: environment
  });
  return stdout.trim();
}

/** A client of the sidecar at this socket, for a person with these variables and settings. */
export function clientAt(
  socket: string,
  environment: Record<string, string>,
  settings?: unknown
): Client {
  return new Client(socketTransport({ socket, start: () => Promise.resolve(socket) }), {
    python: PYTHON,
    environment,
    settings
  });
}
