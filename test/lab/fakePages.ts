import { Client } from '../../src/api/client';
import type { JobRecord } from '../../src/api/job';
import type { Question } from '../../src/api/question';
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
  /** The hosts of which this page was to say that they want the person to sign in. */
  wanted: string[];
}

/** Pages of one browser on one server, put together as the plugin does. */
export class FakePages {
  readonly browser = new FakeBrowser();
  readonly server = new FakeServer();
  /** What the service has. */
  jobs: JobRecord[] = [];
  /** What logins ask. */
  questions: Question[] = [];

  constructor() {
    this.server.on('GET jobs', () => json({ jobs: this.jobs, questions: this.questions }));
    this.server.onEvents(() => [
      { type: 'jobs', jobs: this.jobs },
      { type: 'questions', questions: this.questions }
    ]);
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
    const wanted: string[] = [];
    jobs.signInNeeded.connect((_, { host }) => void wanted.push(host));
    return { page, jobs, told, wanted };
  }

  /** Changes a job at the service, which tells its streams. */
  change(job: JobRecord): void {
    this.jobs = [job, ...this.jobs.filter(({ id }) => id !== job.id)];
    this.server.open.forEach(stream => stream.tell({ type: 'job', job }));
  }

  /** Logins ask just this now, and the service tells its streams. */
  async ask(...questions: Question[]): Promise<void> {
    this.questions = questions;
    this.server.open.forEach(stream => stream.tell({ type: 'questions', questions }));
    await this.pass(1);
  }

  /** Lets so much time go by. */
  pass(seconds: number): Promise<void> {
    return this.browser.clock.pass(seconds * 1000);
  }
}
