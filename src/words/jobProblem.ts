import type { Sentence } from './explanation';

/** What can be wrong with a job that there is, and with its result. */
export const JOB_SENTENCES = {
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
  'no-such-file': (value, trans) => ({
    title: trans.__('Job %1 has no file %2 left to fetch.', value('id'), value('file')),
    advice: trans.__('Write it as it stands in the list of the files that were left.')
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
  'not-kept': (value, trans) => ({
    title: trans.__('Part of what was heard of this job cannot be kept: %1.', value('parts')),
    advice: trans.__('What was known before stays. Report it with the details.')
  }),
  'state-file-unreadable': (value, trans) => ({
    title: trans.__('%1 of this job cannot be read: nobody knows what it says.', value('file')),
    advice: trans.__(
      'It is too long, or something else than this program has written it. The job goes on, and its log may tell more.'
    )
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
  'place-invalid': (value, trans) => ({
    title: trans.__('%1 is not a folder that a result can be put into.', value('folder')),
    advice: trans.__('Name a folder that is there, by its full path.')
  })
} satisfies Record<string, Sentence>;
