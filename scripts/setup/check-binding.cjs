// Loads tfjs-node-gpu from the folder given and computes one product; run by set-up in a process of its own.
const util = require('node:util');

// tfjs-node 4.22 calls both; Node 23 removed them
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;

const tf = require(process.argv[2]);

const [value] = tf.matMul(tf.ones([1, 3]), tf.fill([3, 1], 2)).dataSync();
if (value !== 6) throw new Error(`1 x 3 ones times 3 x 1 twos is 6, not ${value}`);
console.log(
  `binding works: ${JSON.stringify({ tensorflow: tf.backend().binding.TF_Version, gpu: tf.backend().isUsingGpuDevice })}`,
);
