import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { newJobId } from '../../src/api/job';
import { type Site, type Trial, allOver, oneJob } from '../jobs/durability';
import type { Bench } from '../jobs/harness';
import { type BatchSystem, addToBashrc, siteOf } from './batchSystem';
import { type Link, behindLink } from './link';
import { sshdLog } from './testCluster';

/** An environment line that waits for a file of the job's id. */
const WAIT = 'until [ -e "$HOME/go.$JUPYTERLAB_SUBMIT_JOB" ]; do sleep 0.1; done';

/**
 * Stands before the real command on the PATH of the system's user. It does with a job what a file of its id says: a
 * submission begins in the job directory.
 */
function standsBefore({ program, unheard }: BatchSystem['submits']): string {
  return `#!/bin/bash
id=\${PWD##*/}
echo called >>"$HOME/calls.$id"
case $(cat "$HOME/how.$id" 2>/dev/null) in
  slow) sleep 8; exec ${program} "$@" ;;
  unheard)
    ${program} "$@" >/dev/null
    touch "$HOME/taken.$id"
    until [ -e "$HOME/go.$id" ]; do sleep 0.1; done
    echo '${unheard}' >&2
    exit 1 ;;
  *) exec ${program} "$@" ;;
esac
`;
}

/** Jobs of a batch system while nobody hears of them; each of these has one job, which runs once and comes home once. */
export class Unheard {
  /** How many there were. */
  jobs = 0;
  private readonly site: Site;

  constructor(private readonly system: BatchSystem) {
    this.site = siteOf(system);
    const { home, submits } = system;
    const file = path.join(home, 'bin', path.basename(submits.program));
    mkdirSync(path.dirname(file));
    writeFileSync(file, standsBefore(submits));
    chmodSync(file, 0o755);
    addToBashrc(system, 'PATH=$HOME/bin:$PATH');
  }

  /** A job whose cluster cannot be reached until it is over: the person is told, and nothing else changes. */
  async unreachable(): Promise<void> {
    await behindLink(this.system, (bench, link) =>
      this.job(bench, {
        meanwhile: async id => {
          await this.running(bench, id);
          link.down();
          await this.unreached(bench, id);
          this.goOn(id);
          await over(bench, id);
          expect((await bench.client.job(id)).state).toBe('starting');
          link.restore();
        }
      })
    );
  }

  /** A link that swallows everything while a job runs, and is noticed as soon as the configuration says. */
  async swallowed(): Promise<void> {
    await behindLink(
      this.system,
      async (bench, link) => {
        await this.job(bench, {
          meanwhile: async id => {
            await this.running(bench, id);
            link.silence();
            // Nobody is told where the next command finds the new one already.
            await expect.poll(() => link.connections, { timeout: 20_000 }).toBe(2);
            this.goOn(id);
          }
        });
        expect(link.connections).toBe(2);
      },
      ['ServerAliveInterval 2', 'ServerAliveCountMax 2']
    );
  }

  /** A submission that goes on while its link is cut, or while its sidecar is killed, and is called once. */
  async interrupted(what: 'the link is cut' | 'the sidecar is killed'): Promise<void> {
    const calls = await behindLink(this.system, (bench, link) =>
      this.submit(bench, 'slow', async id => {
        while (!existsSync(path.join(this.system.home, `calls.${id}`))) {
          await sleep(20);
        }
        await (what === 'the link is cut' ? cutOff(bench, link, id) : killed(bench));
      })
    );
    expect(calls).toBe('called\n');
  }

  /** A submission that was taken, and whose answer did not come, and is called once. */
  async unanswered(): Promise<void> {
    const calls = await behindLink(this.system, bench =>
      this.submit(bench, 'unheard', id => {
        this.goOn(id);
        return Promise.resolve();
      })
    );
    expect(calls).toBe('called\n');
  }

  /** A machine that slept while the job ended: it makes one connection when it wakes. */
  async asleep(): Promise<void> {
    await behindLink(this.system, (bench, link) =>
      this.job(bench, {
        meanwhile: async id => {
          await this.running(bench, id);
          const { pid } = await bench.client.ping();
          process.kill(pid, 'SIGSTOP');
          this.goOn(id);
          // The time of day goes on, as it does while a machine sleeps, and what was connected is forgotten.
          await sleep(31_500);
          link.silence();
          const before = this.loginsOf(link).length;
          process.kill(pid, 'SIGCONT');
          const began = Date.now();
          await bench.until(id, ({ result }) => result.place === 'here');
          // Keep-alive would take most of a minute.
          expect(Date.now() - began).toBeLessThan(20_000);
          expect(this.loginsOf(link)).toHaveLength(before + 1);
        }
      })
    );
  }

  /** No service while the job ends: the next one brings it home. */
  async serviceAway(): Promise<void> {
    await behindLink(this.system, bench =>
      this.job(bench, {
        meanwhile: async id => {
          await this.running(bench, id);
          const { directory } = await bench.client.job(id);
          await bench.kill();
          this.goOn(id);
          await appears(path.join(directory, 'exit.json'));
          await bench.startSidecar();
        }
      })
    );
  }

  /**
   * What takes jobs is away while one ends, whose files are looked at nevertheless; and before the answer of another one,
   * which it has taken: that is found afterwards.
   */
  async masterAway(): Promise<void> {
    await behindLink(this.system, bench =>
      this.job(bench, {
        meanwhile: async id => {
          await this.running(bench, id);
          const taken = newJobId(Math.random);
          const outage = this.outage(bench, id, taken);
          const found = this.takenBefore(taken, outage).then(calls => {
            expect(calls).toBe('called\n');
          });
          await allOver([found, outage]);
        }
      })
    );
  }

  /** When the one job was taken, what took it goes away, until the other one, which runs, has come home. */
  private async outage(bench: Bench, id: string, taken: string): Promise<void> {
    await appears(path.join(this.system.home, `taken.${taken}`));
    // One that is on its way to a host when qmaster ends is sent there again after five minutes only (sge_give_jobs.h).
    await appears(path.join(this.system.home, `runs.${taken}`));
    await this.system.goAway();
    try {
      this.goOn(taken);
      // Files and queue are looked at, now.
      const { cause, contact, state } = await bench.client.refresh(id);
      expect({ cause, state }).toEqual({ cause: null, state: 'starting' });
      expect(contact.problem).toBeNull();
      this.goOn(id);
      await bench.until(id, ({ result }) => result.place === 'here');
    } finally {
      await this.system.comeBack();
    }
  }

  /** A job that was taken before the outage in which its answer comes; how often it was submitted. */
  private takenBefore(taken: string, outage: Promise<void>): Promise<string> {
    return behindLink(this.system, bench =>
      this.submit(
        bench,
        'unheard',
        async id => {
          // What it becomes is known when the system is itself again.
          await outage;
          await bench.until(id, ({ startedAt }) => startedAt !== null);
        },
        taken
      )
    );
  }

  /** One job; with `waits`, it runs until it is told to go on. */
  private async job(
    bench: Bench,
    trial: Trial,
    { waits = true }: { waits?: boolean } = {}
  ): Promise<void> {
    this.jobs += 1;
    const form = { ...this.site.form, environment: waits ? [WAIT] : [] };
    await oneJob(bench, { ...this.site, form }, 'the job', trial);
  }

  private goOn(id: string): void {
    writeFileSync(path.join(this.system.home, `go.${id}`), '');
  }

  /** Waits until the job runs, and has been seen to. */
  private async running(bench: Bench, id: string): Promise<void> {
    const { contact } = await bench.until(id, ({ startedAt }) => startedAt !== null);
    expect(contact.problem).toBeNull();
  }

  /** Waits until the person is told that the cluster is not heard, and since when; the job is as it was. */
  private async unreached(bench: Bench, id: string): Promise<void> {
    const { contact, state } = await bench.until(id, one => one.contact.problem !== null);
    expect(contact.problem?.code).toBe('cluster-unreachable');
    expect(contact.seenAt).toBeGreaterThan(Date.now() / 1000 - 60);
    expect(state).toBe('starting');
  }

  /** A job that is submitted in this way; how often that was called. */
  private async submit(
    bench: Bench,
    how: 'slow' | 'unheard',
    meanwhile: (id: string) => Promise<void>,
    id = newJobId(Math.random)
  ): Promise<string> {
    writeFileSync(path.join(this.system.home, `how.${id}`), how);
    await this.job(bench, { id, meanwhile }, { waits: false });
    return readFileSync(path.join(this.system.home, `calls.${id}`), 'utf8');
  }

  /** The ports of a link's connections that the server has let in. */
  private loginsOf({ ports }: Link): number[] {
    const log = sshdLog(this.system);
    const user = path.basename(this.system.home);
    return ports.filter(port =>
      log.includes(`Accepted publickey for ${user} from 127.0.0.1 port ${port} `)
    );
  }
}

async function over(bench: Bench, id: string): Promise<void> {
  const { directory } = await bench.client.job(id);
  await appears(path.join(directory, 'exit.json'));
}

async function appears(file: string): Promise<void> {
  while (!existsSync(file)) {
    await sleep(100);
  }
}

async function cutOff(bench: Bench, link: Link, id: string): Promise<void> {
  link.cut();
  const { contact, submittedAt } = await bench.until(id, one => one.contact.problem !== null);
  expect(contact.problem?.code).toBe('cluster-unreachable');
  expect(submittedAt).toBeNull();
}

async function killed(bench: Bench): Promise<void> {
  await bench.kill();
  await bench.startSidecar();
}
