// The pages and files of PROTOCOL.md, from outside.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import http from 'node:http';
import { once } from 'node:events';
import { Server } from './server.mjs';

let server;
before(async () => {
  server = await Server.Start();
});
after(() => server?.Stop());

// fetch would undo the compression; this does not.
async function Get(path, headers = {}) {
  const request = http.get(server.url + path, { headers });
  const [answer] = await once(request, 'response');
  const parts = [];
  for await (const part of answer) parts.push(part);
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) };
}

describe('The loader', () => {
  it('is cacheable for five minutes and revalidated by its ETag', async () => {
    const loader = await Get('/loader.js?site=sit_demo');
    assert.equal(loader.status, 200);
    assert.match(loader.headers['content-type'], /javascript/);
    assert.match(loader.headers['cache-control'], /max-age=300/);
    assert.ok(loader.headers.etag);
    const again = await Get('/loader.js?site=sit_demo', { 'If-None-Match': loader.headers.etag });
    assert.deepEqual([again.status, again.body.length], [304, 0]);
  });

  it('carries the site’s configuration, and defaults without a site', async () => {
    const plain = await Get('/loader.js');
    const of_demo = await Get('/loader.js?site=sit_demo');
    assert.equal(plain.status, 200);
    assert.ok(of_demo.body.includes('sit_demo'));
    assert.ok(!plain.body.includes('sit_demo'));
  });

  it('is at most 4 KB in brotli', async () => {
    const { body, headers } = await Get('/loader.js?site=sit_demo', { 'Accept-Encoding': 'br' });
    assert.equal(headers['content-encoding'], 'br');
    assert.ok(body.length <= 4096, `${body.length} bytes`);
  });

  it('does not let a site’s name out of its script', async () => {
    const { status, body } = await Get('/loader.js?site=' + encodeURIComponent('</script><script>alert(1)//'));
    assert.ok([200, 400, 404].includes(status));
    assert.ok(!body.includes('<script>alert(1)'));
  });
});

describe('A page', () => {
  for (const path of ['/console', '/demo', '/frame.html?site=sit_demo']) {
    it(`${path} has a strict policy and is never stale`, async () => {
      const { status, headers } = await Get(path);
      assert.equal(status, 200);
      assert.match(headers['content-type'], /text\/html/);
      assert.match(headers['cache-control'], /no-store|no-cache|max-age=0|max-age=300/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      const policy = headers['content-security-policy'] || '';
      assert.ok(policy, 'a Content-Security-Policy');
      assert.match(policy, /^default-src 'none'; script-src 'self'[ ;]/);
      assert.match(policy, /base-uri 'none'; form-action 'none'/);
      assert.ok(!/'unsafe-(inline|eval)'/.test(policy), policy);
      assert.equal(headers['referrer-policy'], 'no-referrer');
    });
  }

  it('of the agents may be framed by nobody', async () => {
    const { headers } = await Get('/console');
    assert.match(headers['content-security-policy'], /frame-ancestors 'none'/);
  });

  it('of the widget may be framed by the site’s origins', async () => {
    const { headers } = await Get('/frame.html?site=sit_demo');
    assert.match(headers['content-security-policy'], /frame-ancestors /);
  });

  it('finds an icon where browsers look for one, and may keep it a day', async () => {
    const icon = await Get('/favicon.ico');
    assert.deepEqual([icon.status, icon.headers['content-type']], [200, 'image/svg+xml']);
    assert.equal(icon.headers['cache-control'], 'public, max-age=86400');
    assert.match(icon.body.toString(), /^<svg/);
  });

  it('names programs by their content, which may be kept for ever, and compressed', async () => {
    for (const [page, name] of [['/frame.html?site=sit_demo', 'customer'], ['/console', 'console']]) {
      const html = (await Get(page)).body.toString();
      const found = [...html.matchAll(/(?:href|src|data-script|data-program)="([^"]+)"/g)].map(([, path]) => path);
      const programs = found.filter((path) => path.includes(name) && /\.(wasm|js)$/.test(path));
      assert.ok(programs.length >= 2, `${page} names its programs: ${found}`);
      for (const path of new Set(programs)) {
        const plain = await Get(new URL(path, server.url + page).pathname);
        assert.equal(plain.status, 200, path);
        assert.match(plain.headers['cache-control'], /immutable/, path);
        if (path.endsWith('.wasm')) assert.match(plain.headers['content-type'], /^application\/wasm/);
        const br = await Get(new URL(path, server.url + page).pathname, { 'Accept-Encoding': 'gzip, br' });
        assert.equal(br.headers['content-encoding'], 'br', path);
        assert.deepEqual(brotliDecompressSync(br.body), plain.body);
        const gz = await Get(new URL(path, server.url + page).pathname, { 'Accept-Encoding': 'gzip' });
        assert.equal(gz.headers['content-encoding'], 'gzip', path);
        assert.deepEqual(gunzipSync(gz.body), plain.body);
        assert.match(gz.headers.vary || '', /accept-encoding/i);
      }
    }
  });

  it('outside the web folder is not there', async () => {
    for (const path of ['/../CMakeCache.txt', '/%2e%2e/bin/alcove', '/assets/../../etc/passwd', '/assets/%2e%2e%2f%2e%2e%2fetc/passwd', '/assets/']) {
      const { status } = await Get(path);
      assert.ok([400, 404].includes(status), `${path}: ${status}`);
    }
  });
});
