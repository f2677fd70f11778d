// What was acknowledged is there: after SIGKILL in the middle of writing, and
// after a SIGTERM that drains.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Agent, AssertDense, Call, Customer, Expect, NewId, Sleep, Texts } from './api.mjs';
import { Server } from './server.mjs';

let server;
let customer;
let agent;
let conversation;
before(async () => {
  server = await Server.Start();
});
after(() => server?.Stop());
beforeEach(async () => {
  customer = await Customer.Open(server);
  conversation = await customer.Begin();
  agent = await Agent.SignIn(server);
  Expect(await agent.Claim(conversation), 200);
  await customer.Follow();
  await agent.Follow();
});

async function Contains(folder, needle) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory() && (await Contains(name, needle))) return true;
    // A socket holds nothing.
    if (entry.isFile() && (await readFile(name)).includes(needle)) return true;
  }
  return false;
}

// Writes from `writer` until a request fails; the texts that were acknowledged, in order.
async function WriteUntilItFails(writer, mark) {
  const acknowledged = [];
  for (let i = 0; ; ++i) {
    const id = NewId('msg');
    const text = `${mark}${i}`;
    let answer;
    try {
      answer = await writer.Put(conversation, text, id);
    } catch {
      return { acknowledged, unknown: { id, text } };
    }
    Expect(answer, 201);
    acknowledged.push(text);
  }
}

describe('Killed in the middle of writing', () => {
  it('the server keeps everything that it acknowledged, once and in order', async () => {
    const writing = [WriteUntilItFails(customer, 'c'), WriteUntilItFails(agent, 'a')];
    await Sleep(500);
    await server.Kill();
    const [by_customer, by_agent] = await Promise.all(writing);
    await server.Restart();

    // The repeat of what was under way is the first or the second: in either case it is there once.
    for (const [writer, { unknown }] of [[customer, by_customer], [agent, by_agent]]) {
      const answer = await writer.Put(conversation, unknown.text, unknown.id);
      assert.ok([200, 201].includes(answer.status), answer.text);
    }
    const events = await customer.History(conversation);
    AssertDense(events);
    const texts = Texts(events);
    const Of = (mark) => texts.filter((text) => text[0] === mark);
    assert.ok(by_customer.acknowledged.length > 0 && by_agent.acknowledged.length > 0);
    assert.deepEqual(Of('c'), [...by_customer.acknowledged, by_customer.unknown.text]);
    assert.deepEqual(Of('a'), [...by_agent.acknowledged, by_agent.unknown.text]);

    // Tokens and cursors of before hold; the feed has what the conversation has.
    const { events: fed } = await customer.Follow();
    assert.deepEqual(fed, events.slice(events.length - fed.length));
    assert.equal(Texts(fed).length, texts.length);
    assert.deepEqual(await agent.History(conversation), events);
  });

  it('the server wakes polls again after a restart', async () => {
    await server.Kill();
    await server.Restart();
    const held = customer.Poll({ wait: 20 });
    await server.Holds(1);
    await agent.Say(conversation, 'Back again');
    assert.deepEqual(Texts(Expect(await held, 200).events), ['Back again']);
  });
});

describe('Told to stop', () => {
  it('the server answers the parked polls, says when to come back, and ends with 0', async () => {
    const held = [customer.Poll({ wait: 25 }), agent.Poll({ wait: 25 })];
    await server.Holds(2);
    const stopping = server.Terminate();
    for (const answer of await Promise.all(held)) {
      if (answer.status === 503) {
        Expect(answer, 503, 'draining');
        assert.match(answer.headers.get('retry-after') || '', /^\d+$/);
      } else {
        assert.equal(typeof Expect(answer, 200).poll.retry_ms, 'number');
      }
    }
    const { code, signal, ms } = await stopping;
    assert.deepEqual([code, signal], [0, null], server.log);
    assert.ok(ms < 15_000, `${ms} ms`);
    await server.Restart();
    await agent.Say(conversation, 'After the restart');
    const { events } = await customer.Follow();
    assert.deepEqual(Texts(events), ['After the restart']);
  });

  it('the server finishes the writes under way: none is acknowledged and lost', async () => {
    const writing = WriteUntilRefused();
    await Sleep(300);
    const stopping = server.Terminate();
    const acknowledged = await writing;
    assert.equal((await stopping).code, 0, server.log);
    await server.Restart();
    assert.deepEqual(Texts(await customer.History(conversation)).slice(0, acknowledged.length), acknowledged);
  });

  async function WriteUntilRefused() {
    const acknowledged = [];
    for (let i = 0; ; ++i) {
      const answer = await customer.Put(conversation, `w${i}`).catch(() => null);
      if (answer?.status !== 201) return acknowledged;
      acknowledged.push(`w${i}`);
    }
  }
});

describe('The operations listener', () => {
  it('says that the process lives and is ready, and counts', async () => {
    Expect(await Call(server.ops, 'GET', '/healthz'), 200);
    Expect(await Call(server.ops, 'GET', '/readyz'), 200);
    const metrics = await Call(server.ops, 'GET', '/metrics');
    assert.equal(metrics.status, 200);
    assert.match(metrics.text, /^# (HELP|TYPE) /m);
    assert.ok(!metrics.text.includes(customer.token));
  });
});

describe('The data folder', () => {
  it('holds no token and no password as it is', async () => {
    await server.Kill();
    for (const secret of [customer.token, agent.token, server.seed.agents[0].password]) {
      assert.equal(await Contains(server.data, secret), false, 'a secret is on the disk');
    }
    // What is meant to be there is found by the same search.
    assert.equal(await Contains(server.data, conversation.slice(4)) || (await Contains(server.data, customer.id.slice(4))), true);
    await server.Restart();
  });
});
