/**
 * A checkpoint of SEED's distillation as one that MoCo's training starts from: `module.student.*` becomes
 * `module.encoder_q.*`, the teacher is left out; queue, epoch and optimizer stay. (The published script also leaves the
 * student's keys in.) There is no key encoder in it: MoCo starts it as a copy of the query encoder.
 */
import { AppError } from '../../common/errors.ts';
import { OrderedDictionary, PickleDictionary, type PickleValue } from './pickle-values.ts';

/** Throws `checkpoint-invalid` where the file called `name` is not a checkpoint of SEED. */
export function seedToMoco(name: string, root: PickleValue): PickleDictionary {
  const state = root instanceof PickleDictionary ? root.get('state_dict') : undefined;
  const keys = state instanceof PickleDictionary ? [...state.keys()] : [];
  if (!(root instanceof PickleDictionary && state instanceof PickleDictionary) || !keys.some(isStudent)) {
    throw new AppError('checkpoint-invalid', `${name} is no checkpoint of SEED: it has no module.student.*.`, {
      cure: 'Take the checkpoint of a distillation.',
    });
  }
  const converted = new OrderedDictionary();
  for (const [key, value] of state) {
    if (typeof key === 'string' && key.startsWith(teacher)) continue;
    converted.set(isStudent(key) ? key.replace(student, query) : key, value);
  }
  return new PickleDictionary([...root].map(([key, value]) => [key, key === 'state_dict' ? converted : value]));
}

const student = 'module.student.';
const teacher = 'module.teacher.';
const query = 'module.encoder_q.';

function isStudent(key: PickleValue): key is string {
  return typeof key === 'string' && key.startsWith(student);
}
