import { Signal } from '@lumino/signaling';
import { beforeEach, describe, expect, it } from 'vitest';
import { ResultTrust, type TrustStore, lockedRule } from '../../../src/lab/results/resultTrust';

/** Settings, as a person has them. */
class FakeSettings implements TrustStore {
  readonly changed = new Signal<this, void>(this);

  constructor(private settings: unknown = {}) {}

  read(): unknown {
    return this.settings;
  }

  write(trustedHosts: string[]): Promise<void> {
    this.settings = { ...(this.settings as object), trustedHosts };
    this.changed.emit();
    return Promise.resolve();
  }
}

let trust: ResultTrust;
beforeEach(() => {
  trust = new ResultTrust(null);
});

describe('whether a result is trusted', () => {
  it('is no question for one of this machine', () => {
    for (const rule of ['ask', 'always', 'never'] as const) {
      expect(new ResultTrust(rule).judge(null)).toBe('trusted');
    }
  });

  it('is asked for another machine, also before the settings are there', () => {
    expect(trust.judge('hpc')).toBe('ask');
    trust.use(new FakeSettings());
    expect(trust.judge('hpc')).toBe('ask');
  });

  it.each([
    [{ trustResults: 'always' }, 'trusted'],
    [{ trustResults: 'never' }, 'never'],
    [{ trustResults: 'never', trustedHosts: ['hpc'] }, 'never'],
    [{ trustedHosts: ['hpc'] }, 'trusted'],
    [{ trustedHosts: ['hp', 'hpc2'] }, 'ask'],
    [{ trustResults: 'sometimes', trustedHosts: 'hpc' }, 'ask'],
    [null, 'ask']
  ])('is, by the settings %j, %s', (settings, verdict) => {
    trust.use(new FakeSettings(settings));
    expect(trust.judge('hpc')).toBe(verdict);
  });

  it('is remembered for a host, until the settings take it back', async () => {
    const settings = new FakeSettings({ trustResults: 'ask', trustedHosts: ['other'] });
    trust.use(settings);
    let told = 0;
    trust.changed.connect(() => (told += 1));
    await trust.remember('hpc');
    expect(trust.judge('hpc')).toBe('trusted');
    expect(settings.read()).toEqual({ trustResults: 'ask', trustedHosts: ['other', 'hpc'] });
    await settings.write(['other']);
    expect(trust.judge('hpc')).toBe('ask');
    expect(told).toBe(2);
  });

  it.each([
    ['never', { trustResults: 'always', trustedHosts: ['hpc'] }, 'never'],
    ['always', { trustResults: 'never' }, 'trusted'],
    ['ask', { trustResults: 'always' }, 'ask'],
    ['of course', { trustResults: 'always' }, 'ask']
  ])('is the administrator’s to say: %s', (option, settings, verdict) => {
    const locked = new ResultTrust(lockedRule(option));
    locked.use(new FakeSettings(settings));
    expect(locked.judge('hpc')).toBe(verdict);
  });

  it('is nobody’s to lock where nothing is said', () => {
    expect(lockedRule('')).toBeNull();
  });
});
