import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { notebook } from './notebook';

/** The second cell's output. */
const DONE = { output_type: 'stream', name: 'stdout', text: 'done\n' };

/**
 * A program that a job takes for its Python, and that leaves what the notebook of `oneJob` would, without the seconds of
 * a kernel's start: for tests of so many jobs that these would add up to minutes. It makes a copy of `data.txt`, where
 * there is one.
 *
 * @param folder Takes it; whoever runs jobs must be able to read it.
 */
export function quickPython(folder: string): string {
  const result: unknown = JSON.parse(notebook('', ''), (_, value: unknown) =>
    isLastCell(value) ? { ...value, outputs: [DONE] } : value
  );
  const file = path.join(folder, 'quick-python');
  writeFileSync(path.join(folder, 'quick.ipynb'), JSON.stringify(result));
  writeFileSync(
    file,
    `#!/bin/bash
echo ran >>"$HOME/runs.$JUPYTERLAB_SUBMIT_JOB"
printf whole >work/project/wrote.txt
[ ! -e work/project/data.txt ] || cp work/project/data.txt work/project/copy.txt
cp "$(dirname "$0")/quick.ipynb" result.ipynb
printf '{"state": "succeeded", "cause": null, "endedAt": %(%s)T}' -1 >exit.json.part
mv exit.json.part exit.json
`
  );
  for (const name of ['quick-python', 'quick.ipynb']) {
    chmodSync(path.join(folder, name), 0o755);
  }
  return file;
}

function isLastCell(value: unknown): value is object {
  return typeof value === 'object' && value !== null && 'id' in value && value.id === 'cell-2';
}
