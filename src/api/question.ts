import * as v from 'valibot';
import { excerpt, line } from './bounds';

/** What kinds of questions a login has. */
const KINDS = [
  /** Prompts of the host, in its own words: a password, a code, a menu; none where it only tells something. */
  'prompts',
  /** The passphrase of a key, or the PIN of a device that has one. */
  'passphrase',
  /** Whether this is the right host: its key is not known yet. The answer is `yes`. */
  'host-key',
  /** Whether something may be done, in the words of `instruction`. The answer is `yes`. */
  'confirm',
  /** Nothing to answer: something has to be touched. */
  'touch'
] as const;
export type QuestionKind = (typeof KINDS)[number];

/** One field to fill in. */
const Prompt = v.object({
  text: excerpt,
  /** Whether what is typed may be seen; null where nobody knows, so that it is hidden until the person wants to see it. */
  echo: v.nullable(v.boolean())
});

/** One round of questions: what a login asks before it goes on. */
export const Round = v.object({
  kind: v.picklist(KINDS),
  /** Who asks, as `user@host`: a host on the way where the way leads through others. */
  asker: line,
  /** What the host calls this round, and what it says about it, as it came; often empty. */
  name: line,
  instruction: excerpt,
  prompts: v.array(Prompt),
  /** Of `host-key`: the key that the host has shown, and where. */
  key: v.nullable(v.object({ type: line, fingerprint: line, address: line })),
  /** Of `passphrase`: the file of the key, or the name of the device. */
  file: v.nullable(line),
  /** Whether this is asked again because the last answer was not right. */
  isRepeated: v.boolean(),
  /** Of `passphrase`: whether the service can keep it until it ends, should the person want that. */
  mayKeep: v.optional(v.boolean(), false),
  /** When nobody waits for the answer any more, in milliseconds since 1970. */
  expires: v.number()
});
export type Round = v.InferOutput<typeof Round>;

/** A round that waits for an answer, which whoever is first gives for all. */
export const Question = v.object({
  ...Round.entries,
  id: line,
  /** The host that somebody wants to reach, as clusters name it. */
  host: line
});
export type Question = v.InferOutput<typeof Question>;

/** The same as a newer service may ask it: what cannot be shown here is left to its own terminal. */
export const AnyQuestions = v.pipe(
  v.array(v.unknown()),
  v.transform(all =>
    all.flatMap(one => {
      const read = v.safeParse(Question, one);
      return read.success ? [read.output] : [];
    })
  )
);

/**
 * POST question: an answer for each prompt, `yes` where there is none; null: the person wants no more of this login. `keeps`: the
 * passphrase is to be kept, where it may.
 */
export const AnswerRequest = v.strictObject({
  answers: v.nullable(v.array(v.pipe(v.string(), v.maxLength(4096)))),
  keeps: v.optional(v.boolean(), false)
});
export type AnswerRequest = v.InferOutput<typeof AnswerRequest>;
