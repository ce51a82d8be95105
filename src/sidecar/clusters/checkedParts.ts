import * as v from 'valibot';
import { count, line, readCount, readStatus } from '../../api/bounds';
import { SCHEDULER_TITLES, type Cluster } from '../../api/cluster';
import {
  type Account,
  type CheckedPart,
  type ClusterCheck,
  queueProblem
} from '../../api/clusterCheck';
import type { TransportChoice } from '../../api/transport';
import { type Details, type Problem, problem } from '../../api/problem';
import type { Scheduler } from '../../schedulers/scheduler';
import { command } from '../../shell/quote';
import { readParts } from '../../shell/parts';
import { type CheckedNeeds, FOLDER_STATUS, PART, PYTHON_SECONDS } from './checkScript';
import { type SiteAccounts, readSiteAccounts, withSiteAccounts } from './siteAccounts';
import { noRoomIn } from '../remote/room';
import { OLDEST_VERSIONS, isTooOld } from './oldVersions';

/** The oldest Python that the runner is written for. */
const OLDEST = [3, 8] as const;

/** How `timeout` and bash say that a program took too long, was not found, or may not be run. */
const TOO_LONG = 124;
const NOT_FOUND = [126, 127];

/** How much of what a program said is told. */
const MOST_DETAILS = 2000;

/** What one part of the check printed, and how it ended. */
interface Told {
  /** Up to the first mark in it. */
  text: string;
  /** What stands in the line of each mark, and what was printed after it. */
  marks: Map<string, { line: string; text: string }>;
  status: number;
  /** The environment line that began last. */
  line: number;
  /** The first that failed, and how it ended. */
  failed: { line: number; status: number } | null;
}

/** What is known beside the answer. */
export interface CheckedSide {
  cluster: Cluster;
  /** What the connection was made with; null on this machine. */
  transport: TransportChoice | null;
  scheduler: Scheduler;
  needs: CheckedNeeds;
  /** The queue that jobs will ask for; empty: the default one. */
  queue: string;
}

/** What a check found, and what the batch system has to choose from. */
export type Checked = Pick<ClusterCheck, 'accounts' | 'parts' | 'qos' | 'queues'>;

/** Reads the answer of `checkScript`: a part for each thing that was looked at, and the queues, accounts and QoS. */
export function checkedParts(output: string, side: CheckedSide): Checked {
  const told = readTold(output);
  const host = told.get('host')?.text.trim() ?? '';
  const scheduler = schedulerParts(told.get('scheduler'), side);
  const site = readSiteAccounts(told.get('accounts'), side.needs.accountsCommand);
  const accounts = withSiteAccounts(scheduler.accounts, site.accounts);
  return {
    ...scheduler,
    accounts,
    parts: [
      part('reachable', { host, ...side.transport }),
      ...scheduler.parts,
      ...accountsParts(accounts, site),
      folderPart(told.get('folder'), side),
      ...pythonParts(told.get('python'), side)
    ]
  };
}

/** The answer by parts. Marks other than `status` stand inside the part that they belong to. */
function readTold(output: string): Map<string, Told> {
  const all = new Map<string, Told>();
  let current: Told = nothing('');
  for (const { kind: name, rest, text } of readParts(output, PART)) {
    if (name === 'status') {
      current.status = readStatus(rest) ?? 1;
    } else if (name === 'line' || name === 'failed') {
      const [line = 0, status = 0] = rest.split(' ').map(digits => readStatus(digits) ?? 0);
      current.line = line;
      current.failed ??= name === 'failed' ? { line, status } : null;
      current.text += text;
    } else if (name === 'room' || name === 'lines' || name === 'found') {
      current.marks.set(name, { line: rest, text });
    } else {
      current = nothing(text);
      all.set(name, current);
    }
  }
  return all;
}

function nothing(text: string): Told {
  return { text, marks: new Map(), status: 1, line: 0, failed: null };
}

function schedulerParts(
  told: Told | undefined,
  { cluster, needs, queue, scheduler }: CheckedSide
): Checked {
  if (needs.limits === null) {
    return { parts: [], queues: [], accounts: [], qos: [] };
  }
  const { accounts = [], qos = [], queues, version } = needs.limits.parse(told?.text ?? '');
  const choices = { accounts, qos, queues };
  const values = { version: version ?? '' };
  if (told?.status !== 0) {
    const names = { cluster: cluster.title, scheduler: SCHEDULER_TITLES[scheduler.name] };
    const code = NOT_FOUND.includes(told?.status ?? 0) ? 'scheduler-missing' : 'scheduler-silent';
    const details = detailsOf(told?.status, told?.text, command(needs.limits.argv));
    return { parts: [part('scheduler', values, problem(code, names, { details }))], ...choices };
  }
  const wrong = queues.some(({ isUsable }) => isUsable)
    ? queueProblem(queues, queue)
    : problem('no-queue', { cluster: cluster.title });
  return { parts: [part('scheduler', values), part('queues', {}, wrong)], ...choices };
}

/** None is how most clusters are, and nothing to be told. */
function accountsParts(all: readonly Account[], { warning }: SiteAccounts): CheckedPart[] {
  return all.length === 0 && warning === null
    ? []
    : [{ ...part('accounts', {}), ...(warning !== null && { warning }) }];
}

function folderPart(told: Told | undefined, { cluster, needs }: CheckedSide): CheckedPart {
  const folder = needs.baseFolder;
  const [blocks, size] = told?.marks.get('room')?.line.split(' ').map(readCount) ?? [];
  if (told?.status === 0) {
    const freeBytes = Math.min((blocks ?? 0) * (size ?? 0), Number.MAX_SAFE_INTEGER);
    return part('base-folder', { folder, freeBytes });
  }
  const said = told?.text ?? '';
  const details = detailsOf(told?.status, said);
  const lacks = noRoomIn(said);
  if (lacks !== null) {
    const code = lacks === 'quota' ? 'base-folder-quota' : 'base-folder-full';
    return part('base-folder', { folder }, problem(code, { folder }, { details }));
  }
  switch (told?.status) {
    case FOLDER_STATUS.notMade:
      return part('base-folder', {}, problem('base-folder-missing', { folder }, { details }));
    case FOLDER_STATUS.notWritable:
    case FOLDER_STATUS.notWritten:
      return part('base-folder', {}, problem('base-folder-read-only', { folder }, { details }));
    default:
      return part(
        'base-folder',
        {},
        problem('command-failed', { cluster: cluster.title }, { details })
      );
  }
}

const Found = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    /** It stands in commands for people, and no path has a NUL. */
    python: v.nullable(
      v.pipe(
        line,
        v.check(path => !path.includes('\u0000'))
      )
    ),
    version: v.tuple([count, count, count]),
    packages: v.record(v.string(), line),
    /** Whether packages can be installed into it. */
    takes: v.boolean()
  })
);
type Found = v.InferOutput<typeof Found>;

function pythonParts(told: Told | undefined, { needs }: CheckedSide): CheckedPart[] {
  const status = told?.status ?? 1;
  const lines = needs.environment.length;
  const afterLines = told?.marks.get('lines');
  const environment = lines === 0 ? [] : [environmentPart(needs.environment, told)];
  if (lines > 0 && afterLines === undefined) {
    return environment;
  }
  const read = v.safeParse(Found, told?.marks.get('found')?.line ?? '');
  if (read.success) {
    return [...environment, ...foundParts(read.output, needs)];
  }
  const code = NOT_FOUND.includes(status) ? 'python-missing' : 'python-failed';
  const details = detailsOf(status, (afterLines ?? told)?.text);
  return [...environment, part('python', {}, problem(code, { python: needs.python }, { details }))];
}

/** What the lines came to. Lines that do not come to their end take the Python with them. */
function environmentPart(all: readonly string[], told: Told | undefined): CheckedPart {
  const lines = all.length;
  const failed = told?.failed ?? null;
  const isDone = told?.marks.has('lines') ?? false;
  const status = isDone ? (failed?.status ?? 0) : (told?.status ?? 1);
  const details = detailsOf(status, told?.text);
  const line = (isDone ? failed?.line : told?.line) ?? 0;
  const values = { line, text: all[line - 1] ?? '', status };
  if (isDone) {
    const wrong = problem('environment-failed', values, { details });
    return part('environment', { lines }, failed === null ? null : wrong);
  }
  return part(
    'environment',
    { lines },
    status === TOO_LONG
      ? problem('environment-slow', { seconds: PYTHON_SECONDS }, { details })
      : problem('environment-ended', values, { details })
  );
}

function foundParts(found: Found, needs: CheckedNeeds): CheckedPart[] {
  const python = found.python ?? needs.python;
  const version = found.version.join('.');
  const [major, minor] = found.version;
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    const oldest = OLDEST.join('.');
    return [
      part('python', { python, version }, problem('python-old', { python, version, oldest }))
    ];
  }
  const missing = needs.packages.filter(name => !(name in found.packages));
  const packages = needs.packages
    .filter(name => name in found.packages)
    .map(name => `${name} ${found.packages[name] ?? ''}`.trim())
    .join(', ');
  const wrong = wrongPackages(found, { python, missing, all: needs.packages });
  return [part('python', { python, version }), part('packages', { packages }, wrong)];
}

/** What is missing leads; the line that mends it mends what is too old, too. */
function wrongPackages(
  { packages, takes }: Found,
  { all, missing, python }: { python: string; missing: readonly string[]; all: readonly string[] }
): { problem: Problem } | null {
  const old = Object.keys(packages).filter(name => isTooOld(name, packages[name] ?? ''));
  const [first] = old;
  const fix = takes ? install(python, missing, old) : ownEnvironment(python, all);
  if (missing.length > 0) {
    const code = takes ? 'packages-missing' : 'packages-refused';
    return problem(code, { packages: missing.join(', '), python, fix });
  }
  if (first === undefined) {
    return null;
  }
  const values = {
    package: first,
    version: packages[first] ?? '',
    oldest: OLDEST_VERSIONS[first] ?? '',
    python,
    fix
  };
  return problem(takes ? 'package-old' : 'package-old-refused', values);
}

function install(python: string, missing: readonly string[], old: readonly string[]): string {
  const newer = old.map(name => `${name}>=${OLDEST_VERSIONS[name] ?? ''}`);
  const upgrade = old.length > 0 ? ['-U'] : [];
  return command([python, '-m', 'pip', 'install', ...upgrade, ...missing, ...newer]);
}

/** For a person's shell, which replaces `~`. */
function ownEnvironment(python: string, packages: readonly string[]): string {
  const folder = '~/jupyterlab-submit-python';
  return `${command([python, '-m', 'venv'])} ${folder} && ${folder}/bin/python -m pip install ${packages.join(' ')}`;
}

function part(
  what: CheckedPart['what'],
  values: CheckedPart['values'],
  wrong: { problem: Problem } | null = null
): CheckedPart {
  return { what, values, problem: wrong?.problem ?? null };
}

function detailsOf(exitCode: number | undefined, text = '', argv?: string): Details {
  const output = text.trim().slice(-MOST_DETAILS);
  return { ...(argv !== undefined && { command: argv }), exitCode: exitCode ?? null, output };
}
