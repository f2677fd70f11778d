// What a person sees with much of everything: many conversations, long names and texts, languages that are long, wide
// or read from the right. Each picture is left to be looked at; that nothing stands outside of the screen is tested.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Agent, Customer, Eventually, Expect, NewId } from './api.mjs';
import Violations from './axe.mjs';
import { Screenshot } from './browser.mjs';
import { Console, Widget, WordsOf } from './faces.mjs';
import { Outside } from './screens.mjs';
import { Shop } from './shop.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage();

const texts = [
  'Hello, my parcel with the order 48213-77-ALPHA has not come, and the tracking page says https://carrier.example/track/0123456789012345678901234567890123456789?language=en that it was delivered on Tuesday.',
  'مرحبا، لم يصل الطرد بعد، وتقول الصفحة إنه سُلِّم يوم الثلاثاء 12:30. هل يمكنكم المساعدة؟',
  '您好！我的包裹还没有到，追踪页面却显示星期二已经送达。请问您能帮忙查一下吗？',
  'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenhersteller',
  '**Two** things:\n- the *blue* mug\n- `order 48213`',
];
const question = 'and one more thing';

let mara;
beforeEach(async () => {
  if (mara) return;
  mara = await Agent.SignIn(server, 0);
  const jonas = await Agent.SignIn(server, 1);
  const Do = async (who, conversation, what, body = {}) =>
    Expect(await who.Call('POST', `/conversations/${conversation}/${what}`, { body }), 200);
  for (let i = 0; i < 24; ++i) {
    const customer = await Customer.Open(server);
    const conversation = await customer.Begin(texts[i % texts.length]);
    if (i % 4 === 3) continue;
    await Do(i % 4 === 2 ? jonas : mara, conversation, 'claim');
    if (i % 3 === 0) await Do(mara, conversation, 'tags', { add: ['billing', 'VIP', 'a rather long tag of twenty-eight', 'late parcel'].slice(0, 1 + (i % 4)) });
  }
  const customer = await Customer.Open(server);
  const busy = await customer.Begin(texts[0]);
  await Do(mara, busy, 'claim');
  for (const text of texts.slice(1)) {
    await mara.Say(busy, text);
    await customer.Say(busy, text);
  }
  Expect(await mara.Call('PUT', `/conversations/${busy}/notes/${NewId('msg')}`, { body: { text: texts[0] } }), 201);
  await Do(mara, busy, 'tags', { add: ['billing', 'VIP', 'a rather long tag of twenty-eight', 'late parcel'] });
  await customer.Say(busy, question);
});

async function OpenConsole(locale, options) {
  const words = WordsOf(locale.slice(0, 2));
  const context = await Person({ ...options, locale });
  const { page } = await Console.SignIn(context, server, 0, words);
  return { page, words };
}

const Rows = (page) => page.getByRole('listbox').getByRole('option');
const Settled = (page) => page.waitForTimeout(400); // longer than any animation of ours

describe('The console with much of everything', () => {
  for (const { name, locale, options } of [
    { name: 'light-1x', locale: 'en-GB', options: { colorScheme: 'light', viewport: { width: 1440, height: 900 } } },
    { name: 'dark-2x', locale: 'en-GB', options: { colorScheme: 'dark', deviceScaleFactor: 2, viewport: { width: 1440, height: 900 } } },
    { name: 'de', locale: 'de-DE', options: { colorScheme: 'light' } },
    { name: 'hi', locale: 'hi-IN', options: { colorScheme: 'light' } },
    { name: 'pl', locale: 'pl-PL', options: { colorScheme: 'light' } },
    { name: 'ar', locale: 'ar', options: { colorScheme: 'light', viewport: { width: 1440, height: 900 } } },
    { name: 'zh-dark', locale: 'zh-CN', options: { colorScheme: 'dark' } },
    { name: 'narrow', locale: 'en-GB', options: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true } },
    { name: 'narrow-ar', locale: 'ar', options: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true, colorScheme: 'dark' } },
  ]) {
    it(`stays on the screen, ${name}`, async () => {
      const { page, words } = await OpenConsole(locale, options);
      await Rows(page).first().waitFor();
      await Settled(page);
      assert.deepEqual(await Outside(page.mainFrame()), []);
      await Screenshot(page, `looks-console-list-${name}`);
      await page.getByRole('tab', { name: words['Team'], exact: true }).click();
      await Rows(page).first().waitFor();
      await Settled(page);
      assert.deepEqual(await Outside(page.mainFrame()), []);
      await Screenshot(page, `looks-console-team-${name}`);
      await page.getByRole('tab', { name: new RegExp(`^${words['Mine']}`) }).click();
      await Rows(page).and(page.getByRole('option', { name: question })).first().click();
      await page.getByRole('log').getByText(question).waitFor();
      await Settled(page);
      assert.deepEqual(await Outside(page.mainFrame()), []);
      assert.deepEqual(await Violations(page.mainFrame()), []);
      await Screenshot(page, `looks-console-${name}`);
      const reply = page.getByRole('textbox', { name: words['Reply'], exact: true });
      await reply.fill(`${texts[0]}\n${texts[3]}\n${texts[1]}`);
      await Settled(page);
      assert.deepEqual(await Outside(page.mainFrame()), []);
      await Screenshot(page, `looks-console-writing-${name}`);
      await reply.fill('');
    });
  }
});

describe('The chat with much of everything', () => {
  for (const { name, lang, options } of [
    { name: 'light-1x', lang: 'en', options: { colorScheme: 'light' } },
    { name: 'dark-2x', lang: 'en', options: { colorScheme: 'dark', deviceScaleFactor: 2 } },
    { name: 'de', lang: 'de', options: { colorScheme: 'light' } },
    { name: 'ar', lang: 'ar', options: { colorScheme: 'light' } },
    { name: 'zh-dark', lang: 'zh', options: { colorScheme: 'dark' } },
    { name: 'narrow', lang: 'en', options: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true } },
    { name: 'narrow-ar', lang: 'ar', options: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true, colorScheme: 'dark' } },
  ]) {
    it(`stays on the screen, ${name}`, async () => {
      const words = WordsOf(lang);
      const shop = await Shop.Open(server.url, { lang, head: '<meta name="viewport" content="width=device-width">' });
      try {
        const context = await Person(options);
        const page = await context.newPage();
        await page.goto(shop.url);
        await page.locator('.launcher').click();
        const widget = new Widget(page);
        widget.root = page.frameLocator('iframe');
        const composer = widget.root.getByRole('textbox', { name: words['Message'], exact: true });
        await composer.waitFor();
        const first = `${name}: ${texts[0]}`;
        await composer.fill(first);
        await composer.press('Enter');
        const conversation = await Eventually(
          async () => (await mara.List('waiting')).find(({ preview }) => preview?.text.startsWith(`${name}: `))?.id,
          'it waits',
        );
        await Settled(page);
        assert.deepEqual(await Outside(await widget.Frame()), []);
        await Screenshot(page, `looks-widget-waiting-${name}`);
        Expect(await mara.Claim(conversation), 200);
        for (const text of texts.slice(1)) {
          await mara.Say(conversation, text);
          await composer.fill(text);
          await composer.press('Enter');
        }
        await composer.fill(`${texts[3]}\n${texts[1]}\n${texts[2]}`);
        await Settled(page);
        assert.deepEqual(await Outside(await widget.Frame()), []);
        await Screenshot(page, `looks-widget-${name}`);
        await composer.fill('');
        Expect(await mara.Close(conversation), 200);
        const again = widget.root.getByRole('button', { name: words['Start a new conversation'], exact: true });
        await again.waitFor();
        // Whoever was about to write is led on.
        await Eventually(() => again.evaluate((button) => button === document.activeElement), 'the way on has the keyboard');
        await Settled(page);
        assert.deepEqual(await Outside(await widget.Frame()), []);
        assert.deepEqual(await Violations(await widget.Frame()), []);
        await Screenshot(page, `looks-widget-ended-${name}`);
      } finally {
        await shop.Close();
      }
    });
  }
});
