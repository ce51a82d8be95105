import { type SiteProfile, readProfile } from '../api/profile';
import alliance from './shipped/alliance.json';
import archer2 from './shipped/archer2.json';
import brownOscar from './shipped/brown-oscar.json';
import csc from './shipped/csc.json';
import cscsAlps from './shipped/cscs-alps.json';
import ethEuler from './shipped/eth-euler.json';
import harvardFasrc from './shipped/harvard-fasrc.json';
import jsc from './shipped/jsc.json';
import lrzLinuxCluster from './shipped/lrz-linux-cluster.json';
import lumi from './shipped/lumi.json';
import mpcdf from './shipped/mpcdf.json';
import nerscPerlmutter from './shipped/nersc-perlmutter.json';
import olcfFrontier from './shipped/olcf-frontier.json';
import princetonDella from './shipped/princeton-della.json';
import stanfordSherlock from './shipped/stanford-sherlock.json';
import taccFrontera from './shipped/tacc-frontera.json';
import taccLonestar6 from './shipped/tacc-lonestar6.json';
import taccStampede3 from './shipped/tacc-stampede3.json';
import ufHipergator from './shipped/uf-hipergator.json';
import vsc from './shipped/vsc.json';

/**
 * What the documents of sites say, one file each, and nothing that they do not say. Nobody of us has tried them there. Test
 * shipped.test.ts: each can be read, says so, and where it is from; no two know the same host.
 */
export const SHIPPED: readonly unknown[] = [
  alliance,
  archer2,
  brownOscar,
  csc,
  cscsAlps,
  ethEuler,
  harvardFasrc,
  jsc,
  lrzLinuxCluster,
  lumi,
  mpcdf,
  nerscPerlmutter,
  olcfFrontier,
  princetonDella,
  stanfordSherlock,
  taccFrontera,
  taccLonestar6,
  taccStampede3,
  ufHipergator,
  vsc
];

export const shipped: readonly SiteProfile[] = SHIPPED.flatMap(value => {
  const read = readProfile(value);
  return read.ok ? [read.profile] : [];
});
