import type { Faults } from '../process/faults';
import type { DiskOf } from './disk';

/** The disks, where giving a file its name is an effect that a planned fault may cut off. */
export function plannedDisk(faults: Faults, diskOf: DiskOf): DiskOf {
  return (folder, use) => {
    const disk = diskOf(folder, use);
    return {
      ...disk,
      link: (...given) => faults.async(() => disk.link(...given)),
      rename: (...given) => faults.async(() => disk.rename(...given)),
      symlink: (...given) => faults.async(() => disk.symlink(...given))
    };
  };
}
