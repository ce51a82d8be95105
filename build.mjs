// Builds what the Python package carries: `node build.mjs [programs] [extension]`, both unless told.
import { buildExtension } from './dev/extension.mjs';
import { buildPrograms } from './dev/programs.mjs';

const PARTS = { programs: buildPrograms, extension: buildExtension };
const wanted = process.argv.slice(2);

const built = Object.entries(PARTS)
  .filter(([name]) => wanted.length === 0 || wanted.includes(name))
  .map(([, build]) => build());
// Each has said itself what was wrong.
if ((await Promise.all(built)).includes(false)) {
  process.exit(1);
}
