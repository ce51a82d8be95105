import { describe, expect, it } from 'vitest';
import { wantsToRun } from '../../../src/lab/results/wantsToRun';

/** An output with data of one type. */
function shown(type: string, value: unknown = '') {
  return [
    { output_type: 'display_data', metadata: {}, data: { 'text/plain': 'x', [type]: value } }
  ];
}

describe('an output that does not show all of itself until it is trusted', () => {
  it.each([
    ['application/javascript', 'alert(1)'],
    ['text/javascript', ''],
    ['application/vnd.jupyter.widget-view+json', { model_id: 'a' }],
    ['application/vnd.bokehjs_exec.v0+json', ''],
    ['application/vnd.holoviews_load.v0+json', ''],
    ['image/svg+xml', '<svg/>'],
    ['text/html', '<SCRIPT src=x></SCRIPT>'],
    ['text/html', ['<p>\n', '<img src=x onerror="x()">']],
    ['text/html', '<iframe srcdoc="x"></iframe>'],
    ['text/html', '<a href="javascript:x()">']
  ])('is one of %s: %j', (type, value) => {
    expect(wantsToRun(shown(type, value))).toBe(true);
  });
});

describe('an output that shows as it is', () => {
  it.each([
    ['text/html', '<table class="dataframe"><tr><td>1</td></tr></table>'],
    ['text/html', ['<p>one = 1</p>\n', '<b>script</b>']],
    ['image/png', 'iVBORw0KGgo='],
    ['text/latex', '$x$'],
    ['text/markdown', '**x**'],
    ['application/vnd.plotly.v1+json', { data: [] }]
  ])('is one of %s: %j', (type, value) => {
    expect(wantsToRun(shown(type, value))).toBe(false);
  });

  it('is text that was printed, an error, or nothing that can be read', () => {
    const printed = { output_type: 'stream', name: 'stdout', text: '<script>' };
    expect(wantsToRun([printed, { output_type: 'error' }, null, 3, { data: 'x' }])).toBe(false);
  });
});
