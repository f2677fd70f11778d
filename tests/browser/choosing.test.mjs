// Several conversations at once, and what is put ready for a team: in the console, by keyboard and by mouse.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Agent, Call, Customer, Eventually, Expect, NewId } from './api.mjs';
import { Screenshot } from './browser.mjs';
import { Console, WordsOf } from './faces.mjs';
import { AssertUsable } from './screens.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage({ server_of: 'test' });

const Looks = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1440, height: 900 } } },
  { name: 'dark', options: { colorScheme: 'dark', deviceScaleFactor: 2 } },
  { name: 'Arabic', lang: 'ar', options: { viewport: { width: 1440, height: 900 } } },
  { name: 'narrow', options: { viewport: { width: 320, height: 640 } } },
  { name: 'touch', least: 44, options: { viewport: { width: 390, height: 760 }, hasTouch: true, isMobile: true } },
];

const Admin = (who, path, body, status = 200) =>
  Call(server.url, 'PUT', `/v1/admin/${path}`, { token: who.token, body }).then((answer) => Expect(answer, status));

function HasKeyboard(element) {
  return Eventually(() => element.evaluate((seen) => seen === document.activeElement), `the keyboard is at ${element}`);
}

// Three conversations of Mara's, the last one untagged, and a team.
async function Prepare() {
  const mara = await Agent.SignIn(server, 0);
  const team = NewId('tea');
  await Admin(mara, `teams/${team}`, { name: 'Billing', languages: [] }, 201);
  await Admin(mara, `tags/${NewId('tag')}`, { name: 'late parcel', colour: '#2f5bea' }, 201);
  for (const { id } of await mara.List('waiting')) Expect(await mara.Close(id), 200);
  const ids = [];
  for (const text of ['«One»', '«Two»', '«Three»']) {
    const customer = await Customer.Open(server);
    ids.push(await customer.Begin(text));
    Expect(await mara.Claim(ids.at(-1)), 200);
  }
  return { mara, team, ids };
}

async function TypesOf(agent, conversation) {
  return (await agent.History(conversation)).map(({ type }) => type);
}

describe('Several conversations at once', () => {
  for (const { name, lang = 'en', least = 24, options } of Looks) {
    it(`are chosen and done by the keyboard alone, ${name}`, async () => {
      const { mara, team, ids } = await Prepare();
      const words = WordsOf(lang);
      const context = await Person({ ...options, locale: lang === 'en' ? 'en-GB' : lang });
      const { page } = await Console.SignIn(context, server, 0, words);
      const Button = (english) => page.getByRole('button', { name: words[english], exact: true });
      const Row = (text) => page.getByRole('option', { name: text });
      const Usable = (what) => AssertUsable(page.mainFrame(), least, what);
      const With = (english) => page.getByRole('group', { name: words['With those that are chosen'] }).getByRole('button', { name: words[english], exact: true });
      // What has no room of its own is in a menu.
      const Open = async (english) => {
        await With('More').or(With(english)).first().waitFor();
        if (await With(english).count()) return With(english).press('Enter');
        await With('More').press('Enter');
        return page.getByRole('menuitem', { name: words[english], exact: true }).press('Enter');
      };

      await Row('Three').waitFor();
      await Usable('before');
      await Button('Choose several').press('Enter');
      await HasKeyboard(Row('Three'));
      assert.equal(await Row('Three').getAttribute('aria-checked'), 'false');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Space');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Space');
      await page.getByRole('heading', { name: words['Chosen: %s'].replace('%s', '2') }).waitFor();
      await page.getByRole('status').filter({ hasText: words['Chosen: %s'].replace('%s', '2') }).waitFor({ state: 'attached' });
      assert.equal(await Row('Two').getAttribute('aria-checked'), 'true');
      assert.equal(await Row('Three').getAttribute('aria-checked'), 'false');
      await Screenshot(page, `console-choosing-${name}`);
      await Usable('two are chosen');

      await Open('Tag');
      const tag = page.getByRole('textbox', { name: words['Add a tag'], exact: true });
      await HasKeyboard(tag);
      await page.getByRole('button', { name: 'late parcel', exact: true }).waitFor();
      await Screenshot(page, `console-choosing-tag-${name}`);
      await Usable('a tag for two');
      await page.keyboard.type('refund');
      await page.keyboard.press('Enter');
      await Eventually(async () => (await TypesOf(mara, ids[0])).includes('tagged') && (await TypesOf(mara, ids[1])).includes('tagged'), 'both are tagged');
      await Button('Choose several').waitFor();

      // One has no tag, which the site asks for before the end.
      await Admin(mara, 'settings', { close_reasons: [], languages: [], form: [], offline_form: [], tag_required: true });
      await Button('Choose several').press('Enter');
      await Button('Choose all').press('Enter');
      // Until then nothing can be done with any.
      await page.getByRole('heading', { name: words['Chosen: %s'].replace('%s', '3') }).waitFor();
      await Open('Close');
      await page.getByText(words['Not done: %s'].replace('%s', '1')).first().waitFor();
      await page.getByText(words['Closing asks for a reason or a tag.']).waitFor();
      await Row('Two').waitFor({ state: 'detached' });
      assert.equal(await Row('Three').getAttribute('aria-checked'), 'true', 'what was not done stays chosen');
      await Screenshot(page, `console-choosing-not-done-${name}`);
      await Usable('one was not done');
      assert.ok((await TypesOf(mara, ids[0])).includes('closed'));
      assert.ok(!(await TypesOf(mara, ids[2])).includes('closed'));

      await Open('Assign');
      const billing = page.getByRole('menuitem', { name: 'Billing' });
      await billing.waitFor();
      await Screenshot(page, `console-choosing-assign-${name}`);
      await Usable('whom one is given to');
      await billing.press('Enter');
      await Row('Three').waitFor({ state: 'detached' });
      const { conversation } = Expect(await mara.Call('GET', `/conversations/${ids[2]}`), 200);
      assert.equal(conversation.state, 'queued');
      assert.equal((await mara.History(ids[2])).findLast(({ type }) => type === 'queued').team, team);
      await Eventually(() => page.evaluate(() => document.activeElement !== document.body), 'something has the keyboard');
    });
  }

  it('are chosen by a mouse: over the face, and with Shift', async () => {
    const { mara, ids } = await Prepare();
    const face = await Console.SignIn(await Person({ viewport: { width: 1440, height: 900 } }), server, 0);
    const { page } = face;
    const Row = (text) => page.getByRole('option', { name: text }).first();
    const Checked = (text) => Row(text).getAttribute('aria-checked');
    await Row('Two').hover();
    const box = page.getByRole('option', { name: /^Choose / });
    await box.waitFor();
    await Screenshot(page, 'console-choosing-hover');
    await box.hover();
    await box.click();
    await Eventually(async () => (await Checked('Two')) === 'true', 'it is chosen');
    assert.equal(await face.log.count(), 0, 'nothing was opened');
    await Row('One').click({ modifiers: ['Shift'] });
    await Eventually(async () => (await Checked('One')) === 'true', 'so is the next');
    assert.equal(await Checked('Three'), 'false');
    await Row('Three').click({ modifiers: ['Shift'] });
    await page.getByRole('heading', { name: 'Chosen: 3' }).waitFor();
    await page.keyboard.press('Escape');
    await HasKeyboard(page.getByRole('button', { name: 'Choose several' }));
    assert.equal(await Checked('Two'), null);

    // From the one that is open.
    await face.Open('Three');
    await Row('One').click({ modifiers: ['Shift'] });
    await page.getByRole('heading', { name: 'Chosen: 3' }).waitFor();
    await page.getByRole('group', { name: 'With those that are chosen' }).getByRole('button', { name: 'Snooze' }).click();
    await page.getByRole('menuitem', { name: '1 day' }).click();
    await Eventually(async () => (await TypesOf(mara, ids[0])).includes('snoozed'), 'it is put aside');
    for (const id of ids) assert.ok((await TypesOf(mara, id)).includes('snoozed'));
    await face.Shows('Snoozed until');
  });
});

describe('What is put ready for a team', () => {
  it('is in the menu of those who are in it, without a reload', async () => {
    const { mara, team } = await Prepare();
    await Admin(mara, 'canned/paid-twice', { text: 'You get it back.', folder: 'Refunds', team }, 201);
    await Admin(mara, 'canned/bill', { text: 'Your bill is here.', team }, 201);
    await Admin(mara, `macros/${NewId('mac')}`, { name: 'Pay back', team, actions: [{ act: 'tags', add: ['refund'] }] }, 201);
    const face = await Console.SignIn(await Person({ viewport: { width: 1440, height: 900 } }), server, 0);
    const { page } = face;
    const Item = (label) => page.getByRole('menuitem', { name: label });
    await face.Open('One');
    const Menu = () => page.getByRole('button', { name: 'Canned replies', exact: true }).click();
    await Menu();
    await Item('hello').first().waitFor();
    assert.equal(await Item('Billing').count(), 0, 'it is another team’s');
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('button', { name: 'Macros', exact: true }).count(), 0);

    const path = `/v1/admin/agents/${mara.id}`;
    const record = Expect(await Call(server.url, 'GET', path, { token: mara.token }), 200);
    Expect(await Call(server.url, 'PUT', path, { token: mara.token, body: { ...record, teams: [team] } }), 200);
    await page.getByRole('button', { name: 'Macros', exact: true }).waitFor();
    await Menu();
    await Item('paid-twice, Refunds, Billing').waitFor();
    await page.getByRole('menu').evaluate((menu) => menu.scrollTo(0, menu.scrollHeight));
    await Screenshot(page, 'console-canned-by-team');
    await AssertUsable(page.mainFrame(), 24, 'canned replies by team');
    await Item('bill, Billing').click();
    await Eventually(async () => (await face.composer.inputValue()) === 'Your bill is here.', 'it is put where it is written');

    Expect(await Call(server.url, 'PUT', path, { token: mara.token, body: { ...record, teams: [] } }), 200);
    await page.getByRole('button', { name: 'Macros', exact: true }).waitFor({ state: 'detached' });
  });
});
