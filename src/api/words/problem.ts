import type { FieldProblem } from '../field';
import type { Problem, ProblemCode } from '../problem';
import type { Translator } from '../translation';
import { CHECK_SENTENCES } from './checkProblem';
import { detailsText } from './details';
import type { Explanation, Sentence } from './explanation';
import { fieldLabel, fieldWords } from './field';

/**
 * A problem in words. `label` names a field as the reader knows it (a terminal says `--time`); the form's own labels
 * when it is absent.
 */
export function problemWords(
  problem: Problem,
  trans: Translator,
  label: (field: string) => string = field => fieldLabel(field, trans)
): Explanation {
  const details = detailsText(problem.details, trans);
  if (problem.code === 'invalid-fields' && problem.fields && problem.fields.length > 0) {
    return { ...fieldsWords(problem.fields, trans, label), details };
  }
  const value = (key: string): string => String(problem.values[key] ?? '?');
  const { advice, title } = SENTENCES[problem.code](value, trans);
  // Settings have names of their own, wherever they are read.
  const lines = (problem.fields ?? []).map(field =>
    fieldLine(field, trans, name => fieldLabel(name, trans))
  );
  return { title, advice: [advice, ...lines].join('\n'), details };
}

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

/** Wrong fields, one a line: `Time: "90" has no unit: write 90m, 2h or 48:00:00`. */
function fieldsWords(
  fields: readonly FieldProblem[],
  trans: Translator,
  label: (field: string) => string
): { title: string; advice: string } {
  const lines = fields.map(field => fieldLine(field, trans, label));
  return lines.length === 1
    ? { title: lines.join(''), advice: '' }
    : {
        title: trans._n('%1 field is not right.', '%1 fields are not right.', lines.length),
        advice: lines.join('\n')
      };
}

function fieldLine(
  field: FieldProblem,
  trans: Translator,
  label: (field: string) => string
): string {
  const words = fieldWords(field, trans);
  return field.field === '' ? words : trans.__('%1: %2', label(field.field), words);
}

const SENTENCES: Record<ProblemCode, Sentence> = {
  ...CHECK_SENTENCES,
  'invalid-request': (_, trans) => ({
    title: trans.__('The request makes no sense to the service that submits jobs.'),
    advice: trans.__(
      'Its two sides may be of different versions: restart Jupyter, or reload the page.'
    )
  }),
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
  'file-unreadable': (value, trans) => ({
    title: trans.__('%1, which the job takes along, cannot be read.', value('file')),
    advice: trans.__('Look at its permissions, or leave it out.')
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
  'files-missing': (value, trans) => ({
    title: trans.__('No file matches %1.', value('patterns')),
    advice: trans.__(
      'Patterns start at the folder of the notebook; correct them or leave them away.'
    )
  }),
  'no-such-route': (value, trans) => ({
    title: trans.__('The service that submits jobs does not know %1.', value('path')),
    advice: trans.__(
      'Its two sides may be of different versions: restart Jupyter, or reload the page.'
    )
  }),
  'no-such-job': (value, trans) => ({
    title: trans.__('There is no job %1.', value('id')),
    advice: trans.__('Look for its id in the list of jobs; it may have been removed.')
  }),
  'job-unreadable': (value, trans) => ({
    title: trans.__('The record of job %1 cannot be read.', value('id')),
    advice: trans.__(
      'A newer version of this program may have written it: update it. What is wrong stands in the log of the service. To forget the job: jupyter submit remove %1 --even-result; its folder on the cluster stays.',
      value('id')
    )
  }),
  'no-such-log': (value, trans) => ({
    title: trans.__('This job has no log "%1".', value('log')),
    advice: trans.__('It is written when the job starts, and not every job has every log.')
  }),
  'job-active': (value, trans) => ({
    title: trans.__('Job %1 is not over.', value('id')),
    advice: trans.__('Wait for its end, or cancel it first.')
  }),
  'job-over': (value, trans) => ({
    title: trans.__('Job %1 is over already.', value('id')),
    advice: ''
  }),
  'job-not-over': (value, trans) => ({
    title: trans.__('Job %1 is not over, so there is no result to fetch.', value('id')),
    advice: trans.__('Its result comes by itself when it is over.')
  }),
  'result-not-fetched': (value, trans) => ({
    title: trans.__(
      'Part of the result of job %1 is only in its folder on the cluster.',
      value('id')
    ),
    advice: trans.__('Fetch it first, or say that it can go with the job.')
  }),
  'nothing-to-fetch': (value, trans) => ({
    title: trans.__('Job %1 has nothing left to fetch.', value('id')),
    advice: trans.__('Everything that it wrote is here already, or it wrote nothing.')
  }),
  'result-not-seen': (value, trans) => ({
    title: trans.__('The executed notebook is not to be seen on %1.', value('cluster')),
    advice: trans.__('File systems that many machines share can be slow. Fetch it again later.')
  }),
  'no-such-file': (value, trans) => ({
    title: trans.__('Job %1 has no file %2 left to fetch.', value('id'), value('file')),
    advice: trans.__('Write it as it stands in the list of the files that were left.')
  }),
  'state-file-unreadable': (value, trans) => ({
    title: trans.__('%1 of this job cannot be read: nobody knows what it says.', value('file')),
    advice: trans.__(
      'It is too long, or something else than this program has written it. The job goes on, and its log may tell more.'
    )
  }),
  'result-unreadable': (value, trans) => ({
    title: trans.__('The executed notebook cannot be read on %1.', value('cluster')),
    advice: trans.__('Look at the disk and the permissions there, then fetch it again.')
  }),
  'folder-not-removed': (value, trans) => ({
    title: trans.__(
      'The folder of job %1 could not be removed: %2 stays.',
      value('id'),
      value('path')
    ),
    advice: trans.__(
      'The details say why. It may belong to another account, or be in use there; try again when it can be removed.'
    )
  }),
  'source-folder-missing': (value, trans) => ({
    title: trans.__('The folder %1 is no longer there.', value('folder')),
    advice: trans.__('Fetch the result to another folder.')
  }),
  'folder-read-only': (value, trans) => ({
    title: trans.__('Nothing can be written into %1.', value('folder')),
    advice: trans.__('Allow writing there and fetch again, or fetch the result to another folder.')
  }),
  'disk-full': (value, trans) => ({
    title: trans.__('There is no room left for the result in %1.', value('folder')),
    advice: trans.__('Make room and fetch again, or fetch the result to another disk.')
  }),
  'records-full': (value, trans) => ({
    title: trans.__('The disk with the job records, %1, is full.', value('folder')),
    advice: trans.__('Make room there, then try again. Jobs on clusters go on meanwhile.')
  }),
  'records-unwritable': (value, trans) => ({
    title: trans.__('The job records in %1 cannot be written: %2.', value('file'), value('why')),
    advice: trans.__(
      'Look at that file and its disk, then try again. Jobs on clusters go on meanwhile.'
    )
  }),
  'records-corrupt': (value, trans) => ({
    title: trans.__(
      'The job records in %1 could not be read, so the list of jobs begins anew.',
      value('file')
    ),
    advice: trans.__(
      'They are kept as %1. Jobs on clusters go on: jupyter submit recover CLUSTER in a terminal finds them again.',
      value('aside')
    )
  }),
  'records-gone': (value, trans) => ({
    title: trans.__(
      'The job records in %1 were removed or replaced by something else.',
      value('file')
    ),
    advice: trans.__(
      'The list has what is there now. Jobs on clusters go on: jupyter submit recover CLUSTER in a terminal finds them again.'
    )
  }),
  'file-not-ours': (value, trans) => ({
    title: trans.__('%1 is a link, or is not yours, so it is not used.', value('file')),
    advice: trans.__('Look at what it is, and remove it.')
  }),
  'disk-silent': (value, trans) => ({
    title: trans.__('%1 did not answer in %2 s.', value('path'), value('seconds')),
    advice: trans.__(
      'See whether its disk or network share is there: ls in a terminal hangs, too, where it is not. Then try again.'
    )
  }),
  'place-invalid': (value, trans) => ({
    title: trans.__('%1 is not a folder that a result can be put into.', value('folder')),
    advice: trans.__('Name a folder that is there, by its full path.')
  }),
  'ssh-missing': (value, trans) => ({
    title: trans.__('%1 cannot be reached: there is no ssh on this machine.', value('host')),
    advice: trans.__('Install OpenSSH (Debian: openssh-client), then try again.')
  }),
  'ssh-config-invalid': (value, trans) => ({
    title: trans.__('What the SSH configuration says of %1 is not right.', value('host')),
    advice: trans.__('The details name the line; put it right in ~/.ssh/config, then try again.')
  }),
  'ssh-option': (value, trans) => ({
    title: trans.__(
      'What the SSH configuration says of %1 protects it in a way that does not count here yet: %2.',
      value('host'),
      value('option')
    ),
    advice: trans.__(
      'Take it away for this host if it need not be, or submit from a terminal on the cluster.'
    )
  }),
  'host-not-found': (value, trans) => ({
    title: trans.__('There is no host named %1.', value('host')),
    advice: trans.__('Look for a typing error, and whether it needs a VPN, then try again.')
  }),
  'host-key-unknown': (value, trans) => ({
    title: trans.__('%1 is not known yet; its key is %2.', value('host'), value('fingerprint')),
    advice: trans.__(
      'Compare the key with the one that your cluster publishes. Then run ssh %1 once in a terminal, accept it there, and try again.',
      value('host')
    )
  }),
  'host-key-changed': (value, trans) => ({
    title: trans.__(
      '%1 shows another key than before, so nothing was sent. Its key is %2, known was %3.',
      value('host'),
      value('fingerprint'),
      value('known')
    ),
    advice: trans.__(
      'Somebody may stand in between, or the host was set up anew. Ask your cluster; if the new key is right, remove line %1 of %2, run ssh %3 once, and try again.',
      value('line'),
      value('file'),
      value('host')
    )
  }),
  'host-key-revoked': (value, trans) => ({
    title: trans.__(
      '%1 shows a key that is marked as revoked (%2), so nothing was sent.',
      value('host'),
      value('fingerprint')
    ),
    advice: trans.__(
      'Line %1 of %2 says so. Ask your cluster for its present key.',
      value('line'),
      value('file')
    )
  }),
  'host-key-revoked-by-file': (value, trans) => ({
    title: trans.__(
      '%1 shows a key that is revoked (%2), so nothing was sent.',
      value('host'),
      value('fingerprint')
    ),
    advice: trans.__(
      'The file %1 has it, which RevokedHostKeys names. Ask your cluster for its present key.',
      value('file')
    )
  }),
  'revoked-keys-unreadable': (value, trans) => ({
    title: trans.__(
      '%1 was not contacted further: the file of revoked keys, %2, cannot be read.',
      value('host'),
      value('file')
    ),
    advice: trans.__(
      'RevokedHostKeys in the SSH configuration names it. Put it in its place, or name another.'
    )
  }),
  'host-key-short': (value, trans) => ({
    title: trans.__(
      '%1 shows an RSA key of %2 bits (%3), so nothing was sent.',
      value('host'),
      value('bits'),
      value('fingerprint')
    ),
    advice: trans.__(
      'RequiredRSASize in the SSH configuration asks for %1. Ask your cluster for another key.',
      value('required')
    )
  }),
  'host-key-authority': (value, trans) => ({
    title: trans.__(
      '%1 is known by a certificate authority only, which cannot be checked here. Its key is %2.',
      value('host'),
      value('fingerprint')
    ),
    advice: trans.__(
      'Line %1 of %2 names the authority. Compare the key with the one that your cluster publishes, and add it to ~/.ssh/known_hosts yourself (ssh-keyscan prints it).',
      value('line'),
      value('file')
    )
  }),
  'login-refused': (value, trans) => ({
    title: trans.__('%1 does not let %2 in.', value('host'), value('user')),
    advice: trans.__(
      'See whether ssh %1 works in a terminal without a question; the details say which keys were shown. Then try again.',
      value('host')
    )
  }),
  'login-asks': (value, trans) => ({
    title: trans.__(
      '%1 asks %2 for a password or a code, which cannot be answered here yet.',
      value('host'),
      value('user')
    ),
    advice: trans.__('Set up a key (ssh-copy-id %1 in a terminal), then try again.', value('host'))
  }),
  'key-locked': (value, trans) => ({
    title: trans.__(
      'The key %2 for %1 has a passphrase, and no agent has it.',
      value('host'),
      value('key')
    ),
    advice: trans.__('Run ssh-add %1 in a terminal, then try again.', value('key'))
  }),
  'no-scheduler': (value, trans) => ({
    title: trans.__('No batch system was found on %1.', value('cluster')),
    advice: trans.__(
      'Looked for: %1. Choose the host where you submit jobs by hand. For a machine without a batch system, set its scheduler to local in the settings.',
      value('programs')
    )
  }),
  'cluster-unreachable': (value, trans) => ({
    title: trans.__('%1 cannot be reached.', value('cluster')),
    advice: trans.__('Look at your network and try again. Jobs there go on meanwhile.')
  }),
  'command-failed': (value, trans) => ({
    title: trans.__('A command failed on %1.', value('cluster')),
    advice: trans.__('Its answer is in the details; try again, or show them to your help desk.')
  }),
  'answer-unreadable': (_, trans) => ({
    title: trans.__('An answer came that cannot be read.'),
    advice: trans.__(
      'Try again. If it stays so, show the details to whoever looks after this installation.'
    )
  }),
  'start-up-files': (value, trans) => ({
    title: trans.__(
      'The shell on %1 did not run what was sent; most often a start-up file there stands in the way.',
      value('host')
    ),
    advice: trans.__(
      'Look in ~/.bashrc and its like for a line that replaces the shell (exec), ends it (exit), or reads its input (read), and let it count for terminals only: if [[ $- == *i* ]]; then …; fi. Where the account is locked or takes certain commands only, the details say so.'
    )
  }),
  'service-unavailable': (_, trans) => ({
    title: trans.__('The service that submits jobs cannot be started.'),
    advice: trans.__('Try again; the details say what stands in its way. Jobs go on meanwhile.')
  }),
  'server-silent': (_, trans) => ({
    title: trans.__('The Jupyter server does not answer.'),
    advice: trans.__(
      'Look at your network, or start the server again. Jobs go on, and are found again.'
    )
  }),
  'server-refused': (value, trans) => ({
    title: trans.__('The Jupyter server refused the request (%1).', value('status')),
    advice: trans.__('Reload the page, and log in again where it asks for that.')
  }),
  'not-kept': (value, trans) => ({
    title: trans.__('Part of what was heard of this job cannot be kept: %1.', value('parts')),
    advice: trans.__('What was known before stays. Report it with the details.')
  }),
  internal: (_, trans) => ({
    title: trans.__('Something went wrong inside the service that submits jobs.'),
    advice: trans.__('Try again. If it stays so, report it with the details. No job is lost.')
  })
};
