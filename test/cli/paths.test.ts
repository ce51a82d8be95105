import { describe, expect, it } from 'vitest';
import { shownPath } from '../../src/cli/paths';

describe('shownPath', () => {
  const place = { cwd: '/home/ada/work', home: '/home/ada' };

  it.each([
    ['/home/ada/work/x.ipynb', 'x.ipynb'],
    ['/home/ada/work/deep/x.ipynb', 'deep/x.ipynb'],
    ['/home/ada/other/x.ipynb', '~/other/x.ipynb'],
    ['/home/adam/x.ipynb', '/home/adam/x.ipynb'],
    ['/data/x.ipynb', '/data/x.ipynb'],
    ['/home/ada/work', '~/work'],
    ['/home/ada/work/..x/y', '/home/ada/work/..x/y'.replace('/home/ada', '~')]
  ])('%s is shown as %s', (absolute, shown) => {
    expect(shownPath(absolute, place)).toBe(shown);
  });

  it('does not call everything ~ when home is the root', () => {
    expect(shownPath('/data/x', { cwd: '/work', home: '/' })).toBe('/data/x');
  });
});
