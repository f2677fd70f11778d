// What a site asks before a conversation: filled in by the keyboard, and as assistive technology hears it.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Agent, Call, Eventually, Expect } from './api.mjs';
import Violations from './axe.mjs';
import { Screenshot } from './browser.mjs';
import { Bubble, OpenDemo, Widget } from './faces.mjs';
import { Shop } from './shop.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage();
let owner; // of the site, who asks

const form = [
  { name: 'name', label: 'Your name', required: true },
  { name: 'email', label: 'E-mail', type: 'email', required: true },
  { name: 'about', label: 'What is it about?', type: 'choice', required: true, choices: ['An order', 'A return', 'Something else'] },
  { name: 'more', label: 'What should we know?', type: 'long_text' },
];

beforeEach(async () => {
  if (owner) return;
  owner = await Agent.SignIn(server, 0);
  const settings = { close_reasons: [], languages: [], form, offline_form: [] };
  Expect(await Call(server.url, 'PUT', '/v1/admin/settings', { token: owner.token, body: settings }), 200);
  await owner.Presence('online');
});

const Field = (widget, label) => widget.root.getByLabel(label);
const Begin = (widget) => widget.root.getByRole('button', { name: 'Start the chat' });

function HasKeyboard(element) {
  return Eventually(() => element.evaluate((seen) => seen === document.activeElement), 'the keyboard is there');
}

// What the browser tells assistive technology of the control with this name in the widget's frame.
async function Told(widget, name) {
  const client = await widget.page.context().newCDPSession(widget.page);
  try {
    const { frameTree } = await client.send('Page.getFrameTree');
    const { frame } = frameTree.childFrames.find(({ frame: each }) => each.url.includes('/frame.html'));
    const { nodes } = await client.send('Accessibility.getFullAXTree', { frameId: frame.id });
    const node = nodes.find((each) => !each.ignored && each.name?.value === name && each.properties?.some((one) => one.name === 'focusable'));
    assert.ok(node, `“${name}” is in the tree`);
    const Property = (key) => node.properties.find((one) => one.name === key)?.value.value;
    return { invalid: Property('invalid'), description: node.description?.value ?? '' };
  } finally {
    await client.detach();
  }
}

describe('The form before a conversation', () => {
  it('leads by keyboard to the first answer that is missing and says what is wrong', async () => {
    const widget = await OpenDemo(await Person(), server);
    const name = Field(widget, 'Your name (required)');
    await HasKeyboard(name);
    assert.equal(await widget.root.getByRole('textbox', { name: 'Message' }).count(), 0, 'it is asked first');
    assert.deepEqual(await Told(widget, 'Your name (required)'), { invalid: 'false', description: '' });
    await name.press('Enter');
    await Eventually(async () => (await name.getAttribute('aria-invalid')) === 'true', 'it is marked');
    await HasKeyboard(name);
    for (const label of ['Your name (required)', 'E-mail (required)', 'What is it about? (required)']) {
      assert.deepEqual(await Told(widget, label), { invalid: 'true', description: 'Please fill this in.' }, label);
    }
    assert.equal((await Told(widget, 'What should we know?')).invalid, 'false');
    assert.deepEqual(await Violations(await widget.Frame()), []);

    const { keyboard } = widget.page;
    await keyboard.type('Priya Shah');
    await keyboard.press('Tab');
    await HasKeyboard(Field(widget, 'E-mail (required)'));
    assert.equal(await Field(widget, 'E-mail (required)').evaluate((box) => box.inputMode), 'email', 'a phone shows the keys for it');
    await keyboard.type('priya');
    await keyboard.press('Enter');
    await Eventually(async () => (await Told(widget, 'E-mail (required)')).description === 'This is not an e-mail address.', 'why is said');
    await HasKeyboard(Field(widget, 'E-mail (required)'));
    assert.deepEqual(await Told(widget, 'Your name (required)'), { invalid: 'false', description: '' });
    await keyboard.press('End');
    await keyboard.type('@example.com');
    await keyboard.press('Tab');
    await HasKeyboard(Field(widget, 'What is it about? (required)'));
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('Tab');
    await HasKeyboard(Field(widget, 'What should we know?'));
    await keyboard.press('Tab');
    await HasKeyboard(Begin(widget));
    await keyboard.press('Enter');
    await HasKeyboard(widget.composer);
    await keyboard.type('«Where is my parcel?»');
    await keyboard.press('Enter');
    await widget.ShowsMessages(['Where is my parcel?']);

    const id = await widget.ConversationIn(owner, '«Where is my parcel?»');
    const { conversation } = Expect(await owner.Call('GET', `/conversations/${id}`), 200);
    assert.deepEqual(conversation.form, [
      { name: 'name', value: 'Priya Shah' },
      { name: 'email', value: 'priya@example.com' },
      { name: 'about', value: 'A return' },
    ]);
    assert.equal(conversation.customer.name, 'Priya Shah');
  });

  it('is there again, with what was written, on the next page of the shop', async () => {
    let widget = await OpenDemo(await Person(), server);
    await Field(widget, 'Your name (required)').fill('Priya');
    await Field(widget, 'What is it about? (required)').selectOption('An order');
    await Field(widget, 'What should we know?').fill('Two parcels,\none came');
    await widget.page.reload();
    await Bubble(widget.page).click();
    widget = new Widget(widget.page);
    const name = Field(widget, 'Your name (required)');
    await name.waitFor();
    assert.equal(await name.inputValue(), 'Priya');
    assert.equal(await Field(widget, 'What is it about? (required)').inputValue(), 'An order');
    assert.equal(await Field(widget, 'What should we know?').inputValue(), 'Two parcels,\none came');
    await Field(widget, 'E-mail (required)').fill('priya@example.com');
    await Begin(widget).click();
    await widget.composer.fill('«half');
    // The page goes before the face can draw what was written last.
    const typed = await widget.Frame();
    await Promise.all([
      widget.page.waitForEvent('load'),
      typed.evaluate(() => {
        window.requestAnimationFrame = () => 1;
        const box = document.querySelector('textarea');
        box.value = '«half a';
        box.dispatchEvent(new Event('input', { bubbles: true }));
        parent.location.reload();
      }),
    ]);
    await Bubble(widget.page).click();
    await Begin(widget).click();
    await Eventually(async () => (await widget.composer.inputValue()) === '«half a', 'it is there again');
    await widget.Send('«a whole one»');
    await widget.ShowsMessages(['a whole one']);
    // Of what was sent nothing is kept in this tab, and another tab never had any of it.
    const frame = await widget.Frame();
    assert.deepEqual(await frame.evaluate(() => Object.keys(sessionStorage)), []);
  });

  it('is a message that is left where nobody is there', async () => {
    await owner.Presence('offline');
    try {
      const widget = await OpenDemo(await Person(), server);
      await widget.root.getByRole('button', { name: 'Leave a message' }).waitFor();
      assert.equal(await Begin(widget).count(), 0);
      await Screenshot(widget.page, 'widget-form-away');
    } finally {
      await owner.Presence('online');
    }
  });
});

describe('Screenshots of the form', () => {
  for (const { name, options, lang } of [
    { name: 'light-1x', options: { colorScheme: 'light' } },
    { name: 'dark-2x', options: { colorScheme: 'dark', deviceScaleFactor: 2 } },
    { name: 'narrow', options: { viewport: { width: 390, height: 760 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true } },
    { name: 'rtl', options: { colorScheme: 'light' }, lang: 'ar' },
  ]) {
    it(`${name}, as it comes and with what is wrong`, async () => {
      const context = await Person(options);
      let widget;
      let shop;
      if (lang) {
        shop = await Shop.Open(server.url, { lang });
        const page = await context.newPage();
        await page.goto(shop.url);
        await page.locator('.launcher').click();
        widget = new Widget(page);
        widget.root = page.frameLocator('iframe');
      } else {
        widget = await OpenDemo(context, server);
      }
      try {
        const email = widget.root.getByLabel(/^E-mail/);
        await email.waitFor();
        await Eventually(async () => (await widget.Frames()) > 0, 'it is drawn');
        await Screenshot(widget.page, `widget-form-${name}`);
        await email.fill('priya');
        await email.press('Enter');
        await Eventually(async () => (await email.getAttribute('aria-invalid')) === 'true', 'it is marked');
        assert.deepEqual(await Violations(await widget.Frame()), []);
        await Screenshot(widget.page, `widget-form-wrong-${name}`);
      } finally {
        await shop?.Close();
      }
    });
  }
});
