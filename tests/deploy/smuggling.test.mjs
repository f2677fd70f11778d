// The framer's rows (tests/runtime/framer_test.cc), good and hostile, sent
// through nginx and haproxy. What a proxy refuses never arrives; what it
// passes on, it and we must read alike. So, for each proxy: we served exactly as
// many requests as it says that it sent, and had answered, and nobody afterwards,
// on the connections that the rows went over, was given an answer to something else.
//
// In the framer's rows the readings of a body mostly end at the same byte. So
// there are rows of this test's own, whose bodies hold a request of which only
// the wrong reading sees that it is one.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { Eventually } from '../browser/api.mjs';
import { root, Server } from '../browser/server.mjs';
import { IsThere, proxies, Proxy } from './proxies.mjs';

process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
process.removeAllListeners('warning');

const program = path.resolve(root, process.env.ALCOVE_FRAMER_TEST || 'build/dev/bin/alcove_runtime_edge_test');
// A proxy that waits for the rest of a request gives up within its own time-out; nothing is learnt from that.
const patience_ms = 3000;

// {name, expected, bytes}; expected 1 is a good request, the others the status that refuses it.
async function Rows() {
  if (!existsSync(program)) throw new Error(`${program} is not there: cmake --build --preset dev --target alcove_runtime_edge_test`);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'alcove-rows-'));
  const file = path.join(folder, 'rows');
  await promisify(execFile)(program, ['--gtest_filter=Framer.*'], { env: { ...process.env, ALCOVE_ROWS: file } });
  const rows = (await readFile(file, 'utf8')).trim().split('\n').map((line) => line.split(' '));
  await rm(folder, { recursive: true });
  const Text = (hex) => Buffer.from(hex, 'hex').toString('latin1');
  return rows.filter(([expected]) => expected > 0).map(([expected, name, input]) => ({ expected: Number(expected), name: Text(name), bytes: Text(input) }));
}

// What a request says about its body beside a Content-Length.
const codings = [
  { name: 'chunked', says: 'Transfer-Encoding: chunked\r\n' },
  { name: 'chunked behind a tab', says: 'Transfer-Encoding:\tchunked\r\n' },
  { name: 'chunked in a folded line', says: 'Transfer-Encoding:\r\n chunked\r\n' },
  { name: 'chunked behind a vertical tab', says: 'Transfer-Encoding: \x0bchunked\r\n' },
  { name: 'a space before the colon', says: 'Transfer-Encoding : chunked\r\n' },
  { name: 'xchunked', says: 'Transfer-Encoding: xchunked\r\n' },
  { name: 'identity, chunked', says: 'Transfer-Encoding: identity, chunked\r\n' },
  { name: 'chunked, then identity', says: 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n' },
];

// {name, read, bytes}, each with the request `Within(number)` in its body, numbered from `first` on. `read`: what Alcove
// answers where the proxy passes it on as one request that says it once.
function OwnRows(first) {
  const rows = [];
  const Add = (name, method, HeadersAndBody) => {
    const [headers, body] = HeadersAndBody(Within(first + rows.length));
    rows.push({ name: `${method}, ${name}`, read: method === 'GET' ? 302 : 405, bytes: `${method} / HTTP/1.1\r\nHost: a\r\n${headers}\r\n${body}` });
  };
  const Length = (text) => `Content-Length: ${text.length}\r\n`;
  for (const method of ['GET', 'POST']) {
    for (const { name, says } of codings) {
      // By its length one request; who reads chunks sees two.
      const Ended = (within) => `0\r\n\r\n${within}`;
      Add(`a length, and ${name}`, method, (within) => [Length(Ended(within)) + says, Ended(within)]);
      Add(`${name}, and a length`, method, (within) => [says + Length(Ended(within)), Ended(within)]);
      // By its chunks one request; by its length another begins in them.
      const size = Within(first).length.toString(16);
      const Chunk = (within) => `${within.length.toString(16)}\r\n${within}\r\n0\r\n\r\n`;
      Add(`a length that is too short, and ${name}`, method, (within) => [Length(`${size}\r\n`) + says, Chunk(within)]);
      Add(`${name}, and a length that is too short`, method, (within) => [says + Length(`${size}\r\n`), Chunk(within)]);
    }
    Add('no length, then one', method, (within) => ['Content-Length: 0\r\n' + Length(within), within]);
    Add('a length, then none', method, (within) => [Length(within) + 'Content-Length: 0\r\n', within]);
  }
  return rows;
}

// Always as long: what is in it counts its bytes.
function Within(number) {
  return `GET /loader.js?within HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-Id: within-${String(number).padStart(4, '0')}\r\n\r\n`;
}

// The answers in what was heard: the status, and the id that Alcove gives each of its own.
function Answers(heard) {
  return [...heard.matchAll(/HTTP\/1\.1 (\d+) [^]*?\r\n\r\n/g)]
    .map(([head, status]) => ({ status: Number(status), id: /^x-request-id: (\S+)\r$/im.exec(head)?.[1] }))
    .filter(({ status }) => status !== 100);
}

// What Alcove answers to a row that it is sent as one that is good: there may be no such page, or nothing to do there.
const good_statuses = [200, 204, 302, 404, 405];
// What the proxies answer to what they refuse.
const refusals = [400, 422, 501];
// Rows that nginx makes others of: it adds headers of its own, and speaks HTTP/1.1 where a client of 1.0 had no Host.
const spoilt = {
  'a hundred headers': 431,
  'HTTP/1.0 without Host': 400,
  'POST of HTTP/1.0 without a length': 400,
  'PUT of HTTP/1.0 without a length': 400,
};

// Sends bytes over a TLS connection of its own; what comes until it is closed, or falls silent.
function Exchange(port, bytes) {
  return new Promise((resolve) => {
    let heard = '';
    const socket = tls.connect({ port, host: '127.0.0.1', ALPNProtocols: ['http/1.1'] }, () => socket.write(Buffer.from(bytes, 'latin1')));
    socket.setTimeout(patience_ms, () => socket.destroy());
    socket.on('data', (more) => (heard += more.toString('latin1'))).on('error', () => {}).on('close', () => resolve(heard));
  });
}

async function Served(server) {
  const metrics = await (await fetch(`${server.ops}/metrics`)).text();
  return [...metrics.matchAll(/^alcove_answers_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}

describe('The rows of the framer through', { concurrency: true }, () => {
  for (const proxy of proxies.filter(({ counts }) => counts)) {
    describe(proxy.name, () => {
      let server, made;
      before(async () => {
        if (!(await IsThere(proxy))) return;
        server = await Server.Start({ agents: 1, args: ['--trust-proxy', '127.0.0.1'] });
        made = await Proxy.Start(proxy, Number(new URL(server.url).port), { any_host: true });
      });
      after(async () => {
        await made?.Stop();
        await server?.Stop();
      });

      it('serve nothing that it did not send, and mix up no answers', async (t) => {
        if (!made) return t.skip(`${proxy.name} is not installed`);
        const framers = await Rows();
        const rows = [...framers, ...OwnRows(framers.length)];
        assert.ok(framers.length > 100, `${framers.length} rows`);
        // haproxy's buffer, less what it keeps free in it.
        assert.ok(rows.every(({ bytes }) => bytes.length < 15_000));
        const port = made.at.port;
        // The proxy chooses by Host; behind each row stands a request that would be seen if the row's end were.
        const next = (i) => `GET /loader.js?behind=${i} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Request-Id: behind-${i}\r\n\r\n`;
        const Sent = ({ bytes }, i) => bytes.replace('Host: a\r\n', 'Host: 127.0.0.1\r\n') + next(i);
        const heard = await Promise.all(rows.map((row, i) => Exchange(port, Sent(row, i))));
        const { sent: rows_sent } = await made.counts();
        assert.ok(rows_sent > 10, `${rows_sent} were sent on: good ones must be`);
        for (const [i, { name }] of rows.entries()) {
          const ids = [...heard[i].matchAll(/^x-request-id: behind-(\d+)\r$/gim)].map(([, id]) => Number(id));
          assert.ok(ids.every((id) => id === i), `${name}: it was given the answer to ${ids}`);
          assert.doesNotMatch(heard[i], /^x-request-id: within-/im, `${name}: what was in its body was answered`);
        }

        // What was passed on was refused by Alcove as it refuses the row, or the proxy had made a good one of it.
        let passed_on = 0;
        for (const [i, { name, expected }] of framers.entries()) {
          const [first] = Answers(heard[i]);
          if (first?.id === undefined || first.id === `behind-${i}`) continue;
          ++passed_on;
          assert.ok([expected, ...good_statuses, spoilt[name]].includes(first.status), `${name}: ${first.status}`);
        }
        // Whatever their Host.
        assert.equal(Answers(heard[framers.findIndex(({ name }) => name === 'IPv6 Host')])[0].status, 302);
        let read_once = 0;
        for (const [i, { name, read }] of rows.entries()) {
          if (read === undefined) continue;
          const [{ status, id }] = Answers(heard[i]);
          if (id === undefined) assert.ok(refusals.includes(status), `${name}: ${status}`);
          else assert.equal(status, read, name);
          if (id !== undefined) ++read_once;
        }
        // Who reads such a length sees the request in the body: the rows would tell.
        const told = await Exchange(port, `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${Within(0)}`);
        assert.deepEqual(Answers(told).map(({ status }) => status), [405, 200]);
        assert.match(told, /^x-request-id: within-0000\r$/im);

        for (let i = 0; i < 200; ++i) {
          const id = `honest-${i}`;
          const answer = await fetch(`${made.url}/loader.js`, { headers: { 'X-Request-Id': id } });
          assert.equal(answer.status, 200);
          assert.equal(answer.headers.get('x-request-id'), id);
          assert.match(await answer.text(), /Alcove/);
        }
        // A row fits into what both have whole before they send it, so none is given up halfway.
        const counts = await Eventually(async () => {
          const now = { served: await Served(server), ...(await made.counts()) };
          return now.served === now.answered && now.served === now.sent ? now : undefined;
        }, 'as many served as sent');
        assert.ok(counts.served >= 200);
        // The count would tell.
        await (await fetch(`${server.url}/loader.js`)).text();
        assert.equal(await Served(server), (await made.counts()).answered + 1);
        t.diagnostic(`${framers.length} rows of the framer, ${passed_on} of them answered by Alcove, and ${read_once} of ${rows.length - framers.length} of its own; ${rows_sent} requests sent on; ${counts.sent} in all, ${counts.served} of them served`);
      });
    });
  }
});
