import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { FIELD_NAMES } from '../../src/api/fields';
import { parseJobSpec } from '../../src/api/jobSpec';
import { flagOf } from '../../src/cli/fieldOptions';
import { formOptions, jobForm } from '../../src/cli/jobForm';

function formOf(...argv: string[]): Record<string, unknown> {
  const command = new Command().exitOverride().argument('<notebook>');
  formOptions().forEach(({ option }) => command.addOption(option));
  command.parse(argv, { from: 'user' });
  return jobForm(command.args[0] ?? '', command.opts(), '/home/ada/work');
}

describe('jobForm', () => {
  it('has an option for every field of the form', () => {
    expect(formOptions()).toHaveLength(FIELD_NAMES.length - 1);
  });

  it('fills in every field from its option', () => {
    const argv =
      'x.ipynb --cluster hpc --cores 8 --time 2h --memory-per-core 2G --nodes 2 --name n --email a@b.c ' +
      '--engines-per-node 2 --cores-per-engine 2 --engines never --mpi off --launcher ibrun --queue main --parallel-environment e --account a --qos q --reservation r ' +
      '--constraint c --gpus-per-node 1 --gpu-type t --file a --file b --exclude e --no-find-files --allow-errors --allow-lost-engines ' +
      '--environment ./activate --python /p --results-folder r/2 --directive --x=1 --directive=-y';
    const form = formOf(...argv.split(' '));
    expect(form).toEqual({
      notebook: '/home/ada/work/x.ipynb',
      cluster: 'hpc',
      cores: 8,
      time: '2h',
      memoryPerCore: '2G',
      nodes: 2,
      enginesPerNode: 2,
      coresPerEngine: 2,
      startEngines: 'never',
      mpi: 'off',
      launcher: 'ibrun',
      queue: 'main',
      parallelEnvironment: 'e',
      account: 'a',
      qos: 'q',
      reservation: 'r',
      constraint: 'c',
      gpusPerNode: 1,
      gpuType: 't',
      name: 'n',
      email: 'a@b.c',
      files: ['a', 'b'],
      exclude: ['e'],
      findFiles: false,
      environment: ['./activate'],
      python: '/p',
      resultsFolder: 'r/2',
      directives: ['--x=1', '-y'],
      allowErrors: true,
      allowLostEngines: true
    });
    expect(Object.keys(form).toSorted()).toEqual([...FIELD_NAMES].toSorted());
    expect(parseJobSpec(form).ok).toBe(true);
  });

  it.each([
    ['8', 8],
    ['-1', -1],
    ['1.5', '1.5'],
    ['1e3', '1e3'],
    ['0x10', '0x10'],
    ['', ''],
    ['99999999999999999999', '99999999999999999999']
  ])('reads --cores %j as %j', (text, cores) => {
    expect(formOf('x.ipynb', '--cores', text)).toMatchObject({ cores });
  });

  it.each([
    ['../x.ipynb', '/home/ada/x.ipynb'],
    ['/abs/x.ipynb', '/abs/x.ipynb'],
    ["it's; $HOME.ipynb", "/home/ada/work/it's; $HOME.ipynb"]
  ])('finds %j at %j', (notebook, absolute) => {
    expect(formOf(notebook)).toMatchObject({ notebook: absolute });
  });
});

describe('flagOf', () => {
  it.each([
    ['time', '--time'],
    ['findFiles', '--no-find-files'],
    ['notebook', 'NOTEBOOK'],
    ['files.1', '--file (number 2)'],
    ['walltime', 'walltime'],
    ['toString', 'toString']
  ])('names %s %s', (field, flag) => {
    expect(flagOf(field)).toBe(flag);
  });
});
