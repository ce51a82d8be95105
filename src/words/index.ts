/**
 * Every sentence that people read about jobs, made of codes and values with the translator that the caller brings: the
 * panel's own, or `english` in a terminal.
 */
export { causeLine, causeWords } from './cause';
export {
  mismatchWords,
  checkedLabel,
  checkedWords,
  limitWords,
  readyWords,
  schedulerWords
} from './clusterCheck';
export { contactLines, contactWords } from './contact';
export { detailsText } from './details';
export { durationWords } from './duration';
export { engineWords, planWords } from './engines';
export type { Explanation } from './explanation';
export { fieldLabel, fieldWords } from './field';
export { momentWords } from './moment';
export { noteWords } from './note';
export { problemWords } from './problem';
export { originWords, profileDate, profileLines } from './profile';
export { type QuestionWords, questionWords } from './question';
export { queueLine, queueWords } from './queue';
export type { Reader } from './reader';
export { leftReasonWords, leftWords, outputWords, resultWords } from './result';
export { bareStateWords, stateLabel, stateWords } from './state';
export { takenWords } from './taken';
export { waitLine, waitWords } from './waiting';
