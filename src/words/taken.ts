import type { TakenFile } from '../api/routes';
import type { Translator } from '../api/translation';

/** Why a file goes along. */
export function takenWords(why: TakenFile['why'], trans: Translator): string {
  switch (why) {
    case 'import':
      return trans.__('imported');
    case 'literal':
      return trans.__('named in the notebook');
    case 'run':
      return trans.__('run by the notebook');
    case 'listing':
      return trans.__('listed by the notebook');
    case 'companion':
      return trans.__('goes with another file');
    case 'asked':
      return trans.__('asked for');
    case 'other':
      return trans.__('needed');
    default:
      return why satisfies never;
  }
}
