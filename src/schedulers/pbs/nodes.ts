import type { JobSpec } from '../../api/jobSpec';
import { nodesAsked } from './layout';

/**
 * The nodes as Torque has them asked for, `2:ppn=8:gpus=2:bigmem+1:ppn=4`; '' where the form leaves to us which will do: they are found as the job is submitted
 * (submit.ts), as Torque starts no job whose number of nodes was not said. A slot is a core.
 */
export function nodesOption(spec: JobSpec): string {
  const { cores, coresPerEngine } = spec;
  return (nodesAsked(spec) ?? [])
    .map(({ count, engines }) =>
      [count, `ppn=${engines === 0 ? cores : engines * coresPerEngine}`, ...perNode(spec)].join(':')
    )
    .join('+');
}

/** What each of them has to have beside cores. */
export function perNode({ constraint, gpusPerNode }: JobSpec): string[] {
  return [
    ...(gpusPerNode === undefined ? [] : [`gpus=${gpusPerNode}`]),
    ...(constraint === undefined ? [] : [constraint])
  ];
}

/** The memory of the whole job: Torque has no word for that of a node. */
export function memory({ cores, memoryPerCoreMb }: JobSpec): string[] {
  return memoryPerCoreMb === undefined ? [] : [`mem=${cores * memoryPerCoreMb}mb`];
}
