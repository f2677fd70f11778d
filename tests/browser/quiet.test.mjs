// Costing nothing: no frame is drawn while nothing happens; and two tabs share
// one customer.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Agent, Eventually, Expect, Sleep } from './api.mjs';
import { Bubble, Console, OpenDemo } from './faces.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage();
let customers;
let agents;
beforeEach(async () => {
  customers = await Person();
  agents = await Person();
});

// Frames drawn in `ms` without anybody doing anything.
async function FramesWithin(faces, ms) {
  const begin = await Promise.all(faces.map((face) => face.Frames()));
  await Sleep(ms);
  const end = await Promise.all(faces.map((face) => face.Frames()));
  return end.map((count, index) => count - begin[index]);
}

// Until what was begun is done.
async function Quiet(faces) {
  await Eventually(async () => (await FramesWithin(faces, 1500)).every((count) => count === 0), 'no frame in 1.5 s');
}

describe('Idle faces', () => {
  it('draw no frame in five seconds, while their polls are held, and draw again when something comes', async () => {
    const console_page = await Console.SignIn(agents, server);
    await console_page.SetPresence('online');
    const widget = await OpenDemo(customers, server);
    await widget.Send('«Quiet, please»');
    await console_page.Open('«Quiet, please»');
    await widget.Shows('Seen');
    // The caret and the focus are where people leave them: in the text boxes.
    await widget.composer.focus();
    await console_page.composer.focus();
    await Quiet([widget, console_page]);
    const polls = (context) => context.requests.filter((url) => url.includes('/poll?')).length;
    const before_it = [polls(customers), polls(agents)];
    assert.ok(before_it.every((count) => count > 0));
    const frames = await FramesWithin([widget, console_page], 5000);
    assert.deepEqual(frames, [0, 0]);
    assert.ok(polls(customers) - before_it[0] <= 1 && polls(agents) - before_it[1] <= 1, 'the polls were held');
    const counts = [await widget.Frames(), await console_page.Frames()];
    await console_page.Send('«Of course»');
    await widget.ShowsMessages(['Quiet, please', 'Of course']);
    assert.ok((await widget.Frames()) > counts[0] && (await console_page.Frames()) > counts[1]);
  });

  it('in front of nobody (a fresh widget, an empty console) draw nothing either', async () => {
    const console_page = await Console.SignIn(agents, server, 2);
    const widget = await OpenDemo(customers, server);
    await Quiet([widget, console_page]);
    assert.deepEqual(await FramesWithin([widget, console_page], 5000), [0, 0]);
  });

  it('hidden behind the closed bubble draw nothing, but hear', async () => {
    const widget = await OpenDemo(customers, server);
    await widget.Send('«Back in a minute»');
    const agent = await Agent.SignIn(server);
    const conversation = await widget.ConversationIn(agent, '«Back in a minute»');
    await widget.Close();
    await agent.Say(conversation, '«Take your time»');
    await Eventually(async () => /1 unread/.test(await Bubble(widget.page).getAttribute('aria-label')), 'it is heard');
    await Quiet([widget]);
    assert.deepEqual(await FramesWithin([widget], 3000), [0]);
  });
});

describe('Two tabs of one customer', () => {
  it('hold one poll between them; the one that is used goes on', async () => {
    customers.expected.push(/status of 409/);
    const agent = await Agent.SignIn(server);
    await agent.Presence('offline');
    const first = await OpenDemo(customers, server);
    await first.Send('«From the first tab»');
    const conversation = await first.ConversationIn(agent, '«From the first tab»');
    Expect(await agent.Claim(conversation), 200);
    const second = await OpenDemo(customers, server);
    await second.ShowsMessages(['From the first tab']);

    await agent.Say(conversation, '«One answer»');
    await second.ShowsMessages(['From the first tab', 'One answer']);
    await second.Send('«From the second tab»');
    await second.ShowsMessages(['From the first tab', 'One answer', 'From the second tab']);

    // The first says that it rests, and takes over by being written in; the second by its button.
    await first.Shows('The chat is open in another tab.');
    await first.Send('«The first again»');
    const all = ['From the first tab', 'One answer', 'From the second tab', 'The first again'];
    await first.ShowsMessages(all);
    await agent.Say(conversation, '«Fine»');
    await first.ShowsMessages([...all, 'Fine']);
    await second.root.getByRole('button', { name: 'Use it here' }).click();
    await second.ShowsMessages([...all, 'Fine']);
    await first.Shows('The chat is open in another tab.');
    // They do not fight: at most a handful of polls in the seconds after.
    const Polls = () => customers.requests.filter((url) => url.includes('/poll?')).length;
    const before_it = Polls();
    await Sleep(4000);
    assert.ok(Polls() - before_it <= 4, `${Polls() - before_it} polls in 4 s`);
  });
});

describe('Signing out of the console', () => {
  it('forgets the session in this browser', async () => {
    const console_page = await Console.SignIn(agents, server, 1);
    await console_page.root.getByRole('button', { name: 'Sign out' }).click();
    await console_page.root.getByRole('textbox', { name: 'Email' }).waitFor();
    await console_page.page.reload();
    await console_page.root.getByRole('textbox', { name: 'Email' }).waitFor();
    await Eventually(async () => !(await console_page.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).includes('at_'),
      'no token is kept');
  });
});
