// The gallery in the other engines: the same screens, used by mouse and keyboard.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Eventually } from './api.mjs';
import Violations from './axe.mjs';
import { Firefox, WebKit } from './engines.mjs';
import { root, Server } from './server.mjs';

const shots = path.resolve(root, 'build/test-output/screenshots');
const enter = '\uE007';
const escape = '\uE00C';
const down = '\uE015';
const tab = '\uE004';

const Named = (name) => `[aria-label="${name}"]`;
const Focused = (browser) => browser.Run('return document.activeElement.getAttribute("aria-label")');

for (const [name, Engine] of [['firefox', Firefox], ['webkit', WebKit]]) {
  describe(`In ${name}`, () => {
    let server;
    let browser;
    before(async () => {
      await mkdir(shots, { recursive: true });
      [server, browser] = await Promise.all([Server.Start(), Engine.Launch()]);
    });
    after(async () => {
      await browser?.Close();
      await server?.Stop();
    });
    const Open = (parameters = '') => browser.Open(`${server.url}/gallery${parameters}`);
    const Keep = async (what) => writeFile(path.join(shots, `gallery-${name}-${what}.png`), await browser.Screenshot());

    it('the controls are drawn by WebGL, and answer', async () => {
      await Open();
      assert.ok(await browser.Run('return !!document.querySelector("canvas").getContext("webgl")'));
      await Keep('light');
      await browser.Click(Named('Primary'));
      await browser.Shows('Last: Primary');
      await browser.Click(Named('Sound'));
      await Eventually(() => browser.Run(`return document.querySelector('${Named('Sound')}').getAttribute('aria-checked') === 'true'`), 'it is on');
    });

    it('the keyboard walks menus and dialogs, and comes back', async () => {
      await Open();
      await browser.Run(`document.querySelector('${Named('Open the menu')}').focus()`);
      await browser.Press(enter);
      await Eventually(async () => /^Transfer/.test(await Focused(browser)), 'the menu has it');
      await browser.Press(down);
      assert.match(await Focused(browser), /^Snooze/);
      await browser.Press(escape);
      await Eventually(async () => (await Focused(browser)) === 'Open the menu', 'it is back');
      await browser.Run(`document.querySelector('${Named('Ask something')}').focus()`);
      await browser.Press(enter);
      await browser.Find('[role=dialog]');
      await browser.Press(tab, tab, tab);
      assert.ok(await browser.Run('return document.querySelector("[role=dialog]").contains(document.activeElement)'));
      await browser.Press(escape);
      await Eventually(async () => (await Focused(browser)) === 'Ask something', 'it is back');
    });

    it('text is written, and sent by Enter', async () => {
      await Open();
      await browser.Type(`textarea${Named('Message')}`, 'Grüße, 您好');
      await browser.Press(enter);
      await browser.Shows('Last: Sent: Grüße, 您好');
    });

    it('messages are selected with the mouse as they were written', async () => {
      await Open('?part=log&messages=12');
      const [from, to] = await browser.Run(`
        const all = [...document.querySelectorAll('p')];
        const box = (text) => all.find((one) => one.textContent.includes(text)).getBoundingClientRect();
        const [a, b] = [box('Message 9:'), box('Message 11:')];
        return [{ x: a.left + 1, y: a.top + 5 }, { x: b.right - 2, y: b.bottom - 5 }];`);
      await browser.Drag(from, to);
      const selected = (await browser.Run('return getSelection().toString()')).replace(/\s+/g, ' ');
      assert.ok(selected.includes('Message 9: The second parcel with the blue mug leaves the workshop tomorrow, and arrives on Friday.'), selected);
      await Keep('log');
    });

    it('Arabic is mirrored, and axe finds nothing', async () => {
      await Open('?locale=ar');
      const [button, width] = await browser.Run(`return [document.querySelector('${Named('Primary')}').getBoundingClientRect().left, innerWidth]`);
      assert.ok(button > width / 4);
      assert.equal(await browser.Run('return document.documentElement.dir'), 'rtl');
      await Keep('rtl');
      const page = { evaluate: (what, argument) => browser.Run(typeof what === 'string' ? what : `return (${what})(${JSON.stringify(argument ?? null)})`) };
      assert.deepEqual(await Violations(page), []);
    });

    it('nothing is drawn while nothing happens', async () => {
      await Open();
      const frames = await browser.Run('return window.alcove.frames');
      await browser.Run('return new Promise((done) => setTimeout(done, 1000))');
      assert.equal(await browser.Run('return window.alcove.frames'), frames);
    });
  });
}
