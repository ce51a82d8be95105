import { Button, InputGroup } from '@jupyterlab/ui-components';
import type { Translator } from '../../api/translation';

interface JobFilterProps {
  text: string;
  /** How many jobs the text finds. */
  found: number;
  trans: Translator;
  onChange: (text: string) => void;
}

/** The field that narrows the list down, and what to do when it leaves nothing. */
export function JobFilter({ found, onChange, text, trans }: JobFilterProps) {
  return (
    <div className="jp-SubmitJobs-filter">
      <InputGroup
        type="search"
        rightIcon="ui-components:search"
        aria-label={trans.__('Filter the jobs')}
        placeholder={trans.__('Filter by name, cluster or state')}
        value={text}
        onChange={event => onChange(event.currentTarget.value)}
      />
      {found === 0 && (
        <p className="jp-SubmitJobs-empty">
          {trans.__('No job matches “%1”.', text)}{' '}
          <Button minimal small onClick={() => onChange('')}>
            {trans.__('Show all')}
          </Button>
        </p>
      )}
    </div>
  );
}
