import { vi } from 'vitest';
import type { Context } from './makeContext';
import { Life } from '../../src/sidecar/lifecycle/life';
import { Viewers } from '../../src/sidecar/watching/viewers';

/** The life of all jobs, while somebody follows every one of them closely. */
export function closeLife(context: Context): Life {
  const viewers = new Viewers();
  vi.spyOn(viewers, 'attention').mockReturnValue('close');
  return new Life(context, viewers);
}
