import type { Cluster } from '../../api/cluster';
import type { CheckedPart } from '../../api/clusterCheck';
import { ProblemError } from '../../api/problem';
import { quote } from '../../shell/quote';
import { commandFailed } from '../remote/failure';
import { runScript } from '../remote/script';
import { type ClusterShell, type Ways, isFilesApart, transferHostApart } from './shell';

/** Seconds in which a file that one host has made is to be seen on the other: shared file systems show some late. */
const SEEN_SECONDS = 5;

/** The name of that file; `mktemp`'s template. */
const TEMPLATE = '.check.XXXXXXXX';

/** How the command ends where there is no base folder. */
const NO_FOLDER = 95;

/** What is between us and the host of a cluster's files, and whether it has the same ones; nothing where there is no such host. */
export async function checkTransfer(
  ways: Ways,
  shell: ClusterShell,
  cluster: Cluster
): Promise<CheckedPart[]> {
  if (!isFilesApart(shell)) {
    return [];
  }
  const what = 'transfer-host';
  try {
    await expectSame(shell, cluster);
    const { where } = shell.files.remote;
    const transport = ways.transportOf({ host: cluster.transferHost });
    return [{ what, values: { host: where, ...transport }, problem: null }];
  } catch (error) {
    if (!(error instanceof ProblemError)) {
      throw error;
    }
    return [{ what, values: {}, problem: error.problem }];
  }
}

/** Makes a file in the base folder through the one host, and takes it away through the other. */
async function expectSame(shell: ClusterShell, cluster: Cluster): Promise<void> {
  const folder = quote(cluster.baseFolder);
  const made = await runScript(shell.files, {
    body: `cd ${folder} || exit ${NO_FOLDER}; mktemp ${TEMPLATE}`
  });
  const name = /^\.check\.\w+$/m.exec(made.stdout)?.[0];
  if (name === undefined) {
    throw made.exitCode === NO_FOLDER
      ? transferHostApart(shell, cluster.baseFolder)
      : commandFailed(cluster, shell.files.remote, 'mktemp', made);
  }
  const body = `SECONDS=0
until cd ${folder} && rm ${name} 2>/dev/null; do
  [ "$SECONDS" -lt ${SEEN_SECONDS} ] || exit 1
  sleep 0.2
done`;
  const seen = await runScript(shell, { body });
  if (seen.exitCode !== 0) {
    await runScript(shell.files, { body: `rm -f ${folder}/${name}` });
    throw transferHostApart(shell, cluster.baseFolder);
  }
}
