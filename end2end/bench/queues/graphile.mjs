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
    async add(times) {
      for (let from = 0; from < times.length; from += LOT) {
        const lot = times.slice(from, from + LOT);
        await utils.addJobs(lot.map((due) => ({ identifier: "send", payload: { due }, runAt: new Date(due) })));
      }
    },
    async work(job) {
      const send = async (payload) => job(payload.due);
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
