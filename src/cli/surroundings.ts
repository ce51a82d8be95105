import type { Client } from '../api/client';
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
  /** Says what Ctrl-C is to tell from now on; the program then ends at once. */
  onInterrupt: (words: () => string[]) => void;
}
