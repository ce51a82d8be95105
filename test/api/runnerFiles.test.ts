import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { FILES, UPLOADS } from '../../src/api/jobDirectory';
import { OURS_IN_JOB_DIRECTORY } from '../../src/job/paths';

const RUNNER = 'jupyterlab_submit/runner';

/** What the runner names in the job directory: `folder / "x"` where a `Job` is at hand, and where `job.json` is read. */
const named = readdirSync(RUNNER)
  .filter(name => name.endsWith('.py'))
  .flatMap(name => {
    const text = readFileSync(path.join(RUNNER, name), 'utf8');
    const own = name === 'job.py' ? '(?:self\\.|\\()folder' : 'job\\.folder';
    return [...text.matchAll(new RegExp(`\\b_?${own} / "([^"]+)"|${own} / "([^"]+)"`, 'g'))].map(
      found => ({ where: name, file: found[1] ?? found[2] ?? '' })
    );
  });

it('the runner names what it reads and writes as the table does, and nothing else', () => {
  const { exit, ipython, jobFile, logs, notes, outputs, progress, result, started } = FILES;
  const its = [exit, ipython, jobFile, logs, notes, outputs, progress, result, started];
  expect(new Set(named.map(({ file }) => file))).toEqual(new Set(its));
});

it('no name of the table is taken for something that the notebook has put there', () => {
  const matches = (pattern: string, name: string): boolean =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
  const tops = [...Object.values(FILES), UPLOADS.template].map(name => name.split('/')[0] ?? '');
  expect(
    tops.filter(name => !OURS_IN_JOB_DIRECTORY.some(pattern => matches(pattern, name)))
  ).toEqual([]);
});

it('the archive that is built is the one that the script starts', () => {
  for (const file of ['jupyterlab_submit/sidecar.py', 'dev/runner_archive.py']) {
    expect(readFileSync(file, 'utf8')).toContain(`${FILES.runner}"`);
  }
});

it('every name of the table is used by something', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => readFileSync(path.join('src', name), 'utf8'))
    .join('');
  expect(Object.keys(FILES).filter(key => !sources.includes(`FILES.${key}`))).toEqual([]);
});
