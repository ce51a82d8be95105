import { createPrivateKey } from 'node:crypto';
import { type ParsedKey, utils } from 'ssh2';

/** A key out of the text of a file, as ssh2 has it; why not, where it cannot be read. */
export function parseKey(text: Buffer, passphrase?: string): ParsedKey | Error {
  const parsed = utils.parseKey(asClassic(text, passphrase), passphrase);
  return Array.isArray(parsed) ? (parsed[0] ?? new Error('no key')) : parsed;
}

/** The private key in the text of a file; null where the passphrase does not open it. */
export function openKey(text: Buffer, passphrase: string): ParsedKey | null {
  const opened = parseKey(text, passphrase);
  return !(opened instanceof Error) && opened.isPrivateKey() ? opened : null;
}

/** PKCS#8, which ssh2 does not read, in the older form that it does; anything else as it is. */
function asClassic(text: Buffer, passphrase: string | undefined): Buffer {
  if (!/-----BEGIN (?:ENCRYPTED )?PRIVATE KEY-----/.test(text.toString('latin1'))) {
    return text;
  }
  try {
    const key = createPrivateKey({ key: text, ...(passphrase !== undefined && { passphrase }) });
    const type = key.asymmetricKeyType === 'rsa' ? 'pkcs1' : 'sec1';
    return Buffer.from(key.export({ format: 'pem', type }));
  } catch {
    return text;
  }
}
