import type { TranslationBundle } from '@jupyterlab/translation';
import type { Client } from '../../api/client';
import type { JobRecord } from '../../api/job';
import { problemWords } from '../../words';
import { asProblem } from '../asProblem';
import { ReadingView } from './readingView';

/** The script of a job, as the scheduler got it. */
export class ScriptView extends ReadingView {
  constructor(
    private readonly job: JobRecord,
    private readonly client: Pick<Client, 'script'>,
    trans: TranslationBundle
  ) {
    super({
      id: `jupyterlab-submit-script-${job.id}`,
      title: trans.__('%1: script', job.spec.name),
      trans
    });
  }

  /** Shows the script, or why it cannot be shown. Never rejects. */
  async load(): Promise<void> {
    const { client, content, job, trans } = this;
    content.say(trans.__('Asking for the script…'));
    try {
      const script = await client.script(job.id);
      content.setText(script);
      content.say('');
    } catch (error) {
      const { advice, title } = problemWords(asProblem(error), trans);
      content.say(title, advice);
    }
  }
}
