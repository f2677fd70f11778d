// How a customer ends a conversation, and what two tabs of one browser are to the server.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Agent, Eventually } from './api.mjs';
import { Bubble, OpenDemo, Widget } from './faces.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage();
let context;
beforeEach(async () => {
  context = await Person();
});

describe('The menu of a conversation', () => {
  it('ends it by the keyboard alone, asked first, and leads on', async () => {
    const widget = await OpenDemo(context, server);
    await widget.Send('«That was all»');
    const more = widget.root.getByRole('button', { name: 'More' });
    await more.waitFor();
    await more.press('Enter');
    const end = widget.root.getByRole('menuitem', { name: 'End the conversation' });
    await Eventually(() => end.evaluate((button) => button === document.activeElement), 'the menu has the keyboard');
    await widget.page.keyboard.press('Escape');
    await end.waitFor({ state: 'detached' });
    await Eventually(() => more.evaluate((button) => button === document.activeElement), 'its button has it back');
    assert.equal(await widget.page.getByTitle(/^Chat/).isVisible(), true, 'Escape closed no more than the menu');

    await more.press('Enter');
    await end.press('Enter');
    const keep = widget.root.getByRole('button', { name: 'Go on' });
    await Eventually(() => keep.evaluate((button) => button === document.activeElement), 'the harmless way has it');
    await widget.page.keyboard.press('Tab');
    await widget.page.keyboard.press('Enter');
    await widget.Shows('Conversation ended');
    const again = widget.root.getByRole('button', { name: 'Start a new conversation' });
    await Eventually(() => again.evaluate((button) => button === document.activeElement), 'the way on has it');
    const agent = await Agent.SignIn(server);
    const closed = await agent.List('closed');
    assert.ok(closed.some(({ preview }) => preview?.text === '«That was all»'));
  });
});

describe('A key that means something elsewhere', () => {
  it('a slash outside the box is the browser’s in the chat', async () => {
    const widget = await OpenDemo(context, server);
    const frame = await widget.Frame();
    const taken = await frame.evaluate(() => {
      document.activeElement.blur();
      const slash = new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true });
      document.body.dispatchEvent(slash);
      return slash.defaultPrevented;
    });
    assert.equal(taken, false);
  });
});

describe('Two tabs of one browser', () => {
  it('that begin together are one customer, and the server never made another', async () => {
    // The tab whose poll gives way to the other's.
    context.expected.push(/status of 409/);
    const pages = [await context.newPage(), await context.newPage()];
    const widgets = pages.map((page) => new Widget(page));
    const customers = [];
    context.on('response', async (answer) => {
      if (answer.url().endsWith('/v1/customer/session')) customers.push((await answer.json()).customer.id);
    });
    await Promise.all(pages.map((page) => page.goto(`${server.url}/demo`)));
    await Promise.all(pages.map((page) => Bubble(page).click()));
    await Promise.all(widgets.map((widget) => widget.composer.waitFor()));
    await Eventually(() => customers.length === 2, 'both tabs have a session');
    assert.equal(customers[0], customers[1]);
  });

  it('that is looked at only later shows then what came meanwhile', async () => {
    const page = await context.newPage();
    // As a browser does with a tab in the back: the first frame waits.
    await page.addInitScript(() => {
      const draw = window.requestAnimationFrame.bind(window);
      const held = [];
      window.requestAnimationFrame = (frame) => held.push(frame);
      window.lookAt = () => {
        window.requestAnimationFrame = draw;
        held.forEach(draw);
      };
    });
    const widget = new Widget(page);
    const polls = page.waitForRequest(/\/v1\/customer\/poll/);
    await page.goto(`${server.url}/demo`);
    await Bubble(page).click();
    await polls;
    for (const frame of page.frames()) await frame.evaluate(() => window.lookAt());
    await widget.composer.waitFor();
  });
});
