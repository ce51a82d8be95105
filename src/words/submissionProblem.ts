import type { Translator } from '../api/translation';
import type { Sentence } from './explanation';

/** What can be wrong with what is to be submitted: the form, the settings, the notebook and its files. */
export const SUBMISSION_SENTENCES = {
  'invalid-fields': (_, trans) => ({
    title: trans.__('Some fields are not right.'),
    advice: trans.__('Look at what is said beside each.')
  }),
  'unknown-cluster': (value, trans) => ({
    title: trans.__('There is no cluster named %1.', value('cluster')),
    advice: trans.__('Choose one of the clusters that are listed.')
  }),
  'cluster-settings': (value, trans) => ({
    title: trans.__('The settings of the cluster %1 are not right.', value('cluster')),
    advice: trans.__('Open the settings and look at what is named here.')
  }),
  'settings-invalid': (_, trans) => ({
    title: trans.__('The settings of Submit to cluster are not right.'),
    advice: trans.__('Open the settings and look at what is named here.')
  }),
  'hidden-file': (value, trans) => ({
    title: trans.__('%1 is hidden, and this Jupyter server opens no hidden files.', value('path')),
    advice: trans.__(
      'Submit a copy whose path has no name that begins with a dot, or allow hidden files in the server (ContentsManager.allow_hidden).'
    )
  }),
  'not-a-file': (value, trans) => ({
    title: trans.__('%1 is not a file of the machine that Jupyter runs on.', value('path')),
    advice: trans.__(
      'It lies on a drive of its own. Download it into a folder that Jupyter sees as files, and submit it from there.'
    )
  }),
  'notebook-missing': (value, trans) => ({
    title: trans.__('There is no notebook at %1.', value('notebook')),
    advice: trans.__('Look for a typing error; if you moved it, name its new place.')
  }),
  'notebook-unreadable': (value, trans) => ({
    title: trans.__('%1 cannot be read.', value('notebook')),
    advice: trans.__('Look at its permissions: you need to be allowed to read it.')
  }),
  'notebook-no-file': (value, trans) => ({
    title: trans.__(
      '%1 is %2, not a notebook.',
      value('notebook'),
      kindWords(value('kind'), trans)
    ),
    advice: trans.__('Name the file of the notebook itself.')
  }),
  'notebook-invalid': (value, trans) => ({
    title: trans.__(
      '%1 is not a notebook that can be read: %2.',
      value('notebook'),
      invalidWords(value('why'), value('cell'), trans)
    ),
    advice: trans.__(
      'Where JupyterLab opens it, save it there and submit it again; else take an earlier version of it.'
    )
  }),
  'notebook-not-saved': (value, trans) => ({
    title: trans.__('%1 has changes that could not be saved.', value('notebook')),
    advice: trans.__('Save it, under another name where it cannot be changed, and submit it then.')
  }),
  'file-unreadable': (value, trans) => ({
    title: trans.__('%1, which the job takes along, cannot be read.', value('file')),
    advice: trans.__('Look at its permissions, or leave it out.')
  }),
  'files-missing': (value, trans) => ({
    title: trans.__('No file matches %1.', value('patterns')),
    advice: trans.__(
      'Patterns start at the folder of the notebook; correct them or leave them away.'
    )
  })
} satisfies Record<string, Sentence>;

/** What a path leads to that is no file. */
function kindWords(kind: string, trans: Translator): string {
  switch (kind) {
    case 'folder':
      return trans.__('a folder');
    case 'pipe':
      return trans.__('a pipe');
    case 'socket':
      return trans.__('a socket');
    case 'device':
      return trans.__('a device');
    default:
      return kind;
  }
}

/** What is wrong with the file of a notebook. */
function invalidWords(why: string, cell: string, trans: Translator): string {
  switch (why) {
    case 'not-json':
      return trans.__('it is no JSON, so it may be cut off, or hold the marks of a merge');
    case 'not-utf8':
      return trans.__('it is no UTF-8 text');
    case 'too-long':
      return trans.__('it is larger than 500 MB');
    case 'no-version':
      return trans.__('its nbformat is not a number');
    case 'half-character':
      return trans.__(
        'its cell %1, counted from the top, has half of a character (a lone surrogate)',
        cell
      );
    case 'unsupported-version':
      return trans.__('its nbformat is none of 1 to 4');
    case 'not-a-notebook':
      return trans.__('it has no list of cells whose sources are text');
    default:
      return why;
  }
}
