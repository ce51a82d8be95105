import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { Client } from '../../api/client';
import { browserPage } from '../page/browserPage';
import { eventList, eventPoll, eventStream } from '../page/eventSources';
import { JobsModel } from '../model/jobsModel';
import { IClient, IJobs } from '../tokens';
import { serverTransport } from '../transport';

const plugin: JupyterFrontEndPlugin<IJobs> = {
  id: 'jupyterlab-submit:jobs',
  description: 'Keeps the list of jobs, and does what a person wants with them.',
  autoStart: true,
  requires: [IClient],
  provides: IJobs,
  activate: ({ restored, serviceManager }: JupyterFrontEnd, client: Client) => {
    const settings = serviceManager.serverSettings;
    const page = browserPage();
    const reach = { clock: page.clock, settings };
    const jobs = new JobsModel({
      client,
      transport: serverTransport(settings),
      page,
      baseUrl: settings.baseUrl,
      sources: {
        stream: (view, signal) => eventStream(reach, view, signal),
        list: signal => eventList(reach, signal),
        poll: signal => eventPoll(reach, signal)
      }
    });
    // By then every plugin is there that tells the person how a job has ended.
    void restored.then(() => jobs.start());
    return jobs;
  }
};

export default plugin;
