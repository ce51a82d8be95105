import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect, ReactWidget } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

/** Chooses one of a job's logs. */
export class LogChooser extends ReactWidget {
  private names: readonly string[];

  constructor(
    names: readonly string[],
    private chosen: string,
    private readonly choose: (name: string) => void,
    private readonly trans: TranslationBundle
  ) {
    super();
    this.names = names;
    this.addClass('jp-SubmitLogChooser');
  }

  /** Offers other logs. */
  offer(names: readonly string[]): void {
    this.names = names;
    this.update();
  }

  /** Marks a log as the chosen one. */
  mark(name: string): void {
    this.chosen = name;
    this.update();
  }

  protected override render(): ReactElement {
    return (
      <HTMLSelect
        aria-label={this.trans.__('Log')}
        value={this.chosen}
        onChange={({ currentTarget }) => {
          this.mark(currentTarget.value);
          this.choose(currentTarget.value);
        }}
      >
        {this.names.map(name => (
          <option key={name} value={name}>
            {logLabel(name, this.trans)}
          </option>
        ))}
      </HTMLSelect>
    );
  }
}

/** A log by the name that people see. */
function logLabel(name: string, trans: TranslationBundle): string {
  switch (name) {
    case 'job':
      return trans.__('Job');
    case 'runner':
      return trans.__('Runner');
    case 'controller':
      return trans.__('Controller');
    case 'engines':
      return trans.__('All engines');
    case 'kernel':
      return trans.__('Kernel');
    default:
      return trans.__('Engine %1', name.replace('engine-', ''));
  }
}
