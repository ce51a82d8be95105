import type { Transport } from '../../api/client';
import { type ContentsPath, type FilePath, readContentsPaths } from '../../api/paths';
import { problem } from '../../api/problem';
import type { Clock } from '../page/page';

/** Milliseconds before files are asked for again that could not be found out. */
const RETRY_MS = 30_000;

/** Files of the machine that Jupyter runs on, as paths of its contents. Asked for when needed, and together. */
export class ContentsPaths {
  /** null: outside of what the server shows. */
  private readonly known = new Map<FilePath, ContentsPath | null>();
  private readonly wanted = new Set<FilePath>();
  private asking: Promise<void> | null = null;
  private notBefore = 0;

  constructor(
    private readonly options: { transport: Transport; clock: Clock; changed: () => void }
  ) {}

  /** What is known of a file; undefined when nothing is: then it is asked for, and `changed` called. */
  get(file: FilePath): ContentsPath | null | undefined {
    const path = this.known.get(file);
    if (path === undefined && this.options.clock.now() >= this.notBefore) {
      this.wanted.add(file);
      // Whoever asked hears of it by `get`: nothing is known still.
      this.ask().catch(() => undefined);
    }
    return path;
  }

  /** The same, waited for. Rejects with a `ProblemError`. */
  async find(file: FilePath): Promise<ContentsPath | null> {
    for (;;) {
      const path = this.known.get(file);
      if (path !== undefined) {
        return path;
      }
      this.wanted.add(file);
      await this.ask();
    }
  }

  private ask(): Promise<void> {
    this.asking ??= this.askForAll().finally(() => (this.asking = null));
    return this.asking;
  }

  private async askForAll(): Promise<void> {
    // Everything that is asked for in one go makes one request.
    await Promise.resolve();
    const files = [...this.wanted];
    this.wanted.clear();
    try {
      const paths = await this.request(files);
      files.forEach((file, index) => this.known.set(file, paths[index] ?? null));
    } catch (error) {
      this.notBefore = this.options.clock.now() + RETRY_MS;
      throw error;
    }
    this.options.changed();
  }

  private async request(files: FilePath[]): Promise<(ContentsPath | null)[]> {
    const { chunks } = await this.options.transport({
      method: 'POST',
      path: '/contents-paths',
      body: JSON.stringify({ files })
    });
    let text = '';
    for await (const chunk of chunks) {
      text += chunk;
    }
    return pathsIn(text, files.length);
  }
}

function pathsIn(text: string, count: number): (ContentsPath | null)[] {
  const paths = readContentsPaths(text);
  if (paths?.length !== count) {
    throw problem('answer-unreadable', {}, { details: { output: text.slice(0, 2000) } });
  }
  return paths;
}
