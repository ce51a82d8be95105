import { Client } from '../../src/api/client';
import type { JobRecord } from '../../src/api/job';
import { eventList, eventPoll, eventStream } from '../../src/lab/page/eventSources';
import { JobsModel } from '../../src/lab/model/jobsModel';
import type { Page } from '../../src/lab/page/page';
import { serverTransport } from '../../src/lab/transport';
import { FakeBrowser, type FakePage } from './fakeBrowser';
import { FakeServer, json } from './fakeServer';

/** A page of a fake browser with the jobs that it knows, and what it was told of ends. */
export interface JobsPage {
  page: FakePage;
  jobs: JobsModel;
  /** The ids of the jobs whose end this page was to tell. */
  told: string[];
}

/** Pages of one browser on one server, put together as the plugin does. */
export class FakePages {
  readonly browser = new FakeBrowser();
  readonly server = new FakeServer();
  /** What the service has. */
  jobs: JobRecord[] = [];

  constructor() {
    this.server.on('GET jobs', () => json({ jobs: this.jobs }));
    this.server.onEvents(() => [{ type: 'jobs', jobs: this.jobs }]);
  }

  open(change: Partial<Page> = {}): JobsPage {
    const page = this.browser.page(change);
    const { settings } = this.server;
    const reach = { clock: page.clock, settings };
    const jobs = new JobsModel({
      client: new Client(serverTransport(settings)),
      transport: serverTransport(settings),
      page,
      baseUrl: settings.baseUrl,
      sources: {
        stream: (view, signal) => eventStream(reach, view, signal),
        list: signal => eventList(reach, signal),
        poll: signal => eventPoll(reach, signal)
      }
    });
    const told: string[] = [];
    jobs.ended.connect((_, { id }) => void told.push(id));
    return { page, jobs, told };
  }

  /** Changes a job at the service, which tells its streams. */
  change(job: JobRecord): void {
    this.jobs = [job, ...this.jobs.filter(({ id }) => id !== job.id)];
    this.server.open.forEach(stream => stream.tell({ type: 'job', job }));
  }

  /** Lets so much time go by. */
  pass(seconds: number): Promise<void> {
    return this.browser.clock.pass(seconds * 1000);
  }
}
