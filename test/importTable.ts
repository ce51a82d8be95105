import { posix } from 'node:path';
import ts from 'typescript';

/** What the files of a folder, or one file, may import. */
interface Room {
  /** Folders or modules of ours besides its own folder, without their endings. */
  rooms: string[];
  /** Packages; `@scope` stands for all of that scope, `node:` for all of Node's own modules. */
  packages: string[];
}

const SIDECAR: Room = {
  rooms: ['src/api', 'src/schedulers', 'src/job'],
  packages: ['node:', 'valibot', 'tar-stream', 'pino', 'rotating-file-stream']
};

/** The rooms of docs/architecture.md. A more exact path counts before the folder that it lies in. */
export const TABLE: Record<string, Room> = {
  'src/api': { rooms: [], packages: ['valibot'] },
  'src/schedulers': { rooms: ['src/api'], packages: [] },
  'src/job': {
    rooms: ['src/api', 'src/schedulers/scheduler', 'src/schedulers/text'],
    packages: ['@lezer', 'ignore']
  },
  'src/sidecar': SIDECAR,
  'src/sidecar/app': { ...SIDECAR, packages: [...SIDECAR.packages, 'express'] },
  'src/sidecar/routers': { ...SIDECAR, packages: [...SIDECAR.packages, 'express'] },
  'src/sidecar/remote': { ...SIDECAR, packages: [...SIDECAR.packages, 'ssh2'] },
  'src/lab': { rooms: ['src/api'], packages: ['@jupyterlab', '@lumino', 'react'] },
  'src/cli': { rooms: ['src/api'], packages: ['node:', 'commander'] }
};

/**
 * The imports in a file's text that the table refuses, each as `file imports module`.
 *
 * @param file Path of the file, relative to the repository's root.
 * @param text Its TypeScript.
 */
export function refusedImports(file: string, text: string): string[] {
  const place = Object.keys(TABLE)
    .filter(path => lies(withoutEnding(file), path))
    .reduce<string | null>((best, path) => (best && best.length > path.length ? best : path), null);
  if (place === null) {
    return [`${file} lies in no room of the table`];
  }
  // `src/sidecar/remote` is of the same room as all of `src/sidecar`.
  const own = place.split('/').slice(0, 2).join('/');
  const room = TABLE[place] as Room;
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(found => found.fileName)
    .filter(name => !isAllowed(name, file, own, room))
    .map(name => `${file} imports ${name}`);
}

function isAllowed(name: string, file: string, own: string, room: Room): boolean {
  if (name.startsWith('.')) {
    const path = posix.join(posix.dirname(file), name);
    return [own, ...room.rooms].some(allowed => lies(path, allowed));
  }
  return room.packages.some(allowed =>
    allowed.endsWith(':') ? name.startsWith(allowed) : lies(name, allowed)
  );
}

function lies(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function withoutEnding(file: string): string {
  return file.replace(/(\.d)?\.tsx?$/, '');
}
