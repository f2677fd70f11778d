// Every control of the toolkit in a real browser: by mouse, finger and keyboard, with what the system asks for (little
// motion, high contrast, no WebGL), and what is drawn compared with what lies over it.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { Eventually } from './api.mjs';
import Violations from './axe.mjs';
import { Screenshot } from './browser.mjs';
import { Focused, Frames, Last, OpenGallery, Still } from './gallery.mjs';
import { DecodePng, Difference, Ink } from './png.mjs';
import { root } from './server.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage();

const Button = (page, name) => page.getByRole('button', { name, exact: true });

describe('The controls', () => {
  it('answer to the mouse, and those that are off do not', async () => {
    const page = await OpenGallery(await Person(), server);
    for (const name of ['Primary', 'Outline', 'Danger', 'Quiet', 'Link', 'Attach']) {
      await Button(page, name).click();
      await Last(page, name);
    }
    assert.ok(await Button(page, 'Primary off').isDisabled());
    const news = page.getByRole('switch', { name: 'Tell me what is new' });
    assert.ok(await news.isChecked());
    await news.click();
    await Last(page, 'News off');
    assert.ok(!(await news.isChecked()));
    await page.getByRole('checkbox', { name: 'I have read it' }).click();
    await Last(page, 'Not read');
    await page.getByRole('combobox', { name: 'Presence' }).selectOption({ label: 'Offline' });
    await page.getByRole('tab', { name: 'Waiting 3' }).click();
    await page.getByRole('tab', { name: 'Waiting 3', selected: true }).waitFor();
    await page.getByLabel('Day', { exact: true }).fill('2026-12-24');
    await Last(page, 'Day 2026-12-24');
    const link = page.getByRole('link', { name: 'A link that opens beside the page' });
    assert.equal(await link.getAttribute('href'), 'https://alcove.example/');
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
  });

  it('answer to a finger, which also scrolls', async () => {
    const context = await Person({ viewport: { width: 390, height: 760 }, hasTouch: true, isMobile: true });
    const page = await OpenGallery(context, server);
    await Button(page, 'Primary').tap();
    await Last(page, 'Primary');
    const area = page.getByRole('region', { name: 'All controls' });
    // A slow drag, and the finger is lifted while it moves: the browser goes on a little.
    const session = await context.newCDPSession(page);
    const Touch = (type, y) => session.send('Input.dispatchTouchEvent', { type, touchPoints: y === undefined ? [] : [{ x: 200, y }] });
    await Touch('touchStart', 600);
    for (let y = 590; y > 200; y -= 20) await Touch('touchMove', y);
    await Touch('touchEnd');
    await Eventually(() => area.evaluate((element) => element.scrollTop > 200), 'it is scrolled');
    await page.getByRole('switch', { name: 'Sound' }).tap();
    await Eventually(() => page.getByRole('switch', { name: 'Sound' }).isChecked(), 'it is on');
  });

  it('go on by themselves when a finger flings them, and what is drawn goes with them', async () => {
    const context = await Person({ viewport: { width: 390, height: 760 }, hasTouch: true, isMobile: true });
    const page = await OpenGallery(context, server, { part: 'log', messages: 300 });
    const session = await context.newCDPSession(page);
    const log = page.getByRole('log');
    const Top = () => log.evaluate((element) => element.scrollTop);
    // A finger that goes down by 400 px within a fifth of a second, and rests before it is lifted, or does not.
    const Fling = async (rests) => {
      const before = await Top();
      let timestamp = Date.now() / 1000;
      const Touch = (type, y) => session.send('Input.dispatchTouchEvent', { type, touchPoints: y === undefined ? [] : [{ x: 195, y }], timestamp });
      await Touch('touchStart', 200);
      for (let y = 240; y <= 600; y += 40) {
        timestamp += 0.02;
        await Touch('touchMove', y);
      }
      for (let i = 1; rests && i <= 5; ++i) {
        timestamp += 0.1;
        await Touch('touchMove', 600 + i / 10);
      }
      timestamp += 0.01;
      await Touch('touchEnd');
      // Until it stands still for several pictures: on a busy machine one may take longer than it is far to the next look.
      let top = await Top();
      let still = 0;
      await Eventually(async () => {
        const last = top;
        top = await Top();
        still = top === last ? still + 1 : 0;
        return still === 4;
      }, 'it has come to rest', { every_ms: 100 });
      await Still(page);
      return before - top;
    };
    const moved = await Fling('rests');
    const flung = await Fling();
    assert.ok(moved > 100 && moved < 410, `as far as the finger: ${moved}`);
    assert.ok(flung > 450, `further than the finger: ${flung}`);
    // What lies over the picture and the picture are at the same place: a line is drawn where it can be selected.
    const line = await page.locator('p.a').evaluateAll((all) => all.map((one) => {
      const { x, y, right, bottom } = one.getBoundingClientRect();
      return { x, y, right, bottom, text: one.textContent };
    }).find(({ y, bottom, text }) => y > 100 && bottom < 600 && /^(Mara|You): Message/.test(text)));
    assert.ok(Ink(DecodePng(await page.screenshot({ scale: 'css' })), line), `“${line.text}” is drawn`);
  });

  it('are walked and used by the keyboard, and the focus is seen', async () => {
    const page = await OpenGallery(await Person(), server);
    await Button(page, 'Primary').focus();
    await page.keyboard.press('Tab');
    assert.equal(await Focused(page), 'Outline');
    await page.keyboard.press('Enter');
    await Last(page, 'Outline');
    const ring = await Button(page, 'Outline').evaluate((element) => getComputedStyle(element).outlineStyle);
    assert.equal(ring, 'solid');
    await page.getByRole('switch', { name: 'Sound' }).focus();
    await page.keyboard.press('Space');
    await Eventually(() => page.getByRole('switch', { name: 'Sound' }).isChecked(), 'it is on');
    await page.getByRole('tab', { name: 'Mine 4' }).focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await Focused(page), 'Waiting 3');
    // Rows come into being as the arrows get there.
    await page.getByRole('option', { name: 'Customer 1', exact: true }).focus();
    for (let i = 0; i < 12; ++i) {
      await page.keyboard.press('ArrowDown');
      await Still(page);
    }
    assert.match(await Focused(page), /^Customer 13/);
    await page.getByRole('region', { name: 'All controls' }).focus();
    await page.keyboard.press('End');
    await Eventually(() => page.getByRole('region', { name: 'All controls' }).evaluate((area) => area.scrollTop > 100), 'End scrolls');
  });

  it('of a menu are walked by the arrows, round and round; Escape gives the keyboard back', async () => {
    const page = await OpenGallery(await Person(), server);
    await Button(page, 'Open the menu').press('Enter');
    await page.getByRole('menu').waitFor();
    await Eventually(async () => (await Focused(page)) === 'Transfer', 'the first has the keyboard');
    const walk = [['ArrowDown', 'Snooze'], ['End', 'End the conversation'], ['ArrowDown', 'Transfer'], ['ArrowUp', 'End the conversation'], ['Home', 'Transfer']];
    for (const [key, name] of walk) {
      await page.keyboard.press(key);
      assert.match(await Focused(page), new RegExp(`^${name}`));
    }
    await page.keyboard.press('Escape');
    await Eventually(async () => (await Focused(page)) === 'Open the menu', 'it is back');
    await Button(page, 'Open the menu').press('Enter');
    await page.getByRole('menuitem', { name: 'End the conversation' }).click();
    await Last(page, 'End the conversation');
  });

  it('of a dialog keep the keyboard, which goes back to what opened it', async () => {
    const page = await OpenGallery(await Person(), server);
    await Button(page, 'Ask something').press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Close this conversation?' });
    await dialog.waitFor();
    const seen = new Set();
    for (let i = 0; i < 6; ++i) {
      seen.add(await Focused(page));
      assert.ok(await dialog.evaluate((element) => element.contains(document.activeElement)));
      await page.keyboard.press(i < 3 ? 'Tab' : 'Shift+Tab');
    }
    assert.deepEqual([...seen].sort(), ['Close it', 'Go on']);
    assert.deepEqual(await Violations(page.mainFrame()), []);
    await Screenshot(page, 'gallery-dialog');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await Focused(page), 'Ask something');
  });

  it('never lose the keyboard: what goes hands it on', async () => {
    const page = await OpenGallery(await Person(), server);
    await Button(page, 'Goes away').press('Enter');
    await Button(page, 'Goes away').waitFor({ state: 'detached' });
    await Eventually(async () => (await Focused(page)) === 'Try again', 'what comes after it has the keyboard');
    await Button(page, 'Take off billing').press('Enter');
    await Button(page, 'Take off billing').waitFor({ state: 'detached' });
    assert.notEqual(await page.evaluate(() => document.activeElement.tagName), 'BODY');
  });

  it('give hints to a pointer that rests and to the keyboard', async () => {
    const page = await OpenGallery(await Person(), server);
    const clip = await Button(page, 'Attach').boundingBox();
    const under = { x: clip.x - 20, y: clip.y + clip.height + 4, width: clip.width + 40, height: 34 };
    const before = DecodePng(await page.screenshot({ clip: under }));
    await Button(page, 'Attach').hover();
    await Eventually(async () => Difference(before, DecodePng(await page.screenshot({ clip: under }))) > 0.1, 'the hint is there');
  });
});

describe('Text', () => {
  it('in Markdown is drawn, selected and listened to, and leads elsewhere', async () => {
    const context = await Person({ viewport: { width: 900, height: 1400 }, deviceScaleFactor: 2, bypassCSP: true, permissions: ['clipboard-read', 'clipboard-write'] });
    await context.route('https://alcove.example/**', (route) => route.fulfill({ contentType: 'text/html', body: '<title>There</title>' }));
    const page = await OpenGallery(context, server);
    const message = page.locator('p.a', { hasText: 'that opens beside this one' });
    await message.scrollIntoViewIfNeeded();
    await Still(page);
    await Screenshot(page, 'gallery-markdown');
    assert.equal(await message.locator('strong').innerText(), 'bold');
    assert.equal(await message.locator('em').innerText(), 'italic');
    assert.deepEqual(await message.locator('code').allInnerTexts(), ['code', 'if (late) ship();']);
    // The words lie over what is drawn, whatever they look like; so do those that are read from the right.
    const arabic = page.locator('p.a', { hasText: '48213' }).filter({ has: page.locator('a') });
    const Box = (part) => part.evaluate((element) => {
      const { x, y, right, bottom } = element.getBoundingClientRect();
      return { x: (x - 2) * 2, y: (y + 2) * 2, right: (right + 2) * 2, bottom: (bottom - 3) * 2 };
    });
    const parts = [message.locator('strong'), message.locator('em'), message.locator('a'), arabic.locator('strong'), arabic.locator('a')];
    const boxes = await Promise.all(parts.map(Box));
    const drawn = DecodePng(await page.screenshot());
    const tag = await page.addStyleTag({ content: 'p,p * { color: #12151f !important; text-decoration-color: #12151f !important } canvas { visibility: hidden }' });
    const written = DecodePng(await page.screenshot());
    await tag.evaluate((element) => element.remove());
    for (const box of boxes) {
      const [a, b] = [Ink(drawn, box), Ink(written, box)];
      assert.ok(a && b && Math.abs(a.x - b.x) <= 2 && Math.abs(a.right - b.right) <= 2, JSON.stringify({ box, a, b }));
    }
    // Copied as it is read.
    await message.evaluate((element) => getSelection().selectAllChildren(element));
    const selected = await page.evaluate(() => getSelection().toString());
    assert.match(selected, /It is bold, italic or code:\n• a page that opens beside this one\n• an item whose lines stand under its words\nif \(late\) ship\(\);/);
    // By pointer and by keyboard, beside this page.
    const link = message.getByRole('link', { name: 'page' });
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
    assert.ok((await link.boundingBox()).height >= 24);
    for (const Follow of [() => link.click(), () => link.press('Enter')]) {
      const [opened] = await Promise.all([context.waitForEvent('page'), Follow()]);
      await opened.waitForURL('https://alcove.example/');
      assert.equal(await opened.evaluate(() => window.opener), null);
      await opened.close();
    }
  });

  it('is composed by an input method', async () => {
    const context = await Person();
    const page = await OpenGallery(context, server);
    const box = page.getByRole('textbox', { name: 'Message' });
    await box.focus();
    const session = await context.newCDPSession(page);
    await session.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 });
    await Eventually(async () => (await box.inputValue()) === 'にほん', 'it is being composed');
    await session.send('Input.insertText', { text: '日本語' });
    await Eventually(async () => (await box.inputValue()) === '日本語', 'it is composed');
    await box.press('Enter');
    await Last(page, 'Sent: 日本語');
  });

  it('is selected with the mouse across lines and messages, and copied as it was written', async () => {
    const context = await Person({ permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await OpenGallery(context, server, { part: 'log', messages: 12 });
    const from = await page.getByText('Message 9:').boundingBox();
    const to = await page.getByText('Message 11:').boundingBox();
    await page.mouse.move(from.x + 1, from.y + 4);
    await page.mouse.down();
    await page.mouse.move(to.x + to.width - 1, to.y + to.height - 4, { steps: 8 });
    await page.mouse.up();
    const selected = await page.evaluate(() => getSelection().toString());
    for (const part of ['Message 9: The second parcel with the blue mug leaves the workshop tomorrow, and arrives on Friday.', 'Вторая посылка']) {
      assert.ok(selected.replace(/\s+/g, ' ').includes(part), selected);
    }
    await page.keyboard.press('Control+C');
    await Eventually(async () => (await page.evaluate(() => navigator.clipboard.readText())).includes('Вторая посылка с синей кружкой'), 'it is copied');
  });

  it('is found by the browser, also where it is not in sight', async () => {
    const page = await OpenGallery(await Person(), server, { part: 'log', messages: 300 });
    assert.ok(await page.evaluate(() => window.find('Message 212:', true, true)));
    const found = await page.evaluate(() => [getSelection().toString(), getSelection().anchorNode.parentNode.getBoundingClientRect().bottom < 0]);
    assert.deepEqual(found, ['Message 212:', true]);
    // Where the browser scrolls to, the drawing follows.
    await page.evaluate(() => getSelection().anchorNode.parentNode.scrollIntoView());
    await Still(page);
    await page.getByText('Message 212:').waitFor();
    await Screenshot(page, 'gallery-found');
  });

  it('is read where the browser has translated it, and stays so while the face goes on', async () => {
    const page = await OpenGallery(await Person({ bypassCSP: true }), server, { part: 'log', messages: 12 });
    // As Chromium does it: a class for the page, and elements of its own around each text.
    await page.evaluate(() => {
      document.documentElement.classList.add('translated-ltr');
      const message = [...document.querySelectorAll('p.a')].find((one) => one.textContent.includes('Message 9:'));
      const lines = [...message.querySelectorAll('span')].filter((line) => line.textContent.includes('Message 9') || line.textContent.includes('workshop'));
      for (const line of lines) {
        const font = document.createElement('font');
        font.appendChild(document.createElement('font')).textContent = 'Das zweite Paket verlässt morgen die Werkstatt.';
        line.replaceChildren(font);
      }
    });
    const message = page.locator('p.a', { hasText: 'Das zweite Paket' });
    await message.scrollIntoViewIfNeeded();
    await page.getByRole('log').evaluate((log) => log.scrollBy(0, -60));
    await Still(page);
    await message.waitFor();
    const clip = await message.boundingBox();
    const seen = DecodePng(await page.screenshot({ clip }));
    await Screenshot(page, 'gallery-translated');
    await page.addStyleTag({ content: 'canvas { visibility: hidden }' });
    const alone = DecodePng(await page.screenshot({ clip }));
    assert.ok(Difference(seen, alone) < 0.001, 'nothing of the drawing shines through');
    assert.ok(Ink(seen, { x: 0, y: 0, right: clip.width, bottom: clip.height }), 'it is written');
  });

  it('lies under what is selected to within a pixel, 200 lines in eight scripts', async () => {
    const ratio = 2;
    const page = await OpenGallery(await Person({ viewport: { width: 900, height: 1400 }, deviceScaleFactor: ratio, bypassCSP: true }), server, { part: 'lines' });
    const style = `p { color: #12151f !important } canvas { visibility: hidden }`;
    const seen = new Set();
    let worst = { error: 0 };
    for (;;) {
      await Still(page);
      const drawn = DecodePng(await page.screenshot());
      const tag = await page.addStyleTag({ content: style });
      const written = DecodePng(await page.screenshot());
      await tag.evaluate((element) => element.remove());
      const boxes = await page.locator('p.a').evaluateAll((all) => all.map((one) => {
        const { x, y, right, bottom } = one.getBoundingClientRect();
        return { x, y, right, bottom, text: one.textContent };
      }));
      for (const box of boxes.filter(({ y, bottom }) => y >= 0 && bottom <= 1400)) {
        seen.add(box.text);
        const place = { x: (box.x - 3) * ratio, y: box.y * ratio, right: (box.right + 3) * ratio, bottom: box.bottom * ratio };
        const [a, b] = [Ink(drawn, place), Ink(written, place)];
        assert.ok(a && b, `“${box.text}” is drawn and written`);
        for (const side of ['x', 'y', 'right', 'bottom']) {
          const error = Math.abs(a[side] - b[side]) / ratio;
          if (error > worst.error) worst = { error, side, text: box.text };
        }
      }
      const area = page.getByRole('region', { name: 'Lines of text' });
      // Whole lines: none is looked at twice or left out.
      const last = boxes.filter(({ bottom }) => bottom <= 1400).at(-1);
      if (last === boxes.at(-1)) break;
      await area.evaluate((element, by) => element.scrollBy(0, by), last.bottom);
      await page.mouse.move(5, 5);
    }
    await mkdir(path.resolve(root, 'build/test-output'), { recursive: true });
    await writeFile(path.resolve(root, 'build/test-output/text-layer.json'), JSON.stringify({ lines: seen.size, worst }));
    assert.equal(seen.size, 200);
    assert.ok(worst.error <= 1, JSON.stringify(worst));
  });
});

describe('What the system asks for', () => {
  it('little motion: the dots are still; they move else, and nothing is drawn anew for them', async () => {
    const Lift = (page) => page.locator('[role=status] i').first().evaluate((dot) => getComputedStyle(dot).transform);
    const Dots = (page) => page.getByRole('status').boundingBox();
    const moving = await OpenGallery(await Person(), server, { part: 'typing' });
    const seen = new Set();
    await Eventually(async () => seen.add(await Lift(moving)).size > 3, 'the dots move');
    await Still(moving);
    const still = await OpenGallery(await Person({ reducedMotion: 'reduce' }), server, { part: 'typing' });
    assert.equal(await Lift(still), 'none');
    // Three dots stand in the bubble.
    const shot = DecodePng(await still.screenshot({ clip: await Dots(still) }));
    const row = Array.from({ length: 56 }, (_, x) => shot.data[(17 * 56 + x) * 4] < 160);
    assert.equal(row.filter((dark, x) => dark && !row[x - 1]).length, 3, row.map(Number).join(''));
    await Screenshot(still, 'gallery-typing');
  });

  it('a wait of unknown length moves while it lasts, and stands still for those who want it so', async () => {
    const Asked = (page) => page.getByRole('switch', { name: 'Wait for an answer' });
    const Wait = async (page) => {
      await Asked(page).press('Enter');
      const bar = page.getByRole('progressbar', { name: 'Waiting for an answer' });
      await bar.waitFor({ state: 'attached' });
      assert.equal(await bar.getAttribute('aria-valuenow'), null, 'nobody knows how long');
      return bar;
    };
    const moving = await OpenGallery(await Person(), server);
    const bar = await Wait(moving);
    const begin = await Frames(moving);
    await Eventually(async () => (await Frames(moving)) > begin + 5, 'it is drawn again and again');
    assert.deepEqual(await Violations(moving), []);
    await Asked(moving).press('Enter');
    await bar.waitFor({ state: 'detached' });
    await Still(moving);

    const still = await OpenGallery(await Person({ reducedMotion: 'reduce' }), server);
    await Wait(still);
    await Still(still);
    const drawn = await Frames(still);
    await still.evaluate(() => new Promise((done) => setTimeout(done, 500)));
    assert.equal(await Frames(still), drawn);
  });

  it('high contrast and chosen colours: inks and edges are stronger', async () => {
    for (const options of [{ contrast: 'more' }, { forcedColors: 'active' }]) {
      const context = await Person(options);
      const page = await OpenGallery(context, server);
      const card = await page.getByRole('group', { name: 'Buttons', exact: true }).boundingBox();
      const strip = DecodePng(await page.screenshot({ clip: { x: card.x - 4, y: card.y + 60, width: 9, height: 9 } }));
      // Across the card's edge there is a line that differs from what lies beside it.
      const shades = Array.from({ length: 9 }, (_, i) => strip.data[(4 * 9 + i) * 4]);
      assert.ok(Math.min(...shades) < 140, `${shades}`);
      // What is off is grey: read, and told from what is not.
      const Darkest = async (name) => {
        const { data } = DecodePng(await page.screenshot({ clip: await Button(page, name).boundingBox() }));
        return Math.min(...data.filter((_, i) => i % 4 === 0));
      };
      const [off, on] = [await Darkest('Outline off'), await Darkest('Outline')];
      assert.ok(off > on + 40 && off < 0x77, `${off} ${on}`);
      assert.deepEqual(await Violations(page.mainFrame()), []);
      await Screenshot(page, `gallery-${options.contrast ? 'contrast' : 'forced-colors'}`);
    }
  });

  it('no WebGL: the same picture by a plain canvas', async () => {
    const with_gl = await OpenGallery(await Person(), server);
    const expected = DecodePng(await with_gl.screenshot());
    const context = await Person();
    await context.addInitScript(() => {
      const real = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
        return /webgl/.test(kind) ? null : real.call(this, kind, ...rest);
      };
    });
    const page = await OpenGallery(context, server);
    const shown = DecodePng(await page.screenshot());
    await Screenshot(page, 'gallery-no-webgl');
    const difference = Difference(expected, shown, 16);
    assert.ok(difference < 0.002, `${difference}`);
    await Button(page, 'Primary').click();
    await Last(page, 'Primary');
  });

  it('a context that is lost comes back, or another canvas takes its place', async () => {
    const page = await OpenGallery(await Person(), server);
    const before = DecodePng(await page.screenshot());
    // It comes back by the page's own clock, as in engines.test.mjs.
    await page.evaluate(() => new Promise((back) => {
      const canvas = document.querySelector('canvas');
      window.loss = canvas.getContext('webgl').getExtension('WEBGL_lose_context');
      canvas.addEventListener('webglcontextlost', () => setTimeout(() => window.loss.restoreContext(), 100), { once: true });
      canvas.addEventListener('webglcontextrestored', () => back(), { once: true });
      window.loss.loseContext();
    }));
    await Still(page);
    assert.ok(Difference(before, DecodePng(await page.screenshot())) < 0.001, 'as before');
    await page.evaluate(() => window.loss.loseContext());
    // The other way round, the question would be the answer: a new canvas that is asked for WebGL has it from then on.
    await Eventually(() => page.evaluate(() => !!document.querySelector('canvas').getContext('2d')), 'a plain canvas is there');
    await Still(page);
    assert.ok(Difference(before, DecodePng(await page.screenshot())) < 0.002, 'the same by hand');
    await Button(page, 'Primary').click();
    await Last(page, 'Primary');
  });
});

describe('The gallery', () => {
  const Looks = [
    { name: 'light-1x', options: {} },
    { name: 'light-1.5x', options: { deviceScaleFactor: 1.5 } },
    { name: 'light-2x', options: { deviceScaleFactor: 2 } },
    { name: 'light-3x', options: { deviceScaleFactor: 3, viewport: { width: 390, height: 760 } } },
    { name: 'dark-1x', options: { colorScheme: 'dark' } },
    { name: 'rtl', options: {}, parameters: { locale: 'ar' } },
    { name: 'rtl-dark', options: { colorScheme: 'dark' }, parameters: { locale: 'ar' } },
    { name: 'accent', options: {}, parameters: { accent: '#ffcc00' } },
  ];
  for (const { name, options, parameters } of Looks) {
    it(`has no violation and is crisp, ${name}`, async () => {
      const page = await OpenGallery(await Person({ viewport: { width: 1320, height: 1500 }, ...options }), server, parameters);
      assert.deepEqual(await Violations(page.mainFrame()), []);
      const [drawn, wanted] = await page.evaluate(() => {
        const canvas = document.querySelector('canvas');
        return [canvas.width, Math.round(canvas.clientWidth * devicePixelRatio)];
      });
      assert.equal(drawn, wanted, 'a pixel of the canvas is one of the screen');
      await Screenshot(page, `gallery-${name}`);
    });
  }

  it('follows a zoom of the page', async () => {
    const context = await Person();
    const page = await OpenGallery(context, server);
    const session = await context.newCDPSession(page);
    // As a browser zooms to 150 %: fewer, larger pixels of the page on the same screen.
    await session.send('Emulation.setDeviceMetricsOverride', { width: 853, height: 533, deviceScaleFactor: 1.5, mobile: false });
    await Eventually(() => page.evaluate(() => document.querySelector('canvas').width === Math.round(853 * 1.5)), 'it is drawn anew');
    await Button(page, 'Primary').click();
    await Last(page, 'Primary');
  });

  it('draws nothing while nothing happens', async () => {
    const page = await OpenGallery(await Person(), server);
    const before = await Frames(page);
    await page.evaluate(() => new Promise((done) => setTimeout(done, 1500)));
    assert.equal((await Frames(page)) - before, 0);
  });
});
