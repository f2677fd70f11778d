// A bot answers first, on real pages: a customer talks to it, asks for a
// person, and gets one.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Agent, Call, Expect, NewId } from './api.mjs';
import { Console, OpenDemo } from './faces.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage({ server_of: 'test' });
beforeEach(async () => {
  const owner = await Agent.SignIn(server);
  // The demo's own conversations would stand before ours.
  for (const { id } of await owner.List('waiting')) {
    Expect(await owner.Claim(id), 200);
    Expect(await owner.Close(id), 200);
  }
  const bot = NewId('bot');
  const Put = async (path, body, status) =>
    Expect(await Call(server.url, 'PUT', `/v1/admin/${path}`, { token: owner.token, body }), status);
  await Put(
    `bots/${bot}`,
    {
      name: 'Alva',
      greeting: '«Hello, I am a bot.»',
      answers: [{ phrases: ['returns'], text: '«Within 30 days.»' }],
      hand_over: ['human'],
      hand_over_text: '«One moment.»',
      fallback: '«Say it otherwise?»',
      hand_over_after: 3,
    },
    201,
  );
  await Put('settings', { bot }, 200);
});

describe('A bot', () => {
  it('answers, says that it is one, and gets a person for who asks', async () => {
    const widget = await OpenDemo(await Person(), server);
    await widget.Send('«How do returns work?»');
    await widget.ShowsMessages(['How do returns work?', 'Hello, I am a bot.', 'Within 30 days.']);
    await widget.Shows('A bot answers here.');
    await widget.Shows('Alva · Bot');
    await widget.Send('«And for mugs?»');
    await widget.ShowsMessages([
      'How do returns work?',
      'Hello, I am a bot.',
      'Within 30 days.',
      'And for mugs?',
      'Say it otherwise?',
    ]);
    const console_page = await Console.SignIn(await Person(), server);
    await console_page.SetPresence('online');
    await widget.root.getByRole('button', { name: 'Talk to a person' }).click();
    await console_page.Open('«One moment.»');
    await console_page.Send('«Here I am»');
    await widget.Shows('«Here I am»');
    const text = await widget.Text();
    assert.ok(!text.includes('A bot answers here.'), 'a person answers now');
    // The bot is silent from now on.
    await widget.Send('«returns again»');
    await console_page.Shows('«returns again»');
    assert.equal((await widget.Messages()).at(-1), 'returns again');
  });

  it('is watched by agents, who take over', async () => {
    const console_page = await Console.SignIn(await Person(), server);
    const widget = await OpenDemo(await Person(), server);
    await widget.Send('«Something odd»');
    await widget.Shows('«Say it otherwise?»');
    await console_page.Tab('Bot');
    await console_page.Open('«Say it otherwise?»');
    await console_page.Shows('Alva, a bot, answers. Take over to answer yourself.');
    await console_page.root.getByRole('button', { name: 'Take over', exact: true }).click();
    await console_page.composer.waitFor();
    await console_page.Send('«What do you mean?»');
    await widget.ShowsMessages([
      'Something odd',
      'Hello, I am a bot.',
      'Say it otherwise?',
      'What do you mean?',
    ]);
  });

  it('hands over to the queue by a word, where nobody is there', async () => {
    const widget = await OpenDemo(await Person(), server);
    await widget.Send('«A human, please»');
    await widget.Shows('You are next');
    await widget.ShowsMessages(['A human, please', 'Hello, I am a bot.', 'One moment.']);
  });
});
