// People talk through each of the proxies that web/deploy has a file for.
//
// All proxies at once, and each its cases at once: most of a held poll is
// waiting. What interrupts comes last.
import assert from 'node:assert/strict';
import dns from 'node:dns';
import http2 from 'node:http2';
import https from 'node:https';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Agent, AssertDense, Call, Customer, Eventually, Expect, NewId, Sleep, Texts } from '../browser/api.mjs';
import { root, Server } from '../browser/server.mjs';
import { IsThere, proxies, Proxy } from './proxies.mjs';
import { Tap } from './tap.mjs';

// The certificates are made a minute before, and this process talks to loopback only.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
process.removeAllListeners('warning');
dns.setDefaultResultOrder('ipv4first');

// Most cases see idle connections end 60 times sooner, the one that watches them five times.
const idle_share = 60;
const watched_share = 5;

// A proxy may close a kept connection just as it is used again; browsers then ask once more, and so do we. An answer,
// whatever its status, ends it.
async function Persist(call) {
  for (let tries = 1; ; ++tries) {
    try {
      return await call();
    } catch (error) {
      if (tries === 5) throw error;
    }
  }
}

// One request over node's own client, which may choose where it comes from.
function Ask(url, { method = 'GET', headers = {}, body, agent, from } = {}) {
  return new Promise((resolve, reject) => {
    const request = https.request(url, { method, headers, agent, localAddress: from }, (answer) => {
      let text = '';
      answer.on('data', (bytes) => (text += bytes)).on('end', () => resolve({ status: answer.statusCode, text })).on('error', reject);
    });
    request.on('error', reject).end(body);
  });
}

// An HTTP/2 connection, opened again where it was closed.
class Http2 {
  constructor(url) {
    this.url = url;
  }

  Session() {
    if (!this.session || this.session.closed || this.session.destroyed) {
      this.session = http2.connect(this.url, { rejectUnauthorized: false }).on('error', () => {});
    }
    return this.session;
  }

  Ask(method, path, options) {
    return Persist(() => AskH2(this.Session(), method, path, options));
  }
}

function AskH2(session, method, path, { token, body } = {}) {
  return new Promise((resolve, reject) => {
    const bytes = body && JSON.stringify(body);
    // As browsers do, the length comes with the head; lighttpd wants it.
    const headers = { ':method': method, ':path': path, 'content-type': 'application/json', ...(bytes && { 'content-length': bytes.length }) };
    if (token) headers.authorization = `Bearer ${token}`;
    const stream = session.request(headers);
    let status, text = '';
    stream.setEncoding('utf8').on('response', (head) => (status = head[':status'])).on('data', (more) => (text += more));
    stream.on('end', () => resolve({ status, text })).on('error', reject);
    stream.end(bytes);
  }).then((answer) => ({ ...answer, json: answer.text.startsWith('{') ? JSON.parse(answer.text) : undefined }));
}

// Repeats until it is answered with one of `statuses`, as every client of the protocol may.
async function Insist(call, ...statuses) {
  for (;;) {
    const answer = await call().catch(() => undefined);
    if (answer && statuses.includes(answer.status)) return answer;
    await Sleep(100);
  }
}

async function Parked(server) {
  const metrics = await (await fetch(`${server.ops}/metrics`)).text();
  return Number(/^alcove_parked_requests (\d+)$/m.exec(metrics)[1]);
}

describe('Behind', { concurrency: true }, () => {
  for (const proxy of proxies) {
    describe(proxy.name, { concurrency: true }, () => {
      let there, server, tap, made, direct, whole, below, server_idle_s, closes_ms;
      let held = true;
      // One more than the held poll, while that is held.
      const IsParked = () => Eventually(async () => (await Parked(server)) > (held ? 1 : 0), 'the poll is parked');
      before(async () => {
        there = await IsThere(proxy);
        if (!there) return;
        server = await Server.Start({ agents: 2, args: ['--trust-proxy', '127.0.0.1'] });
        const source = await readFile(path.join(root, 'runtime/reactor.h'), 'utf8');
        server_idle_s = Number(/SteadyDuration idle = std::chrono::seconds\((\d+)\)/.exec(source)[1]);
        // The server's, as much shorter as the proxy's is made.
        closes_ms = (1000 * server_idle_s) / idle_share;
        tap = await Tap.Start(Number(new URL(server.url).port), { idle_ms: closes_ms });
        made = await Proxy.Start(proxy, tap.port, { idle_share });
        direct = { url: server.url, seed: server.seed };
        whole = { url: made.url, seed: server.seed };
        below = { url: made.prefix_url, seed: server.seed };
      });
      after(async () => {
        await made?.Stop();
        tap?.Stop();
        await server?.Stop();
      });

      const quiet = [];
      const Case = (name, body) => {
        let ended;
        quiet.push(new Promise((resolve) => (ended = resolve)));
        it(name, async (t) => {
          if (!there) t.skip(`${proxy.name} is not installed`);
          else await body().finally(ended);
          ended();
        });
      };

      Case('a poll is held to its end and not cut', async () => {
        const customer = await Customer.Open(whole);
        const answer = Expect(await customer.Poll({ wait: 25 }).finally(() => (held = false)), 200);
        assert.deepEqual(answer.events, []);
        assert.equal(answer.more, false);
      });

      Case('a poll that waits is answered when something is said', async () => {
        const customer = await Customer.Open(whole);
        const conversation = await customer.Begin();
        const agent = await Agent.SignIn(direct);
        Expect(await agent.Claim(conversation), 200);
        await customer.Follow();
        for (const text of ['one', 'two', 'three']) {
          const poll = customer.Poll({ wait: 25 });
          await IsParked();
          const event = await agent.Say(conversation, text);
          const answer = Expect(await poll, 200);
          assert.deepEqual(answer.events.map(({ id }) => id), [event.id]);
          customer.cursor = answer.cursor;
        }
      });

      Case("the client's address is the last in the list, whatever the client wrote", async () => {
        for (const [place, url] of [['whole', made.url], ['below', made.prefix_url]]) {
          const id = `address-${place}`;
          const headers = { 'X-Request-Id': id, 'X-Forwarded-For': '6.6.6.6', Forwarded: 'for=6.6.6.6' };
          assert.equal((await Persist(() => Ask(`${url}/loader.js`, { headers, from: '127.0.0.2' }))).status, 200);
          const head = tap.HeadOf(id);
          assert.ok(head, 'the request came through the tap');
          const Of = (name) => head.filter(([key]) => key === name).map(([, value]) => value).join(',');
          assert.equal(Of('x-forwarded-for').split(',').at(-1).trim(), '127.0.0.2');
          assert.equal(Of('forwarded'), '', 'a Forwarded of the client does not pass');
          assert.equal(Of('host'), new URL(url).host);
        }
      });

      Case('below a prefix the loader, the pages, their files and the calls are there, and nothing beside it', async () => {
        const loader = await Call(below.url, 'GET', '/loader.js?site=sit_demo');
        Expect(loader, 200);
        assert.match(loader.text, /sit_demo/);
        for (const page of ['/frame.html?site=sit_demo', '/console', '/demo']) {
          const { text, status } = await Persist(() => Call(below.url, 'GET', page));
          assert.equal(status, 200, page);
          // As a browser resolves them: none may begin with a slash.
          const links = [...text.matchAll(/(?:src|href|data-script|data-program)="([^"#]+)"/g)].map(([, link]) => link);
          assert.ok(links.length > 2, page);
          for (const link of links) {
            const address = new URL(link, below.url + page);
            assert.ok(address.pathname.startsWith('/chat/'), link);
            const answer = await Persist(() => Ask(address));
            assert.equal(answer.status, 200, `${page}: ${link}`);
          }
        }
        const customer = await Customer.Open(below);
        const conversation = await customer.Begin('Hello');
        const { events } = await customer.Follow((seen) => Texts(seen).includes('Hello'));
        assert.equal(events.find(({ type }) => type === 'message').conversation, conversation);
        const beside = await fetch(new URL('/loader.js?site=sit_demo', below.url)).catch(() => ({ text: () => '' }));
        assert.doesNotMatch(await beside.text(), /sit_demo/);
      });

      Case('HTTP/2 carries a poll and a message in one connection', async () => {
        const client = new Http2(made.url);
        try {
          const opened = Expect(await client.Ask('POST', '/v1/customer/session', { body: { site: 'sit_demo', consent: true } }), 200);
          assert.equal(client.session.alpnProtocol, 'h2');
          const { token, cursor } = opened;
          const poll = client.Ask('GET', `/v1/customer/poll?cursor=${encodeURIComponent(cursor)}&wait=25`, { token });
          await IsParked();
          const body = { message: { id: NewId('msg'), text: 'over HTTP/2' } };
          const path = `/v1/customer/conversations/${NewId('cnv')}`;
          assert.ok([200, 201].includes((await client.Ask('PUT', path, { token, body })).status));
          assert.ok((await poll).json.events.length + (await poll).json.signals.length > 0);
        } finally {
          client.session.destroy();
        }
      });

      // A request that crosses with the closing of its connection is answered 502: the pauses are as long as the
      // server, or who stands for it, keeps an idle one.
      Case('a thousand requests one after another, and pauses in which idle connections end, are all answered', async () => {
        const hears = await Customer.Open(whole);
        const says = await Customer.Open(whole);
        const conversation = await says.Begin();
        const said = [];
        const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
        const Authorization = ({ token }) => ({ Authorization: `Bearer ${token}` });
        const Hear = () => {
          const address = `${made.url}/v1/customer/poll?wait=0&cursor=${encodeURIComponent(hears.cursor)}`;
          return Ask(address, { headers: Authorization(hears), agent });
        };
        const Say = (text) => {
          said.push(text);
          const body = JSON.stringify({ text });
          const headers = { ...Authorization(says), 'Content-Type': 'application/json', 'Content-Length': body.length };
          const address = `${made.url}/v1/customer/conversations/${conversation}/messages/${NewId('msg')}`;
          return Ask(address, { method: 'PUT', headers, body, agent });
        };
        // None is asked twice, and after the pauses comes now one, now the other. What is not answered counts by its error.
        const statuses = {};
        const connections = tap.connections;
        for (let i = 0; i < 1000; ++i) {
          if (i % 149 === 148) await Sleep(closes_ms - 20 + i / 50);
          const { status } = await (i % 2 ? Say(`the message ${i}`) : Hear()).catch(({ code }) => ({ status: code }));
          statuses[status] = (statuses[status] ?? 0) + 1;
        }
        agent.destroy();
        assert.deepEqual(statuses, { 200: 500, 201: 500 });
        assert.deepEqual(Texts(await says.History(conversation)), said);
        // Connections to the server are used again, so that an idle one could have been met.
        if (proxy.idle) assert.ok(tap.connections - connections < 300, `${tap.connections - connections} connections`);
      });

      // At the tap, which closes them as the server would: many at once, as haproxy closes a share of them in turns.
      Case('idle connections to the server are dropped before the server drops them', async () => {
        if (!proxy.idle) return;
        const other = await Tap.Start(Number(new URL(server.url).port), { idle_ms: (1000 * server_idle_s) / watched_share });
        const watched = await Proxy.Start(proxy, other.port, { idle_share: watched_share });
        const agent = new https.Agent({ keepAlive: true });
        try {
          const customers = await Promise.all(Array.from({ length: 16 }, () => Customer.Open(direct)));
          const polls = customers.map(({ token, cursor }, i) => {
            const headers = { Authorization: `Bearer ${token}`, 'X-Request-Id': `watched-${i}` };
            return Ask(`${watched.url}/v1/customer/poll?wait=25&cursor=${encodeURIComponent(cursor)}`, { headers, agent });
          });
          await Eventually(() => other.With('watched-').length === customers.length, 'each has a connection');
          await Promise.all(customers.map((customer) => customer.Begin()));
          for (const { status } of await Promise.all(polls)) assert.equal(status, 200);
          await Eventually(() => other.open.size === 0, 'all are dropped');
          if (!proxy.lazy) assert.deepEqual([...other.outlasted], [], 'none was left to the server');
        } finally {
          agent.destroy();
          await watched.Stop();
          other.Stop();
        }
      });

      it('a reload, and a stop and a start, lose nothing and repeat nothing', async (t) => {
        await Promise.all(quiet);
        if (!there) return t.skip(`${proxy.name} is not installed`);
        const customer = await Customer.Open(whole);
        const conversation = await customer.Begin();
        const agent = await Agent.SignIn(whole, 1);
        Expect(await agent.Claim(conversation), 200);
        await agent.Follow();

        const last = 'the last';
        const heard = (async () => {
          const events = [];
          while (!Texts(events).includes(last)) {
            const { json } = await Insist(() => agent.Poll({ wait: 25 }), 200);
            events.push(...json.events.filter((event) => event.conversation === conversation));
            agent.cursor = json.cursor;
          }
          return events;
        })();
        const said = [];
        const Say = (text) => {
          const id = NewId('msg');
          said.push(text);
          return Insist(() => customer.Put(conversation, text, id), 200, 201);
        };
        const Waits = () => Eventually(async () => (await Parked(server)) >= 1, 'a poll is parked');

        await Waits();
        await Say('before');
        await Waits();
        await made.Reload();
        await Say('while it reloads');
        await Waits();
        await made.Halt();
        const meanwhile = Say('while it is away');
        await Sleep(300);
        await made.Launch();
        await meanwhile;
        await Say('after');
        await Waits();
        await Say(last);

        assert.deepEqual(Texts(await heard), said);
        const history = await Insist(() => Call(server.url, 'GET', `/v1/customer/conversations/${conversation}/events?after=0`, { token: customer.token }), 200);
        AssertDense(history.json.events);
        assert.deepEqual(Texts(history.json.events), said);
      });
    });
  }
});
