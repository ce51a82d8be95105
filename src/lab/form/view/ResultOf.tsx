import { endWords } from '../../model/jobOfResult';
import type { FormParts } from './formParts';

/** Of which job the notebook in front is the result, and what is submitted: the job's notebook, or the result on purpose. */
export function ResultOf({ commands, form, jobs, trans }: FormParts) {
  const { notebook, result } = form;
  if (result === null) {
    return null;
  }
  const { job, path } = result;
  const isItself = notebook === path;
  const source = jobs.contentsPath(job.spec.notebook);
  return (
    <div className="jp-SubmitForm-aside">
      <p>
        {trans.__(
          'Result of job %1 (%2) on %3: %4.',
          job.spec.name,
          job.id,
          job.cluster.title,
          endWords(job, trans)
        )}{' '}
        {isItself
          ? trans.__('Submit runs this copy, as a notebook of its own.')
          : source === null
            ? trans.__('The notebook that it was made of lies outside of what this server shows.')
            : trans.__('Submit runs the notebook that it was made of, not this copy.')}
      </p>
      <div className="jp-SubmitForm-links">
        {typeof source === 'string' && (
          <button
            type="button"
            className="jp-SubmitForm-link"
            onClick={() => void commands.execute('docmanager:open', { path: source })}
          >
            {trans.__('Open notebook')}
          </button>
        )}
        <button
          type="button"
          className="jp-SubmitForm-link"
          onClick={() => form.takeResult(!isItself)}
        >
          {isItself
            ? trans.__('Submit the notebook instead')
            : trans.__('Submit this copy instead')}
        </button>
      </div>
    </div>
  );
}
