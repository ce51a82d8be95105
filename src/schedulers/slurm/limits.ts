import type { Queue } from '../../api/clusterCheck';
import { parseDuration } from '../../api/duration';
import type { Limits } from '../scheduler';

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
const VERSION = /^slurm(?:-\w{1,20})? (\d+\.\S{1,80})$/m;

/** More than any person has, and than anybody chooses from. */
const MOST_GROUPS = 10_000;
const MOST_QUEUES = 1000;

/** Slurm's version and its partitions, out of what `limitsArgv` prints. */
export function parseLimits(output: string): Limits {
  const lines = output.split('\n');
  const groups = lines.flatMap(line => /^group (.+)$/.exec(line)?.[1] ?? []).slice(0, MOST_GROUPS);
  return {
    version: VERSION.exec(output)?.[1] ?? null,
    queues: lines
      .filter(line => line.startsWith('PartitionName='))
      .slice(0, MOST_QUEUES)
      .flatMap(line => partition(line, groups))
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
  const allowed = new Set((value('AllowGroups') ?? 'ALL').split(','));
  const isForGroup =
    allowed.has('ALL') || groups.length === 0 || groups.some(group => allowed.has(group));
  return [
    {
      name,
      isDefault: value('Default') === 'YES',
      limitSeconds: parseDuration(value('MaxTime') ?? ''),
      isUsable: state === 'UP' && value('RootOnly') !== 'YES' && isForGroup
    }
  ];
}
