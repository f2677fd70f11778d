// Two thousand people wait behind each proxy, each on a connection of their
// own, as far as its file says what must be allowed for it: all of them are
// parked at once, and each hears what is said to them.
//
// One proxy after another, as each takes both cores while they come.
import assert from 'node:assert/strict';
import https from 'node:https';
import { after, before, describe, it } from 'node:test';
import { Customer, Eventually, Expect, NewId } from '../browser/api.mjs';
import { Server } from '../browser/server.mjs';
import { IsThere, proxies, Proxy } from './proxies.mjs';

process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
process.removeAllListeners('warning');

// More than any proxy has by its own defaults (lighttpd: 1,365) or Debian's (nginx: 383).
const people = 2000;
// Who come at the same time: a handshake must not wait for so many others that the proxy gives it up.
const comers = 50;

// Runs `task` for each, `comers` at once.
async function ForEach(all, task) {
  const rest = all.values();
  await Promise.all(Array.from({ length: comers }, async () => {
    for (const one of rest) await task(one);
  }));
}

// A poll that is on its way when this resolves: `answer` is what becomes of it.
function Poll(url, agent, { token, cursor }) {
  return new Promise((resolve) => {
    const address = `${url}/v1/customer/poll?wait=25&cursor=${encodeURIComponent(cursor)}`;
    const request = https.request(address, { agent, headers: { Authorization: `Bearer ${token}` } });
    const answer = new Promise((answered) => {
      request.on('error', ({ message }) => answered({ status: message })).on('response', (response) => {
        let text = '';
        response.on('data', (more) => (text += more));
        response.on('end', () => answered({ status: response.statusCode, text })).on('error', ({ message }) => answered({ status: message }));
      });
    });
    request.on('finish', () => resolve({ answer })).on('error', () => resolve({ answer })).end();
  });
}

describe('Two thousand people who wait behind', { concurrency: false }, () => {
  let server, customers;
  before(async () => {
    server = await Server.Start({ agents: 1, args: ['--trust-proxy', '127.0.0.1'] });
    customers = Array.from({ length: people });
    await ForEach([...customers.keys()], async (i) => {
      const customer = await Customer.Open(server);
      customer.conversation = await customer.Begin();
      await customer.Follow();
      customers[i] = customer;
    });
  });
  after(() => server?.Stop());

  for (const proxy of proxies) {
    it(proxy.name, async (t) => {
      if (!(await IsThere(proxy))) return t.skip(`${proxy.name} is not installed`);
      const made = await Proxy.Start(proxy, Number(new URL(server.url).port));
      const agent = new https.Agent({ keepAlive: true });
      try {
        const statuses = new Map();
        // Until there is something to tell: a poll that comes to its end is followed by the next, as faces do it.
        const Hear = async (customer, poll) => {
          for (;;) {
            const { status, text } = await poll.answer;
            if (status !== 200) return statuses.set(status, (statuses.get(status) ?? 0) + 1);
            const answer = JSON.parse(text);
            customer.cursor = answer.cursor;
            if (answer.events.length > 0) return answer.events.map(({ id }) => id);
            poll = await Poll(made.url, agent, customer);
          }
        };
        const begin = Date.now();
        const heard = [];
        // Not waited for: where one is not let in, the others are not parked.
        const coming = ForEach(customers, async (customer) => heard.push([customer, Hear(customer, await Poll(made.url, agent, customer))]));
        await Eventually(async () => {
          assert.deepEqual([...statuses], [], 'nobody is refused');
          const metrics = await (await fetch(`${server.ops}/metrics`)).text();
          return Number(/^alcove_parked_requests (\d+)$/m.exec(metrics)[1]) === people;
        }, 'all are parked');
        await coming;
        t.diagnostic(`${people} parked after ${Date.now() - begin} ms`);

        const said = new Map();
        await ForEach(customers, async (customer) => {
          const id = NewId('msg');
          said.set(customer, [Expect(await customer.Put(customer.conversation, 'Hello', id), 201).event.id]);
        });
        for (const [customer, events] of heard) assert.deepEqual(await events, said.get(customer));
        assert.deepEqual([...statuses], [], 'all are answered');
        t.diagnostic(`all answered after ${Date.now() - begin} ms`);
      } finally {
        agent.destroy();
        await made.Stop();
        await server.Holds(0);
      }
    });
  }
});
