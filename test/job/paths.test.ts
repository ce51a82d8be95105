import { describe, expect, it } from 'vitest';
import { FILES } from '../../src/api/jobDirectory';
import {
  fileName,
  folderName,
  folderOf,
  jobDirectory,
  resultPaths,
  resultsFolderOf,
  workFolder
} from '../../src/job/paths';
import { AWKWARD_NAMES } from '../awkward';

describe('jobDirectory', () => {
  it('places everything in one folder', () => {
    const directory = jobDirectory('/scratch/ada', 'k3v9x2ab');
    const paths = Object.fromEntries(
      Object.entries(FILES).map(([what, name]) => [what, `${directory}/${name}`])
    );
    expect(paths).toEqual({
      script: '/scratch/ada/k3v9x2ab/script.sh',
      jobFile: '/scratch/ada/k3v9x2ab/job.json',
      runner: '/scratch/ada/k3v9x2ab/run_notebook.pyz',
      work: '/scratch/ada/k3v9x2ab/work',
      checksums: '/scratch/ada/k3v9x2ab/upload.sha256',
      submitClaim: '/scratch/ada/k3v9x2ab/submit.claim',
      submitOut: '/scratch/ada/k3v9x2ab/submit.out',
      submitSaid: '/scratch/ada/k3v9x2ab/submit.said',
      submitErr: '/scratch/ada/k3v9x2ab/submit.err',
      runLock: '/scratch/ada/k3v9x2ab/run.lock',
      runId: '/scratch/ada/k3v9x2ab/run.lock/id',
      environmentLine: '/scratch/ada/k3v9x2ab/environment.line',
      notes: '/scratch/ada/k3v9x2ab/notes.jsonl',
      started: '/scratch/ada/k3v9x2ab/started.json',
      progress: '/scratch/ada/k3v9x2ab/progress.json',
      exit: '/scratch/ada/k3v9x2ab/exit.json',
      result: '/scratch/ada/k3v9x2ab/result.ipynb',
      ipython: '/scratch/ada/k3v9x2ab/ipython',
      logs: '/scratch/ada/k3v9x2ab/logs',
      log: '/scratch/ada/k3v9x2ab/logs/job.log',
      outputs: '/scratch/ada/k3v9x2ab/outputs'
    });
  });

  it.each(['/base', '/base/', '/base//'])('takes %s', base => {
    expect(jobDirectory(base, 'k3v9x2ab')).toBe('/base/k3v9x2ab');
  });

  it('takes the root of a file system', () => {
    expect(jobDirectory('/', 'k3v9x2ab')).toBe('/k3v9x2ab');
  });

  it.each(AWKWARD_NAMES)('keeps folders called %j as they are', name => {
    const directory = jobDirectory(`/scratch/${name}`, 'k3v9x2ab');
    expect(`${directory}/${workFolder(`/home/${name}/a.ipynb`)}`).toBe(
      `/scratch/${name}/k3v9x2ab/work/${name}`
    );
  });
});

describe('folderName', () => {
  it.each([
    ['/home/ada/thesis/decay.ipynb', 'thesis'],
    ['/thesis/decay.ipynb', 'thesis'],
    ['/home/ada//decay.ipynb', 'ada'],
    ['/home/ada/./decay.ipynb', 'ada'],
    ['/decay.ipynb', 'notebook'],
    ['//decay.ipynb', 'notebook'],
    ['/home/ada/../decay.ipynb', 'notebook'],
    ['/../decay.ipynb', 'notebook'],
    ['/home/.../decay.ipynb', '...']
  ])('of %s is %s', (path, name) => {
    expect(folderName(path)).toBe(name);
  });
});

it.each([
  ['/home/ada/decay.ipynb', 'decay.ipynb', '/home/ada'],
  ['/decay.ipynb', 'decay.ipynb', '/'],
  ['/home/a b/.ipynb', '.ipynb', '/home/a b']
])('%s is split', (path, name, folder) => {
  expect(fileName(path)).toBe(name);
  expect(folderOf(path)).toBe(folder);
});

it.each([
  [undefined, undefined],
  ['results', '/home/ada/work/results'],
  ['./results//2026/', '/home/ada/work/results/2026'],
  ['.', '/home/ada/work'],
  ['/scratch/ada', '/scratch/ada'],
  ['/', '/'],
  ['~', '/home/ada'],
  ['~/results', '/home/ada/results'],
  ["it's $(a) folder", "/home/ada/work/it's $(a) folder"]
])('a result that is asked to go to %j goes to %j', (asked, folder) => {
  expect(resultsFolderOf('/home/ada/work/nb.ipynb', asked, '/home/ada')).toBe(folder);
});

describe('resultPaths', () => {
  const results = (...asked: Parameters<typeof resultPaths>): string[] =>
    Object.values(resultPaths(...asked));

  it.each([
    ['/home/ada/decay.ipynb', '/home/ada/decay.k3v9x2ab'],
    ['/decay.ipynb', '/decay.k3v9x2ab'],
    ['/home/ada/v1.2.ipynb', '/home/ada/v1.2.k3v9x2ab'],
    ['/home/ada/a.ipynb.ipynb', '/home/ada/a.ipynb.k3v9x2ab'],
    ['/home/ada.ipynb/b.ipynb', '/home/ada.ipynb/b.k3v9x2ab']
  ])('lie beside %s', (notebook, stem) => {
    expect(results(notebook, 'k3v9x2ab')).toEqual([`${stem}.ipynb`, `${stem}.files`]);
  });

  it.each(AWKWARD_NAMES)('keep the name %j', name => {
    const [notebook] = results(`/home/${name}/${name}.ipynb`, 'k3v9x2ab');
    expect(notebook).toBe(`/home/${name}/${name}.k3v9x2ab.ipynb`);
  });

  it.each(['/elsewhere', '/elsewhere/'])('lie in another place: %s', place => {
    expect(results('/home/ada/decay.ipynb', 'k3v9x2ab', place)[0]).toBe(
      '/elsewhere/decay.k3v9x2ab.ipynb'
    );
  });

  it('are never the source', () => {
    for (const notebook of ['/a/b.ipynb', '/a/b.k3v9x2ab.ipynb', '/a/.ipynb', '/b.ipynb']) {
      expect(results(notebook, 'k3v9x2ab')).not.toContain(notebook);
    }
  });

  it.each(['z', 'ö', '日', '😀'])('have names that a file system takes, out of many %s', letter => {
    const longest = Buffer.byteLength(letter);
    const name = `${letter.repeat(Math.floor(249 / longest))}.ipynb`;
    for (const path of results(`/home/ada/${name}`, 'k3v9x2ab')) {
      const bytes = Buffer.byteLength(fileName(path));
      expect(bytes).toBeLessThanOrEqual(255);
      expect(bytes).toBeGreaterThan(255 - longest);
      expect(fileName(path).replaceAll(letter, '')).toMatch(/^\.k3v9x2ab\.(ipynb|files)$/);
    }
  });
});
