import type { Faults } from '../process/faults';
import type { Store } from './store';

/** The store, whose every write is an effect that a planned fault may cut off. */
export function plannedStore(faults: Faults, store: Store): Store {
  return {
    ...store,
    add: (record, submission) => faults.sync(() => store.add(record, submission)),
    save: (record, names) => faults.sync(() => store.save(record, names)),
    forgetSubmission: id => faults.sync(() => store.forgetSubmission(id)),
    remove: id => faults.sync(() => store.remove(id))
  };
}
