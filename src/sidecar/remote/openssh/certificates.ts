import { execFile } from 'node:child_process';
import path from 'node:path';
import { diskOf } from '../../files/disk';
import type { HostConfig } from '../ssh/hostConfig';

/** Milliseconds that ssh-keygen may take to read a file. */
const READ_MS = 10_000;

/** The files of a person's certificates for a host: those that the configuration names, and those beside its keys. */
export async function certificateFilesOf({
  certificateFiles,
  identityFiles
}: HostConfig): Promise<string[]> {
  const all = [...certificateFiles, ...identityFiles.map(file => `${file}-cert.pub`)];
  const there = await Promise.all(
    all.map(file =>
      diskOf(path.dirname(file), 'login')
        .access(file)
        .then(
          () => [file],
          () => []
        )
    )
  );
  return there.flat();
}

/** A certificate whose time is over, where none is valid; null where there is none, or another one is. */
export async function expiredCertificate(
  config: HostConfig,
  environment: NodeJS.ProcessEnv,
  now = Date.now()
): Promise<{ file: string; until: string } | null> {
  const files = await certificateFilesOf(config);
  const read = await Promise.all(
    files.map(async file => ({ file, until: await validUntil(file, environment) }))
  );
  const last = read
    .filter(({ until }) => until !== null)
    .toSorted((a, b) => (a.until ?? 0) - (b.until ?? 0))
    .at(-1);
  return last !== undefined && last.until !== null && last.until < now
    ? { file: last.file, until: new Date(last.until).toISOString() }
    : null;
}

/** When a certificate's time is over, in milliseconds since 1970; Infinity for never, null where the file has none. */
function validUntil(file: string, environment: NodeJS.ProcessEnv): Promise<number | null> {
  return new Promise(resolve => {
    // It prints the time of this machine, without its zone.
    const env = { ...environment, TZ: 'UTC' };
    execFile('ssh-keygen', ['-L', '-f', file], { env, timeout: READ_MS }, (_, printed) => {
      resolve(readValidity(printed));
    });
  });
}

/** What `ssh-keygen -L` prints of the end of a certificate's time, in milliseconds since 1970. */
export function readValidity(printed: string): number | null {
  const [, forever, before] =
    /^\s*Valid: (?:(forever|after \S+)|(?:from \S+ to|before) (\S+))\s*$/m.exec(printed) ?? [];
  if (forever !== undefined) {
    return Infinity;
  }
  return before === undefined ? null : Date.parse(`${before}Z`);
}
