// Pictures of our own: every control of the gallery in every state, each card beside the picture of it that is kept in
// shots/. `ALCOVE_SHOTS=write` writes them; look at them then.
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { OpenGallery, Still } from './gallery.mjs';
import { DecodePng, Difference } from './png.mjs';
import { root } from './server.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage();

const folder = path.resolve(root, 'tests/browser/shots');
const shown = path.resolve(root, 'build/test-output/screenshots/shots');
// Of the pixels of a card, those that may be another shade: the edges of some letters, where a font is of another version.
const different_max = 0.004;

// `cards`: those that look otherwise by more than their colours.
const Looks = [
  { name: 'light', options: {}, cards: /./ },
  { name: 'dark', options: { colorScheme: 'dark' }, cards: /./ },
  { name: 'contrast', options: { contrast: 'more' }, cards: /button|switch|field|badges|news/ },
  { name: 'rtl', options: {}, parameters: { locale: 'ar' }, cards: /text|badges|fields$|list|news|messages/ },
];

// What opens over the rest: by which button, and what of it is looked at.
const Over = [
  { name: 'menu', opener: 'Open the menu', Panel: (page) => page.getByRole('group', { name: 'Actions' }) },
  { name: 'dialog', opener: 'Ask something', Panel: (page) => page.getByRole('dialog') },
  { name: 'toast', opener: 'Show a toast', Panel: (page) => page.getByRole('status').filter({ hasText: 'Copied to the clipboard' }) },
];

describe('The gallery looks as it did', () => {
  for (const { name: look, options, parameters, cards: wanted } of Looks) {
    it(look, async () => {
      // As wide as one column, and as high as the highest card; nothing moves, so that a picture of it is always the same.
      const page = await OpenGallery(await Person({ viewport: { width: 440, height: 720 }, reducedMotion: 'reduce', ...options }), server, parameters);
      await page.getByRole('switch', { name: 'Wait for an answer' }).click();
      await page.getByRole('progressbar', { name: 'Waiting for an answer' }).waitFor({ state: 'attached' });
      await mkdir(shown, { recursive: true });
      const found = [];
      const Compare = async (name, clip) => {
        await Still(page);
        const picture = await page.screenshot({ clip });
        const file = `${look}-${name}.png`;
        await writeFile(path.join(shown, file), picture);
        if (process.env.ALCOVE_SHOTS === 'write') await writeFile(path.join(folder, file), picture);
        const kept = DecodePng(await readFile(path.join(folder, file)));
        const now = DecodePng(picture);
        if (kept.width !== now.width || kept.height !== now.height) found.push(`${file}: another size`);
        else if (Difference(kept, now) > different_max) found.push(`${file}: ${(Difference(kept, now) * 100).toFixed(2)} % differ`);
      };

      const area = page.getByRole('region', { name: 'All controls' });
      const cards = page.getByRole('region', { name: 'All controls' }).locator('> div > [role=group]');
      const count = await cards.count();
      assert.ok(count > 10, 'the cards are there');
      for (let i = 0; i < count; ++i) {
        const card = cards.nth(i);
        const name = (await card.getAttribute('aria-label')).toLowerCase().replace(/\W+/g, '-');
        if (!wanted.test(name)) continue;
        await area.evaluate((element, to) => element.scrollTo(0, to), (await card.evaluate((element) => element.offsetTop)) - 8);
        await Still(page);
        await Compare(name, await card.boundingBox());
      }
      for (const { name, opener, Panel } of Over) {
        await page.getByRole('button', { name: opener, exact: true }).press('Enter');
        await Panel(page).waitFor({ state: 'attached' });
        await Still(page);
        const { x, y, width, height } = await Panel(page).boundingBox();
        await Compare(name, { x: Math.max(0, x - 8), y: Math.max(0, y - 8), width: width + 16, height: height + 16 });
        if (name === 'toast') break;
        await page.keyboard.press('Escape');
        await Panel(page).waitFor({ state: 'detached' });
      }
      assert.deepEqual(found, [], 'compare tests/browser/shots with build/test-output/screenshots/shots');
    });
  }
});
