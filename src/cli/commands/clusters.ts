import { EXIT } from '../exitCode';
import { printableLine } from '../printable';
import type { Surroundings } from '../surroundings';
import { columnsOf, padEnd } from '../width';

/** `jupyter submit clusters`: what --cluster can name. */
export async function clusters(
  { client, screen }: Surroundings,
  { json = false }: { json?: boolean }
): Promise<number> {
  const { clusters: all } = await client.clusters();
  if (json) {
    all.forEach(cluster => screen.line(JSON.stringify(cluster)));
    return EXIT.succeeded;
  }
  const width = Math.max(0, ...all.map(({ name }) => columnsOf(name)));
  for (const { name, title } of all) {
    screen.line(`${padEnd(name, width)}  ${printableLine(title)}`);
  }
  return EXIT.succeeded;
}
