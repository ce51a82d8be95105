import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Client } from '../../src/api/client';
import type { Question } from '../../src/api/question';
import { type TestCluster, sshdLog } from './testCluster';

/** What sshd has counted at one door so far. */
export interface Counts {
  connections: number;
  /** Logins that were let in. */
  logins: number;
  /** Connections that are over; until then, more may come into the log. */
  ended: number;
  /** Attempts that it holds against somebody. */
  failures: number;
  /** What the clients call themselves, each once. */
  clients: string[];
}

/** Reads a door's log; `dev/cluster/doors` says what doors there are. */
export function countsOf(cluster: TestCluster, door: string): Counts {
  const log = sshdLog(cluster, `sshd-${door}`);
  const all = (line: RegExp): string[] => [...log.matchAll(line)].map(found => found[1] ?? '');
  return {
    connections: all(/^Connection from/gm).length,
    logins: all(/^Accepted \S+ for /gm).length,
    ended: all(
      /^(?:Connection (?:closed|reset) by|Disconnected from|Read error from remote host) /gm
    ).length,
    failures: all(/^Failed (?!none )/gm).length,
    clients: [...new Set(all(/remote software version ([A-Za-z]+[0-9]*)/g))].toSorted()
  };
}

/** Of a key that a device has, by its name, and of a card, by its own. */
const PINS: Record<string, string> = { id_fido: 'pin of 2 doors', doors: 'pin of a door' };

/** What ssh needs beside its configuration, as `run.py cluster start --doors` prints it. */
export function variablesFor({ folder }: TestCluster): Record<string, string> {
  return {
    KRB5_CONFIG: path.join(folder, 'doors/krb5.conf'),
    KRB5CCNAME: path.join(folder, 'doors/ticket'),
    SOFTHSM2_CONF: path.join(folder, 'doors/softhsm2.conf')
  };
}

/** What is answered instead of the right thing; undefined: the right thing. */
export type Instead = (question: Question) => string[] | null | undefined;

/** What the names of the cluster's users begin with. */
export const OURS = /submit[a-z0-9]+-/g;

/** Somebody with an account at each door, who answers what logins ask in the windows of one service. */
export class Person {
  /** All rounds so far, in order. */
  readonly asked: Question[] = [];
  /** All that must not be kept anywhere. */
  readonly secrets = new Set<string>();
  private readonly seen = new Set<string>();

  constructor(
    private readonly cluster: TestCluster,
    private readonly client: Client,
    private readonly instead: Instead = () => undefined
  ) {}

  /** Answers until the service ends; resolves then. */
  async watch(): Promise<void> {
    for await (const event of this.client.events()) {
      if (event.type === 'questions') {
        event.questions.forEach(question => this.take(question));
      }
    }
  }

  /** What was asked for a host. */
  askedFor(host: string): Question[] {
    return this.asked.filter(question => question.host === host);
  }

  private take(question: Question): void {
    if (!this.seen.has(question.id)) {
      this.seen.add(question.id);
      this.asked.push(question);
      const instead = this.instead(question);
      const answers = instead === undefined ? this.answersTo(question) : instead;
      if (question.kind === 'touch' && answers !== null) {
        writeFileSync(path.join(this.cluster.folder, 'doors/touch'), '');
      } else {
        void this.client.answer(question.id, answers);
      }
    }
  }

  private answersTo(question: Question): string[] {
    if (question.kind === 'passphrase') {
      const { file } = question;
      return [this.secret(PINS[path.basename(file?.split(' ').at(-1) ?? '')] ?? 'opens it')];
    }
    const door = doorOf(question);
    const password = passwordOf(this.cluster);
    const code = (): string => codeOf(this.cluster, door);
    return question.prompts.map(({ text }) => {
      if (/Passcode or option/.test(text)) {
        return '1';
      }
      if (/Password \+ OTP/.test(text)) {
        return this.secret(`${password}${code()}`);
      }
      if (/new password/i.test(text)) {
        return this.secret('another word, of one door');
      }
      return this.secret(/password/i.test(text) ? password : code());
    });
  }

  private secret(text: string): string {
    this.secrets.add(text);
    return text;
  }
}

/** Ends the server's side of the last login at a door. */
export function cutOff(cluster: TestCluster, door: string): void {
  const pids = [...sshdLog(cluster, `sshd-${door}`).matchAll(/^User child is on pid (\d+)/gm)];
  process.kill(Number(pids.at(-1)?.[1]), 'SIGKILL');
}

/** The password of all accounts. */
export function passwordOf({ folder }: TestCluster): string {
  return readFileSync(path.join(folder, 'doors/password'), 'utf8').trimEnd();
}

/** The next code of a door. */
export function codeOf({ folder }: TestCluster, door: string): string {
  const codes = readFileSync(path.join(folder, 'doors', door, 'codes'), 'utf8');
  return codes.split('\n').find(code => !code.startsWith('#')) ?? '';
}

/** Which door asks: each has a user of its own, named after it. */
export function doorOf({ asker }: Question): string {
  return asker.replace(/@.*/, '').replace(OURS, '');
}

/** The files below a folder that have one of these texts in them, as bytes. */
export function filesWith(folder: string, texts: Iterable<string>): string[] {
  const sought = [...texts].map(text => Buffer.from(text));
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .filter(file => {
      const bytes = readFileSync(file);
      return sought.some(text => bytes.includes(text));
    });
}
