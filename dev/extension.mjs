// The extension for the browser, as JupyterLab loads it: compiled, then packed by its own builder.
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';

const COMPILER = 'node_modules/typescript/bin/tsc';
const BUILDER = 'node_modules/@jupyter/builder/lib/build-labextension.js';
// Which packages the page brings along, so that none of them is packed.
const CORE = 'node_modules/@jupyterlab/core-meta/core.package.json';

/** Writes jupyterlab_submit/labextension; resolves to whether it worked, and has printed why not. */
export async function buildExtension() {
  const done =
    (await runs(COMPILER, '--build', 'src/lab')) &&
    (await runs(BUILDER, '--core-package-file', CORE, '.'));
  // A copy of package.json that the builder leaves, and nobody reads.
  await rm('jupyterlab_submit/labextension/schemas/jupyterlab-submit/package.json.orig', {
    force: true
  });
  return done;
}

/** Runs a program of a package, silently unless it fails. */
function runs(...command) {
  return new Promise(resolve => {
    execFile(process.execPath, command, (error, stdout, stderr) => {
      if (error) {
        process.stderr.write(`${stdout}${stderr}`);
      }
      resolve(!error);
    });
  });
}
