import type { Cluster } from '../../api/cluster';
import { type ProblemError, problem } from '../../api/problem';
import type { Remote, RemoteAnswer } from './remote';

/** The problem of a command that ran and failed, with everything that a help desk asks for. */
export function commandFailed(
  cluster: Pick<Cluster, 'title'>,
  remote: Remote,
  command: string,
  { exitCode, signal, stdout, stderr }: RemoteAnswer
): ProblemError {
  const output = `${stdout}${stderr}`.slice(-2000);
  return problem(
    'command-failed',
    { cluster: cluster.title },
    { details: { where: remote.where, command, exitCode, signal, output } }
  );
}
