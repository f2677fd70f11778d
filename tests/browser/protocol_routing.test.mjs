// PROTOCOL.md from outside: the queue, claims, and who gets what. Each test
// begins with nobody online, nothing open and nobody waiting.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Agent, AssertDense, Customer, Eventually, Expect, NewId, Texts } from './api.mjs';
import { Server } from './server.mjs';

let server;
let team;  // signed in once: a password's hash is meant to cost time
before(async () => {
  server = await Server.Start();
  team = await Promise.all([0, 1, 2].map((number) => Agent.SignIn(server, number)));
});
after(() => server?.Stop());

beforeEach(async () => {
  for (const agent of team) await agent.Presence('offline');
  for (const { id } of await team[0].List('waiting')) Expect(await team[0].Close(id), 200);
  for (const agent of team) {
    for (const { id } of await agent.List('mine')) Expect(await agent.Close(id), 200);
    await agent.Snapshot();
  }
});

async function Agents(count) {
  return team.slice(0, count);
}

async function Waiting(count) {
  const waiting = [];
  for (let i = 0; i < count; ++i) {
    const customer = await Customer.Open(server);
    waiting.push({ customer, conversation: await customer.Begin(`I am number ${i + 1}`) });
  }
  return waiting;
}

async function State(customer, conversation) {
  const session = await customer.Session(customer.token);
  return session.conversations.find(({ id }) => id === conversation);
}

async function Assignee({ customer, conversation }) {
  return (await State(customer, conversation)).agent?.id;
}

describe('The queue', () => {
  it('is first come, first served, and tells everybody their position', async () => {
    const [agent] = await Agents(1);
    const waiting = await Waiting(3);
    for (const [index, { customer, conversation }] of waiting.entries()) {
      const events = await customer.History(conversation);
      AssertDense(events);
      assert.equal(events.find(({ type }) => type === 'queued')?.position, index + 1);
      const state = await State(customer, conversation);
      assert.deepEqual([state.state, state.position], ['queued', index + 1]);
    }
    const order = (await agent.List('waiting')).map(({ id }) => id);
    assert.deepEqual(order, waiting.map(({ conversation }) => conversation));
    assert.deepEqual((await agent.Snapshot()).queue.map(({ id }) => id), order);
    // The first is taken; the others move up.
    const [first, second, third] = waiting;
    await second.customer.Follow();
    Expect(await agent.Claim(first.conversation), 200);
    const { signals } = await second.customer.Follow((_, seen) => seen.some(({ type, position }) => type === 'queue' && position === 1));
    assert.equal(signals.filter(({ type }) => type === 'queue').at(-1).conversation, second.conversation);
    assert.equal((await State(third.customer, third.conversation)).position, 2);
  });

  it('is handed out when somebody comes online, as far as there is room, oldest first', async () => {
    const [agent] = await Agents(1);
    const waiting = await Waiting(7);
    await waiting[0].customer.Follow();
    await agent.Presence('online');
    const { events } = await waiting[0].customer.Follow((seen) => seen.some(({ type }) => type === 'assigned'));
    const assigned = events.find(({ type }) => type === 'assigned');
    assert.deepEqual([assigned.agent.id, assigned.agent.name], [agent.id, agent.name]);
    await Eventually(async () => (await agent.List('mine')).length === 5, 'five are handed out: the capacity');
    const left = (await agent.List('waiting')).map(({ id }) => id);
    assert.deepEqual(left, waiting.slice(5).map(({ conversation }) => conversation));
    // Room again: the sixth comes.
    Expect(await agent.Close(waiting[2].conversation), 200);
    await Eventually(async () => (await Assignee(waiting[5])) === agent.id, 'the sixth is handed out');
    assert.equal((await State(waiting[6].customer, waiting[6].conversation)).position, 1);
  });

  it('loses a customer who closes', async () => {
    const [agent] = await Agents(1);
    const [first, second] = await Waiting(2);
    Expect(await first.customer.Close(first.conversation), 200);
    assert.deepEqual((await agent.List('waiting')).map(({ id }) => id), [second.conversation]);
    assert.equal((await State(second.customer, second.conversation)).position, 1);
  });
});

describe('A new conversation', () => {
  it('goes to whoever is online and has the least to do', async () => {
    const [mara, jonas, third] = await Agents(3);
    await mara.Presence('online');
    await jonas.Presence('online');
    await third.Presence('away');
    const started = await Waiting(6);
    const whose = await Promise.all(started.map(Assignee));
    const Count = (id) => whose.filter((one) => one === id).length;
    assert.deepEqual([Count(mara.id), Count(jonas.id), Count(third.id)], [3, 3, 0]);
  });

  it('waits where everybody online is full', async () => {
    const [mara] = await Agents(1);
    await mara.Presence('online');
    const started = await Waiting(6);
    assert.deepEqual((await Promise.all(started.slice(0, 5).map(Assignee))), Array(5).fill(mara.id));
    const last = await State(started[5].customer, started[5].conversation);
    assert.deepEqual([last.state, last.position, last.agent ?? null], ['queued', 1, null]);
  });

  it('started by many at once is given to each once, and to nobody over their capacity', async () => {
    const agents = await Agents(3);
    for (const agent of agents) await agent.Presence('online');
    const customers = await Promise.all(Array.from({ length: 20 }, () => Customer.Open(server)));
    const conversations = await Promise.all(customers.map((customer) => customer.Begin('All at once')));
    const lists = await Promise.all(agents.map((agent) => agent.List('mine')));
    assert.deepEqual(lists.map((list) => list.length), [5, 5, 5]);
    const waiting = await agents[0].List('waiting');
    const everywhere = [...lists.flat(), ...waiting].map(({ id }) => id).sort();
    assert.deepEqual(everywhere, [...conversations].sort());
    const positions = await Promise.all(conversations.map(async (id, i) => (await State(customers[i], id)).position));
    assert.deepEqual(positions.filter((position) => position !== undefined).sort(), [1, 2, 3, 4, 5]);
  });
});

describe('A claim', () => {
  it('by two at once is won by one, and tells the other who', async () => {
    const [mara, jonas] = await Agents(2);
    const [{ customer, conversation }] = await Waiting(1);
    const answers = await Promise.all([mara.Claim(conversation), jonas.Claim(conversation)]);
    const won = answers.findIndex(({ status }) => status === 200);
    assert.notEqual(won, -1, answers.map(({ text }) => text).join('\n'));
    const problem = Expect(answers[1 - won], 409, 'already_claimed');
    const winner = [mara, jonas][won];
    assert.deepEqual([problem.agent?.id, problem.agent?.name], [winner.id, winner.name]);
    const events = await customer.History(conversation);
    assert.equal(events.filter(({ type }) => type === 'assigned').length, 1);
    assert.equal(await Assignee({ customer, conversation }), winner.id);
  });

  it('may be repeated by who has it', async () => {
    const [mara] = await Agents(1);
    const [{ customer, conversation }] = await Waiting(1);
    Expect(await mara.Claim(conversation), 200);
    Expect(await mara.Claim(conversation), 200);
    assert.equal((await customer.History(conversation)).filter(({ type }) => type === 'assigned').length, 1);
  });

  it('is open to any agent whatever their presence, beyond their capacity', async () => {
    const [mara] = await Agents(1);
    const waiting = await Waiting(7);
    for (const { conversation } of waiting) Expect(await mara.Claim(conversation), 200);
    assert.equal((await mara.List('mine')).length, 7);
  });

  it('of what is not there or closed is refused', async () => {
    const [mara] = await Agents(1);
    const [{ customer, conversation }] = await Waiting(1);
    Expect(await mara.Claim(NewId('cnv')), 404, 'not_found');
    Expect(await customer.Close(conversation), 200);
    Expect(await mara.Claim(conversation), 409, 'closed');
  });
});

describe('Closing', () => {
  it('by the agent ends it for both, is seen by the customer, and frees a place', async () => {
    const [mara] = await Agents(1);
    const [{ customer, conversation }] = await Waiting(1);
    Expect(await mara.Claim(conversation), 200);
    await customer.Follow();
    Expect(await mara.Close(conversation), 200);
    const { events } = await customer.Follow((seen) => seen.some(({ type }) => type === 'closed'));
    assert.equal(events.find(({ type }) => type === 'closed').by, 'agent');
    Expect(await customer.Put(conversation, 'Too late'), 409, 'closed');
    Expect(await mara.Put(conversation, 'Too late'), 409, 'closed');
    assert.deepEqual((await mara.List('mine')).map(({ id }) => id), []);
    assert.ok((await mara.List('closed')).some(({ id }) => id === conversation));
    const again = await customer.Begin('Another matter');
    assert.equal((await State(customer, again)).state, 'queued');
    assert.equal((await State(customer, conversation)).state, 'closed');
  });

  it('twice is closed once', async () => {
    const [{ customer, conversation }] = await Waiting(1);
    const first = await customer.Close(conversation);
    const second = await customer.Close(conversation);
    Expect(first, 200);
    assert.ok([200, 409].includes(second.status), second.text);
    const events = await customer.History(conversation);
    assert.equal(events.filter(({ type }) => type === 'closed').length, 1);
    AssertDense(events);
  });
});

describe('Lists', () => {
  it('show each conversation in the view of its state, with its last words', async () => {
    const [mara, jonas] = await Agents(2);
    const [first, second, third] = await Waiting(3);
    Expect(await mara.Claim(first.conversation), 200);
    Expect(await jonas.Claim(second.conversation), 200);
    Expect(await jonas.Close(second.conversation), 200);
    await first.customer.Say(first.conversation, 'My last words');
    const [mine] = await mara.List('mine');
    assert.deepEqual([mine.id, mine.preview.text, mine.preview.by], [first.conversation, 'My last words', 'customer']);
    assert.ok(mine.unread >= 1);
    assert.deepEqual((await mara.List('waiting')).map(({ id }) => id), [third.conversation]);
    assert.ok((await mara.List('closed')).some(({ id }) => id === second.conversation));
    assert.deepEqual(await jonas.List('mine'), []);
    const one = Expect(await mara.Call('GET', `/conversations/${first.conversation}`), 200);
    assert.deepEqual(Texts(one.conversation.events), ['I am number 1', 'My last words']);
  });

  it('refuse a view that is not there', async () => {
    const [mara] = await Agents(1);
    const answer = await mara.Call('GET', '/conversations?view=everything');
    assert.ok([400, 422].includes(answer.status), answer.text);
  });
});
