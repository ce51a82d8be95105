import type { Attention } from '../../job/pace';

/** Who has an event stream open, and on which job; what nobody looks at is looked at rarely. */
export class Viewers {
  private readonly views = new Map<symbol, string | null>();

  /** Notes one more stream until the returned function is called; `job` when it shows one job closely. */
  add(job: string | null): () => void {
    const viewer = Symbol('viewer');
    this.views.set(viewer, job);
    return () => this.views.delete(viewer);
  }

  /** How closely these jobs are looked at. */
  attention(ids: readonly string[]): Attention {
    const views = [...this.views.values()];
    if (views.some(job => job !== null && ids.includes(job))) {
      return 'close';
    }
    return views.length > 0 ? 'list' : 'none';
  }

  get count(): number {
    return this.views.size;
  }
}
