/** Which jobs the pages of a browser show closely. A stream is for one at most: the one that was opened last. */
export class CloseViews {
  private readonly byPage = new Map<string, string>();

  /** Notes what a page shows closely. */
  set(page: string, view: string | null): void {
    if (view === this.of(page)) {
      return;
    }
    this.byPage.delete(page);
    if (view !== null) {
      this.byPage.set(page, view);
    }
  }

  of(page: string): string | null {
    return this.byPage.get(page) ?? null;
  }

  get current(): string | undefined {
    return [...this.byPage.values()].at(-1);
  }
}
