/** The process of one contender: opens a model, then does what it is asked, one task at a time. */
import type { Order, Reply } from './child.ts';
import type { Contender } from './contender.ts';
import { type ContenderName, contenders } from './contenders/index.ts';
import { costOf } from './cost.ts';
import { type Tasks, tasksOf } from './tasks.ts';

// What the libraries have to say is of no interest here.
console.warn = () => {};

const open = await contenders[process.argv[2] as ContenderName]();
let tasks: Tasks | undefined;

process.on('message', async (order: Order) => {
  const reply = (message: Reply) => process.send!(message);
  try {
    if (order.task !== 'open') {
      const task = tasks![order.task] as (...args: number[]) => Promise<unknown>;
      return reply({ value: await task.apply(tasks, order.args) });
    }
    let contender: Contender = {};
    const cost = await costOf(async () => {
      contender = await open(order.model, order.threads);
    });
    tasks = tasksOf(contender, order.model.vocabulary);
    reply({ value: cost });
  } catch (error) {
    reply({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
process.send!({ value: 'ready' } satisfies Reply);
