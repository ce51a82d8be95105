import type { Client } from '../api/client';
import type { JobRecord } from '../api/job';
import { formatBytes } from '../api/memory';
import type { LeftFile } from '../api/resultFiles';
import { FILES_OF, type FilesAnswer, type FilesOf } from '../api/routes';
import { type Reader, leftReasonWords } from '../words';
import { printableLine } from './printable';
import type { Surroundings } from './surroundings';

/** How many files are listed, unless all are asked for. */
const MOST_LISTED = 20;

/** The first files of a job's result, a line each, and how many more there are. */
export async function fileLines(
  { client, reader }: Pick<Surroundings, 'client' | 'reader'>,
  { id, result }: JobRecord,
  of: FilesOf
): Promise<string[]> {
  const { count } = of === 'here' ? result.files : result.left;
  if (count === 0) {
    return [];
  }
  const at = reader();
  const { files } = await client.files(id, of, { limit: MOST_LISTED });
  const more = count - files.length;
  return [
    ...files.map(file => fileLine(file, at)),
    ...(more > 0
      ? [`and ${more.toLocaleString('en')} more: jupyter submit show ${id} --files`]
      : [])
  ];
}

/** Prints all files of a job's result, a line each, as their names come. */
export async function printFiles(
  { client, reader, screen }: Surroundings,
  { id }: JobRecord,
  isJson: boolean
): Promise<void> {
  for (const of of FILES_OF) {
    for await (const page of client.allFiles(id, of)) {
      for (const file of page) {
        screen.line(isJson ? JSON.stringify({ of, ...file }) : fileLine(file, reader()));
      }
    }
  }
}

/** All files of a job's result. */
export async function readFiles(
  client: Client,
  { id }: JobRecord
): Promise<Record<FilesOf, FilesAnswer['files']>> {
  const files: Record<FilesOf, FilesAnswer['files']> = { here: [], left: [] };
  for (const of of FILES_OF) {
    for await (const page of client.allFiles(id, of)) {
      files[of].push(...page);
    }
  }
  return files;
}

function fileLine({ bytes, path, reason }: LeftFile, { trans }: Reader): string {
  const line = `${printableLine(path)}, ${formatBytes(bytes)}`;
  return reason === undefined ? line : `${line}: ${leftReasonWords(reason, trans)}`;
}
