// The faces speak the language of the page around them, or of the browser.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { Eventually } from './api.mjs';
import { Screenshot } from './browser.mjs';
import { Console, Widget, WordsOf } from './faces.mjs';
import { root } from './server.mjs';
import { Shop } from './shop.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage();
const shops = [];
after(() => Promise.all(shops.map((shop) => shop.Close())));

const folder = path.resolve(root, 'web/words');
const languages = readdirSync(folder).flatMap((name) => (name.endsWith('.json') ? [name.slice(0, 2)] : []));

async function OpenChat(lang, context) {
  const shop = await Shop.Open(server.url, { lang });
  shops.push(shop);
  const page = await context.newPage();
  await page.goto(shop.url);
  await page.locator('.launcher').click();
  const widget = new Widget(page);
  // Its title is in the language, too.
  widget.root = page.frameLocator('iframe');
  await widget.root.getByRole('textbox').waitFor();
  return widget;
}

describe('The chat', () => {
  for (const language of languages) {
    it(`speaks ${language} on a page in it`, async () => {
      const words = WordsOf(language);
      const widget = await OpenChat(language, await Person());
      await widget.root.getByRole('textbox', { name: words['Message'], exact: true }).waitFor();
      await widget.root.getByRole('button', { name: words['Close chat'], exact: true }).waitFor();
      const frame = await widget.Frame();
      assert.equal(await frame.evaluate(() => document.documentElement.lang), language);
      await widget.root.getByRole('textbox').fill('«!»');
      await widget.root.getByRole('textbox').press('Enter');
      await widget.Shows(words['Sent']);
      await Screenshot(widget.page, `customer-language-${language}`);
    });
  }

  it('counts what is unread by the language’s own rule', async () => {
    const Counted = async (lang, counts) => {
      const widget = await OpenChat(lang, await Person());
      const frame = await widget.Frame();
      const bubble = widget.page.locator('.launcher');
      const labels = [];
      for (const count of counts) {
        await frame.evaluate((unread) => window.parent.postMessage({ alcove: 'unread', count: unread }, '*'), count);
        await Eventually(async () => (await bubble.locator('.badge').textContent()) === (count > 99 ? '99+' : `${count}`), 'it is counted');
        labels.push((await bubble.getAttribute('aria-label')).split(/[,،，] ?/).at(-1));
      }
      return labels;
    };
    assert.deepEqual(await Counted('en', [1, 2]), ['1 unread message', '2 unread messages']);
    assert.deepEqual(await Counted('ar', [1, 2, 3, 11, 102]), [
      'رسالة غير مقروءة',
      'رسالتان غير مقروءتين',
      '3 رسائل غير مقروءة',
      '11 رسالة غير مقروءة',
      '102 رسالة غير مقروءة',
    ]);
    assert.deepEqual(await Counted('zh', [1, 2]), ['1 条未读消息', '2 条未读消息']);
  });

  it('speaks English on a page in a language that it does not know', async () => {
    const widget = await OpenChat('sv', await Person({ locale: 'de-DE' }));
    await widget.root.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
  });

  it('speaks English where the words do not come', async () => {
    const context = await Person();
    context.expected.push(/net::ERR_FAILED/);
    await context.route(/assets\/de\..*json$/, (route) => route.abort());
    const widget = await OpenChat('de', context);
    await widget.root.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
    const frame = await widget.Frame();
    assert.equal(await frame.evaluate(() => document.documentElement.lang), 'en');
  });

  it('asks for the words of one language, and for none in English', async () => {
    const asked = async (lang) => {
      const context = await Person();
      await OpenChat(lang, context);
      return context.requests.filter((url) => url.endsWith('.json')).map((url) => path.basename(url).slice(0, 2));
    };
    assert.deepEqual(await asked('fr-CA'), ['fr']);
    assert.deepEqual(await asked('en-AU'), []);
  });
});

describe('The console', () => {
  for (const [locale, language] of [['de-AT', 'de'], ['zh-CN', 'zh'], ['ar', 'ar']]) {
    it(`speaks ${language} in a browser of ${locale}`, async () => {
      const words = WordsOf(language);
      const context = await Person({ locale });
      const { page } = await Console.SignIn(context, server, 0, words);
      await page.getByRole('tab', { name: new RegExp(`^${words['Mine']}`) }).waitFor();
      await Screenshot(page, `console-language-${language}`);
    });
  }
});
