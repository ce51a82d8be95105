import fc from 'fast-check';

/** What parsers stumble over: numbers that no counter has, ends of lines and of texts, other tongues, names of objects. */
const SPECIALS = [
  '1e999',
  '-1',
  'NaN',
  'null',
  '9'.repeat(30),
  '9'.repeat(400),
  '0x10',
  '1.5',
  '\0',
  '\n',
  '\r\n',
  '|',
  '"',
  '\\',
  '\\u0000',
  '\\ud800',
  '{',
  '[[[[',
  '__proto__',
  'constructor',
  '../',
  '/',
  '--me',
  '‮',
  '日本',
  'x'.repeat(70_000)
].map(text => Buffer.from(text));

/** One change of a recording: where, how much of it goes, and what comes there. */
const change = fc.record({
  at: fc.nat(),
  gone: fc.oneof(fc.constant(0), fc.nat({ max: 40 }), fc.nat({ max: 4000 })),
  come: fc.oneof(
    fc.constantFrom(...SPECIALS),
    fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes)),
    fc.constant(Buffer.alloc(0))
  ),
  /** Whether what is there comes twice instead. */
  isTwice: fc.boolean()
});

type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** Arbitrary bytes, and these recordings with something changed in them. */
export function strangeBytes(recordings: readonly string[]): fc.Arbitrary<Buffer> {
  const changed = fc
    .tuple(fc.constantFrom(...recordings), fc.array(change, { maxLength: 6 }))
    .map(([recording, changes]) => changes.reduce(apply, Buffer.from(recording)));
  const arbitrary = fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes));
  const words = fc
    .array(fc.constantFrom(...SPECIALS), { maxLength: 20 })
    .map(all => Buffer.concat(all));
  return fc.oneof({ weight: 6, arbitrary: changed }, { weight: 1, arbitrary }, words);
}

function apply(bytes: Buffer, { at, come, gone, isTwice }: Change): Buffer {
  const from = bytes.length === 0 ? 0 : at % bytes.length;
  const middle = isTwice ? bytes.subarray(from, from + gone) : come;
  const rest = bytes.subarray(isTwice ? from : from + gone);
  return Buffer.concat([bytes.subarray(0, from), middle, rest]);
}
