import type { CheckedForm } from '../../api/client';
import { checkProblems } from '../../api/clusterCheck';
import { checkLines } from '../checkLines';
import { EXIT } from '../exitCode';
import { lookOf } from '../look';
import type { Surroundings } from '../surroundings';

/** What can be tried on a cluster before it is in the settings. */
export type CheckFlags = Omit<CheckedForm, 'cluster'> & {
  json?: boolean;
  keepPassphrase?: boolean;
};

/** Seconds after which is said that a host takes long. */
const PATIENT_SECONDS = 10;

/** `jupyter submit check CLUSTER`: whether jobs can run there, part by part. */
export async function check(
  surroundings: Surroundings,
  cluster: string,
  { json = false, keepPassphrase = false, ...form }: CheckFlags
): Promise<number> {
  const { asking, client, reader, screen } = surroundings;
  if (!json) {
    screen.live(reader().trans.__('checking %1', cluster));
  }
  const slow = setTimeout(() => {
    if (!json) {
      screen.live(
        reader().trans.__(
          'checking %1: no answer for %2 s. If it stays so: does ssh %1 true return in a terminal?',
          cluster,
          PATIENT_SECONDS
        )
      );
    }
  }, PATIENT_SECONDS * 1000);
  const found = await asking(
    json,
    who => client.checkCluster({ ...form, cluster }, { ...who, insists: true }),
    keepPassphrase
  ).finally(() => clearTimeout(slow));
  screen.live(null);
  const lines = json ? [JSON.stringify(found)] : checkLines(found, lookOf(surroundings));
  lines.forEach(line => screen.line(line));
  return checkProblems(found).length === 0 ? EXIT.succeeded : EXIT.failed;
}
