/** The named tensors of somebody else's checkpoint, whatever dictionaries they lie in. */
import { keyText, PickleDictionary, type PickleValue, walkPickle } from './pickle-values.ts';
import { type TorchDtype, TorchTensor } from './pytorch-tensor.ts';

export interface ForeignTensor {
  /** The state_dict name. Behind it, where a file has several, the place of its state_dict: `teacher.`. */
  name: string;
  dtype: TorchDtype;
  shape: readonly number[];
  tensor: TorchTensor;
}

/** Where weights lie in the files of well-known scripts, the first of them that is there. */
const wrappers = ['state_dict', 'model', 'model_state_dict', 'net', 'network', 'module'];
/** Tensors that belong to the training, not to a network. */
const training = /^(optimizers?|optimizer_states?|optim|scheduler|lr_schedulers?|scaler|amp|loops|callbacks)$/;

/**
 * The tensors of all networks in a file. Those in its main state_dict have their own names; those beside it (an average
 * of the weights, the student and the teacher of DINO) have the name of their dictionary in front.
 */
export function foreignTensors(root: PickleValue): ForeignTensor[] {
  const main = mainDictionary(root);
  const tensors: ForeignTensor[] = [];
  walkPickle(root, (value, path) => {
    if (!(value instanceof TorchTensor)) return;
    const keys = path();
    if (training.test(keys[0] ?? '')) return;
    const inMain = main.every((key, index) => keys[index] === key);
    // A number beside the weights (the best accuracy) is no weight.
    if (!inMain && keys.length < 2) return;
    const name = (inMain ? keys.slice(main.length) : keys).join('.');
    tensors.push({ name, dtype: value.dtype, shape: value.shape, tensor: value });
  });
  return tensors;
}

function mainDictionary(root: PickleValue): string[] {
  const path: string[] = [];
  for (let at = root; at instanceof PickleDictionary; ) {
    const dictionary: PickleDictionary = at;
    const wrapper = wrappers.find((name) => dictionary.get(name) instanceof PickleDictionary);
    if (wrapper === undefined) break;
    path.push(wrapper);
    at = dictionary.get(wrapper)!;
  }
  return path;
}

/** What a checkpoint says about itself beside its tensors: numbers and texts at its top, such as epoch and arch. */
export function foreignFacts(root: PickleValue): Record<string, string | number> {
  const facts: Record<string, string | number> = {};
  if (!(root instanceof PickleDictionary)) return facts;
  for (const [key, value] of root) {
    if (typeof value === 'number' || typeof value === 'string') facts[keyText(key)] = value;
  }
  return facts;
}
