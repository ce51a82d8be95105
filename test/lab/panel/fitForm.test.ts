import { expect, it } from 'vitest';
import { formHeight } from '../../../src/lab/panel/fitForm';

it.each([
  ['all that it needs, where there is room', { form: 400, jobs: 900 }, 400],
  ['what few jobs leave', { form: 900, jobs: 100 }, 900],
  ['no more than what few jobs leave', { form: 2000, jobs: 100 }, 900],
  ['its share beside many jobs', { form: 900, jobs: 5000 }, 650]
])('a form gets %s', (_, { form, jobs }, height) => {
  expect(formHeight(1000, form, jobs)).toBe(height);
});
