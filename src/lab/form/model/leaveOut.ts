import type { TakenFile } from '../../../api/routes';
import type { ISubmitForm } from '../../tokens';
import { linesIn } from './fieldValue';

/** Leaves a file out that would go along: takes back the wish for it, or adds a pattern for it alone. */
export function leaveOut(form: ISubmitForm, { path, why }: TakenFile): void {
  const asked = linesIn(form.values, 'files');
  if (why === 'asked' && asked.includes(path)) {
    form.set(
      'files',
      asked.filter(pattern => pattern !== path)
    );
    return;
  }
  form.set('exclude', [...linesIn(form.values, 'exclude'), patternFor(path)]);
}

/** Whether a file has just been left out, while the service still has to say so. */
export function isLeftOut(form: ISubmitForm, { path }: TakenFile): boolean {
  return linesIn(form.values, 'exclude').includes(patternFor(path));
}

/** The pattern (gitignore's) that matches this file only. */
function patternFor(path: string): string {
  return `/${path.replace(/[\\*?[\]]/g, sign => `\\${sign}`).replace(/ $/, '\\ ')}`;
}
