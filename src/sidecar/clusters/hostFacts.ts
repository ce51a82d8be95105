import {
  MOST_PROFILE_BYTES,
  type ReadProfile,
  parseProfile,
  unreadableProfile
} from '../../api/profile';
import type { Detection, Scheduler } from '../../schedulers/scheduler';
import { type Part, beginPart, readParts } from '../../shell/parts';
import { command, quote } from '../../shell/quote';

/** What is to be known of a host before a job can be made for it. */
export interface HostFacts<Name extends string> {
  /** The home folder there. */
  home: string;
  /** The batch systems that were found. */
  schedulers: Name[];
  /** Variables that only a login shell has, and that the batch system's commands need; empty where all is at hand. */
  variables: Record<string, string>;
  /** What the cluster says of itself, or what is wrong with that; null: nothing. */
  site: ReadProfile | null;
}

/** The batch systems that are looked for, by name, those first that count first. */
export type Systems<Name extends string> = Record<Name, Pick<Scheduler, 'detect' | 'variables'>>;

/** The longest path and the longest variable that are believed, in characters: no system has longer ones. */
const LONGEST_PATH = 4096;
const LONGEST_VALUE = 131_072;

/** Seconds that the start-up files of a login shell may take. */
const LOGIN_SHELL_SECONDS = 30;

/** The file in which a cluster says what counts for jobs on it. */
export const SITE_FILE = '/etc/jupyterlab-submit/site.json';

/** Seconds that this file may take. */
const SITE_SECONDS = 5;

/** Seconds that a command may take to say whose it is, and how many bytes of it are read. */
const WHOSE_SECONDS = 5;
const MOST_WHOSE = 10_000;

/** Prints what is to be known of a host, in parts behind `mark`. Where no batch system is found, a login shell is asked, whose start-up files may know more folders. */
export function factsScript<Name extends string>(
  systems: Systems<Name>,
  mark: string,
  siteFile: string = SITE_FILE
): string {
  const find = names(systems)
    .flatMap(name => {
      const { detect } = systems[name];
      return detect === null ? [] : [findScript(name, detect, mark)];
    })
    .join('\n');
  const variables = ['PATH', ...new Set(names(systems).flatMap(name => systems[name].variables))];
  return `${beginPart(mark, 'home %s', '"$HOME"')}
${siteScript(siteFile, mark)}
found=$(${find})
if [ -n "$found" ]; then printf '\\n%s\\n' "$found"; exit 0; fi
timeout ${LOGIN_SHELL_SECONDS} bash -lc ${quote(`${find}
for name in ${variables.join(' ')}; do
  if [ -n "\${!name}" ]; then ${beginPart(mark, 'variable %s %s', '"$name"', '"${!name}"')}; fi
done`)} 2>/dev/null
exit 0`;
}

/** Prints the file of the site where there is one: one byte more than counts, which shows that there is more. */
function siteScript(file: string, mark: string): string {
  const read = ['timeout', String(SITE_SECONDS), 'head', '-c', String(MOST_PROFILE_BYTES + 1)];
  const from = command([...read, '--', file]);
  return `if [ -e ${quote(file)} ]; then ${beginPart(mark, 'site')}; ${from} </dev/null 2>&1 || ${beginPart(mark, 'site-failed')}; fi`;
}

/** Names a system whose program this shell finds, with what that says of itself below. */
function findScript(name: string, { program, whose }: Detection, mark: string): string {
  const asked =
    whose === null
      ? ''
      : `timeout ${WHOSE_SECONDS} ${command(whose.argv)} 2>&1 </dev/null | head -c ${MOST_WHOSE}; `;
  return `if command -v ${quote(program)} >/dev/null; then ${beginPart(mark, `program ${name}`)}; ${asked}fi`;
}

/** Reads the answer; null when it tells no home folder. */
export function readFacts<Name extends string>(
  stdout: string,
  systems: Systems<Name>,
  mark: string
): HostFacts<Name> | null {
  const parts = readParts(stdout, mark);
  const told = (what: string): Part[] => parts.filter(({ kind }) => kind === what);
  const home = told('home')[0]?.rest;
  if (!home?.startsWith('/') || home.length > LONGEST_PATH) {
    return null;
  }
  const programs = told('program');
  const variables = told('variable').map(({ rest: pair }) => {
    const space = pair.indexOf(' ');
    return [pair.slice(0, space), pair.slice(space + 1).slice(0, LONGEST_VALUE)] as const;
  });
  return {
    home: home.replace(/\/+$/, ''),
    schedulers: names(systems).filter(name =>
      programs.some(
        ({ rest, text }) =>
          rest === name && (systems[name].detect?.whose?.parse(text.slice(0, MOST_WHOSE)) ?? true)
      )
    ),
    variables: programs.length === 0 ? {} : Object.fromEntries(variables),
    site: siteIn(told('site')[0]?.text, told('site-failed').length > 0)
  };
}

/** @param text What was printed; where reading the file failed, why. */
function siteIn(text: string | undefined, hasFailed: boolean): ReadProfile | null {
  if (text === undefined) {
    return null;
  }
  return hasFailed ? unreadableProfile(text) : parseProfile(text.trim());
}

function names<Name extends string>(systems: Systems<Name>): Name[] {
  // The keys of a record are its names.
  const all: Name[] = [];
  for (const name in systems) {
    all.push(name);
  }
  return all;
}
