import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../src/api/cluster';
import type { JobSpec } from '../../src/api/jobSpec';
import type { Note } from '../../src/api/notes';
import { kernelNotes } from '../../src/job/kernelNotes';
import { jobRecord, jobSpec } from '../api/jobRecord';

interface Asked {
  kernel?: string | null;
  language?: string;
  spec?: Partial<JobSpec>;
  cluster?: Partial<Cluster>;
  kernels?: string[] | null;
}

function notesOf({
  kernel = 'px',
  language = 'python',
  spec = {},
  cluster = {},
  kernels = ['python3', 'other']
}: Asked): Note[] {
  return kernelNotes(
    { kind: 'notebook', kernel, language, cells: [] },
    jobSpec(spec),
    { ...jobRecord().cluster, ...cluster },
    kernels
  );
}

describe('on This machine', () => {
  it('a kernel that is not there is said, with the Python that stands in for it', () => {
    expect(notesOf({})).toEqual([{ code: 'kernel-missing', kernel: 'px', python: '/opt/python' }]);
  });

  it.each<[string, Asked]>([
    ['is there', { kernel: 'other' }],
    ['is there in other letters, as Jupyter finds it', { kernel: 'Other' }],
    ['is not named', { kernel: null }],
    ['may be one that others know', { kernels: null }],
    ['may come with environment lines', { spec: { environment: ['module load jupyter'] } }],
    ['may come with the lines of the site', { cluster: { environment: ['. /etc/site.sh'] } }],
    ['is in another language', { language: 'r' }]
  ])('nothing is said of a kernel that %s', (_, asked) => {
    expect(notesOf(asked)).toEqual([]);
  });

  it('a Python that was chosen for the job counts more than any kernel', () => {
    const note = { code: 'kernel-replaced', kernel: 'other', python: '/e/bin/python' };
    expect(notesOf({ kernel: 'other', spec: { python: '/e/bin/python' } })).toEqual([note]);
  });
});

describe('on a cluster', () => {
  const cluster = { kernel: 'environment', python: '/opt/site/bin/python' } as const;

  it('a kernel of the person’s own is said, with the Python that counts there', () => {
    const note = { code: 'kernel-replaced', kernel: 'px', python: '/opt/site/bin/python' };
    expect(notesOf({ cluster })).toEqual([note]);
    expect(notesOf({ cluster, kernels: ['px'] })).toEqual([note]);
    expect(notesOf({ cluster: { ...cluster, python: null } })).toEqual([
      { ...note, python: 'python3' }
    ]);
  });

  it.each(['python3', 'python'])('%s is that of any environment, and nothing to mind', kernel => {
    expect(notesOf({ kernel, cluster })).toEqual([]);
  });
});
