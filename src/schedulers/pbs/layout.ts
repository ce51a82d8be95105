import type { JobSpec } from '../../api/jobSpec';

/** So many nodes (or parts of some) with the same number of engines; 0 for a notebook without any. */
export interface Group {
  count: number;
  engines: number;
}

/** How many engines are on how many nodes, where the form says it; null where it leaves that to the system. */
export function nodesAsked({
  engines,
  enginesPerNode,
  gpusPerNode,
  nodes
}: JobSpec): Group[] | null {
  if (engines === 0) {
    return [{ count: 1, engines: 0 }];
  }
  if (enginesPerNode !== undefined) {
    return [
      { count: Math.floor(engines / enginesPerNode), engines: enginesPerNode },
      { count: engines % enginesPerNode === 0 ? 0 : 1, engines: engines % enginesPerNode }
    ].filter(({ count }) => count > 0);
  }
  // Of an unknown number of nodes, none could be asked for the GPUs of each.
  const wanted = nodes ?? (gpusPerNode === undefined ? null : 1);
  return wanted === null ? null : evenly(engines, wanted);
}

function evenly(engines: number, nodes: number): Group[] {
  const least = Math.floor(engines / nodes);
  const more = engines % nodes;
  return [
    { count: more, engines: least + 1 },
    { count: nodes - more, engines: least }
  ].filter(({ count }) => count > 0);
}
