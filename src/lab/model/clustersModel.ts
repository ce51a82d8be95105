import { Signal } from '@lumino/signaling';
import type { Client } from '../../api/client';
import type { Problem } from '../../api/problem';
import type { ClusterChoice } from '../../api/routes';
import { asProblem } from '../asProblem';
import type { IClusters, Phase } from '../tokens';

/** The clusters that can be chosen. Asks when somebody wants to know, and again after the settings have changed. */
export class ClustersModel implements IClusters {
  readonly changed = new Signal<this, void>(this);
  choices: readonly ClusterChoice[] = [];
  phase: Phase = 'idle';
  problem: Problem | null = null;
  private loading: Promise<void> | null = null;
  private isStale = false;

  constructor(private readonly client: Client) {}

  async load(again = false): Promise<void> {
    if (this.loading === null && (this.phase === 'idle' || again)) {
      this.loading = this.ask().finally(() => (this.loading = null));
    }
    await this.loading;
  }

  /** The settings say something else now: what was asked for is asked for again. Never rejects. */
  async reload(): Promise<void> {
    if (this.phase !== 'idle') {
      this.isStale = true;
      await this.load(true);
    }
  }

  private async ask(): Promise<void> {
    do {
      this.isStale = false;
      this.tell('loading', null);
      try {
        const { clusters, problem } = await this.client.clusters();
        this.choices = clusters;
        this.tell('live', problem);
      } catch (error) {
        this.tell('offline', asProblem(error));
      }
      // The settings may have changed while the answer was on its way.
    } while (this.isStale);
  }

  private tell(phase: Phase, problem: Problem | null): void {
    this.phase = phase;
    this.problem = problem;
    this.changed.emit();
  }
}
