import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { CommandIDs } from '../commandIDs';
import { settingProblems } from './settingProblems';
import type { IClusters } from '../tokens';

/** Milliseconds without a change after which the person counts as done: the settings editor saves while they type. */
const QUIET_MS = 1500;

/** Says what is wrong with the settings after somebody has changed them in this page, until it is right again. */
export class SettingsCheck {
  /** The notifications that are shown, by what they say. */
  private readonly shown = new Map<string, string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly clusters: IClusters,
    private readonly commands: CommandRegistry,
    private readonly trans: TranslationBundle
  ) {}

  /** The settings have changed. */
  changed(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.check(), QUIET_MS);
  }

  private async check(): Promise<void> {
    await this.clusters.load();
    if (this.clusters.phase === 'live') {
      this.say(settingProblems(this.clusters, this.trans));
    }
  }

  private say(sentences: readonly string[]): void {
    for (const [sentence, id] of this.shown) {
      if (!sentences.includes(sentence)) {
        Notification.dismiss(id);
        this.shown.delete(sentence);
      }
    }
    for (const sentence of sentences) {
      const id = this.shown.get(sentence);
      // One that the person has closed is said again.
      if (id === undefined || !Notification.manager.has(id)) {
        this.shown.set(sentence, this.notify(sentence));
      }
    }
  }

  private notify(sentence: string): string {
    return Notification.error(sentence, {
      autoClose: false,
      actions: [
        {
          label: this.trans.__('Open settings'),
          callback: () => void this.commands.execute(CommandIDs.openSettings)
        }
      ]
    });
  }
}
