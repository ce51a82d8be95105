import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Problem, problem } from '../api/problem';
import { type AppParts, makeApp } from './http/app';
import { systemClock } from './process/clock';
import { Agents } from './remote/agents';
import { diskOf } from './files/disk';
import { plannedDisk } from './files/plannedDisk';
import { planned } from './remote/planned';
import { plannedStore } from './records/plannedStore';
import { Faults } from './process/faults';
import { Hosts } from './clusters/hosts';
import { IDLE_SECONDS, Idle } from './lifecycle/idle';
import { watchInPlace } from './records/inPlace';
import { Jobs } from './records/jobs';
import { Life, type LifeParts } from './lifecycle/life';
import { openLog } from './process/log';
import { Notices } from './records/notices';
import { delayed } from './remote/delayed';
import { hostNameOf } from './remote/ssh/hostName';
import { hostNames } from './remote/ssh/hostNames';
import { Questions } from './remote/questions';
import { LOGIN_PAUSE_SECONDS } from './remote/gate';
import { Remotes } from './remote/remotes';
import { openStore } from './records/sqliteStore';
import { Viewers } from './watching/viewers';
import { whenWoken } from './lifecycle/wake';

/** What the sidecar is started with; all paths are absolute. */
export interface SidecarOptions {
  /** The Unix socket to listen on. */
  socket: string;
  /** The folder of the job records and of the log. */
  data: string;
  /** The file of the runner. */
  runner: string;
  /** Why the data folder could not be locked, where that is so (sidecar.py). */
  unlocked?: string;
  /** Called when it listens. */
  started?: () => void;
}

/** Seconds that what is under way gets to come to its end when the sidecar leaves. */
const LEAVE_SECONDS = 8;

/** Runs the sidecar: takes up every job that is not over, answers callers, and leaves when nobody needs it. */
export async function runSidecar({
  socket,
  data,
  runner,
  unlocked,
  started = () => undefined
}: SidecarOptions): Promise<void> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const log = openLog(data);
  const faults = new Faults(process.env['JUPYTERLAB_SUBMIT_FAULT']);
  const stop = new AbortController();
  const notices = new Notices(data);
  const records = path.join(data, 'jobs.sqlite');
  /** Without its records it would go on for nothing, and forget it all at its end. */
  const onLost = (why: Problem): void => {
    if (!stop.signal.aborted) {
      log.error({ problem: why }, 'nothing can be recorded any more');
      mkdirSync(data, { recursive: true, mode: 0o700 });
      notices.add(why);
      stop.abort();
    }
  };
  if (unlocked !== undefined) {
    log.warn({ data, why: unlocked }, 'the data folder cannot be locked');
  }
  const isAlone = unlocked === undefined;
  const store = plannedStore(faults, openStore(records, log, { isAlone, onLost }));
  if (store.notice !== null) {
    log.warn({ problem: store.notice }, 'the job records begin anew');
    notices.add(store.notice);
  }
  const jobs = new Jobs(store, log);
  const viewers = new Viewers();
  const questions = new Questions();
  const agents = new Agents(process.env);
  const configFile = process.env['JUPYTERLAB_SUBMIT_SSH_CONFIG'] ?? null;
  // For tests, which cannot wait for minutes.
  const pause = process.env['JUPYTERLAB_SUBMIT_LOGIN_PAUSE_SECONDS'];
  const pauseSeconds = pause === undefined ? LOGIN_PAUSE_SECONDS : Number(pause);
  const remotes = new Remotes(configFile, agents, questions, systemClock, log, pauseSeconds);
  const delay = process.env['JUPYTERLAB_SUBMIT_REMOTE_DELAY_MS'];
  const remoteOf = planned(
    faults,
    delayed(delay, cluster => remotes.of(cluster))
  );
  const context = {
    jobs,
    clock: systemClock,
    faults,
    remoteOf,
    transportOf: cluster => remotes.transportOf(cluster),
    diskOf: plannedDisk(faults, diskOf),
    hosts: new Hosts(
      (host, transport) => remoteOf({ host, transport }),
      (cluster, behalf) => remotes.reach(cluster, behalf),
      host => hostNameOf(host, { file: configFile, environment: process.env }),
      // For tests, whose cluster is this machine.
      process.env['JUPYTERLAB_SUBMIT_SITE_FILE']
    ),
    configuredHosts: () => hostNames(configFile),
    reach: (cluster, behalf) => remotes.reach(cluster, behalf),
    questions,
    noteCaller: ({ environment }) => agents.note(environment ?? {}),
    notices,
    log,
    runner,
    stopping: stop.signal
  } satisfies LifeParts & AppParts['context'];
  const life = new Life(context, viewers);
  const idle = new Idle(jobs, viewers, systemClock, IDLE_SECONDS);
  const quit = (): void => stop.abort();
  process.once('SIGTERM', quit);
  process.once('SIGINT', quit);
  const server = await listen(
    createServer(makeApp({ context, life, viewers, idle, quit })),
    socket
  );
  log.info({ version: __VERSION__, socket }, 'listening');
  started();
  let isOurSocket = true;
  const lock = path.join(data, 'sidecar.lock');
  const places = [socket, records, ...(existsSync(lock) ? [lock] : [])];
  const stopWatching = watchInPlace(places, (file, fate) => {
    log.warn({ file, fate }, 'what makes this service the one for its data is lost');
    isOurSocket = file !== socket || fate === 'gone';
    if (file === records) {
      onLost(problem('records-gone', { file }).problem);
    }
    stop.abort();
  });
  life.resume();
  const stopLooking = whenWoken(seconds => {
    log.info('woken');
    remotes.dropAll(seconds);
    life.hurry();
  });
  await idle.whenIdle(stop.signal);
  stop.abort();
  log.info('leaving');
  stopLooking();
  stopWatching();
  // Whatever takes longer can be cut off: the next sidecar goes on with it. exit(3) would wait for threads that hang.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), LEAVE_SECONDS * 1000).unref();
  await (isOurSocket ? close(server) : withoutCallers(server));
  await life.rest();
  remotes.close();
  store.close();
  if (!isOurSocket) {
    process.exit();
  }
}

async function listen(server: Server, socket: string): Promise<Server> {
  rmSync(socket, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  return server;
}

function close(server: Server): Promise<void> {
  server.closeIdleConnections();
  return new Promise(resolve => server.close(() => resolve()));
}

/** Resolves when nobody waits for an answer any more. To close the server would remove whatever has its name now. */
async function withoutCallers(server: Server): Promise<void> {
  const callers = (): Promise<number> =>
    new Promise(resolve => server.getConnections((_, count) => resolve(count)));
  server.closeIdleConnections();
  while ((await callers()) > 0) {
    await sleep(100);
  }
}
