import * as v from 'valibot';
import { byteCount, count } from './bounds';

/** A file with its size in bytes; the path is relative, '/'-separated, and that of a folder ends with one. */
export const SizedFile = v.object({
  path: v.string(),
  bytes: byteCount,
  /** The cell whose output it is, by its number among those that ran. */
  cell: v.optional(count)
});
export type SizedFile = v.InferOutput<typeof SizedFile>;

/**
 * Why something that a job wrote is not here. not-fetched: what stands in `problem`; unreadable: its permissions; gone: removed while it was fetched; changed: shorter than it was, or another thing by then;
 * broken: an error of its disk; name: one that cannot be written here; unnamable: one that cannot be asked for, no UTF-8 or far too long; no-links: this file system has none; link-target: a
 * link to something that is not here; link-broken, link-outside: a link to nothing, or out of the job's folder; special: a
 * pipe, a socket or a device; other: one that a newer service has a word for.
 */
export const LEFT_REASONS = [
  'not-fetched',
  'unreadable',
  'gone',
  'changed',
  'broken',
  'name',
  'unnamable',
  'no-links',
  'link-target',
  'link-broken',
  'link-outside',
  'special',
  'elsewhere',
  'other'
] as const;
export type LeftReason = (typeof LEFT_REASONS)[number];

/** Something that was left on the cluster; without a reason for its size alone: nobody has asked for it yet. */
export const LeftFile = v.object({
  ...SizedFile.entries,
  reason: v.optional(v.picklist(LEFT_REASONS))
});
export type LeftFile = v.InferOutput<typeof LeftFile>;

/** The same as a newer service may say it. */
export const AnyLeftFile = v.object({
  ...LeftFile.entries,
  reason: v.optional(v.fallback(v.picklist(LEFT_REASONS), 'other'))
});

/** Something in the files folder: a file, a link or an empty folder. */
export const HereFile = v.object({
  ...SizedFile.entries,
  /** The name that the job gave, where that was taken there. */
  from: v.optional(v.string())
});
export type HereFile = v.InferOutput<typeof HereFile>;

/** Whether something would be lost with the job directory: what is gone holds nothing, nor does a pipe or a link. */
export function isLost({ reason }: LeftFile): boolean {
  return reason === undefined || !NOTHING_TO_LOSE.includes(reason);
}

const NOTHING_TO_LOSE: readonly LeftReason[] = [
  'gone',
  'no-links',
  'link-target',
  'link-broken',
  'link-outside',
  'special'
];

/** How many things there are, and their size together. */
const Amount = v.object({ count, bytes: byteCount });

/**
 * What is in the files folder. A job may write more files than a record, which goes to every page at each change, can
 * name: their names are asked for (`ROUTES.files`).
 */
export const FilesHere = v.object({
  ...Amount.entries,
  /** How many are outputs of cells, which were too large for the notebook. */
  outputs: count
});
export type FilesHere = v.InferOutput<typeof FilesHere>;

/** What was left on the cluster; the names are asked for, too. */
export const FilesLeft = v.object({
  ...FilesHere.entries,
  /** Those without a reason: left for their size. */
  large: Amount,
  /** How many would be lost with the job directory. */
  lost: count,
  /** How many can only be had there: fetching again brings none of them. */
  kept: v.optional(count),
  /** How many have not come for the reason in the result's `problem`. */
  unfetched: count,
  /** The first few that have a reason. */
  some: v.array(LeftFile)
});
export type FilesLeft = v.InferOutput<typeof FilesLeft>;

/** What no fetching brings. */
const ONLY_THERE: readonly LeftReason[] = ['unnamable', 'elsewhere'];

/** How many of them a record names. */
const MOST_NAMED = 3;

export const NO_FILES: FilesHere = { count: 0, bytes: 0, outputs: 0 };

export const NOTHING_LEFT: FilesLeft = {
  ...NO_FILES,
  large: { count: 0, bytes: 0 },
  lost: 0,
  unfetched: 0,
  some: []
};

/** What is here when these have come, too. */
export function withFiles(before: FilesHere, come: readonly SizedFile[]): FilesHere {
  return {
    count: before.count + come.length,
    bytes: before.bytes + sum(come),
    outputs: before.outputs + come.filter(({ cell }) => cell !== undefined).length
  };
}

/** What a record says of things that were left. */
export function filesLeft(left: readonly LeftFile[]): FilesLeft {
  const large = left.filter(({ reason }) => reason === undefined);
  const kept = left.filter(({ reason }) => reason && ONLY_THERE.includes(reason)).length;
  return {
    ...withFiles(NO_FILES, left),
    large: { count: large.length, bytes: sum(large) },
    lost: left.filter(isLost).length,
    ...(kept > 0 && { kept }),
    unfetched: left.filter(({ reason }) => reason === 'not-fetched').length,
    some: left.filter(({ reason }) => reason !== undefined).slice(0, MOST_NAMED)
  };
}

function sum(files: readonly SizedFile[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}
