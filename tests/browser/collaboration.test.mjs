// What agents do together with a conversation, as each of them and the customer see it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Agent, Call, Customer, Eventually, Expect, NewId } from './api.mjs';
import Violations from './axe.mjs';
import { Screenshot } from './browser.mjs';
import { Console, OpenDemo } from './faces.mjs';
import { AssertUsable } from './screens.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage();

// A conversation with everything that may be done, by two agents; the first has it at the end.
async function BusyConversation(customer, question) {
  const mara = await Agent.SignIn(server, 0);
  const jonas = await Agent.SignIn(server, 1);
  const conversation = await customer.Begin('«Where is my parcel?»');
  const path = `/conversations/${conversation}`;
  const Do = async (who, what, body) => Expect(await who.Call('POST', `${path}/${what}`, { body }), 200);
  const Note = async (who, text, mentions) =>
    Expect(await who.Call('PUT', `${path}/notes/${NewId('msg')}`, { body: { text, mentions } }), 201);
  await Do(mara, 'claim');
  await mara.Say(conversation, '«Let me ask my colleague.»');
  await Note(mara, '«The warehouse says two parcels.»', [jonas.id]);
  await Note(jonas, '«The second leaves today.»');
  await Do(mara, 'tags', { add: ['vip', 'late parcel'] });
  await Do(mara, 'assign', { agent: jonas.id, comment: 'knows mugs' });
  await Do(jonas, 'snooze', { until: Date.now() + 3600_000 });
  await customer.Say(conversation, `«${question}»`);
  await Do(jonas, 'close');
  Expect(await customer.Call('PUT', `${path}/rating`, { body: { score: 5, comment: 'quick' } }), 201);
  await Do(mara, 'reopen');
}

function HasKeyboard(element) {
  return Eventually(() => element.evaluate((seen) => seen === document.activeElement), 'the keyboard is there');
}

describe('What agents do together', () => {
  for (const { name, options } of [
    { name: 'light-1x', options: { colorScheme: 'light' } },
    { name: 'dark-2x', options: { colorScheme: 'dark', deviceScaleFactor: 2 } },
    { name: 'narrow', options: { viewport: { width: 390, height: 844 } } },
  ]) {
    it(`is shown in the console, ${name}`, async () => {
      const question = `Any news, ${name}?`;
      await BusyConversation(await Customer.Open(server), question);
      const face = await Console.SignIn(await Person(options), server, 0);
      await face.Open(question);
      await face.ShowsMessages([
        'Where is my parcel?',
        'Let me ask my colleague.',
        'The warehouse says two parcels.',
        'The second leaves today.',
        question,
      ]);
      for (const line of ['Internal note', 'Tags: ⁨+vip⁩ ⁨+late parcel⁩', 'knows mugs', 'Snoozed until', 'Rated 5 of 5 — quick', 'Mara reopened']) {
        await face.Shows(line);
      }
      assert.deepEqual(await Violations(await face.Frame()), []);
      await Screenshot(face.page, `console-together-${name}`);
    });
  }

  for (const { name, options } of [
    { name: 'light-1x', options: { colorScheme: 'light' } },
    { name: 'dark-2x', options: { colorScheme: 'dark', deviceScaleFactor: 2 } },
    { name: 'narrow', options: { viewport: { width: 390, height: 844 } } },
  ]) {
    it(`is done in the console, ${name}`, async () => {
      const question = `Whose is this, ${name}?`;
      const customer = await Customer.Open(server);
      const conversation = await customer.Begin(`«${question}»`);
      const mara = await Agent.SignIn(server, 0);
      Expect(await mara.Claim(conversation), 200);
      const jonas = await Agent.SignIn(server, 1);
      const face = await Console.SignIn(await Person(options), server, 0);
      const Button = (label) => face.root.getByRole('button', { name: label, exact: true });
      const Item = (label) => face.root.getByRole('menuitem', { name: label, exact: true });
      await face.Open(question);

      await face.root.getByRole('tab', { name: 'Note' }).click();
      const note = face.root.getByRole('textbox', { name: 'Note' });
      await note.fill('«@Jonas, is it yours?»');
      await Screenshot(face.page, `console-note-${name}`);
      assert.deepEqual(await Violations(await face.Frame()), []);
      await note.press('Enter');
      await face.Shows('Internal note · You');
      const told = await jonas.Follow((events) => events.some(({ type }) => type === 'note'));
      assert.deepEqual(told.events.find(({ type }) => type === 'note').mentions, [jonas.id]);

      // The details, and the tags among them, have no room on a narrow screen.
      if (name !== 'narrow') {
        await Button('Add a tag').click();
        await face.root.getByRole('textbox', { name: 'Add a tag' }).fill('parcel');
        await face.page.keyboard.press('Enter');
        await Button('Remove the tag parcel').waitFor();
        await face.page.keyboard.press('Escape');
        await HasKeyboard(Button('Add a tag'));
      }

      // By keyboard alone, as the button has it when it opened its menu.
      const opener = name === 'narrow' ? Button('More') : Button('Snooze');
      await opener.press('Enter');
      if (name === 'narrow') await Item('Snooze').click();
      const hour = Item('1 hour');
      await hour.waitFor();
      await Screenshot(face.page, `console-snooze-${name}`);
      assert.deepEqual(await Violations(await face.Frame()), []);
      await face.page.keyboard.press('Escape');
      await hour.waitFor({ state: 'detached' });
      await HasKeyboard(opener);
      await opener.press('Enter');
      if (name === 'narrow') await Item('Snooze').click();
      await hour.click();
      await face.Shows('Snoozed until');

      if (name === 'narrow') await Button('More').click();
      await (name === 'narrow' ? Item : Button)('Transfer').press('Enter');
      const colleague = face.root.getByRole('menuitem', { name: new RegExp(`^${jonas.name}`) });
      await colleague.waitFor();
      await Screenshot(face.page, `console-transfer-${name}`);
      // What was pressed is gone each time: the keyboard is somewhere all the same.
      const KeyboardIsSomewhere = () => Eventually(() => face.page.evaluate(() => document.activeElement !== document.body), 'something has the keyboard');
      await colleague.press('Enter');
      const comment = face.root.getByRole('textbox', { name: 'Comment for colleagues, if you like' });
      await HasKeyboard(comment);
      await comment.fill('knows mugs');
      await Screenshot(face.page, `console-transfer-comment-${name}`);
      assert.deepEqual(await Violations(await face.Frame()), []);
      await comment.press('Enter');
      await face.Shows(`Handed over to ${jonas.name} — knows mugs`);
      await KeyboardIsSomewhere();
      await Button('Take over').press('Enter');
      await Button('Close').press('Enter');
      await Button('Reopen').waitFor();
      await KeyboardIsSomewhere();
      await Button('Reopen').press('Enter');
      await Button('Close').waitFor();
      const [first, ...rest] = (await mara.History(conversation)).map(({ type }) => type);
      assert.equal(first, 'message');
      for (const type of ['note', 'snoozed', 'transferred', 'closed', 'reopened']) assert.ok(rest.includes(type), type);
    });
  }

  for (const { name, options } of [
    { name: 'light-1x', options: { colorScheme: 'light', viewport: { width: 1440, height: 900 } } },
    { name: 'dark-2x', options: { colorScheme: 'dark', deviceScaleFactor: 2 } },
    { name: 'narrow', options: { viewport: { width: 390, height: 844 } } },
  ]) {
    it(`is seen by who does it at the same time, ${name}`, async () => {
      const question = `Who is here, ${name}?`;
      const customer = await Customer.Open(server);
      const conversation = await customer.Begin(`«${question}»`);
      const path = `/conversations/${conversation}`;
      const mara = await Agent.SignIn(server, 0);
      const jonas = await Agent.SignIn(server, 1);
      const macro = {
        name: 'Refund',
        folder: 'Orders',
        actions: [{ act: 'reply', text: '«It is on its way back.»' }, { act: 'tags', add: ['refund'] }],
      };
      const put = await Call(server.url, 'PUT', `/v1/admin/macros/${NewId('mac')}`, { token: mara.token, body: macro });
      Expect(put, 201);
      try {
        Expect(await jonas.Claim(conversation), 200);
        const his = await Console.SignIn(await Person(options), server, 1);
        await his.Open(question);
        const hers = await Console.SignIn(await Person(options), server, 0);
        await hers.Tab('Team');
        await hers.Open(question);
        const first = (agent) => agent.name.split(' ')[0];
        const Button = (face, label) => face.root.getByRole('button', { name: label, exact: true });
        const Here = (face, agent) =>
          face.root.getByText(`Also here: ${agent.name}`).or(face.root.getByRole('img', { name: `Also here: ${agent.name}` }));
        await Here(his, mara).waitFor();
        await Here(hers, jonas).waitFor();

        // What a supervisor tells who has it.
        await Button(hers, 'Whisper').press('Enter');
        const whisper = hers.root.getByRole('textbox', { name: `Whisper to ${first(jonas)}` });
        await HasKeyboard(whisper);
        await whisper.fill('«Offer to take it back.»');
        await Screenshot(hers.page, `console-whisper-${name}`);
        assert.deepEqual(await Violations(await hers.Frame()), []);
        await whisper.press('Enter');
        await his.Shows(`Whisper · ${first(mara)}`);

        // While he answers, she does too.
        Expect(await mara.Call('POST', `${path}/typing`, { body: {} }), 200);
        const warning = his.root.getByRole('status').filter({ hasText: `${first(mara)} is writing a reply, too` });
        await warning.waitFor({ state: 'attached' });
        await Screenshot(his.page, `console-viewers-${name}`);
        assert.deepEqual(await Violations(await his.Frame()), []);
        Expect(await mara.Call('POST', `${path}/typing`, { body: { text: '' } }), 200);
        await warning.waitFor({ state: 'detached' });

        const macros = Button(his, 'Macros');
        await macros.press('Enter');
        const refund = his.root.getByRole('menuitem', { name: 'Refund' });
        await HasKeyboard(refund);
        await Screenshot(his.page, `console-macros-${name}`);
        assert.deepEqual(await Violations(await his.Frame()), []);
        await refund.press('Enter');
        await his.Shows('It is on its way back.');
        await his.Shows('Tags: ⁨+refund⁩');
        await HasKeyboard(macros);
        // She is shown it too, though it is not hers.
        await hers.Shows('It is on its way back.');
        const events = await customer.History(conversation);
        assert.ok(!JSON.stringify(events).includes('Offer to take it back'));

        await Button(hers, name === 'narrow' ? 'Back to the list' : 'Sign out').click();
        await Here(his, mara).waitFor({ state: 'detached' });
      } finally {
        Expect(await Call(server.url, 'DELETE', put.json ? `/v1/admin/macros/${put.json.id}` : '', { token: mara.token }), 200);
      }
    });
  }

  for (const { name, least, options } of [
    { name: 'light', least: 24, options: { viewport: { width: 1440, height: 900 } } },
    { name: 'touch', least: 44, options: { viewport: { width: 1366, height: 1024 }, hasTouch: true, isMobile: true } },
  ]) {
    it(`says what is known of a conversation, ${name}`, async () => {
      const mara = await Agent.SignIn(server, 0);
      const Put = (id, body) => Call(server.url, 'PUT', `/v1/admin/attributes/${id}`, { token: mara.token, body });
      const [plan, order] = [NewId('att'), NewId('att')];
      Expect(await Put(plan, { name: 'plan', label: 'Plan', of: 'customer', type: 'choice', choices: ['Free', 'Plus'] }), 201);
      Expect(await Put(order, { name: 'order', label: 'Order', of: 'conversation', type: 'number', choices: [] }), 201);
      try {
        const question = `Which one, ${name}?`;
        const conversation = await (await Customer.Open(server)).Begin(`«${question}»`);
        Expect(await mara.Claim(conversation), 200);
        const context = await Person(options);
        context.expected.push(/status of 422/);
        const face = await Console.SignIn(context, server, 0);
        await face.Open(question);
        const Button = (label) => face.root.getByRole('button', { name: label, exact: true });
        const Usable = (what) => AssertUsable(face.page.mainFrame(), least, what);
        await Button('Plan, + add').press('Enter');
        await face.root.getByRole('menuitem', { name: 'Plus', exact: true }).press('Enter');
        await HasKeyboard(Button('Plan, Plus'));
        await Button('Order, + add').press('Enter');
        const box = face.root.getByRole('textbox', { name: 'Order' });
        await HasKeyboard(box);
        await box.fill('many');
        await Usable('what is asked for');
        await Screenshot(face.page, `console-attribute-${name}`);
        await box.press('Enter');
        await face.Shows('That could not be done.');
        await Button('Order, + add').press('Enter');
        await box.fill('48213');
        await box.press('Enter');
        await HasKeyboard(Button('Order, 48213'));
        await Usable('what is known');
        await Screenshot(face.page, `console-attributes-${name}`);
        const known = Expect(await mara.Call('GET', `/conversations/${conversation}`), 200).conversation;
        assert.deepEqual(known.customer_attributes, [{ name: 'plan', value: 'Plus', verified: true }]);
        assert.deepEqual(known.attributes, [{ name: 'order', value: '48213', verified: true }]);
      } finally {
        for (const id of [plan, order]) await Call(server.url, 'DELETE', `/v1/admin/attributes/${id}`, { token: mara.token });
      }
    });
  }

  it('is kept from the customer, who sees who helps', async () => {
    const widget = await OpenDemo(await Person(), server);
    await widget.Send('«Hello»');
    const mara = await Agent.SignIn(server, 0);
    const conversation = await widget.ConversationIn(mara, '«Hello»');
    const path = `/conversations/${conversation}`;
    Expect(await mara.Claim(conversation), 200);
    Expect(await mara.Call('PUT', `${path}/notes/${NewId('msg')}`, { body: { text: 'a secret' } }), 201);
    const jonas = await Agent.SignIn(server, 1);
    Expect(await mara.Call('POST', `${path}/assign`, { body: { agent: jonas.id, comment: 'a secret' } }), 200);
    await widget.Shows(`${jonas.name.split(' ')[0]} joined the conversation`);
    await jonas.Say(conversation, '«At your service»');
    await widget.ShowsMessages(['Hello', 'At your service']);
    assert.ok(!(await widget.log.innerText()).includes('secret'));
    await Screenshot(widget.page, 'widget-together');
  });
});
