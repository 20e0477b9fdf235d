// pg-boss, looking as often as it can be told to, by four workers that take a hundred jobs at a time and go on while there are so many.

import { PgBoss } from "pg-boss";

const LOT = 10_000;
const QUEUE = "send";

export const batches = { open };

async function open(connectionString) {
  const boss = new PgBoss({ connectionString });
  boss.on("error", (error) => console.error(error));
  await boss.start();
  await boss.createQueue(QUEUE);
  return {
    async add(jobs) {
      for (let from = 0; from < jobs.length; from += LOT) {
        const lot = jobs.slice(from, from + LOT);
        await boss.insert(QUEUE, lot.map((one) => ({ data: one, startAfter: new Date(one.due) })));
      }
    },
    async work(job) {
      await boss.work(QUEUE, { batchSize: 100, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true, localConcurrency: 4 }, async (jobs) => {
        await Promise.all(jobs.map((one) => job(one.data)));
      });
      return () => boss.stop({ graceful: false });
    },
  };
}
