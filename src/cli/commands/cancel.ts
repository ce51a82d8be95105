import { EXIT } from '../exitCode';
import { findJob } from '../findJob';
import type { Surroundings } from '../surroundings';

/** `jupyter submit cancel ID`: asks the cluster to end a job. */
export async function cancel(
  { asking, client, screen }: Surroundings,
  prefix: string,
  { json = false }: { json?: boolean }
): Promise<number> {
  const { id } = await findJob(client, prefix);
  const job = await asking(json, who => client.cancel(id, who));
  screen.line(
    json
      ? JSON.stringify(job)
      : `${id} is being cancelled. What it has computed is saved and comes back.`
  );
  return EXIT.succeeded;
}
