import { Clipboard, MainAreaWidget, Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ToolbarButton, copyIcon, textEditorIcon } from '@jupyterlab/ui-components';
import { TextPane } from './textPane';

/** Milliseconds that a word of success stays. */
const SHORT_MS = 3000;

/** What a view to read is called. */
export interface ReadingViewOptions {
  id: string;
  /** On its tab. */
  title: string;
  isLog?: boolean;
  trans: TranslationBundle;
}

/** A text to read in a tab of its own, with *Copy* and *Wrap lines*. */
export class ReadingView extends MainAreaWidget<TextPane> {
  protected readonly trans: TranslationBundle;

  constructor({ id, isLog = false, title, trans }: ReadingViewOptions) {
    super({ content: new TextPane({ label: title, isLog }) });
    this.trans = trans;
    this.id = id;
    this.addClass('jp-SubmitReadingView');
    this.title.label = title;
    this.title.caption = title;
    this.title.icon = textEditorIcon;
    this.title.closable = true;
    this.toolbar.addItem('copy', this.copyButton());
    this.toolbar.addItem('wrap', this.wrapButton());
  }

  private copyButton(): ToolbarButton {
    return new ToolbarButton({
      icon: copyIcon,
      label: this.trans.__('Copy'),
      tooltip: this.trans.__('Copy all of the text'),
      onClick: () => {
        Clipboard.copyToSystem(this.content.text);
        Notification.success(this.trans.__('Copied.'), { autoClose: SHORT_MS });
      }
    });
  }

  private wrapButton(): ToolbarButton {
    const button: ToolbarButton = new ToolbarButton({
      label: this.trans.__('Wrap lines'),
      tooltip: this.trans.__('Break long lines at the edge'),
      pressedTooltip: this.trans.__('Leave long lines as they are'),
      onClick: () => {
        this.content.isWrapped = !this.content.isWrapped;
        button.pressed = this.content.isWrapped;
      }
    });
    return button;
  }
}
