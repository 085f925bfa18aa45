/** The entry of a worker in a utility process, which unlike Node does not end by itself when nothing is left to do. */
await import('../../worker/main.ts');
process.exit();
