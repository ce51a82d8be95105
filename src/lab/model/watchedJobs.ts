import type { Page } from '../page/page';

/** The ids of jobs whose end a person is to be told of, as all pages of a browser know them. */
export class WatchedJobs {
  /** What counts where storage is forbidden or full: then each page knows its own. */
  private own: ReadonlySet<string> | null = null;

  constructor(
    private readonly storage: Page['storage'],
    private readonly key: string
  ) {}

  get ids(): ReadonlySet<string> {
    return this.own ?? this.stored();
  }

  add(id: string): void {
    const { ids } = this;
    if (!ids.has(id)) {
      this.keep(new Set([...ids, id]));
    }
  }

  /** Takes a job out; whether it was in. */
  take(id: string): boolean {
    const ids = new Set(this.ids);
    const wasIn = ids.delete(id);
    if (wasIn) {
      this.keep(ids);
    }
    return wasIn;
  }

  private stored(): ReadonlySet<string> {
    try {
      const text = this.storage.getItem(this.key) ?? '';
      return new Set(text.split(' ').filter(id => id !== ''));
    } catch {
      return (this.own = new Set());
    }
  }

  private keep(ids: ReadonlySet<string>): void {
    if (this.own === null) {
      try {
        this.storage.setItem(this.key, [...ids].join(' '));
        return;
      } catch {
        // From here on this page knows its own.
      }
    }
    this.own = ids;
  }
}
