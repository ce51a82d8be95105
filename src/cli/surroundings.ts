import type { Client, Presence } from '../api/client';
import type { Reader } from '../words';
import type { Screen } from './screen';

/** Everything that a command has from outside. */
export interface Surroundings {
  client: Client;
  screen: Screen;
  /** The folder that relative paths start at, as the person sees it. */
  cwd: string;
  home: string;
  /** Whom words are for, at this moment. */
  reader: () => Reader;
  /**
   * Does what may need a login: the person at this terminal is asked what a host asks meanwhile. Where nobody can be, for a
   * program (`--json`) or without a terminal, a host that asks is a problem. `keeps`: passphrases are kept where they may be.
   */
  asking: <T>(isJson: boolean, work: (who: Presence) => Promise<T>, keeps?: boolean) => Promise<T>;
  /** Says what Ctrl-C is to tell from now on; the program then ends at once. */
  onInterrupt: (words: () => string[]) => void;
}
