import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { CheckedForm, Client } from '../../../api/client';
import { THIS_MACHINE } from '../../../api/cluster';
import {
  type Account,
  type ClusterCheck,
  type Qos,
  type Queue,
  queueProblem
} from '../../../api/clusterCheck';
import { needsSignIn } from '../../../api/signIn';
import { asProblem } from '../../asProblem';
import { onQuestionsOver } from '../../model/questionsOver';
import { checkedProblems } from './checkedProblems';
import { findChoice } from './drafts';
import { linesIn, textIn } from './fieldValue';
import type { CheckState, IClusterChecks, IClusters, IJobs, ISubmitForm } from '../../tokens';

/** What checks have to do with. */
export interface ChecksWorld {
  client: Pick<Client, 'checkCluster'>;
  jobs: Pick<IJobs, 'changed' | 'follow' | 'questions'>;
  clusters: IClusters;
  form: ISubmitForm;
}

const NOTHING: CheckState = { isChecking: false, check: null, problem: null };

/** Checks clusters. An answer is kept for just what was asked, so that it never shows for anything else. */
export class ClusterChecks implements IClusterChecks {
  readonly changed = new Signal<this, void>(this);
  private readonly states = new Map<string, CheckState>();
  /** What there is to choose from on a cluster, as the last check that heard of it told. */
  private readonly told = new Map<string, ClusterCheck>();
  /** Clusters that were asked about already. */
  private readonly begun = new Set<string>();
  private followers = 0;
  /** Grows when the settings change: what is on its way then is about clusters of before. */
  private turn = 0;

  constructor(private readonly world: ChecksWorld) {
    for (const { changed } of [world.form, world.clusters]) {
      changed.connect(() => this.askFirst());
    }
    onQuestionsOver(world.jobs, () => this.onSignedIn());
  }

  get current(): CheckState {
    const state = this.states.get(keyOf(this.asked)) ?? NOTHING;
    return state.check === null
      ? state
      : { ...state, check: withQueue(state.check, textIn(this.world.form.values, 'queue')) };
  }

  get queues(): Queue[] {
    return this.told.get(this.chosen)?.queues ?? [];
  }

  get accounts(): Account[] {
    return this.told.get(this.chosen)?.accounts ?? [];
  }

  get qos(): Qos[] {
    return this.told.get(this.chosen)?.qos ?? [];
  }

  async ask(): Promise<void> {
    // The page hears what a login asks.
    const following = this.world.jobs.follow();
    await this.look({ asks: true });
    following.dispose();
  }

  follow(): IDisposable {
    this.followers += 1;
    this.askFirst();
    return new DisposableDelegate(() => (this.followers -= 1));
  }

  /** The settings say something else now: nothing is known any more. */
  forget(): void {
    this.turn += 1;
    this.states.clear();
    this.told.clear();
    this.begun.clear();
    this.changed.emit();
    this.askFirst();
  }

  /** Somebody has logged in somewhere: what waits for that may be in order now. */
  private onSignedIn(): void {
    const { current } = this;
    const waits = checkedProblems(current).some(({ code }) => needsSignIn(code));
    if (this.followers > 0 && waits && !current.isChecking) {
      void this.look({ asks: false });
    }
  }

  private async look(who: { asks: boolean }): Promise<void> {
    const { asked, turn } = this;
    const key = keyOf(asked);
    if (this.states.get(key)?.isChecking === true) {
      return;
    }
    this.begun.add(this.chosen);
    this.learn(key, { ...(this.states.get(key) ?? NOTHING), isChecking: true });
    const heard = await this.world.client.checkCluster(asked, who).then(
      (check): CheckState => ({ ...NOTHING, check }),
      (error: unknown): CheckState => ({ ...NOTHING, problem: asProblem(error) })
    );
    if (turn === this.turn) {
      // A batch system that is silent now says no less than before; accounts may come from the site itself.
      if (
        heard.check !== null &&
        (heard.check.queues.length > 0 || !this.told.has(heard.check.name))
      ) {
        this.told.set(heard.check.name, heard.check);
      }
      this.learn(key, heard);
      if (
        heard.check !== null &&
        findChoice(this.world.clusters, heard.check.name)?.cluster === null
      ) {
        // Nobody had been there when it was listed; which fields its batch system has is known now.
        await this.world.clusters.load(true);
      }
    }
  }

  private get chosen(): string {
    return textIn(this.world.form.values, 'cluster');
  }

  /** The queue is left out: what is wrong with it is known without asking again. */
  private get asked(): CheckedForm {
    const { values } = this.world.form;
    const python = textIn(values, 'python').trim();
    const environment = linesIn(values, 'environment').filter(line => line.trim() !== '');
    return { cluster: this.chosen, ...(python !== '' && { python }), environment };
  }

  /** Asks about a cluster that is in sight for the first time: a person has chosen it, or used it before. */
  private askFirst(): void {
    const { clusters, form } = this.world;
    const choice = findChoice(clusters, this.chosen);
    const isNew = this.chosen !== THIS_MACHINE && !this.begun.has(this.chosen);
    const isPossible = form.notebook !== null && choice !== null && choice.problem === null;
    if (this.followers > 0 && isNew && isPossible) {
      void this.look({ asks: false });
    }
  }

  private learn(key: string, state: CheckState): void {
    this.states.set(key, state);
    this.changed.emit();
  }
}

function keyOf(asked: CheckedForm): string {
  return JSON.stringify(asked);
}

/** What the check would have told, had this queue been asked for: the form's, in place of that of the settings. */
function withQueue(check: ClusterCheck, queue: string): ClusterCheck {
  const parts = check.parts.map(part =>
    part.what === 'queues' && part.problem?.code !== 'no-queue'
      ? { ...part, problem: queueProblem(check.queues, queue)?.problem ?? null }
      : part
  );
  return { ...check, parts };
}
