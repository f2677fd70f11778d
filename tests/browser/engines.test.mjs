// The gallery in the other engines: the same screens, used by mouse, keyboard, finger and input method.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Eventually, Sleep } from './api.mjs';
import Violations from './axe.mjs';
import { Firefox, WebKit } from './engines.mjs';
import { DecodePng, Difference } from './png.mjs';
import { root, Server } from './server.mjs';

const shots = path.resolve(root, 'build/test-output/screenshots');
const enter = '\uE007';
const escape = '\uE00C';
const down = '\uE015';
const tab = '\uE004';
const control = '\uE009';

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

    it('what is selected is copied, as it was written', async () => {
      await Open('?part=log&messages=12');
      await browser.Run(`
        const all = [...document.querySelectorAll('p')];
        const Text = (part) => all.find((one) => one.textContent.includes(part));
        getSelection().setBaseAndExtent(Text('Message 9:'), 0, Text('Message 11:'), 1);`);
      await browser.Hold(control, 'c');
      await Open();
      await browser.Run(`document.querySelector('textarea${Named('Message')}').focus()`);
      await browser.Hold(control, 'v');
      const Pasted = () => browser.Run(`return document.querySelector('textarea${Named('Message')}').value`);
      await Eventually(async () => (await Pasted()).includes('Message 9: The second parcel with the blue mug leaves the workshop tomorrow'), 'it is pasted');
      assert.match(await Pasted(), /Message 10: Вторая посылка/);
    });

    it('the browser finds what is not in sight', async () => {
      await Open('?part=log&messages=300');
      assert.ok(await browser.Run('return window.find("Message 212:", true, true)'));
      assert.equal(await browser.Run('return getSelection().toString()'), 'Message 212:');
      await browser.Still();
      // It has scrolled there, and the drawing with it.
      const [top, bottom] = await browser.Run('const { top, bottom } = getSelection().getRangeAt(0).getBoundingClientRect(); return [top, bottom]');
      assert.ok(top >= 0 && bottom <= (await browser.Run('return innerHeight')), `${top} to ${bottom}`);
      await Keep('found');
    });

    it('a context that is lost comes back, or a plain canvas takes its place', async () => {
      await Open();
      // Firefox darkens its scroll bar and lightens it again whenever it likes: only what the face draws is compared.
      await browser.Run('document.styleSheets[0].insertRule("* { scrollbar-color: transparent transparent }")');
      const before = DecodePng(await browser.Screenshot());
      // It comes back by the page's own clock: a driver on a busy machine may take longer than the face waits for it.
      await browser.Run(`
        const canvas = document.querySelector('canvas');
        window.loss = canvas.getContext('webgl').getExtension('WEBGL_lose_context');
        canvas.addEventListener('webglcontextlost', () => setTimeout(() => window.loss.restoreContext(), 100), { once: true });
        canvas.addEventListener('webglcontextrestored', () => { window.back = true; });
        window.loss.loseContext();`);
      await Eventually(() => browser.Run('return window.back'), 'the face was told that it is back');
      await Eventually(async () => Difference(before, DecodePng(await browser.Screenshot())) < 0.001, 'as before');
      await browser.Run('window.loss.loseContext()');
      // The other way round, the question would be the answer: a new canvas that is asked for WebGL has it from then on.
      await Eventually(() => browser.Run('return !!document.querySelector("canvas").getContext("2d")'), 'a plain canvas is there');
      await browser.Still();
      assert.ok(Difference(before, DecodePng(await browser.Screenshot()), 16) < 0.002, 'the same by hand');
      await browser.Click(Named('Primary'));
      await browser.Shows('Last: Primary');
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

    if (Engine === Firefox) {
      it('text is composed by an input method', async () => {
        await Open();
        const box = `textarea${Named('Message')}`;
        const Value = () => browser.Run(`return document.querySelector('${box}').value`);
        await browser.Run(`document.querySelector('${box}').focus()`);
        await browser.Compose('にほん');
        await Eventually(async () => (await Value()) === 'にほん', 'it is being composed');
        await browser.Commit('日本語');
        await Eventually(async () => (await Value()) === '日本語', 'it is composed');
        await browser.Press(enter);
        await browser.Shows('Last: Sent: 日本語');
      });

      it('a zoom of the page is followed', async () => {
        await Open();
        try {
          for (const factor of [1.5, 0.8]) {
            await browser.Zoom(factor);
            await Eventually(
              () => browser.Run(`const canvas = document.querySelector('canvas'); return Math.abs(devicePixelRatio - ${factor}) < 0.05 && canvas.width === Math.round(canvas.clientWidth * devicePixelRatio)`),
              `a pixel of the canvas is one of the screen at ${factor}`,
            );
            await browser.Still();
            await browser.Click(Named('Primary'));
            await browser.Shows('Last: Primary');
            await browser.Click(Named('Outline'));
          }
          await Keep('zoomed');
        } finally {
          await browser.Zoom(1);
        }
      });
    } else {
      // Its driver has no input method: what one tells the page is told by hand.
      it('the keys of an input method are its own', async () => {
        await Open();
        const box = `textarea${Named('Message')}`;
        await browser.Run(`
          const box = document.querySelector('${box}');
          box.focus();
          box.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
          box.value = 'にほん';
          box.dispatchEvent(new InputEvent('input', { bubbles: true, isComposing: true, inputType: 'insertCompositionText', data: 'にほん' }));
          box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, isComposing: true }));`);
        await browser.Still();
        assert.equal(await browser.Run(`return document.querySelector('${box}').value`), 'にほん');
        await browser.Run(`
          const box = document.querySelector('${box}');
          box.value = '日本語';
          box.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, data: '日本語' }));
          box.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromComposition', data: '日本語' }));`);
        await browser.Press(enter);
        await browser.Shows('Last: Sent: 日本語');
      });
    }
  });

  describe(`In ${name}, for one who sees little, has a finger and no graphics card`, () => {
    let server;
    let browser;
    before(async () => {
      await mkdir(shots, { recursive: true });
      [server, browser] = await Promise.all([Server.Start(), Engine.Launch({ needs: true })]);
    });
    after(async () => {
      await browser?.Close();
      await server?.Stop();
    });
    const Open = (parameters = '') => browser.Open(`${server.url}/gallery${parameters}`);

    it('a plain canvas shows the controls, with strong edges', async () => {
      await Open();
      assert.ok(await browser.Run('return !document.createElement("canvas").getContext("webgl")'), 'this browser has no WebGL');
      assert.ok(await browser.Run('return matchMedia("(prefers-contrast: more),(forced-colors: active)").matches'), 'it asks for contrast');
      const picture = DecodePng(await browser.Screenshot());
      await writeFile(path.join(shots, `gallery-${name}-needs.png`), await browser.Screenshot());
      const card = await browser.Run(`const { left, top } = document.querySelector('[role=group][aria-label=Buttons]').getBoundingClientRect(); return { left, top }`);
      const y = Math.round(card.top + 60);
      const shades = Array.from({ length: 9 }, (_, i) => picture.data[(y * picture.width + Math.round(card.left) - 4 + i) * 4]);
      assert.ok(Math.min(...shades) < 140, `${shades}`);
      await browser.Click(Named('Primary'));
      await browser.Shows('Last: Primary');
    });

    it('the dots are still', async () => {
      await Open('?part=typing');
      assert.ok(await browser.Run('return matchMedia("(prefers-reduced-motion: reduce)").matches'), 'it asks for little motion');
      assert.equal(await browser.Run('return getComputedStyle(document.querySelector("[role=status] i")).animationName'), 'none');
    });

    if (Engine === Firefox) {
      it('a finger presses what is large enough for it', async () => {
        await Open();
        const At = (label) => browser.Run(`const { left, top, width, height } = document.querySelector('${Named(label)}').getBoundingClientRect(); return { x: left + width / 2, y: top + height / 2, width, height }`);
        const place = await At('Primary');
        assert.ok(place.height >= 44, `${place.height}`);
        // On a busy machine the page may still move, or the finger be down for too long: a person presses again.
        const Pressed = async () => {
          await browser.Touch(await At('Primary'));
          await Sleep(500);
          return browser.Run('return document.body.innerText.includes("Last: Primary")');
        };
        await Eventually(Pressed, 'a finger has pressed it');
      });
    }
  });
}
