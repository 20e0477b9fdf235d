// graphile-worker, at its own settings but for more jobs at once; and with the queue it keeps in memory.

import { Logger, makeWorkerUtils, run } from "graphile-worker";

const AT_ONCE = 20;
const LOT = 10_000;
const silent = new Logger(() => () => {});

export const plain = { open: (connectionString) => open(connectionString, {}) };
export const ahead = { open: (connectionString) => open(connectionString, { worker: { localQueue: { size: 500 } } }) };

async function open(connectionString, preset) {
  const utils = await makeWorkerUtils({ connectionString, logger: silent });
  await utils.migrate();
  return {
    async add(jobs) {
      for (let from = 0; from < jobs.length; from += LOT) {
        const lot = jobs.slice(from, from + LOT);
        await utils.addJobs(lot.map((one) => ({ identifier: "send", payload: one, runAt: new Date(one.due) })));
      }
    },
    async work(job) {
      const send = (one) => job(one);
      const runner = await run({
        connectionString,
        logger: silent,
        concurrency: AT_ONCE,
        maxPoolSize: AT_ONCE + 2,
        noHandleSignals: true,
        taskList: { send },
        preset,
      });
      return () => runner.stop();
    },
  };
}
