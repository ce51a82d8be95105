import type { JobSpec } from '../../api/jobSpec';
import { type Group, nodesAsked } from './layout';

/**
 * The nodes as PBS Pro has them asked for: chunks, and how they are placed (pbs_resources(7B)). A chunk is a node where the form speaks of
 * nodes, and else an engine, for which any node will do. Its processes are what the file of hosts has lines for.
 */
export function selectOptions(spec: JobSpec, directives: readonly string[]): string[] {
  const nodes = nodesAsked(spec);
  const chunks = nodes ?? [{ count: spec.engines, engines: 1 }];
  const select = chunks.map(group => chunk(spec, group)).join('+');
  const place = nodes === null ? 'free' : 'scatter';
  const isPlaced = directives.some(word => /(?:^|,)place=/.test(word));
  return ['-l', `select=${select}`, ...(isPlaced ? [] : ['-l', `place=${place}`])];
}

/** `2:ncpus=8:mpiprocs=4:mem=16000mb:ngpus=2:model=bro` */
function chunk(
  { constraint, cores, coresPerEngine, gpusPerNode, memoryPerCoreMb }: JobSpec,
  { count, engines }: Group
): string {
  const cpus = engines === 0 ? cores : engines * coresPerEngine;
  return [
    `${count}`,
    `ncpus=${cpus}`,
    `mpiprocs=${Math.max(1, engines)}`,
    ...(memoryPerCoreMb === undefined ? [] : [`mem=${cpus * memoryPerCoreMb}mb`]),
    ...(gpusPerNode === undefined ? [] : [`ngpus=${gpusPerNode}`]),
    ...(constraint === undefined ? [] : [constraint])
  ].join(':');
}
