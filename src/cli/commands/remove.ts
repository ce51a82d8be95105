import { EXIT } from '../exitCode';
import type { Client } from '../../api/client';
import { ProblemError } from '../../api/problem';
import { findJob } from '../findJob';
import type { Surroundings } from '../surroundings';

/** `jupyter submit remove ID`: forgets a job that is over, and removes its folder on the cluster. */
export async function remove(
  { asking, client, screen }: Surroundings,
  prefix: string,
  { evenResult = false, json = false }: { evenResult?: boolean; json?: boolean }
): Promise<number> {
  const id = await idOf(client, prefix, evenResult);
  await asking(json, who => client.remove(id, { ...who, evenResult }));
  screen.line(
    json ? JSON.stringify({ id }) : `${id} is removed. What it brought to this machine stays.`
  );
  return EXIT.succeeded;
}

/** A job is found as ever; one whose record cannot be read can be forgotten all the same. */
async function idOf(client: Client, prefix: string, evenResult: boolean): Promise<string> {
  try {
    return (await findJob(client, prefix)).id;
  } catch (error) {
    if (evenResult && error instanceof ProblemError && error.problem.code === 'job-unreadable') {
      return String(error.problem.values['id']);
    }
    throw error;
  }
}
