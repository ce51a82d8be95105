// Builds and runs watching.ts: node watching.mjs FOLDER JOBS
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [folder, jobs] = process.argv.slice(2);
const outfile = path.join(folder, 'watching.cjs');
await build({
  entryPoints: ['dev/bench/watching.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  external: ['cpu-features', '*.node'],
  define: { __VERSION__: '""' },
  logLevel: 'warning'
});
const { default: program } = await import(pathToFileURL(outfile));
process.stdout.write(JSON.stringify(await program.watchForAMinute(folder, Number(jobs))));
