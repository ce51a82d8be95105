import type { FieldProblem } from '../../api/field';
import type { JobForm, JobSpec } from '../../api/jobSpec';
import type { BatchJob } from '../scheduler';

/** Newer ones take 4094 characters, older ones fewer; who lists them by hand sees ten. */
const NAME_LENGTH = 128;

/** What is asked for, as options of bsub. What was left empty is left to the person's and the site's defaults. */
export function options({ id, spec }: BatchJob): string[] {
  const { account, email, gpuType, gpusPerNode, name, queue, reservation, timeSeconds } = spec;
  const span = spanOf(spec);
  return [
    '-J',
    jobName(id, name),
    '-n',
    String(slotsOf(spec)),
    ...option('-R', span === null ? undefined : `span[${span.text}]`),
    '-W',
    String(Math.ceil(timeSeconds / 60)),
    // Not started a second time.
    '-rn',
    // The job writes its own log; without this, all that it prints would be sent by mail.
    '-o',
    '/dev/null',
    ...option('-gpu', gpusOf(gpusPerNode, gpuType)),
    ...option('-q', queue),
    ...option('-P', account),
    ...option('-U', reservation),
    ...(email === undefined ? [] : ['-u', email, '-N'])
  ];
}

/** A slot is a core. */
function slotsOf({ cores, coresPerEngine, engines }: JobSpec): number {
  return engines === 0 ? cores : engines * coresPerEngine;
}

/**
 * Where the slots have to be, and the field that wants it; null: wherever there are some. A notebook without engines is on one
 * host, and no engine on two.
 */
export function spanOf(spec: JobSpec): { text: string; field: keyof JobForm } | null {
  const { coresPerEngine, engines, enginesPerNode, nodes } = spec;
  if (engines === 0) {
    return { text: 'hosts=1', field: 'cores' };
  }
  if (enginesPerNode !== undefined) {
    return { text: `ptile=${enginesPerNode * coresPerEngine}`, field: 'enginesPerNode' };
  }
  if (nodes !== undefined) {
    return { text: `ptile=${Math.ceil(engines / nodes) * coresPerEngine}`, field: 'nodes' };
  }
  return coresPerEngine > 1 ? { text: `block=${coresPerEngine}`, field: 'coresPerEngine' } : null;
}

/** LSF counts slots on a host, not hosts: so many engines on each have to come out at the hosts that are asked for. */
export function nodesProblems({ engines, enginesPerNode, nodes }: JobSpec): FieldProblem[] {
  if (nodes === undefined || enginesPerNode !== undefined || engines === 0) {
    return [];
  }
  const each = Math.ceil(engines / nodes);
  return Math.ceil(engines / each) === nodes
    ? []
    : [{ field: 'nodes', code: 'layout', values: { engines, nodes, enginesPerNode: each } }];
}

/** `num=2/host:gmodel=TeslaV100`: without `/host`, a site may count them for each slot (RESOURCE_RESERVE_PER_TASK). */
function gpusOf(perNode?: number, type?: string): string | undefined {
  return perNode === undefined
    ? undefined
    : [`num=${perNode}/host`, ...(type === undefined ? [] : [`gmodel=${type}`])].join(':');
}

function option(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}

/** Brackets would make it an array. */
function jobName(id: string, name: string): string {
  return `${id}-${name}`.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, NAME_LENGTH);
}
