import { SCHEDULERS, type SchedulerName } from '../../api/cluster';
import { schedulers } from '../../schedulers';
import { quote } from '../../schedulers/text';
import { commandFailed } from '../remote/failure';
import type { Remote } from '../remote/remote';
import { runScript } from '../remote/script';

/** What is to be known of a host before a job can be made for it. */
export interface HostFacts {
  /** The home folder there. */
  home: string;
  /** The batch systems whose commands were found. */
  schedulers: SchedulerName[];
  /** Variables that only a login shell has, and that the batch system's commands need; empty where all is at hand. */
  variables: Record<string, string>;
}

/** Before each line of the answer; what start-up files print has it hardly ever. */
const MARK = '@@';

/** The longest path and the longest variable that are believed, in characters: no system has longer ones. */
const LONGEST_PATH = 4096;
const LONGEST_VALUE = 131_072;

/** Seconds that the start-up files of a login shell may take. */
const LOGIN_SHELL_SECONDS = 30;

/** What has been found out about hosts, by asking each once. */
export class Hosts {
  private readonly facts = new Map<string, Promise<HostFacts>>();
  private readonly found = new Map<string, HostFacts>();

  constructor(
    private readonly remoteOf: (host: string) => Remote,
    /** A person acts: a host that has refused us may be asked again. */
    private readonly forgive: (host: string) => void
  ) {}

  /** What is known already; nothing is contacted. */
  known(host: string): HostFacts | null {
    return this.found.get(host) ?? null;
  }

  /**
   * What is known, or what one command there tells.
   *
   * @param insists Whether a person has asked for just this, so that a refusal is no reason not to ask again.
   */
  find(host: string, { insists }: { insists: boolean }): Promise<HostFacts> {
    if (insists) {
      this.forgive(host);
    }
    const known = this.facts.get(host);
    if (known) {
      return known;
    }
    const asked = this.ask(host);
    this.facts.set(host, asked);
    const isNewest = (): boolean => this.facts.get(host) === asked;
    asked.then(
      facts => isNewest() && this.found.set(host, facts),
      () => isNewest() && this.facts.delete(host)
    );
    return asked;
  }

  /** Looks anew the next time: what was installed since then is found. */
  forget(host: string): void {
    this.facts.delete(host);
  }

  private async ask(host: string): Promise<HostFacts> {
    const remote = this.remoteOf(host);
    const answer = await runScript(
      { remote },
      {
        body: LOOK,
        timeoutSeconds: LOOK_SECONDS
      }
    );
    const facts = readFacts(answer.stdout);
    if (facts === null) {
      throw commandFailed({ title: host }, remote, 'command -v', answer);
    }
    return facts;
  }
}

/** Seconds until a host has to have answered the first question: start-up files that hang are to be told soon. */
const LOOK_SECONDS = 45;

/** Every batch system that is found by looking, and its command. */
const PROGRAMS = SCHEDULERS.flatMap(name => {
  const { program } = schedulers[name];
  return program === null ? [] : [{ name, program }];
});

const VARIABLES = ['PATH', ...new Set(SCHEDULERS.flatMap(name => schedulers[name].variables))];

/** Prints each program that this shell finds. */
const FIND = `for program in ${PROGRAMS.map(({ program }) => program).join(' ')}; do
  if command -v "$program" >/dev/null; then printf '\\n${MARK} program %s\\n' "$program"; fi
done`;

/** Where nothing is found, a login shell is asked, whose start-up files may know more folders. */
const LOOK = `printf '${MARK} home %s\\n' "$HOME"
found=$(${FIND})
if [ -n "$found" ]; then printf '%s\\n' "$found"; exit 0; fi
timeout ${LOGIN_SHELL_SECONDS} bash -lc ${quote(`${FIND}
for name in ${VARIABLES.join(' ')}; do
  if [ -n "\${!name}" ]; then printf '\\n${MARK} variable %s %s\\n' "$name" "\${!name}"; fi
done`)} 2>/dev/null
exit 0`;

/** Reads the answer; null when it tells no home folder. */
function readFacts(stdout: string): HostFacts | null {
  const lines = stdout.split('\n').map(line => /^@@ (\w+) (.*)$/.exec(line) ?? []);
  const values = (what: string): string[] =>
    lines.flatMap(([, kind, value]) => (kind === what && value !== undefined ? [value] : []));
  const [home] = values('home');
  if (!home?.startsWith('/') || home.length > LONGEST_PATH) {
    return null;
  }
  const programs = values('program');
  const variables = values('variable').map(pair => {
    const space = pair.indexOf(' ');
    return [pair.slice(0, space), pair.slice(space + 1).slice(0, LONGEST_VALUE)] as const;
  });
  return {
    home: home.replace(/\/+$/, ''),
    schedulers: PROGRAMS.filter(({ program }) => programs.includes(program)).map(
      ({ name }) => name
    ),
    variables: programs.length === 0 ? {} : Object.fromEntries(variables)
  };
}

/** The batch system of a host: the one that the settings name, or the first that was found; null when it is not there. */
export function schedulerOf(
  { schedulers: found }: HostFacts,
  asked: SchedulerName | undefined
): SchedulerName | null {
  return asked === undefined
    ? (found[0] ?? null)
    : asked === 'local' || found.includes(asked)
      ? asked
      : null;
}

/** The commands that are looked for, of one batch system or of all. */
export function programsOf(asked: SchedulerName | undefined): string {
  return PROGRAMS.filter(({ name }) => asked === undefined || name === asked)
    .map(({ program }) => program)
    .join(', ');
}
