// The two programs for Node: one file each, nothing to install.
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

/** Writes jupyterlab_submit/bundle; resolves to whether it worked, and has printed why not. */
export async function buildPrograms() {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  try {
    await build({
      entryPoints: { sidecar: 'src/sidecar/main.ts', cli: 'src/cli/main.ts' },
      outdir: 'jupyterlab_submit/bundle',
      outExtension: { '.js': '.cjs' },
      bundle: true,
      platform: 'node',
      target: 'node24',
      // ssh2 and express are CommonJS and call `require` as they run: an ES module has none.
      format: 'cjs',
      // Not minified: half a megabyte more in the wheel buys stack traces that can be read.
      minify: false,
      // ssh2 tries for two native modules, and does without them when they are not there.
      external: ['cpu-features', '*.node'],
      define: { __VERSION__: JSON.stringify(version) },
      // Errors are printed with their place in the source; the exception says nothing more.
      logLevel: 'warning'
    });
  } catch {
    return false;
  }
  // Python compares it with that of a sidecar which runs already; asking pip's records takes longer
  // than all the rest of `jupyter submit list`.
  writeFileSync('jupyterlab_submit/bundle/version.txt', `${version}\n`);
  return true;
}
