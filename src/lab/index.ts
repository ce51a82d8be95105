import checks from './plugins/checks';
import client from './plugins/client';
import clusters from './plugins/clusters';
import commands from './plugins/commands';
import fileBrowser from './plugins/fileBrowser';
import form from './plugins/form';
import jobs from './plugins/jobs';
import notifications from './plugins/notifications';
import palette from './plugins/palette';
import panel from './plugins/panel';
import questions from './plugins/questions';
import results from './plugins/results';
import running from './plugins/running';
import settingsCheck from './plugins/settingsCheck';
import views from './plugins/views';

/** The extension: small plugins, each of which can be disabled, or replaced by another that provides its service. */
export default [
  client,
  jobs,
  clusters,
  form,
  checks,
  questions,
  panel,
  commands,
  fileBrowser,
  results,
  views,
  running,
  notifications,
  palette,
  settingsCheck
];
