// Both faces in a real browser, below /chat/ of a site that has other things
// at its root: what a page asks for must be below the prefix too.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AssertNoComplaints, Launch, NewContext } from '../browser/browser.mjs';
import { Console, OpenDemo } from '../browser/faces.mjs';
import { Server } from '../browser/server.mjs';
import { IsThere, proxies, Proxy } from './proxies.mjs';

process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
process.removeAllListeners('warning');

// The first that is there: how each takes the prefix away is shown by proxies.test.mjs.
const proxy = proxies[0];

describe('Below a prefix', () => {
  let server, made, browser;
  before(async () => {
    if (!(await IsThere(proxy))) return;
    server = await Server.Start({ agents: 1, args: ['--trust-proxy', '127.0.0.1'] });
    made = await Proxy.Start(proxy, Number(new URL(server.url).port));
    browser = await Launch();
  });
  after(async () => {
    await browser?.close();
    await made?.Stop();
    await server?.Stop();
  });

  it('a customer and an agent talk', async (t) => {
    if (!made) return t.skip(`${proxy.name} is not installed`);
    const people = await Promise.all([1, 2].map(() => NewContext(browser, { ignoreHTTPSErrors: true })));
    const widget = await OpenDemo(people[0], { url: made.prefix_url });
    await widget.Send('«Hello»');
    const agent = await Console.SignIn(people[1], { url: made.prefix_url, seed: server.seed });
    await agent.Tab('Waiting');
    await agent.Open('Hello');
    await agent.Claim();
    await agent.Send('«Good day»');
    await widget.ShowsMessages(['Hello', 'Good day']);
    for (const { requests } of people) {
      const beside = requests.filter((url) => /^https?:/.test(url) && !url.startsWith(`${made.prefix_url}/`));
      assert.deepEqual(beside, []);
      assert.ok(requests.some((url) => url.includes('/chat/v1/')));
    }
    AssertNoComplaints(...people);
    await Promise.all(people.map((context) => context.close()));
  });
});
