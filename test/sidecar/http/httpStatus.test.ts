import { expect, it } from 'vitest';
import { STATUS } from '../../../src/sidecar/http/httpStatus';

it('has a status of failure for each', () => {
  for (const status of Object.values(STATUS)) {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
  }
});
