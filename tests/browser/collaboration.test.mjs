// What agents do together with a conversation, as each of them and the customer see it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Agent, Customer, Expect, NewId } from './api.mjs';
import Violations from './axe.mjs';
import { Screenshot } from './browser.mjs';
import { Console, OpenDemo } from './faces.mjs';
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
      for (const line of ['Internal note', 'Tags: +vip +late parcel', 'knows mugs', 'Snoozed until', 'Rated 5 of 5 — quick', 'Mara reopened']) {
        await face.Shows(line);
      }
      assert.deepEqual(await Violations(await face.Frame()), []);
      await Screenshot(face.page, `console-together-${name}`);
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
