import { posix } from 'node:path';
import ts from 'typescript';

/** What the files of a folder, or one file, may import. */
interface Room {
  /** Folders or modules of ours besides its own folder, without their endings. */
  rooms: string[];
  /** Packages; `@scope` stands for all of that scope, `node:` for all of Node's own modules. */
  packages: string[];
}

/** What every room of the sidecar may use. */
const GROUND = {
  rooms: [
    'src/api',
    'src/needs',
    'src/shell',
    'src/schedulers',
    'src/profiles',
    'src/job',
    'src/sidecar/process'
  ],
  packages: ['node:', 'valibot']
};

/** A room of the sidecar, above those that it names. */
function sidecarRoom(rooms: string[], packages: string[] = []): Room {
  return {
    rooms: [...GROUND.rooms, ...rooms.map(room => `src/sidecar/${room}`)],
    packages: [...GROUND.packages, ...packages]
  };
}

const BELOW_WATCHING = ['files', 'remote', 'records', 'clusters'];
const BELOW_LIFE = [...BELOW_WATCHING, 'watching', 'submission', 'collecting', 'removal'];

/** A room of the page, above those that it names. */
function labRoom(rooms: string[]): Room {
  return {
    rooms: [
      'src/api',
      'src/words',
      ...[
        'tokens',
        'commandIDs',
        'asProblem',
        'transport',
        'submitIcon',
        'showProblem',
        ...rooms
      ].map(room => `src/lab/${room}`)
    ],
    packages: ['@jupyterlab', '@lumino', 'react']
  };
}

/**
 * The rooms of docs/architecture.md, and the only place that tells what each may import. A more exact path counts before
 * the folder that it lies in; no room may import one that may import it.
 */
export const TABLE: Record<string, Room> = {
  'src/api': { rooms: [], packages: ['valibot'] },
  'src/words': { rooms: ['src/api'], packages: [] },
  'src/needs': { rooms: [], packages: ['@lezer', 'ignore'] },
  'src/shell': { rooms: [], packages: [] },
  'src/schedulers': { rooms: ['src/api'], packages: [] },
  'src/profiles': { rooms: ['src/api'], packages: [] },
  'src/job': {
    rooms: ['src/api', 'src/needs', 'src/schedulers/scheduler', 'src/shell'],
    packages: []
  },
  'src/sidecar/process': {
    rooms: ['src/api'],
    packages: ['node:', 'pino', 'rotating-file-stream']
  },
  'src/sidecar/files': sidecarRoom([]),
  'src/sidecar/remote': sidecarRoom(['files']),
  // A way knows nothing of the policy around it.
  'src/sidecar/remote/ssh2': sidecarRoom(
    [
      'files',
      'remote/ssh',
      'remote/asker',
      'remote/conversation',
      'remote/interview',
      'remote/remote',
      'remote/telling',
      'remote/way'
    ],
    ['ssh2']
  ),
  'src/sidecar/remote/openssh': sidecarRoom([
    'files',
    'remote/ssh',
    'remote/ssh2/passphrases',
    // A kind of connection; when it is taken for another one, oneSession.ts decides.
    'remote/oneShell/oneShell',
    'remote/asker',
    'remote/interview',
    'remote/conversation',
    'remote/remote',
    'remote/telling',
    'remote/way'
  ]),
  'src/sidecar/remote/transportFacts': sidecarRoom([
    'files',
    'remote/openssh',
    'remote/ssh',
    'remote/ssh2/identities',
    'remote/ssh2/knownHosts',
    'remote/transport'
  ]),
  'src/sidecar/remote/chosenWay': sidecarRoom([
    'remote/oneShell/oneShell',
    'remote/openssh',
    'remote/ssh2',
    'remote/liveAgent',
    'remote/transport',
    'remote/transportFacts',
    'remote/way'
  ]),
  'src/sidecar/remote/remotes': sidecarRoom(['remote']),
  'src/sidecar/records': sidecarRoom(['files']),
  'src/sidecar/clusters': sidecarRoom(['files', 'remote', 'records']),
  'src/sidecar/watching': sidecarRoom(BELOW_WATCHING),
  'src/sidecar/submission': sidecarRoom([...BELOW_WATCHING, 'watching'], ['tar-stream']),
  'src/sidecar/collecting': sidecarRoom(BELOW_WATCHING, ['tar-stream']),
  'src/sidecar/removal': sidecarRoom([...BELOW_WATCHING, 'collecting']),
  'src/sidecar/lifecycle': sidecarRoom(BELOW_LIFE),
  'src/sidecar/recovery': sidecarRoom([...BELOW_LIFE, 'lifecycle']),
  'src/sidecar/http': sidecarRoom([...BELOW_LIFE, 'lifecycle', 'recovery'], ['express']),
  'src/sidecar/sidecar': sidecarRoom([...BELOW_LIFE, 'lifecycle', 'recovery', 'http']),
  'src/sidecar/main': {
    // It says in words why it cannot start: nobody else is there to say it.
    rooms: ['src/api', 'src/words', 'src/sidecar/process', 'src/sidecar/sidecar'],
    packages: ['node:']
  },
  'src/lab/parts': labRoom([]),
  'src/lab/page': labRoom([]),
  'src/lab/model': labRoom(['page']),
  'src/lab/settings': labRoom([]),
  'src/lab/views': labRoom([]),
  'src/lab/results': labRoom(['model']),
  'src/lab/commands': labRoom(['views', 'results']),
  'src/lab/form/model': labRoom(['model', 'page']),
  'src/lab/form/view': labRoom(['model', 'parts', 'form/model']),
  'src/lab/questions': labRoom(['parts', 'page']),
  'src/lab/jobs': labRoom(['parts', 'commands']),
  'src/lab/panel': labRoom(['form', 'jobs']),
  'src/lab/plugins': labRoom([
    'commands',
    'form',
    'jobs',
    'model',
    'page',
    'panel',
    'questions',
    'results',
    'settings',
    'views'
  ]),
  // What all of them share: tokens, ids, the way to the server.
  'src/lab': labRoom([]),
  'src/lab/index': labRoom(['plugins']),
  'src/cli': { rooms: ['src/api', 'src/words'], packages: ['node:', 'commander'] }
};

/**
 * The imports in a file's text that the table refuses, each as `file imports module`.
 *
 * @param file Path of the file, relative to the repository's root.
 * @param text Its TypeScript.
 */
export function refusedImports(file: string, text: string): string[] {
  const own = roomOf(file);
  const room = own === null ? undefined : TABLE[own];
  if (own === null || room === undefined) {
    return [`${file} lies in no room of the table`];
  }
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(found => found.fileName)
    .filter(name => !isAllowed(name, file, own, room))
    .map(name => `${file} imports ${name}`);
}

/** The rooms that a room may import, by the table; a room stands for those inside it. */
export function roomsBelow(own: string): string[] {
  const named = TABLE[own]?.rooms ?? [];
  return Object.keys(TABLE).filter(
    room => room !== own && named.some(allowed => lies(room, allowed) || roomOf(allowed) === room)
  );
}

/** The room of a file: the most exact path of the table that it lies in; null where there is none. */
function roomOf(file: string): string | null {
  return Object.keys(TABLE)
    .filter(path => lies(withoutEnding(file), path))
    .reduce<string | null>((best, path) => (best && best.length > path.length ? best : path), null);
}

function isAllowed(name: string, file: string, own: string, room: Room): boolean {
  if (name.startsWith('.')) {
    const path = posix.join(posix.dirname(file), name);
    return roomOf(path) === own || room.rooms.some(allowed => lies(path, allowed));
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
