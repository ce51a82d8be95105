import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { link, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeAskpass } from './askpassProgram';

/** The most bytes that the path of a socket of ours may have: OpenSSH adds 17 while it makes one, and a system takes 104 or more. */
const LONGEST_SOCKET = 86;

/** Milliseconds that a shell may take to start. */
const SHELL_MS = 10_000;

/** A folder of one login, for nobody else to see: sockets, our part of the configuration, and the program that asks. */
export interface PrivateFolder {
  path: string;
  /** The socket of the connection that commands go through. */
  master: string;
  /** Why ssh could not make that socket; null where it can. */
  whyNoMaster: string | null;
  /** The socket that the program which asks hands its questions to. */
  questions: string;
  /** The program that ssh asks its questions with. */
  askpass: string;
  /** The configuration that ssh is started with. */
  config: string;
}

/** Gives a file another name; rejects where that cannot be. */
type Link = (file: string, name: string) => Promise<void>;

/**
 * Makes one where programs can be started: with one that cannot, ssh would send an empty password in place of an answer. It is
 * where ssh can make the socket of a connection, too, if there is such a place.
 *
 * @throws Error where there is no place for it.
 */
export async function makePrivateFolder(linkFile: Link = link): Promise<PrivateFolder> {
  const made: PrivateFolder[] = [];
  let failure: unknown = null;
  for (const place of new Set([tmpdir(), '/tmp', '/dev/shm'])) {
    try {
      made.push(await makeIn(place, linkFile));
    } catch (error) {
      failure = error;
    }
    if (made.at(-1)?.whyNoMaster === null) {
      break;
    }
  }
  const best = made.find(({ whyNoMaster }) => whyNoMaster === null) ?? made[0];
  await Promise.all(made.filter(one => one !== best).map(one => remove(one.path)));
  if (best === undefined) {
    throw failure;
  }
  return best;
}

async function makeIn(place: string, linkFile: Link): Promise<PrivateFolder> {
  const folder = await mkdtemp(path.join(place, 'submit-ssh-'));
  try {
    const of = (name: string): string => path.join(folder, name);
    const [askpass, questions] = [of('askpass'), of('q')];
    if (Buffer.byteLength(questions) > LONGEST_SOCKET) {
      throw new Error('no place for sockets: every temporary folder has too long a name');
    }
    await writeAskpass(askpass, questions);
    await isStarted(askpass);
    const whyNoMaster = await whyNoLink(folder, linkFile);
    return { path: folder, master: of('m'), whyNoMaster, questions, askpass, config: of('config') };
  } catch (error) {
    await remove(folder);
    throw error;
  }
}

/**
 * Why a socket cannot have a second name, as ssh gives one to that of a connection (mux.c, muxserver_listen); null where it can. Ssh does
 * that when it has logged in, and ends where it fails.
 *
 * @throws Error where there can be no sockets.
 */
async function whyNoLink(folder: string, linkFile: Link): Promise<string | null> {
  const [bound, second] = [path.join(folder, 'b'), path.join(folder, 's')];
  const server = createServer().listen(bound);
  try {
    await once(server, 'listening');
    return await linkFile(bound, second).then(() => null, String);
  } finally {
    server.close();
    await rm(second, { force: true });
  }
}

function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

/** Starts it without a question, with which it ends at once. */
function isStarted(program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(program, [], { timeout: SHELL_MS }, error => (error ? reject(error) : resolve()));
  });
}
