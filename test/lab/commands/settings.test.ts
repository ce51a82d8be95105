import { PageConfig } from '@jupyterlab/coreutils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { beforeEach, describe, expect, it } from 'vitest';
import { CommandIDs } from '../../../src/lab/commandIDs';
import { addSettingsCommand, openWantedSettings } from '../../../src/lab/commands/settings';

const trans = nullTranslator.load('jupyterlab_submit');
const OURS = { settingEditorType: 'ui', query: 'Submit to cluster' };

let commands: CommandRegistry;
let edited: unknown[];
let pages: string[];

beforeEach(() => {
  commands = new CommandRegistry();
  edited = [];
  pages = [];
  PageConfig.setOption('baseUrl', '/user/ada/');
  addSettingsCommand(commands, trans, url => pages.push(url));
});

function addEditor(): void {
  commands.addCommand('settingeditor:open', { execute: args => edited.push(args) });
}

describe('the settings', () => {
  it('open in the editor of the page', async () => {
    addEditor();
    await commands.execute(CommandIDs.openSettings);
    expect(edited).toEqual([OURS]);
    expect(pages).toEqual([]);
  });

  it('open in another page where this one has no editor, and there by themselves', async () => {
    await commands.execute(CommandIDs.openSettings);
    expect(pages).toHaveLength(1);
    const url = new URL(pages[0] ?? '', 'http://localhost');
    expect(url.pathname).toBe('/user/ada/tree');

    addEditor();
    await openWantedSettings(commands, trans, url.search);
    expect(edited).toEqual([OURS]);
  });

  it.each(['', '?settings=other', '?token=settings'])('open only when wanted: %j', async query => {
    addEditor();
    await openWantedSettings(commands, trans, query);
    expect(edited).toEqual([]);
  });

  it('are no error in a page without an editor', async () => {
    await openWantedSettings(commands, trans, '?settings=submit-to-cluster');
    expect(edited).toEqual([]);
  });
});
