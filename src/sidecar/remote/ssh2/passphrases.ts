import path from 'node:path';
import type { ParsedKey } from 'ssh2';
import { diskOf } from '../../files/disk';
import { openKey } from './openKey';

/**
 * The passphrases of key files that the person wants kept until the service ends: in memory alone. One is given to nothing but the
 * file that it opens, and is forgotten as soon as it does not.
 */
export class Passphrases {
  private readonly kept = new Map<string, Buffer>();

  /** Whether one of the files has one. */
  areKept(files: readonly string[]): boolean {
    return files.some(file => this.kept.has(file));
  }

  /** Keeps one that has just opened its file. */
  keep(file: string, passphrase: string): void {
    this.forget(file);
    this.kept.set(file, Buffer.from(passphrase));
  }

  /** Keeps one if it opens its file. */
  async keepIfRight(file: string, passphrase: string): Promise<void> {
    const text = await textOf(file);
    if (text !== null && openKey(text, passphrase) !== null) {
      this.keep(file, passphrase);
    }
  }

  /** The key that is in the text of a file, where its passphrase is kept. */
  opened(file: string, text: Buffer): ParsedKey | null {
    const passphrase = this.kept.get(file);
    const key = passphrase === undefined ? null : openKey(text, passphrase.toString());
    if (key === null) {
      this.forget(file);
    }
    return key;
  }

  /** What opens a file; null where that is not kept. */
  async of(file: string): Promise<string | null> {
    const passphrase = this.kept.get(file)?.toString();
    if (passphrase === undefined) {
      return null;
    }
    const text = await textOf(file);
    return text !== null && this.opened(file, text) !== null ? passphrase : null;
  }

  /** The service ends. */
  forgetAll(): void {
    [...this.kept.keys()].forEach(file => this.forget(file));
  }

  private forget(file: string): void {
    this.kept.get(file)?.fill(0);
    this.kept.delete(file);
  }
}

function textOf(file: string): Promise<Buffer | null> {
  return diskOf(path.dirname(file), 'login')
    .readAll(file)
    .catch(() => null);
}
