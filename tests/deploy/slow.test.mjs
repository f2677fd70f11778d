// Clients that dawdle behind nginx and haproxy: what they begin and leave never
// arrives at Alcove, what they end is one request, and who does not read keeps
// nobody waiting and goes at last. Then bodies that drip behind every proxy:
// what becomes of them stands in the table, and they hold up nobody. The times of
// the shipped files are three seconds here, so that a test can outlast them; no
// time decides a test.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import tls from 'node:tls';
import { Call, Eventually } from '../browser/api.mjs';
import { Server } from '../browser/server.mjs';
import { IsThere, proxies, Proxy } from './proxies.mjs';
import { Tap } from './tap.mjs';

process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
process.removeAllListeners('warning');

const slow_s = 3;
const patience = { within_ms: 60_000 };
// More than all buffers on the way take; Alcove bears with two such answers that are not read.
const large_bytes = 24 * 1024 * 1024;
const readers = 2;
// Of each kind of dripping body: two kinds are more than Alcove has workers.
const drippers = 25;

class Client {
  constructor(port) {
    this.heard = '';
    this.closed = false;
    this.socket = tls.connect({ port, host: '127.0.0.1', ALPNProtocols: ['http/1.1'] });
    this.socket.on('data', (more) => (this.heard += more.toString('latin1')));
    this.socket.on('error', () => {}).on('close', () => (this.closed = true));
  }
  Send(text) {
    this.socket.write(text);
  }
  // A byte now and then, so that it is never silent.
  Drip(text = 'a') {
    this.drips = 0;
    this.dripping = setInterval(() => {
      ++this.drips;
      this.Send(text);
    }, 100);
  }
  GivenUp() {
    return Eventually(() => this.closed, 'given up', patience).finally(() => clearInterval(this.dripping));
  }
  Hears(what) {
    return Eventually(() => what.test(this.heard), `${what} in ${this.heard}`, patience);
  }
}

// How many requests were answered; `label`: of them those that have it.
async function Served(server, label = '') {
  const metrics = await (await fetch(`${server.ops}/metrics`)).text();
  return [...metrics.matchAll(/^alcove_answers_total\{.*\} (\d+)$/gm)].filter(([line]) => line.includes(label)).reduce((sum, [, count]) => sum + Number(count), 0);
}

describe('Clients that dawdle behind', { concurrency: true }, () => {
  for (const proxy of proxies.filter(({ slow }) => slow)) {
    describe(proxy.name, { concurrency: false }, () => {
      let folder, server, tap, made;
      before(async () => {
        if (!(await IsThere(proxy))) return;
        folder = await mkdtemp(path.join(os.tmpdir(), 'alcove-large-'));
        await writeFile(path.join(folder, 'large.bin'), randomBytes(large_bytes));
        server = await Server.Start({ agents: 1, args: ['--trust-proxy', '127.0.0.1', '--web', folder] });
        tap = await Tap.Start(Number(new URL(server.url).port));
        made = await Proxy.Start(proxy, tap.port, { slow_s });
      });
      after(async () => {
        await made?.Stop();
        tap?.Stop();
        await server?.Stop();
        if (folder) await rm(folder, { recursive: true });
      });
      const Case = (name, run) =>
        it(name, async (t) => (made ? run(new Client(made.at.port)) : t.skip(`${proxy.name} is not installed`)));

      Case('a head that does not end never arrives', async (client) => {
        client.Send('GET /loader.js HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-Id: slow-head');
        client.Drip();
        await client.GivenUp();
        assert.match(client.heard, /^(HTTP\/1\.1 408 |$)/);
        assert.deepEqual(tap.With('slow-head'), []);
      });

      Case('a body that does not come never arrives', async (client) => {
        const head = 'POST /v1/customer/session HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-Id: slow-body\r\n';
        client.Send(`${head}Content-Type: application/json\r\nContent-Length: 19\r\n\r\n{"site":`);
        await client.GivenUp();
        assert.match(client.heard, /^(HTTP\/1\.1 408 |$)/);
        assert.deepEqual(tap.With('slow-body'), []);
      });

      Case('chunks that do not end never arrive', async (client) => {
        const head = 'POST /v1/customer/session HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-Id: slow-chunks\r\n';
        client.Send(`${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{"site":\r\n`);
        await client.GivenUp();
        assert.match(client.heard, /^(HTTP\/1\.1 408 |$)/);
        assert.deepEqual(tap.With('slow-chunks'), []);
      });

      Case('who waits to be told to go on is told, and asks once', async (client) => {
        const before = await made.counts();
        const head = 'POST /v1/customer/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n';
        client.Send(`${head}Content-Length: 19\r\nExpect: 100-continue\r\n\r\n`);
        await client.Hears(/^HTTP\/1\.1 100 /);
        client.Send('{"site":"sit_demo"}');
        await client.Hears(/HTTP\/1\.1 200 [^]*"token"/);
        client.socket.destroy();
        const counts = await Eventually(async () => {
          const now = await made.counts();
          return now.answered > before.answered ? now : undefined;
        }, 'answered', patience);
        assert.equal(counts.sent, before.sent + 1);
        assert.equal(counts.answered, before.answered + 1);
      });

      Case('who does not read keeps nobody waiting, and goes', async (client) => {
        client.socket.destroy();
        const slow = Array.from({ length: readers }, () => new Client(made.at.port));
        for (const reader of slow) {
          reader.socket.pause();
          reader.Send('GET /large.bin HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
        }
        await Eventually(() => tap.With('/large.bin').length === readers, 'asked', patience);
        for (let i = 0; i < 50; ++i) {
          const answer = await Call(made.url, 'POST', '/v1/customer/session', { body: { site: 'sit_demo' } });
          assert.equal(answer.status, 200);
        }
        await Eventually(() => tap.With('/large.bin').every((number) => !tap.open.has(number)), 'gone', patience);
        assert.ok(slow.every(({ heard }) => heard.length < large_bytes));
        for (const reader of slow) reader.socket.destroy();
      });

      it('what Alcove served is what was sent to it', async (t) => {
        if (!made) return t.skip(`${proxy.name} is not installed`);
        await Eventually(async () => (await Served(server)) === (await made.counts()).sent, 'as many', patience);
      });
    });
  }
});

// A request whose body drips: what it begins with, what drips (a byte of JSON, or a chunk of it), and how it ends.
function Dripping(id, { large, chunked }) {
  const begin = '{"site":' + ' '.repeat(large ? 20_000 : 0);
  const end = '"sit_demo"}';
  // More spaces than ever drip.
  const spaces = 2000;
  const head = `POST /v1/customer/session HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-Id: ${id}\r\nContent-Type: application/json\r\n`;
  const Chunk = (text) => `${text.length.toString(16)}\r\n${text}\r\n`;
  if (chunked) return { begin: `${head}Transfer-Encoding: chunked\r\n\r\n${Chunk(begin)}`, drip: Chunk(' '), End: () => `${Chunk(end)}0\r\n\r\n` };
  const length = begin.length + spaces + end.length;
  return { begin: `${head}Content-Length: ${length}\r\n\r\n${begin}`, drip: ' ', End: (drips) => ' '.repeat(spaces - drips) + end };
}

describe('Bodies that drip behind', { concurrency: true }, () => {
  for (const proxy of proxies) {
    it(`${proxy.name} hold up nobody`, async (t) => {
      if (!(await IsThere(proxy))) return t.skip(`${proxy.name} is not installed`);
      const server = await Server.Start({ agents: 1, args: ['--trust-proxy', '127.0.0.1'] });
      const tap = await Tap.Start(Number(new URL(server.url).port));
      const made = await Proxy.Start(proxy, tap.port, { slow_s });
      const clients = [];
      try {
        for (const size of ['small', 'large']) {
          for (const coding of ['length', 'chunked']) {
            for (let i = 0; i < drippers; ++i) {
              const id = `drips-${size}-${coding}-${i}-`;
              const body = Dripping(id, { large: size === 'large', chunked: coding === 'chunked' });
              const client = Object.assign(new Client(made.at.port), { id, body, fate: proxy.drips[size] });
              client.Send(body.begin);
              client.Drip(body.drip);
              clients.push(client);
            }
          }
        }
        const Of = (fate) => clients.filter((client) => client.fate === fate);
        await Eventually(() => Of('passed on').every(({ id }) => tap.With(id).length === 1), 'passed on', patience);
        for (let i = 0; i < 50; ++i) {
          const answer = await Call(made.url, 'POST', '/v1/customer/session', { body: { site: 'sit_demo' } });
          assert.equal(answer.status, 200);
        }
        assert.ok(Of('passed on').every(({ heard, closed }) => !heard && !closed), 'they drip still');
        for (const client of Of('given up')) {
          await client.GivenUp();
          assert.match(client.heard, /^HTTP\/1\.1 408 /, client.id);
          assert.deepEqual(tap.With(client.id), [], client.id);
        }
        // Alcove ends those that it sees; when their client hears of it is the proxy's.
        await Eventually(async () => {
          const gone = Of('passed on').every(({ id }) => tap.With(id).every((number) => !tap.open.has(number)));
          return gone && (await Served(server, 'code="408"')) === Of('passed on').length;
        }, 'ended by Alcove', patience);
        // The others go on for as long as they like, and are one request at last.
        await Promise.all(Of('kept back').map(async (client) => {
          await Eventually(() => client.drips * 100 > 2 * slow_s * 1000, 'beyond the time-out', patience);
          assert.ok(!client.heard && !client.closed, client.id);
          assert.deepEqual(tap.With(client.id), [], client.id);
          clearInterval(client.dripping);
          client.Send(client.body.End(client.drips));
          await client.Hears(/^HTTP\/1\.1 200 [^]*"token"/);
          assert.equal(tap.With(client.id).length, 1);
        }));
        // nginx warns of it.
        assert.doesNotMatch(made.log, /buffered to a temporary file/, 'what people write is not put into files');
      } finally {
        for (const client of clients) {
          clearInterval(client.dripping);
          client.socket.destroy();
        }
        await made.Stop();
        tap.Stop();
        await server.Stop();
      }
    });
  }
});
