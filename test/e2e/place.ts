import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { notebook } from '../jobs/notebook';
import { sealed } from '../sealed';

/** The root of the project. */
export const PROJECT = path.resolve(__dirname, '../..');

/** A person of the tests: a home, a folder that Jupyter shows, and all that Jupyter keeps. */
export class Place {
  // Short, and not below a TMPDIR: the path of the sidecar's socket has 107 bytes.
  private readonly folder = mkdtempSync('/tmp/e2e-');
  readonly home = path.join(this.folder, 'home');
  /** What Jupyter shows. */
  readonly root = path.join(this.folder, 'root');
  readonly runtime = path.join(this.folder, 'run');
  readonly log = path.join(this.folder, 'jupyter.log');
  private readonly config = path.join(this.home, '.jupyter');

  constructor() {
    for (const folder of [this.home, this.root, this.runtime, this.config]) {
      mkdirSync(folder, { recursive: true });
    }
    // A question in front of everything else.
    this.writeSettings('@jupyterlab/apputils-extension:notification', { fetchNews: 'false' });
  }

  /** Where Jupyter keeps data. */
  get data(): string {
    return path.join(this.home, 'data');
  }

  /** What the person's shell would have. */
  get environment(): Record<string, string> {
    return {
      ...sealed(this.home),
      PATH: `${path.join(PROJECT, '.venv/bin')}:${process.env['PATH'] ?? ''}`,
      JUPYTER_CONFIG_DIR: this.config,
      JUPYTER_DATA_DIR: this.data,
      JUPYTER_RUNTIME_DIR: this.runtime
    };
  }

  /** Writes a notebook with these code cells, as a path of Jupyter's contents. */
  writeNotebook(file: string, ...cells: string[]): void {
    this.write(path.join(this.root, file), notebook(...cells));
  }

  /** Sets a person's settings of a plugin, such as `jupyterlab-submit:plugin`. */
  writeSettings(plugin: string, settings: object): void {
    const file = `${plugin.replace(':', '/')}.jupyterlab-settings`;
    this.write(path.join(this.config, 'lab/user-settings', file), JSON.stringify(settings));
  }

  /** Sets an administrator's defaults of a plugin's settings; a server that runs has to be started again. */
  writeOverrides(plugin: string, settings: object): void {
    const file = path.join(this.config, 'labconfig/default_setting_overrides.json');
    this.write(file, JSON.stringify({ [plugin]: settings }));
  }

  /** Gives this Jupyter a site profile; a page that is loaded then goes by it. */
  writeSite(name: string, profile: object): void {
    const file = path.join(this.config, 'jupyterlab-submit/sites', `${name}.json`);
    this.write(file, JSON.stringify(profile));
  }

  /** Ends all that was started here, jobs and their engines too, and removes the folder. */
  end(): void {
    for (const pid of this.processes()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has gone by itself.
      }
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  /** Writes a file, and the folders that it is in. */
  write(file: string, text: string): void {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  private processes(): number[] {
    return readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .filter(pid => environmentOf(pid).includes(`HOME=${this.home}`))
      .map(Number);
  }
}

function environmentOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // It has gone, or is another person's.
    return [];
  }
}
