import { Clipboard } from '@jupyterlab/apputils';
import { Button } from '@jupyterlab/ui-components';
import { useState } from 'react';
import type { Translator } from '../../api/translation';

/** The most lines that are shown at once; more are scrolled. */
const MOST_LINES = 12;

/** Text as a cluster or a command wrote it, ready to be copied to a help desk. */
export function RawText({ text, trans }: { text: string; trans: Translator }) {
  const [copied, setCopied] = useState('');
  const copy = (): void => {
    Clipboard.copyToSystem(text);
    setCopied(text);
  };
  return (
    <div className="jp-SubmitRawText">
      <textarea
        readOnly
        rows={Math.min(text.split('\n').length + 1, MOST_LINES)}
        spellCheck={false}
        aria-label={trans.__('Details')}
        value={text}
      />
      <Button type="button" minimal small onClick={copy}>
        {copied === text ? trans.__('Copied') : trans.__('Copy')}
      </Button>
    </div>
  );
}
