// Clients that dawdle behind nginx and haproxy: what they begin and do not end
// never arrives at Alcove, what they end is one request, and who does not read
// keeps nobody waiting and goes at last. The times of the shipped files are
// three seconds here, so that a test can outlast them; no time decides a test.
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
  Drip() {
    this.dripping = setInterval(() => this.Send('a'), 100);
  }
  GivenUp() {
    return Eventually(() => this.closed, 'given up', patience).finally(() => clearInterval(this.dripping));
  }
  Hears(what) {
    return Eventually(() => what.test(this.heard), `${what} in ${this.heard}`, patience);
  }
}

async function Served(server) {
  const metrics = await (await fetch(`${server.ops}/metrics`)).text();
  return [...metrics.matchAll(/^alcove_answers_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
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
