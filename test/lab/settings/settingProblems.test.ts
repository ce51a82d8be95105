import { describe, expect, it } from 'vitest';
import { problem } from '../../../src/api/problem';
import { readSettings } from '../../../src/api/settings';
import { english } from '../../../src/api/translation';
import { settingLabel } from '../../../src/lab/settings/settingLabel';
import { settingProblems } from '../../../src/lab/settings/settingProblems';
import { clusterChoice } from '../form/formWorld';

describe('what is wrong with the settings', () => {
  it('is said field by field, with the cluster', () => {
    const fields = [
      { field: 'defaults.time', code: 'time-format' as const, values: { given: '90' } },
      { field: 'baseFolder', code: 'absolute-path' as const, values: {} }
    ];
    const wrong = problem('cluster-settings', { cluster: 'hpc' }, { fields }).problem;
    const choices = [
      clusterChoice({ name: 'hpc', cluster: null, problem: wrong }),
      clusterChoice({})
    ];
    expect(settingProblems({ choices, problem: null }, english)).toEqual([
      'Submit to cluster: cluster hpc: Time: "90" has no unit: write 90m, 2h or 48:00:00',
      'Submit to cluster: cluster hpc: Base folder: must be a full path, one that begins with /'
    ]);
  });

  it('is said of the settings as a whole', () => {
    const settings = readSettings({ clusters: [{ name: 'local' }], defaults: { cores: 0 } });
    expect(settingProblems({ choices: [], problem: settings.problem }, english)).toEqual([
      'Submit to cluster: Cores: must be at least 1',
      'Submit to cluster: Clusters, entry 1, Name: "local" is a reserved name: choose another'
    ]);
  });

  it('is said in a sentence where no field is to blame', () => {
    const why = problem('no-scheduler', { cluster: 'hpc', programs: 'sbatch' }).problem;
    const choices = [clusterChoice({ name: 'hpc', cluster: null, problem: why })];
    expect(settingProblems({ choices, problem: null }, english)).toEqual([
      'Submit to cluster: No batch system was found on hpc.'
    ]);
  });

  it('is nothing when they are right, or when nobody could be asked', () => {
    const silent = problem('server-silent', {}).problem;
    expect(settingProblems({ choices: [clusterChoice({})], problem: null }, english)).toEqual([]);
    expect(settingProblems({ choices: [], problem: silent }, english)).toEqual([]);
  });
});

describe('a setting', () => {
  it.each([
    ['defaults.time', 'Time'],
    ['defaults.files.1', 'Files to take along, entry 2'],
    ['environment.0', 'Environment lines, entry 1'],
    ['python', 'Python'],
    ['host', 'Host'],
    ['defaults', 'Defaults for every cluster'],
    ['clusters', 'Clusters'],
    ['clusters.2', 'Clusters, entry 3'],
    ['clusters.2.name', 'Clusters, entry 3, Name'],
    ['oddity', 'oddity']
  ])('has the name that the settings editor shows: %s', (field, label) => {
    expect(settingLabel(field, english)).toBe(label);
  });
});
