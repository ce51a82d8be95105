// Builds one of the programs of this folder and runs it: node run.mjs NAME FOLDER [ARGUMENT]...
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [name, folder, ...given] = process.argv.slice(2);
const outfile = path.join(folder, `${name}.cjs`);
await build({
  entryPoints: [`dev/bench/${name}.ts`],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  external: ['cpu-features', '*.node'],
  define: { __VERSION__: '""' },
  logLevel: 'warning'
});
const { default: program } = await import(pathToFileURL(outfile));
process.stdout.write(JSON.stringify(await program.run(folder, ...given)));
