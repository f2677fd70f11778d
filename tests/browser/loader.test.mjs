// The loader on a shop's page: what it does, and above all what it does not
// do before the customer asks.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import Violations from './axe.mjs';
import { Agent, Eventually, Expect, Sleep } from './api.mjs';
import { nothing_stored, Stored } from './browser.mjs';
import { Bubble, OpenWidget, WidgetFrame } from './faces.mjs';
import { Shop } from './shop.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage();
let context;
beforeEach(async () => {
  context = await Person();
});

async function OpenDemo() {
  const page = await context.newPage();
  await page.goto(`${server.url}/demo`);
  await Bubble(page).waitFor();
  return page;
}

describe('Before the customer clicks', () => {
  it('the demo page asks for its own files and the loader, and keeps nothing', async () => {
    const page = await OpenDemo();
    await page.waitForLoadState('networkidle');
    // What a person does without meaning the chat.
    await page.mouse.move(600, 400);
    await page.mouse.wheel(0, 600);
    await page.keyboard.press('Tab');
    await Sleep(1500);
    const html = await (await fetch(`${server.url}/demo`)).text();
    const own = [...html.matchAll(/(?:href|src)="([^"#]+)"/g)].map(([, path]) => new URL(path, `${server.url}/demo`).href);
    const foreign = context.requests.filter((url) => url !== `${server.url}/demo` && !own.includes(url) && !url.endsWith('/favicon.ico'));
    assert.deepEqual(foreign, []);
    assert.ok(!context.requests.some((url) => /\/v1\/|frame\.html|\.wasm/.test(url)), context.requests.join('\n'));
    assert.deepEqual(await Stored(context, page), nothing_stored);
    assert.equal(page.frames().length, 1);
  });

  it('a shop on another origin makes one request to the chat, and neither origin keeps anything', async () => {
    const shop = await Shop.Open(server.url, { name: 'localhost' });
    try {
      const page = await context.newPage();
      await page.goto(shop.url);
      await Bubble(page).waitFor();
      await Sleep(1500);
      const to_chat = context.requests.filter((url) => url.startsWith(server.url));
      assert.deepEqual(to_chat, [`${server.url}/loader.js?site=sit_demo`]);
      assert.deepEqual(await Stored(context, page), nothing_stored);
      // The chat's own origin, seen from a page of it that runs nothing.
      await page.goto(`${server.url}/loader.js`);
      assert.deepEqual(await Stored(context, page), nothing_stored);
    } finally {
      await shop.Close();
    }
  });

  it('a strict policy of the shop is enough, and is not violated', async () => {
    const policy = `default-src 'none'; script-src ${server.url}; frame-src ${server.url}`;
    const shop = await Shop.Open(server.url, { headers: { 'Content-Security-Policy': policy } });
    try {
      const page = await context.newPage();
      await page.goto(shop.url);
      const box = await Bubble(page).boundingBox();
      assert.deepEqual([box.width, box.height], [60, 60], 'styled');
    } finally {
      await shop.Close();
    }
  });

  it('the bubble is a button with a name, reached by the keyboard', async () => {
    const page = await OpenDemo();
    const bubble = Bubble(page);
    assert.match(await bubble.getAttribute('aria-label'), /^Open chat/);
    assert.equal(await bubble.getAttribute('aria-expanded'), 'false');
    await bubble.focus();
    await page.keyboard.press('Enter');
    await WidgetFrame(page).getByRole('textbox').first().waitFor();
  });

  it('the page with its bubble has no accessibility violation of ours', async () => {
    const page = await OpenDemo();
    assert.deepEqual(await Violations(page, '#alcove'), []);
  });
});

describe('After the click', () => {
  it('the chat opens, takes the focus, and gives it back on Escape', async () => {
    const page = await OpenDemo();
    await Bubble(page).click();
    const box = WidgetFrame(page).getByRole('textbox').first();
    await box.waitFor();
    await Eventually(() => page.evaluate(() => document.activeElement?.id === 'alcove'), 'the focus is in the chat');
    await box.focus();
    await page.keyboard.press('Escape');
    await page.getByTitle(/^Chat/).waitFor({ state: 'hidden' });
    const focused = await page.evaluate(() => document.querySelector('#alcove').shadowRoot.activeElement?.className);
    assert.equal(focused, 'launcher');
    assert.equal(await Bubble(page).getAttribute('aria-expanded'), 'false');
    await page.keyboard.press('Enter');
    await page.getByTitle(/^Chat/).waitFor({ state: 'visible' });
  });

  it('an answer that comes while the chat is closed is counted on the bubble', async () => {
    const page = await OpenDemo();
    const widget = await OpenWidget(page);
    await widget.Send('Is anybody there?');
    const agent = await Agent.SignIn(server);
    const conversation = await widget.ConversationIn(agent, 'Is anybody there?');
    Expect(await agent.Claim(conversation), 200);
    await widget.Close();
    await agent.Say(conversation, 'Yes.');
    await agent.Say(conversation, 'What can I do?');
    const bubble = Bubble(page);
    await Eventually(async () => /2 unread messages/.test(await bubble.getAttribute('aria-label')), 'two are counted');
    assert.equal(await bubble.locator('.badge').textContent(), '2');
    await bubble.click();
    await Eventually(async () => !/unread/.test(await bubble.getAttribute('aria-label')), 'seen, so no longer counted');
  });

  it('works on another origin, where the chat’s storage is its own', async () => {
    const shop = await Shop.Open(server.url);
    try {
      const page = await context.newPage();
      await page.goto(shop.url);
      const widget = await OpenWidget(page);
      await widget.Send('From the shop');
      await widget.Shows('From the shop');
      assert.deepEqual((await Stored(context, page)).of_page, nothing_stored.of_page, 'the shop’s origin keeps nothing');
      await page.reload();
      const again = await OpenWidget(page);
      await again.Shows('From the shop');
    } finally {
      await shop.Close();
    }
  });

  it('works where the browser denies it storage, for as long as the page lives', async () => {
    const shop = await Shop.Open(server.url, { name: 'localhost' });
    try {
      const page = await context.newPage();
      await page.goto(shop.url);
      const widget = await OpenWidget(page);
      const denied = await (await widget.Frame()).evaluate(() => {
        try {
          return !localStorage;
        } catch {
          return true;
        }
      });
      assert.equal(denied, true, 'this browser denies storage to a frame of another site');
      await widget.Send('Without a memory');
      const agent = await Agent.SignIn(server);
      const conversation = await widget.ConversationIn(agent, 'Without a memory');
      await agent.Say(conversation, 'All the same');
      await widget.Shows('All the same');
      await widget.Close();
      await Bubble(page).click();
      await widget.Shows('Without a memory');
    } finally {
      await shop.Close();
    }
  });

  it('Escape in the shop’s own fields does not close it', async () => {
    const shop = await Shop.Open(server.url);
    try {
      const page = await context.newPage();
      await page.goto(shop.url);
      await OpenWidget(page);
      await page.getByLabel('Search the shop').press('Escape');
      await Sleep(300);
      assert.equal(await page.getByTitle(/^Chat/).isVisible(), true);
    } finally {
      await shop.Close();
    }
  });
});
