import type { RecoverAnswer } from '../../api/routes';
import { EXIT } from '../exitCode';
import { printableLine } from '../printable';
import type { Surroundings } from '../surroundings';

/** `jupyter submit recover CLUSTER`: makes records of the jobs there that have none. */
export async function recover(
  { asking, client, reader, screen }: Surroundings,
  cluster: string,
  { all = false, json = false }: { all?: boolean; json?: boolean }
): Promise<number> {
  if (!json) {
    screen.live(reader().trans.__('looking for jobs on %1', cluster));
  }
  const found = await asking(json, who => client.recover(cluster, all, who)).finally(() =>
    screen.live(null)
  );
  const lines = json ? [JSON.stringify(found)] : recoverLines(found, cluster);
  lines.map(printableLine).forEach(line => screen.line(line));
  return EXIT.succeeded;
}

/** What was found, in words. */
export function recoverLines(
  { elsewhere, foreign, isCut, known, notSubmitted, recovered, unreadable, waited }: RecoverAnswer,
  cluster: string
): string[] {
  const lines = recovered.map(({ hasSource, id, isBare }) => {
    const words = isBare
      ? 'an earlier version submitted it: where its notebook was, cores, queue and the like are not known'
      : hasSource
        ? 'its result comes beside its notebook'
        : 'the folder of its notebook is not here';
    return `${id}  ${words}${hasSource ? '' : `; its result: jupyter submit fetch ${id} --to FOLDER`}`;
  });
  lines.push(
    recovered.length === 0
      ? `Nothing to recover on ${cluster}${known > 0 ? `: ${known} in the list already` : ''}.`
      : `In the list again: ${recovered.length}. Look at them: jupyter submit list --all`
  );
  if (elsewhere.jobs > 0) {
    lines.push(
      `Submitted from other machines (${elsewhere.machines.join(', ')}): ${elsewhere.jobs}. ` +
        `Take them, too: jupyter submit recover ${cluster} --all`
    );
  }
  const others: [number, string][] = [
    [notSubmitted, 'Never submitted'],
    [foreign, 'Of another account']
  ];
  lines.push(...others.filter(([count]) => count > 0).map(([count, word]) => `${word}: ${count}.`));
  if (unreadable.length > 0) {
    lines.push(`Not to be read: ${unreadable.slice(0, 20).join(', ')}.`);
  }
  if (waited.length > 0) {
    lines.push(
      `Waited for their turn and were never sent, so they have to be submitted again: ${waited.length}. ` +
        `Their notebooks and files are in ${waited.slice(0, 20).join(', ')}.`
    );
  }
  if (isCut) {
    lines.push('There are more folders than are looked at.');
  }
  return lines;
}
