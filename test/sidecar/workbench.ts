import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { vi } from 'vitest';
import type { JobRecord } from '../../src/api/job';
import type { JobForm } from '../../src/api/jobSpec';
import { type Clock, systemClock } from '../../src/sidecar/process/clock';
import { newJob } from '../../src/sidecar/submission/newJob';
import { type Plan, planJob } from '../../src/sidecar/submission/plan';
import { local } from '../../src/sidecar/remote/local';
import type { Remote } from '../../src/sidecar/remote/remote';
import type { Store } from '../../src/sidecar/records/store';
import { makeTemp } from '../makeTemp';
import { type Context, makeContext } from './makeContext';

/** Everything that the parts of the sidecar need: real ones, but for what a test brings. */
export interface Workbench {
  context: Context;
  store: Store;
  /** Aborts what the context calls `stopping`. */
  stop: () => void;
  /** The home folder, with the job directories in `.jupyterlab-submit`. */
  home: string;
  /** A person's folder with a notebook in it. */
  project: string;
}

/** A runner that succeeds at once, with whatever statements come before. */
export const RUNNER = `import json, os, shutil, sys, time
job = json.load(open("job.json"))
os.chdir(job["directory"])
open("wrote.txt", "w").write("text")
shutil.copy(job["notebook"], "../../result.ipynb")
os.chdir("../..")
verdict = {"state": "succeeded", "cause": None, "endedAt": time.time()}
json.dump(verdict, open("exit.json.part", "w"))
os.rename("exit.json.part", "exit.json")
`;

export const NOTEBOOK = JSON.stringify({
  cells: [],
  metadata: { kernelspec: { name: 'python3', display_name: 'Python', language: 'python' } },
  nbformat: 4,
  nbformat_minor: 5
});

export function makeWorkbench({
  remote = local,
  remotes = {},
  clock = systemClock,
  runner = RUNNER
}: {
  remote?: Remote;
  remotes?: Record<string, Remote>;
  clock?: Clock;
  runner?: string;
} = {}): Workbench {
  const home = makeTemp();
  vi.stubEnv('HOME', home);
  const project = path.join(home, 'project');
  mkdirSync(project);
  writeFileSync(path.join(project, 'nb.ipynb'), NOTEBOOK);
  writeFileSync(path.join(home, 'runner.py'), runner);
  const runnerFile = path.join(home, 'runner.py');
  const made = makeContext({ clock, folder: home, remote, remotes, runner: runnerFile });
  return { ...made, home, project };
}

/** What submitting the notebook of the workbench would do. */
export function planFor(
  { context, project }: Workbench,
  form: Partial<JobForm> = {},
  settings?: unknown
): Promise<Plan> {
  return planJob(
    {
      form: { notebook: path.join(project, 'nb.ipynb'), cores: 1, time: '10m', ...form },
      caller: { python: '/usr/bin/env', settings }
    },
    context
  );
}

/** Records a job that nothing has been done for yet. */
export async function addJob(
  bench: Workbench,
  id = 'k3v9x2ab',
  form: Partial<JobForm> = {}
): Promise<JobRecord> {
  const plan = await planFor(bench, form);
  const record = newJob(id, plan, bench.context.clock.now());
  // The runner of these tests needs nothing but the standard library.
  const ours = { ...record, cluster: { ...record.cluster, python: null } };
  const { notebook, engines, mpi, folders, files } = plan;
  bench.context.jobs.add(ours, {
    environment: {},
    notebook,
    engines,
    mpi,
    folders,
    files: files.map(file => file.path)
  });
  return ours;
}
