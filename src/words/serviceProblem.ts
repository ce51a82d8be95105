import { type Sentence, unknownAdvice } from './explanation';

/** What can go wrong on this machine: the service, its records and disks, the Jupyter server. */
export const SERVICE_SENTENCES = {
  'invalid-request': (_, trans) => ({
    title: trans.__('The request makes no sense to the service that submits jobs.'),
    advice: trans.__(
      'Its two sides may be of different versions: restart Jupyter, or reload the page.'
    )
  }),
  'no-such-route': (value, trans) => ({
    title: trans.__('The service that submits jobs does not know %1.', value('path')),
    advice: trans.__(
      'Its two sides may be of different versions: restart Jupyter, or reload the page.'
    )
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
  'page-old': (_, trans) => ({
    title: trans.__('This page is older than the service that submits jobs.'),
    advice: trans.__('Reload this page.')
  }),
  unknown: (value, trans) => ({
    title: trans.__('Something is wrong that this version has no words for (%1).', value('word')),
    advice: unknownAdvice(trans)
  }),
  internal: (_, trans) => ({
    title: trans.__('Something went wrong inside the service that submits jobs.'),
    advice: trans.__('Try again. If it stays so, report it with the details. No job is lost.')
  })
} satisfies Record<string, Sentence>;
