import { givenProblems } from '../../api/defaults';
import { newJobId } from '../../api/job';
import type { JobRecord } from '../../api/job';
import { problem } from '../../api/problem';
import { EXIT, exitCodeOfError } from '../exitCode';
import { sayFailure } from '../failure';
import { jobForm } from '../jobForm';
import { lookOf } from '../look';
import { planLines } from '../planLines';
import { printable } from '../printable';
import type { Surroundings } from '../surroundings';
import { UsageError } from '../usageError';
import { followLines, waitFor } from '../wait';

export interface SubmitFlags {
  detach?: boolean;
  dryRun?: boolean;
  json?: boolean;
  keepPassphrase?: boolean;
}

/** For whom it prints, and whether passphrases are kept. */
interface How {
  isJson: boolean;
  keeps: boolean;
}

/** `jupyter submit NOTEBOOK`: says what will happen, submits, and waits for the end. */
export async function submit(
  surroundings: Surroundings,
  notebook: string,
  options: Record<string, unknown> & SubmitFlags
): Promise<number> {
  const how = { isJson: options.json === true, keeps: options.keepPassphrase === true };
  const { isJson } = how;
  let job: JobRecord;
  try {
    const form = formFor(surroundings, notebook, options);
    if (options.dryRun === true) {
      await dryRun(surroundings, form, how);
      return EXIT.succeeded;
    }
    job = await send(surroundings, form, how);
  } catch (error) {
    sayFailure(surroundings.screen, error);
    return exitCodeOfError(error, EXIT.notSubmitted);
  }
  if (options.detach === true) {
    sayDetached(surroundings, job, isJson);
    return EXIT.succeeded;
  }
  return waitFor(surroundings, job.id, { first: job, isJson });
}

function formFor(
  { cwd }: Surroundings,
  notebook: string,
  options: Record<string, unknown>
): Record<string, unknown> {
  if (!notebook.endsWith('.ipynb')) {
    throw new UsageError(
      `"${notebook}" is neither a notebook nor a command.`,
      'The name of a notebook ends in .ipynb; jupyter submit --help lists the commands.'
    );
  }
  const form = jobForm(notebook, options, cwd);
  // The sidecar checks it again, with what the settings fill in; what is wrong is told at once, though.
  const fields = givenProblems(form);
  if (fields.length > 0) {
    throw problem('invalid-fields', {}, { fields });
  }
  return form;
}

async function dryRun(
  surroundings: Surroundings,
  form: Record<string, unknown>,
  { isJson, keeps }: How
): Promise<void> {
  const { asking, client, screen } = surroundings;
  const check = await asking(isJson, who => client.check(form, { ...who, insists: true }), keeps);
  if (isJson) {
    screen.line(JSON.stringify(check));
    return;
  }
  planLines(check, lookOf(surroundings), { isWhole: true }).forEach(line => screen.line(line));
  screen.line();
  screen.raw(`${printable(check.script).trimEnd()}\n`);
}

async function send(
  surroundings: Surroundings,
  form: Record<string, unknown>,
  { isJson, keeps }: How
): Promise<JobRecord> {
  const { asking, client, onInterrupt, screen } = surroundings;
  onInterrupt(() => ['Interrupted. Nothing was submitted.']);
  if (!isJson) {
    screen.live('reading the notebook');
    try {
      const check = await asking(
        isJson,
        who => client.check(form, { ...who, insists: true }),
        keeps
      );
      screen.live(null);
      planLines(check, lookOf(surroundings), { isWhole: false }).forEach(line => screen.line(line));
    } finally {
      screen.live(null);
    }
  }
  // The id is ours, so that asking again after a broken connection gives the same job.
  const id = newJobId(Math.random);
  onInterrupt(() => [
    `Interrupted while job ${id} was being handed over.`,
    `See whether it runs:  jupyter submit show ${id}`
  ]);
  const job = await asking(isJson, who => client.submit(id, form, who), keeps);
  if (!isJson) {
    screen.line(`  Job ${id}`);
  }
  return job;
}

function sayDetached({ screen }: Surroundings, job: JobRecord, isJson: boolean): void {
  if (isJson) {
    screen.line(JSON.stringify(job));
    return;
  }
  followLines(job.id).forEach(line => screen.line(`  ${line}`));
}
