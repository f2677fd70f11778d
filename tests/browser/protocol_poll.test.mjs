// PROTOCOL.md from outside: the poll, its cursors and its signals.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Agent, AssertDense, Customer, Expect, NewId, Texts } from './api.mjs';
import { Server } from './server.mjs';

let server;
before(async () => {
  server = await Server.Start();
});
after(() => server?.Stop());

async function Pair() {
  const customer = await Customer.Open(server);
  const conversation = await customer.Begin();
  const agent = await Agent.SignIn(server);
  Expect(await agent.Claim(conversation), 200);
  await customer.Follow();
  await agent.Follow();
  return { customer, agent, conversation };
}

async function Timed(promise) {
  const begin = Date.now();
  const answer = await promise;
  return { answer, ms: Date.now() - begin };
}

describe('A poll', () => {
  it('without a wait is answered at once', async () => {
    const { customer } = await Pair();
    const { answer, ms } = await Timed(customer.Poll({ wait: 0 }));
    const poll = Expect(answer, 200);
    assert.deepEqual([poll.events, poll.more], [[], false]);
    assert.equal(typeof poll.cursor, 'string');
    assert.equal(poll.poll.hold_ms > 0, true);
    assert.equal(poll.poll.retry_ms, 0);
    assert.ok(ms < 10_000, `${ms} ms: not held`);
  });

  it('that asks for longer than the server holds is held as long as that', async () => {
    const { customer, agent, conversation } = await Pair();
    const held = customer.Poll({ wait: 3600 });
    await server.Holds(1);
    await agent.Say(conversation, 'Soon');
    assert.deepEqual(Texts(Expect(await held, 200).events), ['Soon']);
  });

  it('is held for about its wait, and then answers empty', async () => {
    const { customer } = await Pair();
    const { answer, ms } = await Timed(customer.Poll({ wait: 2 }));
    assert.deepEqual(Expect(answer, 200).events, []);
    assert.ok(ms > 500 && ms < 15_000, `${ms} ms`);
  });

  it('is answered as soon as something is there, with exactly that', async () => {
    const { customer, agent, conversation } = await Pair();
    const held = Timed(customer.Poll({ wait: 25 }));
    await server.Holds(1);
    const event = await agent.Say(conversation, 'Here I am');
    const { answer, ms } = await held;
    assert.deepEqual(Expect(answer, 200).events, [event]);
    assert.ok(ms < 15_000, `${ms} ms: long before the hold is over`);
  });

  it('gives its own writer the event too, so that every tab sees it', async () => {
    const { customer, conversation } = await Pair();
    const event = await customer.Say(conversation, 'Echo');
    const { events } = await customer.Follow();
    assert.deepEqual(events, [event]);
  });

  it('may be repeated from an older cursor and gives the same again', async () => {
    const { customer, agent, conversation } = await Pair();
    const cursor = customer.cursor;
    await agent.Say(conversation, 'one');
    const first = Expect(await customer.Poll({ cursor }), 200);
    await agent.Say(conversation, 'two');
    const again = Expect(await customer.Poll({ cursor }), 200);
    assert.deepEqual(Texts(first.events), ['one']);
    assert.deepEqual(Texts(again.events), ['one', 'two']);
    assert.deepEqual(Texts(Expect(await customer.Poll({ cursor: first.cursor }), 200).events), ['two']);
  });

  it('answers at most a hundred events and says that there is more', async () => {
    const { customer, agent, conversation } = await Pair();
    const texts = Array.from({ length: 130 }, (_, i) => `n${i}`);
    for (const text of texts) await agent.Say(conversation, text);
    const first = Expect(await customer.Poll(), 200);
    assert.deepEqual([first.events.length, first.more], [100, true]);
    const second = Expect(await customer.Poll({ cursor: first.cursor, wait: 25 }), 200);
    assert.deepEqual([second.events.length, second.more], [30, false]);
    assert.deepEqual(Texts([...first.events, ...second.events]), texts);
  });

  it('answers at most 256 KB', async () => {
    const { customer, agent, conversation } = await Pair();
    const texts = Array.from({ length: 24 }, (_, i) => `${i} `.padEnd(16 * 1024, 'x'));
    for (const text of texts) await agent.Say(conversation, text);
    const first = await customer.Poll();
    assert.equal(Expect(first, 200).more, true);
    assert.ok(first.text.length <= 256 * 1024 + 4096, `${first.text.length} bytes`);
    assert.ok(first.json.events.length > 0);
    const { events } = await customer.Follow();
    assert.deepEqual(Texts(events), texts);
  });

  it('that is newer ends the older one of the same token, and only of that', async () => {
    const { customer, agent } = await Pair();
    const other_agent = await Agent.SignIn(server);  // the same account, another token
    await other_agent.Follow();
    const older = customer.Poll({ wait: 25 });
    const of_agent = agent.Poll({ wait: 4 });
    const of_other_agent = other_agent.Poll({ wait: 4 });
    await server.Holds(3);
    const newer = customer.Poll({ wait: 1 });
    Expect(await older, 409, 'superseded');
    Expect(await newer, 200);
    Expect(await of_agent, 200);
    Expect(await of_other_agent, 200);
  });

  it('that is newer without a wait ends the older one as well', async () => {
    const { customer } = await Pair();
    const older = customer.Poll({ wait: 25 });
    await server.Holds(1);
    Expect(await customer.Poll({ wait: 0 }), 200);
    Expect(await older, 409, 'superseded');
  });

  it('refuses a cursor of the other side', async () => {
    const { customer, agent } = await Pair();
    Expect(await customer.Poll({ cursor: agent.cursor }), 400, 'bad_cursor');
  });

  it('asks for a new snapshot where the cursor is of other data', async () => {
    const other = await Server.Start();
    try {
      const stranger = await Customer.Open(other);
      const customer = await Customer.Open(server);
      Expect(await customer.Poll({ cursor: stranger.cursor }), 410, 'resync');
      const agent = await Agent.SignIn(server);
      const other_agent = await Agent.SignIn(other);
      Expect(await agent.Poll({ cursor: other_agent.cursor }), 410, 'resync');
    } finally {
      await other.Stop();
    }
  });
});

describe('Events and snapshot', () => {
  it('of an agent agree: a snapshot with the events after it is a fresh snapshot', async () => {
    const agent = await Agent.SignIn(server, 1);
    const known = new Map([...agent.snapshot.conversations, ...agent.snapshot.queue].map((one) => [one.id, [...one.events]]));
    // Two conversations live through everything, a third one only waits.
    const customer = await Customer.Open(server);
    const [first, second, third] = [await customer.Begin('1'), await customer.Begin('2'), await customer.Begin('3')];
    Expect(await agent.Claim(first), 200);
    Expect(await agent.Claim(second), 200);
    await agent.Say(first, 'yes?');
    await customer.Say(second, 'hello?');
    Expect(await agent.Close(second), 200);
    const { events } = await agent.Follow();
    for (const event of events) {
      if (!known.has(event.conversation)) known.set(event.conversation, []);
      const list = known.get(event.conversation);
      const last = list.length ? list[list.length - 1].seq : 0;
      if (event.seq <= last) continue;
      // A gap is filled as a client must fill it.
      if (event.seq > last + 1) list.splice(0, list.length, ...(await agent.History(event.conversation)).slice(0, event.seq));
      else list.push(event);
    }
    const fresh = Expect(await agent.Call('GET', '/snapshot'), 200);
    const mine = fresh.conversations.find(({ id }) => id === first);
    assert.ok(mine && !fresh.conversations.some(({ id }) => id === second || id === third));
    assert.ok(fresh.queue.some(({ id }) => id === third));
    for (const one of [...fresh.conversations, ...fresh.queue]) {
      assert.deepEqual(known.get(one.id), one.events, one.id);
      AssertDense(one.events);
    }
    assert.deepEqual(known.get(second).map(({ type }) => type).at(-1), 'closed');
  });

  it('of a customer agree likewise', async () => {
    const { customer, agent, conversation } = await Pair();
    const begin = customer.cursor;
    const session = await customer.Session(customer.token);
    const known = session.conversations.find(({ id }) => id === conversation).events;
    await customer.Say(conversation, 'Q');
    await agent.Say(conversation, 'A');
    Expect(await agent.Close(conversation), 200);
    const { events } = await customer.Follow();
    const fresh = (await customer.Session(customer.token)).conversations.find(({ id }) => id === conversation);
    assert.deepEqual([...known, ...events], fresh.events);
    assert.equal(fresh.state, 'closed');
    assert.ok(begin);
  });
});

describe('Signals', () => {
  it('show an agent what the customer types, before it is sent', async () => {
    const { customer, agent, conversation } = await Pair();
    Expect(await customer.Call('POST', `/conversations/${conversation}/typing`, { body: { text: 'I would li' } }), 200);
    const { signals } = await agent.Follow((_, seen) => seen.some(({ type, text }) => type === 'typing' && text));
    const typing = signals.find(({ type }) => type === 'typing');
    assert.equal(typing.conversation, conversation);
    assert.equal(typing.text, 'I would li');
    assert.equal(typing.actor.kind, 'customer');
  });

  it('show a customer that the agent types, but not what', async () => {
    const { customer, agent, conversation } = await Pair();
    Expect(await agent.Call('POST', `/conversations/${conversation}/typing`, { body: { text: 'secret draft' } }), 200);
    const { signals } = await customer.Follow((_, seen) => seen.some(({ type }) => type === 'typing'));
    assert.ok(!JSON.stringify(signals).includes('secret draft'));
    assert.equal(signals.find(({ type }) => type === 'typing').actor.kind, 'agent');
  });

  it('show each side how far the other has read', async () => {
    const { customer, agent, conversation } = await Pair();
    const { seq } = await customer.Say(conversation, 'Read me');
    Expect(await agent.Call('POST', `/conversations/${conversation}/read`, { body: { seq } }), 200);
    const { signals } = await customer.Follow((_, seen) => seen.some((signal) => signal.type === 'read' && signal.by === 'agent'));
    const read = signals.filter(({ type, by }) => type === 'read' && by === 'agent').at(-1);
    assert.deepEqual([read.conversation, read.seq], [conversation, seq]);
    const reply = await agent.Say(conversation, 'Done');
    Expect(await customer.Call('POST', `/conversations/${conversation}/read`, { body: { seq: reply.seq } }), 200);
    await agent.Follow((_, seen) => seen.some((signal) => signal.type === 'read' && signal.by === 'customer' && signal.seq === reply.seq));
    const session = await customer.Session(customer.token);
    const fresh = session.conversations.find(({ id }) => id === conversation);
    assert.deepEqual([fresh.read_by_customer, fresh.unread], [reply.seq, 0]);
  });

  it('tell colleagues who is online', async () => {
    const agent = await Agent.SignIn(server, 1);
    const colleague = await Agent.SignIn(server, 2);
    await agent.Follow();
    await colleague.Presence('away');
    const { signals } = await agent.Follow((_, seen) => seen.some(({ type, agent: who }) => type === 'presence' && who.id === colleague.id));
    assert.equal(signals.filter(({ type, agent: who }) => type === 'presence' && who.id === colleague.id).at(-1).agent.presence, 'away');
    await colleague.Presence('offline');
  });

  it('are never needed: a read of nothing, a typing of a closed conversation change no event', async () => {
    const { customer, conversation } = await Pair();
    const before_it = await customer.History(conversation);
    await customer.Call('POST', `/conversations/${conversation}/read`, { body: { seq: 1_000_000 } });
    await customer.Call('POST', `/conversations/${conversation}/typing`, { body: {} });
    assert.deepEqual(await customer.History(conversation), before_it);
    Expect(await customer.Call('POST', `/conversations/${NewId('cnv')}/typing`, { body: {} }), 404, 'not_found');
  });
});
