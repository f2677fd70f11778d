// The faces for those who do not use a mouse or do not see: what axe-core
// finds, and the main job by keyboard alone. Screenshots are kept beside.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Agent, Customer, Eventually, Expect } from './api.mjs';
import Violations from './axe.mjs';
import { Screenshot } from './browser.mjs';
import { Bubble, Console, OpenDemo, WidgetFrame, Widget } from './faces.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage();

async function NoViolations(face) {
  assert.deepEqual(await Violations(await face.Frame()), []);
}

describe('The widget', () => {
  it('has no violation while it greets, waits, talks and ends', async () => {
    const agent = await Agent.SignIn(server);
    const widget = await OpenDemo(await Person(), server);
    await NoViolations(widget);
    await widget.Send('«Hello»');
    await widget.Shows('You are n');
    await NoViolations(widget);
    const conversation = await widget.ConversationIn(agent, '«Hello»');
    Expect(await agent.Claim(conversation), 200);
    await agent.Say(conversation, '«Good morning»');
    await widget.ShowsMessages(['Hello', 'Good morning']);
    await NoViolations(widget);
    Expect(await agent.Close(conversation), 200);
    await widget.Shows('Conversation ended');
    await NoViolations(widget);
  });

  it('is used by keyboard alone', async () => {
    const page = await (await Person()).newPage();
    await page.goto(`${server.url}/demo`);
    await Bubble(page).focus();
    await page.keyboard.press('Enter');
    const widget = new Widget(page);
    await widget.composer.waitFor();
    await Tab(page, () => widget.composer.evaluate((box) => box === document.activeElement), 'the text box');
    await page.keyboard.type('«By keyboard»');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('second line');
    await page.keyboard.press('Enter');
    await widget.Shows('second line');
    assert.equal(await widget.composer.inputValue(), '');
    const cross = widget.root.getByRole('button', { name: 'Close chat' });
    await Tab(page, () => cross.evaluate((button) => button === document.activeElement), 'the cross', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.getByTitle(/^Chat/).waitFor({ state: 'hidden' });
  });

  it('announces what is new: the log is a live region with a name', async () => {
    const widget = await OpenDemo(await Person(), server);
    await widget.Send('«Live»');
    await widget.ShowsMessages(['Live']);
    assert.match((await widget.log.getAttribute('aria-label')) || '', /^Conversation with/);
    await WidgetFrame(widget.page).getByRole('status').first().waitFor({ state: 'attached' });
  });

  it('lets text be selected and copied as it was written', async () => {
    const widget = await OpenDemo(await Person(), server);
    await widget.Send('«Order 48213, the blue mug; it is a text that needs more than one line of the bubble»');
    await widget.Shows('48213');
    const frame = await widget.Frame();
    const copied = await frame.evaluate(() => {
      const log = document.querySelector('[role=log]');
      getSelection().selectAllChildren(log);
      return getSelection().toString();
    });
    const text = 'Order 48213, the blue mug; it is a text that needs more than one line of the bubble';
    assert.ok(copied.replace(/\s+/g, ' ').includes(text), copied);
  });
});

describe('The console', () => {
  it('has no violation at sign-in, with lists and with a conversation', async () => {
    const customer = await Customer.Open(server);
    await customer.Begin('«Console, please»');
    const context = await Person();
    const page = await context.newPage();
    await page.goto(`${server.url}/console`);
    await page.getByRole('textbox', { name: 'Email' }).waitFor();
    assert.deepEqual(await Violations(page.mainFrame()), []);
    await page.close();
    const console_page = await Console.SignIn(context, server, 1);
    await NoViolations(console_page);
    await console_page.Tab('Waiting');
    await console_page.Open('«Console, please»');
    await NoViolations(console_page);
    await console_page.Claim();
    await console_page.Send('«Here»');
    await console_page.ShowsMessages(['Console, please', 'Here']);
    await NoViolations(console_page);
  });

  it('is signed in to by keyboard alone, and says what is wrong', async () => {
    const context = await Person();
    context.expected.push(/status of 401/);
    const page = await context.newPage();
    await page.goto(`${server.url}/console`);
    const email = page.getByRole('textbox', { name: 'Email' });
    await email.waitFor();
    const { email: address, password } = server.seed.agents[0];
    await Tab(page, () => email.evaluate((box) => box === document.activeElement), 'the e-mail');
    await page.keyboard.type(address);
    await page.keyboard.press('Tab');
    await page.keyboard.type('not the password');
    await page.keyboard.press('Enter');
    await Eventually(async () => (await page.getByRole('alert').allInnerTexts()).join('').trim().length > 0, 'what is wrong is said');
    await page.getByLabel('Password').focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Presence' }).waitFor();
  });
});

// Presses Tab until `reached`; a focus that is there already counts.
async function Tab(page, reached, what, key = 'Tab') {
  for (let i = 0; i < 25; ++i) {
    if (await reached()) return;
    await page.keyboard.press(key);
  }
  assert.fail(`${key} does not lead to ${what}`);
}

describe('Screenshots', () => {
  const talk = [
    ['customer', 'Hi! Is the blue Tidal mug still in stock?'],
    ['agent', 'Hello Priya! Yes, three of them left. Shall I set one aside?'],
    ['customer', 'مرحبا، أريد اثنين من فضلك 🙏'],
    ['agent', '您好！两个都给您留好了。नमस्ते 👩🏽‍💻'],
    ['customer', 'Great, thank you!'],
  ];
  // Longer than any animation of ours.
  const settle_ms = 600;
  const Looks = [
    { name: 'light-1x', options: { colorScheme: 'light', deviceScaleFactor: 1 } },
    { name: 'light-2x', options: { colorScheme: 'light', deviceScaleFactor: 2 } },
    { name: 'dark-1x', options: { colorScheme: 'dark', deviceScaleFactor: 1 } },
    { name: 'dark-2x', options: { colorScheme: 'dark', deviceScaleFactor: 2 } },
    { name: 'narrow', options: { viewport: { width: 390, height: 760 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true } },
  ];
  for (const { name, options } of Looks) {
    it(`of both faces, ${name}`, async () => {
      const agent = await Agent.SignIn(server, 2);
      const widget = await OpenDemo(await Person(options), server);
      await widget.page.waitForTimeout(settle_ms);
      await Screenshot(widget.page, `widget-welcome-${name}`);
      const mark = `«${name}»`;
      await widget.Send(mark);
      await widget.Shows('You are n');
      await widget.page.waitForTimeout(settle_ms);
      await Screenshot(widget.page, `widget-waiting-${name}`);
      const conversation = await widget.ConversationIn(agent, mark);
      Expect(await agent.Claim(conversation), 200);
      for (const [who, text] of talk) {
        if (who === 'customer') await widget.Send(text);
        else await agent.Say(conversation, text);
        await widget.Shows(text.split(' ')[0]);
      }
      await widget.Shows('Great, thank you!');
      await widget.page.waitForTimeout(settle_ms);
      await Screenshot(widget.page, `widget-talk-${name}`);

      const console_page = await Console.SignIn(await Person(options), server, 2);
      await console_page.Open('Great, thank you!');
      await console_page.Shows('Shall I set one aside?');
      await console_page.page.waitForTimeout(settle_ms);
      await Screenshot(console_page.page, `console-${name}`);
      Expect(await agent.Close(conversation), 200);
      await widget.Shows('Conversation ended');
      await widget.page.waitForTimeout(settle_ms);
      await Screenshot(widget.page, `widget-ended-${name}`);
    });
  }
});
