import { createHash, randomBytes } from 'node:crypto';
import { Readable, Writable } from 'node:stream';

/** So many millions of bytes to send, what takes them when they come back, and whether they are the same. */
export function millions(count: number): {
  input: Readable;
  output: Writable;
  areSame: () => boolean;
} {
  const piece = randomBytes(1_000_000);
  const [sent, back] = [createHash('sha256'), createHash('sha256')];
  const input = Readable.from(
    (function* () {
      for (let index = 0; index < count; index += 1) {
        sent.update(piece);
        yield piece;
      }
    })()
  );
  const output = new Writable({
    write: (chunk: Buffer, _, done) => {
      back.update(chunk);
      done();
    }
  });
  return { input, output, areSame: () => back.digest('hex') === sent.digest('hex') };
}
