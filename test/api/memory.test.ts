import { describe, expect, it } from 'vitest';
import { formatBytes, formatMemory, parseMemory } from '../../src/api/memory';

describe('parseMemory', () => {
  it.each([
    ['4G', 4096],
    ['4 GB', 4096],
    ['4GiB', 4096],
    ['512M', 512],
    ['512 MiB', 512],
    ['1.5g', 1536],
    ['0.001M', 1],
    ['2T', 2_097_152],
    [' 1024M ', 1024]
  ])('reads %j', (text, megabytes) => {
    expect(parseMemory(text)).toBe(megabytes);
  });

  it.each(['', '4', '4K', '4096 bytes', '-4G', '4,5G', '1.2345G', 'G', '4 G G', '4G;', '1e3M'])(
    'refuses %j',
    text => {
      expect(parseMemory(text)).toBeNull();
    }
  );
});

describe('formatBytes', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [9949, '9.9 kB'],
    [9951, '10 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [12_000_000, '12 MB'],
    [1_500_000_000, '1.5 GB'],
    [5e15, '5000 TB']
  ])('writes %d as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('formatMemory', () => {
  it.each([
    [1, '1M'],
    [1536, '1536M'],
    [4096, '4G'],
    [1_048_576, '1T'],
    [1_049_600, '1025G']
  ])('writes %d MB as %s', (megabytes, text) => {
    expect(formatMemory(megabytes)).toBe(text);
    expect(parseMemory(text)).toBe(megabytes);
  });
});
