import { act } from 'react';
import { describe, expect, it } from 'vitest';
import { finishedJob, jobSpec } from '../../../api/jobRecord';
import { button, click, type } from '../../jobs/drawn';
import { field, page, said } from '../formPage';
import { FakeClusters, SubmittedJobs, checkAnswer, clusterChoice, hpc } from '../formWorld';

describe('More', () => {
  it('says in a line what differs from the usual, and names each field when it is open', () => {
    const spec = jobSpec({
      cluster: 'hpc',
      cores: 64,
      nodes: 8,
      memoryPerCoreMb: 1024,
      queue: 'long'
    });
    const { place } = page({
      jobs: new SubmittedJobs([finishedJob({ spec })]),
      clusters: new FakeClusters([hpc(), clusterChoice()])
    });
    expect(button('More1G per core · 8 nodes · Queue: long').ariaExpanded).toBe('false');
    click('More1G per core · 8 nodes · Queue: long');
    expect([...place.querySelectorAll('legend')].map(node => node.textContent)).toEqual([
      'What is submitted',
      'Engines and nodes',
      'Queue',
      'Environment',
      'Job'
    ]);
    expect(field('Nodes').value).toBe('8');
  });

  it('opens by itself for a wrong field, and stays open when it is right again', () => {
    const { form } = page();
    act(() => form.set('python', 'python3'));
    expect(said('Python')).toContain('must be a full path');
    type(field('Python'), '/usr/bin/python3');
    expect(said('Python')).toBe('');
  });

  it('has only what the cluster takes', () => {
    page();
    click('More');
    expect(() => field('Nodes')).toThrow('no field "Nodes"');
    expect(field('Cores per engine').value).toBe('');
  });
});

it('where the result goes is said in the line, sent with the form, and marked where it cannot be', async () => {
  const { form, jobs } = page();
  click('More');
  type(field('Results folder'), '../results');
  expect(said('Results folder')).toContain('must be a folder below that of the notebook');
  type(field('Results folder'), 'results');
  expect(said('Results folder')).toBe('');
  click('More');
  expect(button('MoreResults folder: results').ariaExpanded).toBe('false');
  await act(() => form.submit());
  expect(jobs.submitted).toMatchObject([{ resultsFolder: 'results' }]);
});

it.each([
  ['startEngines', ['auto', 'always', 'never'], 'when the notebook uses ipyparallel'],
  ['mpi', ['auto', 'on', 'off'], 'when the notebook uses MPI']
] as const)('%s is one of three', (field, values, usual) => {
  const { form, place } = page();
  click('More');
  const choice = place.querySelector<HTMLSelectElement>(`select[name="${field}"]`);
  expect(choice?.value).toBe('auto');
  expect([...(choice?.options ?? [])].map(({ value }) => value)).toEqual(values);
  expect(choice?.options[0]?.text).toBe(usual);
  act(() => form.set(field, values[1]));
  expect(choice?.value).toBe(values[1]);
});

describe('the files', () => {
  it('are listed with size and reason, and can be left out and taken again', async () => {
    const { client, form, place } = page();
    const files = [
      { path: 'model.py', bytes: 2000, why: 'import' } as const,
      { path: 'data/big.csv', bytes: 12_000_000, why: 'literal' } as const
    ];
    client.answer = () => Promise.resolve(checkAnswer({ files }));
    await act(() => form.ask());
    click('Files2 files, 12 MB');
    expect([...place.querySelectorAll('.jp-SubmitFiles li')].map(li => li.textContent)).toEqual([
      'model.py2.0 kBimported',
      'data/big.csv12 MBnamed in the notebook'
    ]);
    click('Leave out data/big.csv');
    expect(form.values.exclude).toEqual(['/data/big.csv']);
    button('Remove /data/big.csv').focus();
    click('Remove /data/big.csv');
    expect(form.values.exclude).toEqual([]);
    expect(document.activeElement).toBe(field('Files to leave out'));
  });

  it('are added by a pattern', () => {
    const { form } = page();
    click('Files');
    type(field('Files to take along'), ' *.csv ');
    click('Add to Files to take along');
    expect(form.values.files).toEqual(['*.csv']);
    expect(field('Files to take along').value).toBe('');
    act(() => form.set('files', ['../x']));
    expect(said('Files to take along')).toContain('Line 1: leads out of the folder');
  });
});
