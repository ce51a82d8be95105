import type { Refusal } from '../../api/refusals';

/**
 * What sbatch says when it submits nothing (slurm_errno.c, opt.c), the first that fits counts: what is named more
 * exactly comes first, as sbatch often gives the reason on one line and a general one on the next.
 */
const ANSWERS: readonly [RegExp, Refusal | 'unclear'][] = [
  // The request was sent, and its answer never came: it may have been taken.
  [/Socket timed out on send\/recv operation/, 'unclear'],
  [/Unable to contact slurm controller \((?:send|receive|shutdown) failure\)/, 'unclear'],
  [/Zero Bytes were transmitted or received/, 'unclear'],
  [/Unexpected message received|Communication shutdown failure/, 'unclear'],
  [/Connection timed out (?:reading|writing)|closed by quiesce timeout/, 'unclear'],
  // No connection, no credential, no configuration: nothing was sent.
  [/Unable to contact slurm controller|Connection timed out establishing/, 'unreachable'],
  [/controller (?:is )?in standby mode/i, 'unreachable'],
  // Of SLURM_CLUSTERS.
  [/No cluster '.*' known by database|can't be reached now/, 'unreachable'],
  [/Munge encode failed|Failed to connect to authentication agent/, 'unreachable'],
  [/Protocol authentication error|Incompatible versions of client and server/, 'unreachable'],
  [
    /Unable to process configuration file|Could not establish a configuration source/,
    'unreachable'
  ],
  [/sbatch: (?:command )?not found/, 'no-command'],
  [/Invalid partition name|invalid partition specified|No partition specified/i, 'queue'],
  [/group not permitted to use this partition/, 'queue-not-allowed'],
  [/Required partition not available|partition configuration not available/, 'queue-not-allowed'],
  [/Partition in DOWN state/, 'queue-not-allowed'],
  [/Invalid account or account\/partition combination|Invalid or unknown association/, 'account'],
  [/not supported when a partition is set in the association/, 'account'],
  [/Invalid qos specification|breached requested QOS usage threshold/i, 'qos'],
  [/Time limit specification required/, 'time-missing'],
  [/Requested time limit is invalid|Invalid time-min specification/, 'time'],
  [/AssocMaxWall|QOSMaxWall/, 'time'],
  [/job submit limit, user's size and\/or time limits/, 'limits'],
  [/Memory (?:specification can not be satisfied|required by task is not available)/, 'memory'],
  [/Invalid --mem|Invalid numeric value .* for --mem/, 'memory'],
  [/generic resource \(gres\)|Invalid GRES|GRES option unsupported|Trackable RESource/i, 'gpus'],
  [/Insufficient GRES|RestrictedCoresPerGPU/, 'gpus'],
  [/Invalid (?:preferred )?feature specification/, 'constraint'],
  [
    /reservation (?:is invalid|not usable|is in use)|denied to requested reservation/i,
    'reservation'
  ],
  [/Invalid license specification|Licenses currently unavailable/, 'licenses'],
  [/Invalid node name specified|Requested nodes not in this partition/, 'node-names'],
  [/CPU count (?:per node can not be satisfied|specification invalid)/, 'cores'],
  [/Task count specification invalid|more tasks than available processors/, 'cores'],
  [/Node count specification invalid/, 'nodes'],
  [/More processors requested than permitted/, 'cores'],
  [/Requested (?:node|topology) configuration is not available/, 'node-size'],
  [/Missing UNIX (?:user|group)|User not found on host|Invalid (?:user|group) id/i, 'not-allowed'],
  // A host that the partition takes no jobs from, mostly (AllocNodes).
  [/Access\/permission denied/, 'not-allowed'],
  [/Invalid directive found|unrecognized option|Unmatched .* in \[|Unexpected `:`/, 'directives'],
  [/Invalid --?[\w-]+ specification|Invalid numeric value|requires an argument/, 'directives'],
  [/are mutually exclusive|unrecognized --[\w-]+ argument|only permitted by root/, 'directives'],
  [/ob dependency problem|ircular job dependency|Invalid wckey|Invalid mcs_label/, 'directives'],
  [/Burst Buffer (?:request invalid|permission denied|resource limit)/, 'directives'],
  [/Invalid (?:extra constraints|cluster feature|container id) specif/, 'directives'],
  [/Invalid --nice value|operation not supported on this system/, 'directives'],
  [/Container (?:runtime|support is) not configured|--batch option is invalid/, 'directives'],
  [/DOS line breaks|does not look like a batch script/, 'script'],
  // sbatch says it at each of its own attempts; what it says in the end counts more.
  [/temporarily unable to accept job|job queue full|Unable to create job record/i, 'busy'],
  [/I\/O error writing script/, 'busy'],
  [/Rate limit exceeded|MaxJobCount limit reached|System submissions disabled/, 'busy']
];

/**
 * Sorts what sbatch said when it ended with a status other than 0: what has to change; 'unclear' where the job may be in
 * the queue nevertheless; null where the text is none that we know.
 */
export function parseRefusal(output: string): Refusal | 'unclear' | null {
  return ANSWERS.find(([pattern]) => pattern.test(output))?.[1] ?? null;
}
