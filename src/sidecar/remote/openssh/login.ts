import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { problem } from '../../../api/problem';
import type { Asker } from '../asker';
import { hostConfig } from '../ssh/hostConfig';
import { printedOptions } from '../ssh/resolveHost';
import { type SshOption, sshOptions } from '../ssh/sshOptions';
import type { Passphrases } from '../ssh2/passphrases';
import { AskpassServer } from './askpassServer';
import { type Kept, keep } from './keeper';
import { LoginConversation } from './loginConversation';
import { writeConfig } from './masterConfig';
import { BASH } from './mux';
import { type PrivateFolder, makePrivateFolder } from './privateFolder';

/** What a login needs from the outside. */
export interface OpenSshOptions {
  /** Another configuration file than the person's own. */
  configFile: string | null;
  /** The variables that ssh is started with: the person's, with an agent where there is one. */
  environment: NodeJS.ProcessEnv;
  passphrases: Passphrases;
}

/** Somebody is logged in, by a process that is kept. */
export interface Login {
  kept: Kept;
  folder: string;
  /** The socket that commands go through; null where the process itself carries one bash. */
  socket: string | null;
}

/**
 * Logs in to a host by the system's own ssh, which asks by a program of ours.
 *
 * @param asker Who answers what hosts ask; null: nobody, and ssh does not ask.
 * @param isAlone Whether to do without multiplexing, asked before anything is contacted.
 * @throws ProblemError that says what to do; NotReached; NotMultiplexed.
 */
export async function login(
  host: string,
  { configFile, environment, passphrases }: OpenSshOptions,
  asker: Asker | null,
  isAlone: (folder: PrivateFolder) => Promise<boolean>
): Promise<Login> {
  const printed = await printedOptions(host, { environment, file: configFile });
  const config = hostConfig(host, printed, environment);
  const options = sshOptions(printed);
  const folder = await makePrivateFolder().catch((error: unknown) => {
    throw problem('cluster-unreachable', { cluster: host }, { details: { output: String(error) } });
  });
  const conversation = new LoginConversation(config, asker, passphrases, folder.master);
  let server: AskpassServer | null = null;
  try {
    const opens = passphrases.areKept(config.identityFiles);
    await writeConfig(folder, { configFile, asks: asker !== null, opens });
    const stay = (await isAlone(folder)) ? alone(options) : master(folder);
    server = await AskpassServer.listen(folder.questions, (question, over) =>
      conversation.answer(question, over)
    );
    // What forks would leave its keeper.
    const stays = unless(options, ['ForkAfterAuthentication', 'no']);
    const argv = [...stays, ...stay.options, '-T', '--', host, ...stay.command];
    const kept = start(folder, argv, environment);
    // Nothing is asked any more once somebody is logged in.
    const asks = server;
    void kept.ended.then(() => asks.close());
    await conversation.watch(kept, stay.sees, environment);
    return { kept, socket: stay.socket, folder: folder.path };
  } catch (error) {
    server?.close();
    await rm(folder.path, { recursive: true, force: true });
    throw error;
  }
}

/** What an ssh is for once it is through. */
interface Stay {
  /** Its options, and what it runs there. */
  options: readonly string[];
  command: readonly string[];
  /** Whether what it has said or done shows that it is through. */
  sees: (said: string) => boolean;
  socket: string | null;
}

/** It keeps the connection, and commands go through its socket. It says so when that is there. */
function master({ master: socket }: PrivateFolder): Stay {
  const options = ['-S', socket, '-M', '-N'];
  return { options, command: [], sees: () => existsSync(socket), socket };
}

/** It carries one bash, and nothing else. A host can say the same before that; then it is asked for nothing more, and no bash answers. */
function alone(printed: readonly SshOption[]): Stay {
  const theirs = unless(printed, ['StdinNull', 'no'], ['SessionType', 'default']);
  return {
    options: ['-o', 'ControlPath=none', ...theirs],
    command: [BASH],
    sees: said => said.includes(`\ndebug1: Sending command: ${BASH}`),
    socket: null
  };
}

/** Options of a command line that set others than these back: an older ssh, which does not print them, knows none of them. */
function unless(
  printed: readonly SshOption[],
  ...usual: readonly [name: string, value: string][]
): string[] {
  return usual
    .filter(([name, value]) =>
      printed.some(([key, theirs]) => key === name.toLowerCase() && theirs !== value)
    )
    .flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

function start(
  folder: PrivateFolder,
  argv: readonly string[],
  environment: NodeJS.ProcessEnv
): Kept {
  return keep(folder.path, ['ssh', '-F', folder.config, ...argv], {
    ...environment,
    SSH_ASKPASS: folder.askpass,
    SSH_ASKPASS_REQUIRE: 'force',
    // OpenSSH before 8.4 asks that way only where there is a display.
    DISPLAY: environment['DISPLAY'] ?? 'none'
  });
}
