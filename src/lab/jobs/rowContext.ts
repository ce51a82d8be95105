import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { IJobs } from '../tokens';
import type { Clock } from './clock';

/** What every row works with: one object for all of them, so that a row is drawn again only for what is its own. */
export interface RowContext {
  jobs: IJobs;
  commands: CommandRegistry;
  trans: TranslationBundle;
  clock: Clock;
}

/** Runs a command, where the application has it. What goes wrong with a job, `IJobs.action` tells. */
export function runCommand(
  { commands }: RowContext,
  command: string,
  args: ReadonlyPartialJSONObject
): void {
  if (commands.hasCommand(command)) {
    commands.execute(command, args).catch((reason: unknown) => console.warn(reason));
  }
}
