import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { JobSpec } from '../../src/api/jobSpec';
import { jobDirectory } from '../../src/job/paths';
import { jobScript } from '../../src/job/script';
import { local } from '../../src/schedulers/local';
import { jobRecord, jobSpec } from '../api/jobRecord';
import { AWKWARD_NAMES } from '../awkward';

interface Asked {
  spec?: Partial<JobSpec>;
  baseFolder?: string;
  environment?: string[];
  python?: string | null;
  directives?: string[];
  endSignal?: 'USR2';
  orders?: number[];
}

function script({
  spec = {},
  baseFolder = '/home/ada/jobs',
  environment = [],
  python = null,
  directives = [],
  endSignal,
  orders = []
}: Asked = {}): string {
  const { id, cluster } = jobRecord();
  const asked = jobSpec(spec);
  const directory = jobDirectory(baseFolder, id);
  return jobScript(
    { ...local, directives: () => directives, endSignal: endSignal ?? null, orders },
    {
      id,
      spec: asked,
      script: `${directory}/script.sh`,
      log: `${directory}/logs/job.log`,
      gpuOption: cluster.gpuOption
    },
    directory,
    { ...cluster, baseFolder, environment, python }
  );
}

/** Scripts that are compared whole with the files in `scripts`; `vitest --update` writes them anew. */
const WHOLE: Record<string, Asked> = {
  plain: {},
  environment_lines: {
    environment: ['module load python/3.12'],
    spec: {
      environment: [
        'source ~/miniforge3/bin/activate analysis',
        'if [ -d "$SCRATCH" ]; then',
        "  export TMPDIR='/scratch/it''s mine'",
        'fi'
      ],
      coresPerEngine: 4
    }
  },
  awkward_names: {
    baseFolder: "/scratch/ada's jobs; $(touch pwned) \\",
    spec: { notebook: '/home/ada/größe/it\'s "quoted" `x`; $HOME \\.ipynb' }
  },
  python_of_the_job: {
    python: '/opt/site/bin/python3',
    spec: { python: '/home/ada/my "envs"/it\'s \\ mine/bin/python' }
  },
  directives: { directives: ['#SBATCH --job-name=k3v9x2ab-analysis', '#SBATCH --ntasks=4'] },
  another_end_signal: { endSignal: 'USR2' },
  exit_codes_that_are_orders: { orders: [99, 100] }
};

describe.each(Object.entries(WHOLE))('%s', (name, asked) => {
  it('is the script that it was', async () => {
    await expect(script(asked)).toMatchFileSnapshot(`scripts/${name}.sh`);
  });
});

describe('threads', () => {
  const threads = (spec: Partial<JobSpec>): string | undefined =>
    /^export OMP_NUM_THREADS=(\d+) /m.exec(script({ spec }))?.[1];

  it('are those of an engine where there are engines', () => {
    expect(threads({ cores: 8, engines: 4, coresPerEngine: 2 })).toBe('2');
  });

  it('are all cores where there are none', () => {
    expect(threads({ cores: 8, engines: 0 })).toBe('8');
    expect(threads({ cores: 8, engines: 0, coresPerEngine: 2 })).toBe('8');
  });
});

describe('a field', () => {
  const isReadable = (text: string): boolean => {
    execFileSync('bash', ['-n'], { input: text });
    return true;
  };

  /** The script without the lines that may hold a value. */
  const frame = (text: string, value: string): string[] =>
    text.split('\n').filter(line => !line.includes(value));

  it.each(Object.keys(WHOLE))('leaves bash a script that it can read: %s', name => {
    expect(isReadable(script(WHOLE[name]))).toBe(true);
  });

  it.each(AWKWARD_NAMES)('keeps %j to itself', name => {
    const asked = (text: string): Asked => ({
      baseFolder: `/scratch/${text}x`,
      spec: {
        notebook: `/home/ada/${text}x/${text}x.ipynb`,
        python: `/opt/${text}x/bin/python`,
        environment: [`echo ${text}x`]
      }
    });
    const awkward = script(asked(name));
    expect(isReadable(awkward)).toBe(true);
    expect(awkward.split('\n')).toHaveLength(script(asked('plain')).split('\n').length);
    const isOfAField = /Made by|^ *cd |^ *exec |^ *__(?:lines|said)=|"module": "python"/;
    const others = (text: string): string[] =>
      text.split('\n').filter(line => !isOfAField.test(line));
    expect(others(awkward)).toEqual(others(script(asked('plain'))));
  });

  it('cannot end the comment that names the notebook', () => {
    for (const end of ['\n', '\r', '\u0085', '\u2028', '\u2029', '\u0000', '\u001b']) {
      const text = script({ spec: { notebook: `/home/ada/a${end}touch pwned.ipynb` } });
      expect(text).toContain('# Made by jupyterlab-submit for a?touch pwned.ipynb.\n');
    }
  });

  it('that is empty leaves no trace', () => {
    const text = script();
    expect(text).not.toMatch(/null,|undefined|eval|\n\n\n/);
    expect(frame(text, 'python3')).toEqual(
      frame(script({ spec: { python: '/opt/python3' } }), 'python3')
    );
  });
});

it('takes the Python of the job, then the site’s, then the one that is there', () => {
  const started = (asked: Asked): string | undefined =>
    /exec (.*) run_notebook\.pyz/.exec(script(asked))?.[1];
  expect(started({ python: '/opt/site', spec: { python: '/opt/own' } })).toBe('/opt/own');
  expect(started({ python: '/opt/site' })).toBe('/opt/site');
  expect(started({})).toBe('python3');
});
