import { MOST_ACCOUNTS } from '../../api/clusterCheck';
import { parseDuration } from '../../api/duration';
import type { Limits } from '../scheduler';

/**
 * The version; each queue with the longest time that a job may take in it, in one line: `queue all.q INFINITY .`; and the projects, where there
 * are any: `project physics .`
 */
const LIMITS = `command -v qconf >/dev/null || exit 127
qstat -help | head -n 1
queues=$(qconf -sql) || exit
for queue in $queues; do
  said=$(qconf -sq "$queue" | sed -n 's/^h_rt  *//p')
  printf 'queue %s %s .\\n' "$queue" "\${said%%,*}"
done
for project in $(qconf -sprjl 2>/dev/null); do printf 'project %s .\\n' "$project"; done`;

/** Prints the version and the queues. */
export function limitsArgv(): string[] {
  return ['bash', '-c', LIMITS, 'limits'];
}

const VERSION = /^(?:SGE|OGS|GE|UGE|AGE|OCS|GCS) (\d\S{0,80})$/m;
const QUEUE = /^queue ([A-Za-z0-9_]\S{0,127}) (\S+) \.$/;
const PROJECT = /^project ([A-Za-z0-9_]\S{0,127}) \.$/;
const MOST_QUEUES = 1000;

/**
 * What `limitsArgv` prints. Whether a queue takes this person's jobs, and whether they may name a project, is left to the submission; no
 * queue is the default one.
 */
export function parseLimits(output: string): Limits {
  return {
    version: VERSION.exec(output)?.[1] ?? null,
    queues: output
      .split('\n')
      .flatMap(line => {
        const [, name, time = ''] = QUEUE.exec(line) ?? [];
        return name === undefined
          ? []
          : [{ name, isDefault: false, limitSeconds: parseDuration(time), isUsable: true }];
      })
      .slice(0, MOST_QUEUES),
    accounts: output
      .split('\n')
      .flatMap(line => PROJECT.exec(line)?.[1] ?? [])
      .slice(0, MOST_ACCOUNTS)
      .map(name => ({ name, notIn: [], qos: [], defaultQos: null }))
  };
}
