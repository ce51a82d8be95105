import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { CommandIDs } from '../../../src/lab/commandIDs';
import { SubmitForm } from '../../../src/lab/form/view/SubmitForm';
import { ClusterChecks } from '../../../src/lab/form/model/clusterChecks';
import { finishedJob } from '../../api/jobRecord';
import { drawn } from '../jobs/drawn';
import { FakeClusterChecks } from './model/fakeClusterChecks';
import { FakeClusters, SubmittedJobs, formWorld } from './formWorld';

/** The form in the page, with what a test says around it. */
export function page({
  jobs = new SubmittedJobs([finishedJob()]),
  clusters = new FakeClusters()
} = {}) {
  const world = formWorld({ jobs, clusters });
  const checked = new FakeClusterChecks();
  const checks = new ClusterChecks({ client: checked, jobs, clusters, form: world.form });
  const commands = new CommandRegistry();
  const executed: string[] = [];
  for (const id of Object.values(CommandIDs)) {
    commands.addCommand(id, { execute: () => executed.push(id) });
  }
  const trans = nullTranslator.load('jupyterlab_submit');
  const place = drawn(
    <SubmitForm
      form={world.form}
      clusters={clusters}
      checks={checks}
      jobs={jobs}
      commands={commands}
      trans={trans}
    />
  );
  return { ...world, checked, checks, commands, place, executed };
}

/** The field with this label. */
export function field(label: string): HTMLInputElement {
  const id = [...document.querySelectorAll('label')].find(
    ({ textContent }) => textContent === label
  )?.htmlFor;
  const found = document.getElementById(id ?? '');
  if (!(found instanceof HTMLInputElement)) {
    throw new Error(`no field "${label}"`);
  }
  return found;
}

/** What is said about a field to those who cannot see where it is said. */
export function said(label: string): string {
  const ids = field(label).getAttribute('aria-describedby') ?? '';
  return ids
    .split(' ')
    .map(id => document.getElementById(id)?.textContent)
    .join('');
}
