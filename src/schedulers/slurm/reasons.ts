import type { Wait } from '../../api/waiting';

/** Reasons of squeue (job_state_reason.c), the first that fits counts; most are families of one limit each. */
const REASONS: readonly [RegExp, Wait][] = [
  [/^Priority$/, 'other-jobs'],
  [/^(?:Resources|SchedDefer|FrontEndDown|MaxPoweredUpNodes|NvidiaImexChannels)$/, 'free-nodes'],
  [/^(?:Prolog|Cleaning|MpiPortsBusy|BurstBuffer\w*)$/, 'preparing'],
  [/^BeginTime$/, 'start-time'],
  [/^Dependency$/, 'another-job'],
  [/^DependencyNeverSatisfied$/, 'another-job-failed'],
  [/^Licenses$/, 'licenses'],
  [/^Reservation$/, 'reservation'],
  [/^Reservation(?:Deleted|Invalid)$/, 'reservation-gone'],
  [/maintenance/i, 'maintenance'],
  [/^(?:ReqNodeNotAvail|NodeDown|PowerNotAvail|PowerReserved)\b/, 'nodes-unavailable'],
  [/^Partition(?:Down|Inactive)$/, 'queue-closed'],
  [/^JobHeldUser$/, 'held-by-you'],
  [/^JobHeldAdmin$/, 'held-by-administrator'],
  [/^JobHoldMaxRequeue$/, 'held-after-failures'],
  [/^(?:PartitionTimeLimit|(?:Association|QOS)TimeLimit)$/, 'too-long'],
  [/^(?:Assoc|QOS)MaxWallDurationPerJobLimit$/, 'too-long'],
  [/^(?:PartitionNodeLimit|(?:Assoc|QOS)MaxNodePerJobLimit)$/, 'too-many-nodes'],
  [/^(?:MaxMemPerLimit|(?:Assoc|QOS)MaxMem(?:ory)?Per(?:Job|Node))$/, 'too-much-memory'],
  // More than all nodes of the partition have, for one.
  [/^PartitionConfig$/, 'too-large'],
  [/^(?:Assoc|QOS)Max\w*Per(?:Job|Node)(?:Limit)?$/, 'too-large'],
  [/^QOSMin\w+$/, 'too-small'],
  [/^(?:Bad)?Constraints$/, 'no-such-nodes'],
  [/^(?:InvalidAccount|AccountNotAllowed)$/, 'wrong-account'],
  [/^(?:InvalidQOS|QOSNotAllowed)$/, 'wrong-qos'],
  [/^DeadLine$/i, 'deadline-passed'],
  [/^(?:JobArrayTaskLimit|(?:Association|QOS)JobLimit)$/, 'your-limit'],
  [/^AssocMax(?:Jobs|SubmitJob)Limit$/, 'your-limit'],
  [/^(?:QOS)?Max\w+PerUser(?:Limit)?$/, 'your-limit'],
  [/^QOSUsageThreshold$/, 'budget-spent'],
  // Of running jobs: it comes back as they go on.
  [/^(?:Assoc|QOS)Grp\w*RunMinutes(?:Limit)?$/, 'group-limit'],
  [/^(?:Assoc|QOS)Grp\w*Minutes(?:Limit)?$/, 'budget-spent'],
  [/^(?:Assoc|QOS)Grp\w+$/, 'group-limit'],
  [/^Max\w+PerAccount$/, 'group-limit'],
  [/^(?:Association|QOS)ResourceLimit$/, 'group-limit']
];

/** Our code for what squeue says of a job that waits; null where it is none of those that we know. */
export function waitOf(state: string, reason: string): Wait | null {
  switch (state) {
    case 'CONFIGURING':
      return 'nodes-starting';
    case 'REQUEUE_HOLD':
    case 'SPECIAL_EXIT':
      return 'held-after-failures';
    default:
      return REASONS.find(([pattern]) => pattern.test(reason))?.[1] ?? null;
  }
}
