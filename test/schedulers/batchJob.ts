import type { GpuOption } from '../../src/api/cluster';
import type { JobForm } from '../../src/api/jobSpec';
import { parseJobSpec } from '../../src/api/jobSpec';
import { FILES } from '../../src/api/jobDirectory';
import { jobDirectory } from '../../src/job/paths';
import type { BatchJob } from '../../src/schedulers/scheduler';

/** A job of four engines and ten minutes, with what a test changes of its form. */
export function batchJob(
  form: Partial<JobForm> = {},
  {
    id = 'k3v9x2ab',
    baseFolder = '/home/ada/jobs',
    gpuOption = 'gpus-per-node'
  }: { id?: string; baseFolder?: string; gpuOption?: GpuOption } = {}
): BatchJob {
  const asked = { notebook: '/home/ada/thesis/decay.ipynb', cores: 4, time: '10m', ...form };
  const parsed = parseJobSpec(asked);
  if (!parsed.ok) {
    throw new Error(`no job: ${JSON.stringify(parsed.fields)}`);
  }
  const directory = jobDirectory(baseFolder, id);
  return {
    id,
    spec: parsed.value,
    script: `${directory}/${FILES.script}`,
    log: `${directory}/${FILES.log}`,
    gpuOption
  };
}
