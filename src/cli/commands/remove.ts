import { EXIT } from '../exitCode';
import { findJob } from '../findJob';
import type { Surroundings } from '../surroundings';

/** `jupyter submit remove ID`: forgets a job that is over, and removes its folder on the cluster. */
export async function remove(
  { client, screen }: Surroundings,
  prefix: string,
  { evenResult = false, json = false }: { evenResult?: boolean; json?: boolean }
): Promise<number> {
  const { id } = await findJob(client, prefix);
  await client.remove(id, { evenResult });
  screen.line(
    json ? JSON.stringify({ id }) : `${id} is removed. What it brought to this machine stays.`
  );
  return EXIT.succeeded;
}
