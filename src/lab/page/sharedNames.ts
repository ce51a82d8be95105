import type { Page } from './page';

/** A set of names that all pages of a browser know, such as the ids of jobs; no name has a space. */
export class SharedNames {
  /** What counts where storage is forbidden or full: then each page knows its own. */
  private own: ReadonlySet<string> | null = null;

  constructor(
    private readonly storage: Page['storage'],
    private readonly key: string
  ) {}

  get all(): ReadonlySet<string> {
    return this.own ?? this.stored();
  }

  /** Puts a name in; whether it was not in yet. */
  add(name: string): boolean {
    const { all } = this;
    const isNew = !all.has(name);
    if (isNew) {
      this.keep(new Set([...all, name]));
    }
    return isNew;
  }

  /** Takes a name out; whether it was in. */
  take(name: string): boolean {
    const all = new Set(this.all);
    const wasIn = all.delete(name);
    if (wasIn) {
      this.keep(all);
    }
    return wasIn;
  }

  private stored(): ReadonlySet<string> {
    try {
      const text = this.storage.getItem(this.key) ?? '';
      return new Set(text.split(' ').filter(name => name !== ''));
    } catch {
      return (this.own = new Set());
    }
  }

  private keep(names: ReadonlySet<string>): void {
    if (this.own === null) {
      try {
        this.storage.setItem(this.key, [...names].join(' '));
        return;
      } catch {
        // From here on this page knows its own.
      }
    }
    this.own = names;
  }
}
