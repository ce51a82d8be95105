import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { CommandIDs } from '../commandIDs';

const SETTINGS_EDITOR = 'settingeditor:open';

/** What a page's address says when it is opened for our settings. */
const WANTED = 'submit-to-cluster';

/** Registers the command that opens the settings editor at our settings. */
export function addSettingsCommand(
  commands: CommandRegistry,
  trans: TranslationBundle,
  openPage: (url: string) => void
): void {
  commands.addCommand(CommandIDs.openSettings, {
    label: trans.__('Clusters and defaults…'),
    caption: trans.__('Open the settings of Submit to cluster'),
    describedBy: { args: { type: 'object', properties: {} } },
    execute: async () => {
      if (commands.hasCommand(SETTINGS_EDITOR)) {
        await openEditor(commands, trans);
      } else {
        // Of the pages of Notebook 7, only the one with the files has an editor for settings.
        openPage(`${URLExt.join(PageConfig.getBaseUrl(), 'tree')}?settings=${WANTED}`);
      }
    }
  });
}

/** Opens the settings editor in a page that was opened for it. */
export async function openWantedSettings(
  commands: CommandRegistry,
  trans: TranslationBundle,
  query: string
): Promise<void> {
  if (
    new URLSearchParams(query).get('settings') === WANTED &&
    commands.hasCommand(SETTINGS_EDITOR)
  ) {
    await openEditor(commands, trans);
  }
}

async function openEditor(commands: CommandRegistry, trans: TranslationBundle): Promise<void> {
  // The title of our settings, as the schema has it.
  const query = trans.__('Submit to cluster');
  await commands.execute(SETTINGS_EDITOR, { settingEditorType: 'ui', query });
}
