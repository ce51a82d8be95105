import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';
import { CommandIDs } from '../commandIDs';

/** The command behind *What happened when*, which belongs to the row alone. */
const TIMES = 'times';

/** What stands for a line between entries. */
const LINE = '';

/** The menu from top to bottom. Each command knows for which jobs it makes sense, and is not seen for others. */
const ENTRIES = [
  CommandIDs.openResult,
  CommandIDs.openLog,
  CommandIDs.openScript,
  TIMES,
  LINE,
  CommandIDs.cancelJob,
  CommandIDs.submitAgain,
  CommandIDs.fetchResult,
  CommandIDs.checkAgain,
  CommandIDs.copyJobId,
  LINE,
  CommandIDs.removeJob
];

/** What a menu of a row works with. */
export interface RowMenuOptions {
  commands: CommandRegistry;
  /** The job's id. */
  id: string;
  times: { label: string; run: () => void };
  /** Whom the menu belongs to: it opens below, and gives the focus back. */
  button: HTMLElement;
  /** Whether it is opened by keyboard, so that its first entry is active. */
  byKeyboard: boolean;
}

/**
 * Opens the menu of a row. Commands that this application does not have are left out.
 *
 * @returns the menu, which disposes itself when it is closed.
 */
export function openRowMenu(options: RowMenuOptions): Menu {
  const { button, commands, id, times } = options;
  const own = new CommandRegistry();
  const menu = new Menu({ commands: own });
  for (const command of ENTRIES) {
    if (command === LINE) {
      menu.addItem({ type: 'separator' });
    } else if (command === TIMES) {
      own.addCommand(TIMES, { label: times.label, execute: times.run });
      menu.addItem({ command });
    } else if (commands.hasCommand(command)) {
      passOn(own, commands, command, id);
      menu.addItem({ command });
    }
  }
  menu.aboutToClose.connect(() => {
    button.focus();
    // The command that was chosen runs after this signal, and still needs the menu.
    setTimeout(() => menu.dispose());
  });
  const { bottom, right } = button.getBoundingClientRect();
  menu.open(right, bottom, { horizontalAlignment: 'right' });
  if (options.byKeyboard) {
    menu.activateNextItem();
  }
  return menu;
}

/** Makes a command of the application one of the menu's own, which also knows commands of the row. */
function passOn(
  own: CommandRegistry,
  commands: CommandRegistry,
  command: string,
  id: string
): void {
  const args = { id };
  own.addCommand(command, {
    label: () => commands.label(command, args),
    caption: () => commands.caption(command, args),
    icon: () => commands.icon(command, args),
    isEnabled: () => commands.isEnabled(command, args),
    isVisible: () => commands.isVisible(command, args),
    execute: () => commands.execute(command, args)
  });
}
