import { randomBytes } from 'node:crypto';

/** Stands before each part of an answer: what runs there, or has written there, cannot know it, and so forge no part. */
export function newMark(): string {
  return `@@${randomBytes(9).toString('hex')}`;
}
