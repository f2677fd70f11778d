// The main job: a customer and an agent talk, each on a real page, while pages
// are reloaded and the server is killed. At the end every acknowledged message
// is on both screens once and in order.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Agent, AssertDense, Eventually, Sleep, Texts } from './api.mjs';
import { unreachable } from './browser.mjs';
import { Console, OpenDemo, OpenWidget } from './faces.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage();
let customers;
let agents;
beforeEach(async () => {
  customers = await Person();
  agents = await Person();
});

const Unwrap = (texts) => texts.map((text) => text.replace(/[«»]/g, ''));

describe('A customer and an agent', () => {
  it('talk both ways through reloads and the sudden death of the server', async () => {
    customers.expected.push(unreachable);
    agents.expected.push(unreachable);
    const console_page = await Console.SignIn(agents, server);
    await console_page.SetPresence('online');
    let widget = await OpenDemo(customers, server);
    await widget.Send('«Is the blue mug still there?»');
    await console_page.Open('«Is the blue mug still there?»');
    const said = ['Is the blue mug still there?'];

    async function Turn(face, text) {
      await face.Send(`«${text}»`);
      said.push(text);
      await widget.ShowsMessages(said);
      await console_page.ShowsMessages(said);
    }
    await Turn(console_page, 'Hello! Yes, three of them.');
    await Turn(widget, 'Can it go in the dishwasher?');

    // The customer goes to another page of the shop, the agent reloads too.
    await widget.page.reload();
    widget = await OpenWidget(widget.page);
    await widget.ShowsMessages(said);
    await console_page.page.reload();
    await console_page.presence.waitFor();
    await console_page.Open('dishwasher');
    await console_page.ShowsMessages(said);
    await Turn(console_page, 'It can, at 60 degrees.');

    // Both are writing when the server dies; what they write then is kept and says so.
    await server.Kill();
    await widget.Send('«Good. I take two.»');
    await widget.Shows('Sending…');
    await widget.Send('«Do you ship to Porto?»');
    await console_page.Send('«Two are set aside.»');
    await console_page.Shows('Sending…');
    await Sleep(1000);
    await server.Restart();

    const Arrived = async (face) => (await face.Messages()).length === said.length + 3;
    await Eventually(() => Arrived(widget), 'what was written meanwhile arrives with the customer');
    await Eventually(() => Arrived(console_page), 'and with the agent');
    await Eventually(async () => !/Sending…/.test(await widget.Text()) && !/Sending…/.test(await console_page.Text()), 'all is sent');

    // The order is the server's, the same for both; each one's own order is kept.
    const truth = await Truth('Is the blue mug still there?');
    assert.deepEqual([...truth].sort(), [...said, 'Good. I take two.', 'Do you ship to Porto?', 'Two are set aside.'].sort());
    assert.ok(truth.indexOf('Good. I take two.') < truth.indexOf('Do you ship to Porto?'));
    await widget.ShowsMessages(truth);
    await console_page.ShowsMessages(truth);

    said.splice(0, said.length, ...truth);
    await Turn(widget, 'Thank you!');
    await Turn(console_page, 'You are welcome.');

    // Fresh pages show the same.
    await widget.page.reload();
    widget = await OpenWidget(widget.page);
    await widget.ShowsMessages(said);
    assert.deepEqual(await Truth('Is the blue mug still there?'), said);
  });

  it('lose nothing while both write at once and the server is killed again and again', async () => {
    customers.expected.push(unreachable);
    agents.expected.push(unreachable);
    const console_page = await Console.SignIn(agents, server);
    await console_page.SetPresence('online');
    const widget = await OpenDemo(customers, server);
    await widget.Send('«Start»');
    await console_page.Open('«Start»');
    await console_page.composer.waitFor();
    const written = ['Start'];
    for (let round = 0; round < 3; ++round) {
      const killed = (async () => {
        await Sleep(150);
        await server.Kill();
        await Sleep(400);
        await server.Restart();
      })();
      for (let i = 0; i < 4; ++i) {
        await Promise.all([widget.Send(`«c${round}.${i}»`), console_page.Send(`«a${round}.${i}»`)]);
        written.push(`c${round}.${i}`, `a${round}.${i}`);
      }
      await killed;
    }
    const All = async (face) => (await face.Messages()).length >= written.length;
    await Eventually(async () => (await All(widget)) && (await All(console_page)), 'all of it arrives');
    const truth = await Truth('Start');
    assert.deepEqual([...truth].sort(), [...written].sort(), 'each once');
    for (const mark of ['c', 'a']) {
      const own = written.filter((text) => text.startsWith(mark));
      assert.deepEqual(truth.filter((text) => text.startsWith(mark) && text !== 'Start'), own, 'in the order of writing');
    }
    await widget.ShowsMessages(truth);
    await console_page.ShowsMessages(truth);
  });

  it('see how their messages fare: sent, then seen; and that the other types', async () => {
    const console_page = await Console.SignIn(agents, server);
    await console_page.SetPresence('online');
    const widget = await OpenDemo(customers, server);
    await widget.Send('«Hello there»');
    await widget.Shows('Sent');
    await console_page.Open('«Hello there»');
    await widget.Shows('Seen');
    await console_page.composer.pressSequentially('I am wri');
    const name = server.seed.agents[0].name;
    await Eventually(async () => /is typing/.test(await widget.Text()) || (await widget.root.getByLabel(/is typing/).count()) > 0,
      `${name ?? 'the agent'} is typing`);
    await widget.composer.pressSequentially('And may I ask');
    await console_page.Shows('And may I ask');
  });

  // What the server has, asked of its API: the messages of the conversation that begins so.
  async function Truth(first) {
    const agent = await Agent.SignIn(server);
    const mine = agent.snapshot.conversations.find(({ events }) => events.some(({ text }) => text === `«${first}»`));
    assert.ok(mine, 'the conversation is the agent’s');
    const events = await agent.History(mine.id);
    AssertDense(events);
    return Unwrap(Texts(events));
  }
});
