import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { PROJECT, Place } from './place';

/** How a Jupyter server of the tests is started. */
export interface ServerOptions {
  /** Whose server it is; a new person's unless told. */
  place?: Place;
  app?: 'jupyterlab' | 'notebook';
  /** Such as `/user/ada/`. */
  baseUrl?: string;
  /** More variables, such as JUPYTERLAB_SUBMIT_REMOTE_DELAY_MS. */
  environment?: Record<string, string>;
}

/**
 * As `python -m APP` does, but for a grammar that jsonschema would compile at each start, for formats that no notebook
 * has: two of the three and a half seconds of processor time that Jupyter takes to be there.
 */
const START = `
import runpy, sys
sys.modules["rfc3987_syntax"] = None
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
`;

/** A cold start on a busy machine. */
const START_SECONDS = 40;

/** What a server writes about itself. */
const Info = v.pipe(v.string(), v.parseJson(), v.object({ port: v.number(), url: v.string() }));

/** A real Jupyter server, which serves JupyterLab and Notebook 7, on a port that it has found itself. */
export class JupyterServer {
  readonly place: Place;
  readonly token = 'e2e';
  /** What is closed before it ends: Playwright then keeps how a test failed, and not that the server has gone. */
  readonly windows: { close(): Promise<void> }[] = [];
  /** With the base URL, ends with a slash; the same after a restart. */
  url = '';
  private port = 0;
  private child: ChildProcess | null = null;

  private constructor(private readonly options: ServerOptions) {
    this.place = options.place ?? new Place();
  }

  static async start(options: ServerOptions = {}): Promise<JupyterServer> {
    const server = new JupyterServer(options);
    if (options.place === undefined) {
      // Some tests have several jobs at once, on however few cores.
      server.place.writeOverrides('jupyterlab-submit:plugin', { jobsAtOnce: 8 });
    }
    await server.start();
    return server;
  }

  /** Starts it (again, at the same address); resolves when it answers. */
  async start(): Promise<void> {
    const log = openSync(this.place.log, 'a');
    this.child = spawn(path.join(PROJECT, '.venv/bin/python'), this.argv, {
      cwd: this.place.root,
      stdio: ['ignore', log, log],
      env: { ...this.place.environment, ...this.options.environment }
    });
    closeSync(log);
    const file = path.join(this.place.runtime, `jpserver-${this.child.pid}.json`);
    const deadline = Date.now() + START_SECONDS * 1000;
    while (!(existsSync(file) && (await this.answers(file)))) {
      if (!this.isRunning || Date.now() > deadline) {
        throw new Error(`Jupyter did not start:\n${this.log}`);
      }
      await sleep(100);
    }
  }

  /** Ends it as Ctrl-C and "yes" do. Does nothing when it does not run. */
  stop(): Promise<void> {
    return this.signal('SIGTERM');
  }

  /** Ends it without letting it say goodbye. */
  kill(): Promise<void> {
    return this.signal('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Ends it, and all that the person has running. */
  async end(): Promise<void> {
    await Promise.all(this.windows.map(window => window.close()));
    await this.kill();
    this.place.end();
  }

  /** Asks it, with its token, for a path below its base URL. */
  fetch(below: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `token ${this.token}`);
    return fetch(this.url + below, { ...init, headers });
  }

  /** What it has printed. */
  get log(): string {
    return readFileSync(this.place.log, { encoding: 'utf8', flag: 'a+' });
  }

  private get argv(): string[] {
    const { app = 'jupyterlab', baseUrl = '/' } = this.options;
    return [
      '-c',
      START,
      app,
      '--no-browser',
      '--allow-root',
      `--ServerApp.port=${this.port}`,
      '--ServerApp.port_retries=0',
      `--ServerApp.base_url=${baseUrl}`,
      `--ServerApp.root_dir=${this.place.root}`,
      `--IdentityProvider.token=${this.token}`,
      '--LabApp.expose_app_in_browser=True',
      '--JupyterNotebookApp.expose_app_in_browser=True',
      // Asks the internet for nothing.
      '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate'
    ];
  }

  private async answers(file: string): Promise<boolean> {
    const info = v.safeParse(Info, readFileSync(file, 'utf8'));
    if (!info.success) {
      return false;
    }
    ({ port: this.port, url: this.url } = info.output);
    return this.fetch('api/status').then(
      answer => answer.ok,
      () => false
    );
  }

  private get isRunning(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  private async signal(name: NodeJS.Signals): Promise<void> {
    if (this.child && this.isRunning) {
      const gone = once(this.child, 'exit');
      this.child.kill(name);
      await gone;
    }
  }
}
