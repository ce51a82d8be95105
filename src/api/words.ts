/**
 * Every sentence that people read about jobs, made of codes and values with the translator that the caller brings: the
 * panel's own, or `english` in a terminal.
 */
export { causeWords } from './words/cause';
export { causeLine } from './words/causeLine';
export {
  checkedLabel,
  checkedWords,
  limitWords,
  readyWords,
  schedulerWords
} from './words/clusterCheck';
export { contactLines, contactWords } from './words/contact';
export { detailsText } from './words/details';
export { durationWords } from './words/duration';
export { engineWords, planWords } from './words/engines';
export type { Explanation } from './words/explanation';
export { fieldLabel, fieldWords } from './words/field';
export { momentWords } from './words/moment';
export { noteWords } from './words/note';
export { problemWords } from './words/problem';
export { queueWords } from './words/queue';
export type { Reader } from './words/reader';
export { leftReasonWords, leftWords, outputWords, resultWords } from './words/result';
export { stateLabel, stateWords } from './words/state';
export { takenWords } from './words/taken';
export { waitLine, waitWords } from './words/waiting';
