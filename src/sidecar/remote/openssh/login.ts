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
import { type PrivateFolder, makePrivateFolder } from './privateFolder';

/** What a login needs from the outside. */
export interface OpenSshOptions {
  /** Another configuration file than the person's own. */
  configFile: string | null;
  /** The variables that ssh is started with: the person's, with an agent where there is one. */
  environment: NodeJS.ProcessEnv;
  passphrases: Passphrases;
}

/** A connection on which somebody is logged in: the process that keeps it, and the socket that commands go through. */
export interface Master {
  socket: string;
  kept: Kept;
  folder: string;
}

/**
 * Logs in to a host by the system's own ssh, which asks by a program of ours.
 *
 * @param asker Who answers what hosts ask; null: nobody, and ssh does not ask.
 * @throws ProblemError that says what to do.
 */
export async function login(
  host: string,
  { configFile, environment, passphrases }: OpenSshOptions,
  asker: Asker | null
): Promise<Master> {
  const printed = await printedOptions(host, { environment, file: configFile });
  const config = hostConfig(host, printed, environment);
  const options = sshOptions(printed);
  const folder = await makePrivateFolder().catch((error: unknown) => {
    throw problem('cluster-unreachable', { cluster: host }, { details: { output: String(error) } });
  });
  const conversation = new LoginConversation(config, asker, passphrases);
  let server: AskpassServer | null = null;
  try {
    const opens = passphrases.areKept(config.identityFiles);
    await writeConfig(folder, { configFile, asks: asker !== null, opens });
    server = await AskpassServer.listen(folder.questions, (question, over) =>
      conversation.answer(question, over)
    );
    const kept = start(host, folder, options, environment);
    // Nothing is asked any more once somebody is logged in.
    const asks = server;
    void kept.ended.then(() => asks.close());
    await conversation.watch(kept, folder.master, environment);
    return { kept, socket: folder.master, folder: folder.path };
  } catch (error) {
    server?.close();
    await rm(folder.path, { recursive: true, force: true });
    throw error;
  }
}

function start(
  host: string,
  folder: PrivateFolder,
  options: readonly SshOption[],
  environment: NodeJS.ProcessEnv
): Kept {
  // It would leave its keeper; an older ssh knows no such option.
  const forks = options.some(
    ([name, value]) => name === 'forkafterauthentication' && value === 'yes'
  );
  const stays = forks ? ['-o', 'ForkAfterAuthentication=no'] : [];
  const argv = [
    'ssh',
    '-F',
    folder.config,
    ...stays,
    '-S',
    folder.master,
    '-M',
    '-N',
    '-T',
    '--',
    host
  ];
  return keep(folder.path, argv, {
    ...environment,
    SSH_ASKPASS: folder.askpass,
    SSH_ASKPASS_REQUIRE: 'force',
    // OpenSSH before 8.4 asks that way only where there is a display.
    DISPLAY: environment['DISPLAY'] ?? 'none'
  });
}
