// PROTOCOL.md from outside, over real HTTP: its common rules. Polls, routing
// and restarts have files of their own.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Agent, AssertDense, Call, Customer, Expect, NewId, Texts } from './api.mjs';
import { Server } from './server.mjs';

let server;
before(async () => {
  server = await Server.Start();
});
after(() => server?.Stop());

function AssertCommonHeaders(answer) {
  assert.match(answer.headers.get('x-request-id') || '', /^\S{8,}$/, 'X-Request-Id');
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
}

function AssertProblem(answer, status, code) {
  assert.equal(answer.status, status, answer.text.slice(0, 300));
  AssertCommonHeaders(answer);
  assert.match(answer.headers.get('content-type') || '', /^application\/problem\+json/);
  assert.equal(answer.json.status, status);
  assert.equal(typeof answer.json.title, 'string');
  assert.equal(typeof answer.json.type, 'string');
  if (code) assert.equal(answer.json.code, code);
}

describe('Every answer', () => {
  it('carries a request id of its own, and may be neither stored nor sniffed', async () => {
    const customer = await Customer.Open(server);
    const answers = [
      await customer.Poll(),
      await customer.Poll(),
      await customer.Call('GET', '/nowhere'),
      await Call(server.url, 'GET', '/v1/agent/snapshot'),
    ];
    answers.forEach(AssertCommonHeaders);
    const ids = answers.map((answer) => answer.headers.get('x-request-id'));
    assert.equal(new Set(ids).size, ids.length, `${ids}`);
  });
});

describe('A refusal', () => {
  let customer;
  let conversation;
  before(async () => {
    customer = await Customer.Open(server);
    conversation = await customer.Begin('Hello');
  });
  const message = () => `/v1/customer/conversations/${conversation}/messages/${NewId('msg')}`;
  const poll = () => `/v1/customer/poll?wait=0&cursor=${customer.cursor}`;
  const nested = '['.repeat(40) + ']'.repeat(40);
  const refusals = [
    // Who asks.
    { name: 'no token', method: 'GET', path: poll, token: null, status: 401, code: 'token_invalid' },
    { name: 'an invented token', method: 'GET', path: poll, token: 'ct_invented', status: 401, code: 'token_invalid' },
    { name: 'no token and no cursor', method: 'GET', path: '/v1/customer/poll?cursor=garbage', token: null, status: 401, code: 'token_invalid' },
    { name: 'an invented token and no JSON', method: 'PUT', path: message, token: 'ct_invented', body: '{', status: 401, code: 'token_invalid' },
    { name: 'a customer’s token at an agent’s route', method: 'GET', path: '/v1/agent/snapshot', status: 401, code: 'token_invalid' },
    { name: 'a wrong password', method: 'POST', path: '/v1/agent/session', body: () => ({ email: server.seed.agents[0].email, password: 'no' }), status: 401 },
    { name: 'a sign-in of nobody', method: 'POST', path: '/v1/agent/session', body: { email: 'nobody@x.example', password: 'no' }, status: 401 },
    // Where.
    { name: 'an unknown path', method: 'GET', path: '/v1/customer/nowhere', status: 404, code: 'not_found' },
    { name: 'an unknown path outside the API', method: 'GET', path: '/nowhere', status: 404, code: 'not_found' },
    { name: 'an unknown site', method: 'POST', path: '/v1/customer/session', body: { site: 'sit_unknown' }, status: 404, code: 'not_found' },
    { name: 'a path that ends in a slash', method: 'GET', path: () => poll().replace('?', '/?'), status: 404, code: 'not_found' },
    { name: 'a slash in disguise', method: 'GET', path: () => poll().replace('/poll', '%2Fpoll'), status: 400, code: 'bad_request' },
    { name: 'another method', method: 'DELETE', path: '/v1/customer/poll', status: 405 },
    { name: 'operations on the public listener', method: 'GET', path: '/metrics', status: 404, code: 'not_found' },
    // What.
    { name: 'a body that is not JSON', method: 'PUT', path: message, body: '{"text":', status: 400, code: 'bad_request' },
    { name: 'a body that is not an object', method: 'PUT', path: message, body: '[1]', status: 400 },
    { name: 'a body nested too deep', method: 'PUT', path: message, body: nested, status: 400 },
    { name: 'bytes that are not UTF-8', method: 'PUT', path: message, body: Buffer.from('{"text":"\xff\xfe"}', 'latin1'), status: 400 },
    { name: 'another content type', method: 'PUT', path: message, body: 'hello', headers: { 'Content-Type': 'text/plain' }, status: 415 },
    { name: 'a packed body', method: 'PUT', path: message, body: { text: 'x' }, headers: { 'Content-Encoding': 'gzip' }, status: 415 },
    { name: 'a body over the limit', method: 'PUT', path: message, body: { text: 'x'.repeat(200_000) }, status: 413 },
    { name: 'a message without a text', method: 'PUT', path: message, body: {}, refused: true },
    { name: 'an empty text', method: 'PUT', path: message, body: { text: '' }, status: 422 },
    { name: 'a blank text', method: 'PUT', path: message, body: { text: ' \n\t ' }, status: 422 },
    { name: 'a text over the limit', method: 'PUT', path: message, body: { text: 'x'.repeat(16 * 1024 + 1) }, status: 422 },
    { name: 'a text of another type', method: 'PUT', path: message, body: { text: 7 }, refused: true },
    { name: 'an id of another kind', method: 'PUT', path: () => message().replace('msg_', 'cnv_'), body: { text: 'x' }, refused: true },
    { name: 'an id that is not a ULID', method: 'PUT', path: () => message().slice(0, -1), body: { text: 'x' }, refused: true },
    { name: 'a cursor that is none', method: 'GET', path: '/v1/customer/poll?cursor=garbage', status: 400, code: 'bad_cursor' },
    { name: 'a poll without a cursor', method: 'GET', path: '/v1/customer/poll', status: 400 },
    { name: 'a wait that is no number', method: 'GET', path: () => `/v1/customer/poll?cursor=${customer.cursor}&wait=soon`, status: 400 },
  ];
  for (const { name, method, path, token, body, headers, status, code, refused } of refusals) {
    it(`of ${name} is a problem document`, async () => {
      const before_it = Texts(await customer.History(conversation));
      const where = typeof path === 'function' ? path() : path;
      const options = { token: token === null ? undefined : token || customer.token, headers };
      let answer;
      if (Buffer.isBuffer(body)) {
        const sent = { 'Content-Type': 'application/json', Authorization: `Bearer ${customer.token}` };
        const got = await fetch(server.url + where, { method, body, headers: sent });
        const text = await got.text();
        answer = { status: got.status, headers: got.headers, text, json: JSON.parse(text) };
      } else {
        answer = await Call(server.url, method, where, { ...options, body: typeof body === 'function' ? body() : body });
      }
      if (refused) {
        assert.ok([400, 404, 422].includes(answer.status), `${answer.status} ${answer.text}`);
        AssertProblem(answer, answer.status);
      } else {
        AssertProblem(answer, status, code);
      }
      assert.ok(!answer.text.includes(customer.token), 'a token is not repeated to anyone');
      assert.deepEqual(Texts(await customer.History(conversation)), before_it, 'nothing was written');
    });
  }

  it('of who has no session says how one is shown', async () => {
    const answer = await Call(server.url, 'GET', '/v1/agent/snapshot');
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
  });

  it('of another method names those that are allowed', async () => {
    const answer = await customer.Call('DELETE', '/poll');
    assert.equal(answer.status, 405);
    assert.match(answer.headers.get('allow') || '', /GET/);
  });

  it('does not tell what is not there from what is not yours', async () => {
    const stranger = await Customer.Open(server);
    const absent = NewId('cnv');
    const Clean = (answer) => ({ ...answer.json, instance: undefined, detail: undefined });
    for (const [method, path, body] of [
      ['GET', '/events?after=0'],
      ['PUT', `/messages/${NewId('msg')}`, { text: 'mine?' }],
      ['POST', '/read', { seq: 1 }],
      ['POST', '/typing', { text: 'x' }],
      ['POST', '/close', {}],
    ]) {
      const not_there = await stranger.Call(method, `/conversations/${absent}${path}`, { body });
      const not_yours = await stranger.Call(method, `/conversations/${conversation}${path}`, { body });
      AssertProblem(not_there, 404, 'not_found');
      AssertProblem(not_yours, 404, 'not_found');
      assert.deepEqual(Clean(not_yours), Clean(not_there), path);
    }
    assert.deepEqual(Texts(await customer.History(conversation)), ['Hello']);
  });
});

describe('A repeated PUT', () => {
  it('of a message gives the first result, and 409 with another text', async () => {
    const customer = await Customer.Open(server);
    const conversation = await customer.Begin();
    const id = NewId('msg');
    const first = await customer.Put(conversation, 'Once', id);
    const again = await customer.Put(conversation, 'Once', id);
    Expect(first, 201);
    Expect(again, 200);
    assert.equal(again.text, first.text, 'the identical body');
    assert.equal(first.json.event.id, id);
    assert.equal(first.json.event.text, 'Once');
    assert.equal(first.json.event.actor.kind, 'customer');
    Expect(await customer.Put(conversation, 'Twice', id), 409, 'id_reused');
    assert.deepEqual(Texts(await customer.History(conversation)), ['Once']);
  });

  it('of a conversation gives the first result, even after more was said', async () => {
    const customer = await Customer.Open(server);
    const conversation = NewId('cnv');
    const body = { message: { id: NewId('msg'), text: 'First' } };
    const first = await customer.Call('PUT', `/conversations/${conversation}`, { body });
    Expect(first, 201);
    await customer.Say(conversation, 'Second');
    const again = await customer.Call('PUT', `/conversations/${conversation}`, { body });
    Expect(again, 200);
    assert.equal(again.text, first.text, 'the identical body');
    const other = { message: { id: NewId('msg'), text: 'Other' } };
    Expect(await customer.Call('PUT', `/conversations/${conversation}`, { body: other }), 409, 'id_reused');
    assert.deepEqual(Texts(await customer.History(conversation)), ['First', 'Second']);
  });

  it('of another customer’s conversation does not show it', async () => {
    const owner = await Customer.Open(server);
    const conversation = await owner.Begin('Private');
    const stranger = await Customer.Open(server);
    const answer = await stranger.Call('PUT', `/conversations/${conversation}`, { body: {} });
    assert.ok([404, 409].includes(answer.status), `${answer.status}`);
    assert.ok(!answer.text.includes('Private'));
    assert.ok(!answer.text.includes(owner.id));
  });

  it('sent ten times at once is written once', async () => {
    const customer = await Customer.Open(server);
    const conversation = await customer.Begin();
    const id = NewId('msg');
    const answers = await Promise.all(Array.from({ length: 10 }, () => customer.Put(conversation, 'Now', id)));
    assert.deepEqual(answers.map((answer) => answer.status).sort(), [...Array(9).fill(200), 201]);
    assert.equal(new Set(answers.map((answer) => answer.text)).size, 1);
    assert.deepEqual(Texts(await customer.History(conversation)), ['Now']);
  });

  it('is still answered with the first result after the conversation was closed', async () => {
    const customer = await Customer.Open(server);
    const conversation = await customer.Begin();
    const id = NewId('msg');
    Expect(await customer.Put(conversation, 'Just in time', id), 201);
    Expect(await customer.Close(conversation), 200);
    Expect(await customer.Put(conversation, 'Just in time', id), 200);
    Expect(await customer.Put(conversation, 'Too late'), 409, 'closed');
  });
});

describe('A conversation', () => {
  it('is a dense sequence in one order for both, whoever writes at once', async () => {
    const customer = await Customer.Open(server);
    const conversation = await customer.Begin();
    const agent = await Agent.SignIn(server);
    Expect(await agent.Claim(conversation), 200);
    const texts = Array.from({ length: 20 }, (_, i) => [`c${i}`, `a${i}`]).flat();
    await Promise.all(texts.map((text) => (text[0] === 'c' ? customer : agent).Say(conversation, text)));
    const events = await customer.History(conversation);
    AssertDense(events);
    assert.deepEqual(Texts(events).sort(), [...texts].sort());
    assert.deepEqual(await agent.History(conversation), events);
    const mine = (event) => event.conversation === conversation;
    assert.deepEqual((await customer.Follow()).events.filter(mine), events);
    const seen = (await agent.Follow()).events.filter(mine);
    assert.deepEqual(Texts(seen), Texts(events));
  });

  it('carries any text unharmed', async () => {
    const customer = await Customer.Open(server);
    const conversation = await customer.Begin();
    const texts = [
      '<script>alert(1)</script> & "quotes" \\ back\\slash \\u0041 %35 %0d%0a',
      'مرحبا، 你好, नमस्ते 👩🏽‍💻 ✓ \u{1F3F3}\u{FE0F}\u{200D}\u{1F308}',
      'two\nlines\r\nand\ttabs',
      '{"type":"hidden","seq":1}',
      'x'.repeat(16 * 1024),
    ];
    for (const text of texts) await customer.Say(conversation, text);
    assert.deepEqual(Texts(await customer.History(conversation)), texts);
  });

  it('is paged in both directions', async () => {
    const customer = await Customer.Open(server);
    const conversation = await customer.Begin('m0');
    for (let i = 1; i < 12; ++i) await customer.Say(conversation, `m${i}`);
    const all = await customer.History(conversation);
    AssertDense(all);
    const last = all.length;
    const Page = async (query) => Expect(await customer.Call('GET', `/conversations/${conversation}/events?${query}`), 200);
    let page = await Page('after=3&limit=4');
    assert.deepEqual([page.events.map((event) => event.seq), page.more], [[4, 5, 6, 7], true]);
    page = await Page(`before=${last}&limit=3`);
    assert.deepEqual([page.events.map((event) => event.seq), page.more], [[last - 3, last - 2, last - 1], true]);
    page = await Page('before=3&limit=50');
    assert.deepEqual([page.events.map((event) => event.seq), page.more], [[1, 2], false]);
    page = await Page(`after=${last}`);
    assert.deepEqual([page.events, page.more], [[], false]);
  });
});

describe('A session', () => {
  it('is resumed by its token, with its conversations', async () => {
    const customer = await Customer.Open(server);
    const conversation = await customer.Begin('Remember me');
    const back = await Customer.Open(server, { token: customer.token });
    assert.equal(back.id, customer.id);
    const [found] = back.session.conversations.filter(({ id }) => id === conversation);
    assert.ok(found, 'the conversation is in the session');
    assert.deepEqual(Texts(found.events), ['Remember me']);
    Expect(await back.Poll(), 200);
  });

  it('is new where the token is not known', async () => {
    const body = { site: 'sit_demo', token: 'ct_gone', consent: true };
    const answer = await Call(server.url, 'POST', '/v1/customer/session', { body });
    if (answer.status === 401) return Expect(answer, 401, 'token_invalid');
    assert.notEqual(Expect(answer, 200).token, 'ct_gone');
    assert.deepEqual(answer.json.conversations, []);
  });

  it('has tokens that say whose they are and are told to nobody else', async () => {
    const customer = await Customer.Open(server);
    const conversation = await customer.Begin('Who am I?');
    const agent = await Agent.SignIn(server);
    assert.match(customer.token, /^ct_.{20,}/);
    assert.match(agent.token, /^at_.{20,}/);
    Expect(await agent.Claim(conversation), 200);
    const shown = [
      await agent.Call('GET', '/snapshot'),
      await agent.Call('GET', `/conversations/${conversation}/events?after=0`),
      await agent.Call('GET', '/conversations?view=mine'),
      await agent.Poll(),
      await customer.Poll(),
    ];
    for (const answer of shown) {
      Expect(answer, 200);
      assert.ok(!answer.text.includes(customer.token) && !answer.text.includes(agent.token));
    }
  });

  it('shows customers neither e-mail addresses nor passwords of agents', async () => {
    const customer = await Customer.Open(server);
    const text = JSON.stringify(customer.session);
    for (const { email, password } of server.seed.agents) {
      assert.ok(!text.includes(email));
      assert.ok(!text.includes(password));
    }
  });
});
