// An agent's day in the console by the keyboard alone: nothing is reached by a pointer, what has the keyboard is seen at
// every step, and no step loses it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Agent, Call, Customer, Eventually, Expect, NewId } from './api.mjs';
import { Screenshot } from './browser.mjs';
import { Still } from './gallery.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage({ server_of: 'test' });

// Two hands on a keyboard in front of a page.
class Hands {
  constructor(page) {
    this.page = page;
  }

  // Looks at every picture that the page shows, from now on: once something has the keyboard, something always has.
  static async At(context, url) {
    const page = await context.newPage();
    await page.addInitScript(() => {
      window.lost = [];
      let had = '';
      const Look = () => {
        const active = document.activeElement;
        if (active && active !== document.body) had = active.getAttribute('aria-label') || active.tagName;
        else if (had && window.lost.at(-1) !== had) window.lost.push(had);
        requestAnimationFrame(Look);
      };
      requestAnimationFrame(Look);
    });
    await page.goto(url);
    return new Hands(page);
  }

  async Press(key) {
    await this.page.keyboard.press(key);
    await this.Sees();
  }

  async Type(text) {
    await this.page.keyboard.type(text);
    await this.Sees();
  }

  // What has the keyboard is on the screen, and shown: by a ring, or by the caret and the edge of its box.
  async Sees() {
    await Still(this.page);
    const seen = await this.page.evaluate(() => {
      const active = document.activeElement;
      const { outlineStyle, outlineWidth, outlineColor, caretColor } = getComputedStyle(active);
      const { left, top, right, bottom } = active.getBoundingClientRect();
      const written_in = /^(INPUT|TEXTAREA)$/.test(active.tagName);
      const Opaque = (color) => !/, 0\)$|transparent/.test(color);
      return {
        name: active.getAttribute('aria-label') || active.tagName,
        has: active !== document.body,
        ringed: written_in ? Opaque(caretColor) : active.matches(':focus-visible') && outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2 && Opaque(outlineColor),
        within: left < innerWidth && right > 0 && top < innerHeight && bottom > 0,
      };
    });
    assert.ok(seen.has && seen.ringed && seen.within, JSON.stringify(seen));
    assert.deepEqual(await this.page.evaluate(() => window.lost), [], 'lost by');
  }

  // Until that element has the keyboard.
  async To(element, key = 'Tab') {
    await element.waitFor();
    for (let i = 0; i < 60; ++i) {
      if (await element.evaluate((each) => each === document.activeElement)) return;
      await this.Press(key);
    }
    assert.fail(`${key} does not lead to ${element}`);
  }

  async Waits(element, what) {
    await Eventually(() => element.evaluate((each) => each === document.activeElement), `${what} has the keyboard`);
    await this.Sees();
  }
}

async function TypesOf(agent, conversation) {
  return (await agent.History(conversation)).map(({ type }) => type);
}

describe('An agent’s day by the keyboard alone', () => {
  for (const { name, options } of [
    { name: 'wide', options: { viewport: { width: 1440, height: 900 } } },
    { name: 'narrow', options: { viewport: { width: 390, height: 844 } } },
  ]) {
    it(`goes from signing in to signing out, ${name}`, async () => {
      const narrow = name === 'narrow';
      const mara = await Agent.SignIn(server, 0);
      const jonas = await Agent.SignIn(server, 1);
      const macro = { name: 'Refund', actions: [{ act: 'tags', add: ['refund'] }] };
      Expect(await Call(server.url, 'PUT', `/v1/admin/macros/${NewId('mac')}`, { token: mara.token, body: macro }), 201);
      for (const { id } of await mara.List('waiting')) {
        Expect(await mara.Claim(id), 200);
        Expect(await mara.Close(id), 200);
      }
      const [first, second] = [await Customer.Open(server), await Customer.Open(server)];
      const one = await first.Begin('«Where is my parcel?»');
      const other = await second.Begin('«And mine?»');

      const hands = await Hands.At(await Person(options), `${server.url}/console`);
      const { page } = hands;
      const Button = (label) => page.getByRole('button', { name: label, exact: true });
      const Item = (label) => page.getByRole('menuitem', { name: label });
      const Row = (text) => page.getByRole('option', { name: text });
      const Tab = (label) => page.getByRole('tab', { name: new RegExp(`^${label}`) });
      const { email, password } = server.seed.agents[0];

      const address = page.getByRole('textbox', { name: 'Email' });
      await address.waitFor();
      if (await page.evaluate(() => document.activeElement === document.body)) await page.keyboard.press('Tab');
      await hands.Waits(address, 'the first box');
      await hands.Type(email);
      await hands.Press('Tab');
      await hands.Type(password);
      await hands.Press('Enter');
      const presence = page.getByRole('combobox', { name: 'Presence' });
      await presence.waitFor();
      await hands.To(presence);

      // A conversation is chosen, and claimed.
      // One of the tabs is reached by Tab, the others by the arrows.
      const Waiting = async (key) => {
        await hands.To(page.getByRole('tablist', { name: 'Conversations' }).getByRole('tab', { selected: true }), key);
        await hands.To(Tab('Waiting'), 'ArrowRight');
        await hands.Press('Enter');
      };
      await Waiting('Tab');
      await hands.To(Row('Where is my parcel?'));
      await hands.Press('Enter');
      await hands.To(Button('Claim'));
      await hands.Press('Enter');
      const reply = page.getByRole('textbox', { name: 'Reply' });
      await reply.waitFor();
      await hands.Sees();

      // Answered; a note beside.
      await hands.Press('/');
      await hands.Waits(reply, 'the reply');
      await hands.Type('«It left today.»');
      await hands.Press('Enter');
      await page.getByRole('log').getByText('It left today.').waitFor();
      await hands.To(Tab('Reply'), 'Shift+Tab');
      await hands.Press('ArrowRight');
      await hands.Press('Enter');
      const note = page.getByRole('textbox', { name: 'Note' });
      await hands.Waits(note, 'the note');
      await hands.Type('«Second parcel tomorrow.»');
      await hands.Press('Enter');
      await page.getByRole('log').getByText('Second parcel tomorrow.').waitFor();
      await hands.Sees();

      // Tagged: in the details, or where there is no room for them by a macro.
      if (narrow) {
        await hands.To(Button('Macros'));
        await hands.Press('Enter');
        await hands.Waits(Item('Refund'), 'the macro');
        await hands.Press('Enter');
      } else {
        await hands.To(Button('Add a tag'));
        await hands.Press('Enter');
        await hands.Waits(page.getByRole('textbox', { name: 'Add a tag' }), 'the tag');
        await hands.Type('refund');
        await hands.Press('Enter');
        await Button('Remove the tag refund').waitFor();
        await hands.Press('Escape');
        await hands.Waits(Button('Add a tag'), 'what adds one');
      }
      await page.getByText('Tags: ⁨+refund⁩').waitFor();

      // Put off, and back: it can be seen on the way.
      const Menu = async (label) => {
        await hands.To(Button(narrow ? 'More' : label), 'Shift+Tab');
        await hands.Press('Enter');
        if (narrow) {
          await hands.Waits(Item('Transfer'), 'the first of the menu');
          await hands.To(Item(label), 'ArrowDown');
          await hands.Press('Enter');
        }
      };
      await Menu('Snooze');
      await hands.Waits(Item('20 minutes'), 'the first of the menu');
      await hands.Press('ArrowDown');
      await Screenshot(page, `console-keyboard-${name}`);
      await hands.Press('Escape');
      await hands.Waits(Button(narrow ? 'More' : 'Snooze'), 'what opened it');

      // The one is closed; back to the list, and the next.
      await hands.To(Button('Close'));
      await hands.Press('Enter');
      await Button('Reopen').waitFor();
      await hands.Sees();
      if (narrow) {
        await hands.To(Button('Back to the list'), 'Shift+Tab');
        await hands.Press('Enter');
      }
      await Waiting(narrow ? 'Tab' : 'Shift+Tab');
      await hands.To(Row('And mine?'));
      await hands.Press('Enter');
      await hands.To(Button('Claim'));
      await hands.Press('Enter');
      await Button('Close').waitFor();
      await hands.Sees();
      await Menu('Transfer');
      await hands.Waits(page.getByRole('menuitem').first(), 'the first colleague');
      await hands.To(Item(jonas.name), 'ArrowDown');
      await hands.Press('Enter');
      await hands.Waits(page.getByRole('textbox', { name: 'Comment for colleagues, if you like' }), 'the comment');
      await hands.Press('Enter');
      await page.getByText(`Handed over to ${jonas.name}`).waitFor();
      await hands.Sees();
      if (narrow) {
        await hands.To(Button('Back to the list'), 'Shift+Tab');
        await hands.Press('Enter');
      }
      await hands.To(Button('Sign out'), narrow ? 'Tab' : 'Shift+Tab');
      await hands.Press('Enter');
      await page.getByRole('textbox', { name: 'Email' }).waitFor();
      await hands.Sees();

      const did = await TypesOf(mara, one);
      for (const type of ['assigned', 'message', 'note', 'tagged', 'closed']) assert.ok(did.includes(type), `${type}: ${did}`);
      assert.ok((await TypesOf(mara, other)).includes('transferred'));
    });
  }
});
