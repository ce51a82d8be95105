import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FIELD_NAMES } from '../../src/api/fields';
import { LOGS } from '../../src/api/routes';
import { CLUSTER_FIELDS, readSettings } from '../../src/api/settings';
import { EXIT } from '../../src/cli/exitCode';
import { makeProgram } from '../../src/cli/program';

const guide = readFileSync('docs/user-guide.md', 'utf8');
const program = makeProgram(() => Promise.resolve());
const commands = [program, ...program.commands];

/** What a table row of the guide begins with, without its argument: `--cores`. */
const told = [...guide.matchAll(/^\| `(--[a-z-]+)/gm)].map(([, flag]) => flag);

describe('the user guide', () => {
  it('has a row for every option of a submission, and no others', () => {
    const options = program.options.map(({ long }) => long).filter(flag => flag !== '--version');
    expect(new Set(told)).toEqual(new Set(options));
    expect(told).toHaveLength(options.length);
  });

  it('names every command with all of its options', () => {
    for (const command of program.commands) {
      const row = guide
        .split('\n')
        .find(line => line.startsWith(`| \`jupyter submit ${command.name()}`));
      const options = command.options
        .map(({ long }) => long ?? '')
        .filter(flag => flag !== '--json');
      expect(row, command.name()).toBeDefined();
      options.forEach(option => expect(row).toContain(option));
    }
  });

  it('uses no option that is none', () => {
    const known = new Set(commands.flatMap(({ options }) => options.map(({ long }) => long)));
    const used = [...guide.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([flag]) => flag);
    const others = new Set([
      '--data-dir',
      '--runtime-dir',
      // Slurm's.
      '--cpus-per-task',
      '--external',
      '--gpus-per-task',
      '--gpu-bind',
      '--gres',
      '--mem',
      '--overlap'
    ]);
    expect(used.filter(flag => !known.has(flag) && !others.has(flag))).toEqual([]);
  });

  it('lists every exit code', () => {
    const codes = [...guide.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(EXIT));
  });

  it('describes every field of a cluster in the settings, and shows settings that are right', () => {
    const section = guide.split('\n## ').find(text => text.startsWith('Settings')) ?? '';
    const rows = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, field]) => field);
    expect(rows).toEqual(CLUSTER_FIELDS);
    const [, defaults = ''] =
      /^`defaults`, of a cluster[^]*?may have any of ([^]*?):/m.exec(section) ?? [];
    expect([...defaults.matchAll(/`(\w+)`/g)].map(([, field]) => field)).toEqual(
      FIELD_NAMES.filter(field => field !== 'notebook' && field !== 'cluster')
    );
    const [, example = ''] = /```json\n([^]*?)```/.exec(section) ?? [];
    const { clusters, problem } = readSettings(JSON.parse(example));
    expect(problem).toBeNull();
    expect(clusters.map(({ wrong }) => wrong)).toEqual([[]]);
  });

  it('names every log', () => {
    LOGS.forEach(log => expect(guide).toContain(`\`${log}\``));
  });
});
