import { describe, expect, it } from 'vitest';
import { FILES } from '../../src/api/jobDirectory';
import { fileName, folderName, folderOf, jobDirectory, workFolder } from '../../src/job/paths';
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
