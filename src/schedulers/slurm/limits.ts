import type { Queue } from '../../api/clusterCheck';
import { parseDuration } from '../../api/duration';
import type { Limits } from '../scheduler';
import { type Partition, accountsOf, readAssociations } from './accounts';

/** Seconds that the accounting may take: without it, all else is known. */
const ACCOUNTING_SECONDS = 10;

/**
 * The version of what submits, the person's groups and associations, and all partitions that Slurm shows to them. Where there is
 * no accounting, sacctmgr says so at once; one that hangs is asked meanwhile, and given up.
 */
const LIMITS = `unset \${!SCONTROL_*}
sbatch --version || exit
id -Gnz | while IFS= read -r -d '' group; do printf 'group %s\\n' "$group"; done
associations() {
  name=$(scontrol show config | sed -n 's/^ClusterName *= *//p')
  timeout ${ACCOUNTING_SECONDS} sacctmgr --noheader --parsable2 --readonly show associations where "user=$(id -un)" \${name:+"cluster=$name"} \\
    format=account,partition,qos,defaultqos | sed 's/^/association /'
  echo associations told
}
exec 3< <(associations 2>/dev/null)
partitions=$(scontrol --oneliner show partition)
status=$?
[ "$status" -ne 0 ] || cat <&3
printf '%s\\n' "$partitions"
exit "$status"`;

/** Prints the version, the person's groups and associations, and the partitions. */
export function limitsArgv(): string[] {
  return ['bash', '-c', LIMITS, 'limits'];
}

/** Debian calls it `slurm-wlm`. */
const VERSION = /^slurm(?:-\w{1,20})? (\d+\.\S{1,80})$/m;

/** More than any person has, and than anybody chooses from. */
const MOST_GROUPS = 10_000;
const MOST_QUEUES = 1000;

/** Slurm's version, its partitions and the person's accounts and QoS, out of what `limitsArgv` prints. */
export function parseLimits(output: string): Limits {
  const lines = output.split('\n');
  const groups = lines.flatMap(line => /^group (.+)$/.exec(line)?.[1] ?? []).slice(0, MOST_GROUPS);
  const version = VERSION.exec(output)?.[1] ?? null;
  const associations = readAssociations(lines);
  const partitions = lines
    .filter(line => line.startsWith('PartitionName='))
    .slice(0, MOST_QUEUES)
    .flatMap(line => partition(line) ?? []);
  const { accounts, qos } = accountsOf(associations, partitions, version);
  return {
    version,
    queues: partitions.map(found => {
      const isForAccount =
        accounts.length === 0 || accounts.some(({ notIn }) => !notIn.includes(found.name));
      return queueOf(found, groups, isForAccount);
    }),
    accounts,
    qos
  };
}

/** A partition: `PartitionName=main AllowGroups=ALL ... State=UP ...`; null where that cannot be read. */
function partition(line: string): Partition | null {
  const [, name] = /^PartitionName=(\S+) /.exec(line) ?? [];
  const value = (key: string): string | undefined => new RegExp(` ${key}=(\\S*) `).exec(line)?.[1];
  const state = value('State');
  return name === undefined || state === undefined ? null : { name, state, value };
}

function queueOf(
  { name, state, value }: Partition,
  groups: readonly string[],
  isForAccount: boolean
): Queue {
  const allowed = new Set((value('AllowGroups') ?? 'ALL').split(','));
  const isForGroup =
    allowed.has('ALL') || groups.length === 0 || groups.some(group => allowed.has(group));
  return {
    name,
    isDefault: value('Default') === 'YES',
    limitSeconds: parseDuration(value('MaxTime') ?? ''),
    isUsable: state === 'UP' && value('RootOnly') !== 'YES' && isForGroup && isForAccount
  };
}
