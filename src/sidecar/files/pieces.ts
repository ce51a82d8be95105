/** Bytes that go on together: each piece costs a message or a call of the system, however small it is. */
const PIECE_BYTES = 256 * 1024;

/** Puts small chunks together; large ones are passed on as they are. */
export async function* pieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let length = 0;
  for await (const { buffer, byteLength, byteOffset } of chunks) {
    const chunk = Buffer.from(buffer, byteOffset, byteLength);
    waiting.push(chunk);
    length += chunk.length;
    if (length >= PIECE_BYTES) {
      yield* chunk.length === length ? waiting : [Buffer.concat(waiting)];
      waiting = [];
      length = 0;
    }
  }
  yield Buffer.concat(waiting);
}
