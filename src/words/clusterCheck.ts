import { SCHEDULER_TITLES } from '../api/cluster';
import {
  type Account,
  type CheckedPart,
  type ClusterCheck,
  MOST_ACCOUNTS,
  type Mismatch,
  type Queue
} from '../api/clusterCheck';
import { transportIn } from '../api/transport';
import { formatBytes } from '../api/memory';
import type { Translator } from '../api/translation';
import { durationWords } from './duration';
import { originWords } from './profile';
import { transportWords } from './transport';

/** The name of what a check looked at. */
export function checkedLabel(what: CheckedPart['what'], trans: Translator): string {
  switch (what) {
    case 'reachable':
      return trans.__('Connection');
    case 'profile':
      return trans.__('Site profile');
    case 'scheduler':
      return trans.__('Batch system');
    case 'queues':
      return trans.__('Queues');
    case 'accounts':
      return trans.__('Accounts');
    case 'base-folder':
      return trans.__('Base folder');
    case 'transfer-host':
      return trans.__('Transfer host');
    case 'environment':
      return trans.__('Environment');
    case 'python':
      return trans.__('Python');
    case 'packages':
      return trans.__('Packages');
    case 'other':
      return trans.__('More');
    default:
      return what satisfies never;
  }
}

/** What was found, where nothing is wrong with it; of accounts that the site says something of, a line each. */
export function checkedWords(
  { values, what }: CheckedPart,
  { accounts, queues, scheduler }: ClusterCheck,
  trans: Translator
): string {
  const text = (key: string): string => String(values[key] ?? '');
  const count = (key: string): number => Number(values[key] ?? 0);
  switch (what) {
    case 'reachable':
    case 'transfer-host':
      return reachableWords(text('host'), values, trans);
    case 'profile':
      return `${text('title')}: ${originWords(text('origin'), text('tried') !== 'no', trans)}`;
    case 'scheduler':
      return schedulerWords(scheduler, text('version'));
    case 'queues':
      return queuesWords(queues, trans);
    case 'accounts':
      return accountsWords(accounts, trans);
    case 'base-folder':
      return trans.__('%1, %2 free', text('folder'), formatBytes(count('freeBytes')));
    case 'environment':
      return trans._n('%1 line', '%1 lines', count('lines'));
    case 'python':
      return trans.__('%1, version %2', text('python'), text('version'));
    case 'packages':
      return text('packages');
    case 'other':
      return Object.values(values).join(' ');
    default:
      return what satisfies never;
  }
}

function reachableWords(host: string, values: CheckedPart['values'], trans: Translator): string {
  const choice = transportIn(values);
  return choice === null ? host : trans.__('%1, by %2', host, transportWords(choice, trans));
}

/** That a cluster is in order, in a few words: `Slurm 23.02.6, ready`. */
export function readyWords({ parts, scheduler }: ClusterCheck, trans: Translator): string {
  const found = parts.find(({ what }) => what === 'scheduler');
  return found === undefined
    ? trans.__('Ready')
    : trans.__('%1, ready', schedulerWords(scheduler, String(found.values['version'] ?? '')));
}

/** The longest time of a queue: `at most 1 day`. */
export function limitWords(limitSeconds: number, trans: Translator): string {
  return trans.__('at most %1', durationWords(limitSeconds, trans));
}

const TITLES = new Map<string, string>(Object.entries(SCHEDULER_TITLES));

/** The name of a batch system, as its makers write it, with the version where that is known; its bare word where no name is. */
export function schedulerWords(scheduler: string | null, version = ''): string {
  return [scheduler === null ? '' : (TITLES.get(scheduler) ?? scheduler), version]
    .filter(word => word !== '')
    .join(' ');
}

function queuesWords(queues: readonly Queue[], trans: Translator): string {
  const usable = queues.filter(({ isUsable }) => isUsable).map(queue => queueText(queue, trans));
  const others = queues.filter(({ isUsable }) => !isUsable).map(({ name }) => name);
  return others.length === 0
    ? usable.join(', ')
    : trans.__('%1; not for your jobs now: %2', usable.join(', '), others.join(', '));
}

function accountsWords(accounts: readonly Account[], trans: Translator): string {
  const hasWords = accounts.some(({ words = '' }) => words !== '');
  const all = accounts.map(account => accountText(account, trans));
  const more = accounts.length < MOST_ACCOUNTS ? [] : ['…'];
  return [...all, ...more].join(hasWords ? '\n' : ', ');
}

/** An account with its QoS: `physics (QoS normal, high)`, and with what the site says of it: `physics (QoS normal): 12 hours left`. */
function accountText({ name, qos, words = '' }: Account, trans: Translator): string {
  const account = qos.length === 0 ? name : trans.__('%1 (QoS %2)', name, qos.join(', '));
  return words === '' ? account : trans.__('%1: %2', account, words);
}

/** What an account or a QoS that was asked for does not go with. */
export function mismatchWords(mismatch: Mismatch, trans: Translator): string {
  switch (mismatch.code) {
    case 'not-yours':
      return trans.__('none of yours, which are: %1', mismatch.yours.join(', '));
    case 'not-of-account':
      return trans.__('not with the account %1', mismatch.account);
    case 'not-in-queue':
      return trans.__('not in the queue %1', mismatch.queue);
    default:
      return mismatch satisfies never;
  }
}

function queueText({ isDefault, limitSeconds, name }: Queue, trans: Translator): string {
  const notes = [
    ...(isDefault ? [trans.__('default')] : []),
    ...(limitSeconds === null ? [] : [limitWords(limitSeconds, trans)])
  ];
  return notes.length === 0 ? name : `${name} (${notes.join(', ')})`;
}
