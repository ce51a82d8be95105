import { createHash } from 'node:crypto';
import { codeSources } from '../../needs/notebook';
import { CodeReader, type Digest } from './codeReader';

/** A word for the code of a notebook: its code cells' sources, in their order; null for what is no notebook. */
export function codeDigest(text: string): string | null {
  const sources = codeSources(text);
  if (sources === null) {
    return null;
  }
  const digest = newDigest();
  sources.forEach(digest.add);
  return digest.value();
}

/** The same of the bytes of an executed notebook, which may be any number: what it shows is passed over, piece by piece. */
export async function codeDigestOf(chunks: AsyncIterable<Buffer>): Promise<string | null> {
  const digest = newDigest();
  const reader = new CodeReader(digest);
  for await (const bytes of chunks) {
    if (!reader.read(bytes)) {
      return null;
    }
  }
  return reader.isWhole ? digest.value() : null;
}

function newDigest(): Digest {
  let hash = createHash('sha256');
  return {
    add: source => void hash.update(`${JSON.stringify(source)}\n`),
    clear: () => (hash = createHash('sha256')),
    value: () => hash.digest('hex')
  };
}
