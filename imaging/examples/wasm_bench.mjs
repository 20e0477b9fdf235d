// Times the room in WebAssembly, as V8 runs it; see wasm_bench.rs beside this for how to build what it takes.

import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]));
const { prepare, registered, brightness, compared } = instance.exports;

/** The median and the best of some runs, in milliseconds, after V8 has had time for its better compiler. */
function timed(what, ...args) {
  const times = [];
  let result;
  for (let run = 0; run < 12; run += 1) {
    const start = performance.now();
    result = what(...args);
    times.push(performance.now() - start);
  }
  const late = times.slice(3).sort((a, b) => a - b);
  return { first: times[0], median: late[4], best: late[0], result };
}

function report(name, { first, median, best, result }) {
  console.log(`${name.padEnd(42)} ${median.toFixed(1).padStart(7)} ms, best ${best.toFixed(1).padStart(7)} ms, first ${first.toFixed(1).padStart(7)} ms   (${result.toFixed(5)})`);
}

for (const related of [true, false]) {
  prepare(1600, 1200, related);
  report(`register, two of 1600 x 1200, ${related ? "related" : "unrelated"}`, timed(registered));
}
report("  of it brightness", timed(brightness));
prepare(320, 240, true);
report("differences, 320 x 240", timed(compared, 320));
prepare(800, 600, true);
report("differences, 800 x 600", timed(compared, 800));
