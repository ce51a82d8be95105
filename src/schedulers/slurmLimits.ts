import type { Queue } from '../api/clusterCheck';
import { parseDuration } from '../api/duration';
import type { Limits } from './scheduler';

/** The version of what submits, the person's groups, and all partitions that Slurm shows to them. */
const LIMITS = `unset SCONTROL_ALL
sbatch --version || exit
id -Gnz | while IFS= read -r -d '' group; do printf 'group %s\\n' "$group"; done
scontrol --oneliner show partition`;

/** Prints the version, the person's groups and the partitions. */
export function limitsArgv(): string[] {
  return ['bash', '-c', LIMITS, 'limits'];
}

/** Debian calls it `slurm-wlm`. */
const VERSION = /^slurm(?:-\w+)? (\d+\.\S+)$/m;

/** Slurm's version and its partitions, out of what `limitsArgv` prints. */
export function parseLimits(output: string): Limits {
  const groups = [...output.matchAll(/^group (.+)$/gm)].map(([, group]) => group ?? '');
  return {
    version: VERSION.exec(output)?.[1] ?? null,
    queues: output.split('\n').flatMap(line => partition(line, groups))
  };
}

/**
 * A partition: `PartitionName=main AllowGroups=ALL ... State=UP ...`. Which accounts and QoS it takes is left to the
 * submission: a person's own are not known here.
 */
function partition(line: string, groups: readonly string[]): Queue[] {
  const [, name] = /^PartitionName=(\S+) /.exec(line) ?? [];
  const value = (key: string): string | undefined => new RegExp(` ${key}=(\\S*) `).exec(line)?.[1];
  const state = value('State');
  if (name === undefined || state === undefined) {
    return [];
  }
  const allowed = (value('AllowGroups') ?? 'ALL').split(',');
  const isForGroup =
    allowed.includes('ALL') || groups.length === 0 || groups.some(group => allowed.includes(group));
  return [
    {
      name,
      isDefault: value('Default') === 'YES',
      limitSeconds: parseDuration(value('MaxTime') ?? ''),
      isUsable: state === 'UP' && value('RootOnly') !== 'YES' && isForGroup
    }
  ];
}
