// Customers and agents who speak PROTOCOL.md over fetch, for tests. Written
// against that page, not against the server: what they cannot do, a third
// party could not do either.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export function Ulid() {
  let time = '';
  for (let rest = Date.now(), i = 0; i < 10; ++i, rest = Math.floor(rest / 32)) time = digits[rest % 32] + time;
  return time + Array.from(randomBytes(16), (byte) => digits[byte % 32]).join('');
}

export function NewId(prefix) {
  return `${prefix}_${Ulid()}`;
}

export function Sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

// How long a test waits for what comes by itself: past what a busy machine takes, short of what a person who reads the
// failure would wait. It costs nothing where the thing comes.
export const patience_ms = 60_000;

// Runs `probe` until it returns something true, and returns that.
export async function Eventually(probe, what, { within_ms = patience_ms, every_ms = 100 } = {}) {
  const end = Date.now() + within_ms;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) assert.fail(`not within ${within_ms} ms: ${what}`);
    await Sleep(every_ms);
  }
}

// One request. `body` is sent as JSON, or as it is where it is a string.
export async function Call(url, method, path, { token, body, headers = {}, signal } = {}) {
  const sent = { ...headers };
  if (token) sent.Authorization = `Bearer ${token}`;
  if (body !== undefined && !('Content-Type' in sent)) sent['Content-Type'] = 'application/json';
  const answer = await fetch(url + path, {
    method,
    headers: sent,
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    signal,
    redirect: 'manual',
  });
  const text = await answer.text();
  let json;
  if (/json/.test(answer.headers.get('content-type') || '')) json = JSON.parse(text);
  return { status: answer.status, headers: answer.headers, text, json };
}

// The answer, or a failure that shows what came instead.
export function Expect(answer, status, code) {
  const asked = code ? `${status} ${code}` : `${status}`;
  assert.equal(answer.status, status, `expected ${asked}, got ${answer.status}: ${answer.text.slice(0, 400)}`);
  if (code) assert.equal(answer.json?.code, code, `expected ${asked}, got ${answer.text.slice(0, 400)}`);
  return answer.json;
}

class Person {
  constructor(server, kind) {
    this.server = server;
    this.kind = kind;
  }

  Call(method, path, options = {}) {
    return Call(this.server.url, method, `/v1/${this.kind}${path}`, { token: this.token, ...options });
  }

  Put(conversation, text, id = NewId('msg')) {
    return this.Call('PUT', `/conversations/${conversation}/messages/${id}`, { body: { text } });
  }

  // The event of a message that must be accepted.
  async Say(conversation, text, id = NewId('msg')) {
    return Expect(await this.Put(conversation, text, id), 201).event;
  }

  Poll({ cursor = this.cursor, wait = 0, signal } = {}) {
    return this.Call('GET', `/poll?cursor=${encodeURIComponent(cursor)}&wait=${wait}`, { signal });
  }

  // Polls from the kept cursor until nothing more is there, or until `enough(events, signals)`.
  async Follow(enough, { within_ms = patience_ms } = {}) {
    const events = [];
    const signals = [];
    const end = Date.now() + within_ms;
    for (;;) {
      const answer = Expect(await this.Poll({ wait: enough ? 2 : 0 }), 200);
      this.cursor = answer.cursor;
      events.push(...answer.events);
      signals.push(...answer.signals);
      if (enough ? enough(events, signals) : !answer.more) return { events, signals };
      if (Date.now() > end) assert.fail(`polled ${within_ms} ms in vain; saw ${JSON.stringify({ events, signals }).slice(0, 1000)}`);
    }
  }

  // The whole conversation, page by page.
  async History(conversation) {
    const events = [];
    for (;;) {
      const after = events.length ? events[events.length - 1].seq : 0;
      const page = Expect(await this.Call('GET', `/conversations/${conversation}/events?after=${after}`), 200);
      events.push(...page.events);
      if (!page.more) return events;
      assert.notEqual(page.events.length, 0, 'a page with more to come has events');
    }
  }

  Close(conversation, body = {}) {
    return this.Call('POST', `/conversations/${conversation}/close`, { body });
  }
}

export class Customer extends Person {
  static async Open(server, { token } = {}) {
    const customer = new Customer(server, 'customer');
    await customer.Session(token);
    return customer;
  }

  async Session(token) {
    const body = { site: 'sit_demo', consent: true, page: { url: 'https://shop.example/mugs', title: 'Mugs' } };
    if (token) body.token = token;
    this.session = Expect(await Call(this.server.url, 'POST', '/v1/customer/session', { body }), 200);
    this.token = this.session.token;
    this.cursor = this.session.cursor;
    this.id = this.session.customer.id;
    return this.session;
  }

  // Starts a conversation, with a first message where there is a text; its id.
  async Begin(text, conversation = NewId('cnv')) {
    const body = text === undefined ? {} : { message: { id: NewId('msg'), text } };
    Expect(await this.Call('PUT', `/conversations/${conversation}`, { body }), 201);
    return conversation;
  }
}

export class Agent extends Person {
  static async SignIn(server, number = 0) {
    const agent = new Agent(server, 'agent');
    const { email, password } = server.seed.agents[number];
    const answer = await Call(server.url, 'POST', '/v1/agent/session', { body: { email, password } });
    const session = Expect(answer, 200);
    agent.token = session.token;
    agent.id = session.agent.id;
    agent.name = session.agent.name;
    await agent.Snapshot();
    return agent;
  }

  async Snapshot() {
    this.snapshot = Expect(await this.Call('GET', '/snapshot'), 200);
    this.cursor = this.snapshot.cursor;
    return this.snapshot;
  }

  async Presence(state) {
    const answer = await this.Call('PUT', '/presence', { body: { state } });
    assert.equal(Math.floor(answer.status / 100), 2, `presence: ${answer.status} ${answer.text.slice(0, 300)}`);
  }

  Claim(conversation) {
    return this.Call('POST', `/conversations/${conversation}/claim`, { body: {} });
  }

  async List(view) {
    return Expect(await this.Call('GET', `/conversations?view=${view}`), 200).conversations;
  }
}

// Only what people wrote, in order.
export function Texts(events) {
  return events.filter((event) => event.type === 'message').map((event) => event.text);
}

// Fails where a conversation's events are not 1, 2, 3 …
export function AssertDense(events) {
  assert.deepEqual(events.map((event) => event.seq), events.map((_, index) => index + 1), 'seq is dense from 1');
}
