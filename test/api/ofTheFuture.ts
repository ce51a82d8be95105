import { finishedJob, jobRecord } from './jobRecord';

/** A job as a newer service tells of it, with a word that this version does not know, and what is said of it. */
interface Future {
  id: string;
  job: object;
  /** What a person reads, with the bare word in it. */
  said: string;
  /** The same in a terminal, where that says less. */
  inTerminal?: string;
}

/** One for each table of words that a record has. */
export const FUTURE: readonly Future[] = [
  {
    id: 'cause123',
    job: { ...finishedJob(), state: 'failed', cause: { code: 'solar-flare', node: 'n1' } },
    said: 'solar-flare'
  },
  {
    id: 'values12',
    job: { ...finishedJob(), state: 'cancelled', cause: { code: 'cancelled', by: 'robot' } },
    said: 'cancelled'
  },
  {
    id: 'refusal1',
    job: {
      ...finishedJob(),
      state: 'failed',
      cause: { code: 'refused', reason: 'too-warm', text: 'qsub: too warm' }
    },
    said: 'refused by the cluster'
  },
  {
    id: 'waiting1',
    job: {
      ...jobRecord(),
      state: 'queued',
      queue: { reason: null, wait: 'full-moon', estimatedStart: null }
    },
    said: 'full-moon'
  },
  {
    id: 'problem1',
    job: {
      ...jobRecord(),
      state: 'running',
      contact: { seenAt: 5, problem: { code: 'worm-hole', values: { far: true } } }
    },
    said: 'worm-hole',
    inTerminal: 'last seen'
  },
  {
    id: 'result12',
    job: {
      ...finishedJob(),
      result: { place: 'kept', problem: { code: 'folded', values: {} } }
    },
    said: 'folded'
  },
  {
    id: 'noted123',
    job: { ...finishedJob(), notes: [{ code: 'dusty', where: 'n1' }] },
    said: 'dusty'
  },
  {
    id: 'system12',
    job: {
      ...finishedJob(),
      cluster: { ...jobRecord().cluster, scheduler: 'abacus', fromNowOn: {} },
      alsoNew: []
    },
    said: 'analysis'
  },
  {
    id: 'stepping',
    job: { ...jobRecord(), step: { name: 'folding', bytes: 5 } },
    said: 'preparing'
  },
  {
    id: 'leaving1',
    job: {
      ...finishedJob(),
      result: {
        ...finishedJob().result,
        left: {
          ...finishedJob().result.left,
          count: 1,
          lost: 1,
          some: [{ path: 'shy.dat', bytes: 1, reason: 'shy' }]
        }
      }
    },
    said: 'shy.dat'
  }
].map(({ id, job, ...more }) => ({ id, job: { ...job, id }, ...more }));
