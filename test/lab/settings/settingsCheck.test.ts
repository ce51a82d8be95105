import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { problem } from '../../../src/api/problem';
import type { ClusterChoice } from '../../../src/api/routes';
import { CommandIDs } from '../../../src/lab/commandIDs';
import { SettingsCheck } from '../../../src/lab/settings/settingsCheck';
import { FakeClusters, clusterChoice } from '../form/formWorld';

const SENTENCE =
  'Submit to cluster: cluster hpc: Time: "90" has no unit: write 90m, 2h or 48:00:00';

let clusters: FakeClusters;
let commands: CommandRegistry;
let check: SettingsCheck;

beforeEach(() => {
  vi.useFakeTimers();
  clusters = new FakeClusters();
  commands = new CommandRegistry();
  check = new SettingsCheck(clusters, commands, nullTranslator.load('jupyterlab_submit'));
});

afterEach(() => {
  Notification.dismiss();
  vi.useRealTimers();
});

function wrong(given: string): ClusterChoice {
  const fields = [{ field: 'defaults.time', code: 'time-format' as const, values: { given } }];
  return clusterChoice({
    name: 'hpc',
    cluster: null,
    problem: problem('cluster-settings', { cluster: 'hpc' }, { fields }).problem
  });
}

function said(): string[] {
  return Notification.manager.notifications.map(({ message }) => message);
}

async function change(choice: ClusterChoice): Promise<void> {
  clusters.choices = [choice];
  check.changed();
  await vi.advanceTimersByTimeAsync(2000);
}

describe('the check of the settings', () => {
  it('says what is wrong when they have changed, with a way to the settings', async () => {
    const opened: string[] = [];
    commands.addCommand(CommandIDs.openSettings, { execute: () => opened.push('settings') });
    await change(wrong('90'));
    expect(said()).toEqual([SENTENCE]);
    const [action] = Notification.manager.notifications[0]?.options.actions ?? [];
    expect(action?.label).toBe('Open settings');
    action?.callback(new MouseEvent('click'));
    expect(opened).toEqual(['settings']);
  });

  it('lets the person type', async () => {
    clusters.choices = [wrong('9')];
    check.changed();
    await vi.advanceTimersByTimeAsync(1000);
    clusters.choices = [wrong('90')];
    check.changed();
    await vi.advanceTimersByTimeAsync(1000);
    expect(said()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(said()).toEqual([SENTENCE]);
    expect(clusters.loads).toBe(1);
  });

  it('takes back what is right again, and says the same once', async () => {
    await change(wrong('90'));
    await change(wrong('90'));
    expect(said()).toEqual([SENTENCE]);
    await change(clusterChoice({ name: 'hpc' }));
    expect(said()).toEqual([]);
  });

  it('says again what the person has closed and not mended', async () => {
    await change(wrong('90'));
    Notification.dismiss();
    await change(wrong('90'));
    expect(said()).toEqual([SENTENCE]);
  });

  it('leaves what it has said while nobody can be asked', async () => {
    await change(wrong('90'));
    clusters.phase = 'offline';
    await change(clusterChoice({ name: 'hpc' }));
    expect(said()).toEqual([SENTENCE]);
  });
});
