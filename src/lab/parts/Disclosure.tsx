import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import { type ReactNode, useId, useState } from 'react';

interface DisclosureProps {
  label: string;
  /** What is inside, in a few words, for as long as it is closed. */
  summary: string;
  /** Holds something that needs attention, and so is open. */
  isForced?: boolean;
  children: ReactNode;
}

/** A part of the form that opens and closes. */
export function Disclosure({ children, isForced = false, label, summary }: DisclosureProps) {
  const id = useId();
  const [wish, setWish] = useState(false);
  if (isForced && !wish) {
    // It stays open when all is well again: somebody is typing in it.
    setWish(true);
  }
  const isOpen = wish || isForced;
  const Caret = isOpen ? caretDownIcon : caretRightIcon;
  return (
    <div className="jp-SubmitDisclosure">
      <button
        type="button"
        className="jp-SubmitDisclosure-button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setWish(!isOpen)}
      >
        <Caret.react tag="span" className="jp-SubmitForm-icon" aria-hidden="true" />
        <span className="jp-SubmitDisclosure-label">{label}</span>
        {!isOpen && <span className="jp-SubmitDisclosure-summary">{summary}</span>}
      </button>
      <div id={id} className="jp-SubmitDisclosure-content" hidden={!isOpen}>
        {isOpen && children}
      </div>
    </div>
  );
}
