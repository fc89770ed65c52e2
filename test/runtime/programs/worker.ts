// Runs the program that the first argument names, with the other arguments, in a worker thread.
import { Worker } from "node:worker_threads";

const [program, ...argv] = process.argv.slice(2) as [string, ...string[]];
const worker = new Worker(new URL(program, import.meta.url), { argv });
worker.on("message", (message) => worker.postMessage(message));
worker.on("error", (error: Error) => console.log(`the worker has failed: ${error.message}`));
worker.on("exit", (code) => console.log(`the worker has ended with ${code}`));
