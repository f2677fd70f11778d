// The framer's rows (tests/runtime/framer_test.cc), good and hostile, sent
// through nginx and haproxy. What a proxy refuses never arrives; what it
// passes on, it and we must read alike. So, for each proxy: we served exactly as
// many requests as it says that it sent, and had answered, and nobody afterwards,
// on the connections that the rows went over, was given an answer to something else.
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
        made = await Proxy.Start(proxy, Number(new URL(server.url).port));
      });
      after(async () => {
        await made?.Stop();
        await server?.Stop();
      });

      it('serve nothing that it did not send, and mix up no answers', async (t) => {
        if (!made) return t.skip(`${proxy.name} is not installed`);
        const rows = await Rows();
        assert.ok(rows.length > 100, `${rows.length} rows`);
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
        }

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
        t.diagnostic(`${rows.length} rows, ${rows_sent} requests sent on; ${counts.sent} in all, ${counts.served} of them served`);
      });
    });
  }
});
