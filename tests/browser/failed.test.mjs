// What a person sees when sending does not work, and that trying again sends once.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Agent, Eventually, Sleep, Texts } from './api.mjs';
import { Console, OpenDemo, OpenWidget } from './faces.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage();
let context;
let agent;
beforeEach(async () => {
  agent ??= await Agent.SignIn(server);
  context = await Person();
});

const messages = '**/v1/customer/conversations/*/messages/*';
const problem = (status, code) => ({
  status,
  contentType: 'application/problem+json',
  body: JSON.stringify({ type: 'about:blank', title: 'No', status, code }),
});

// What the server has of the conversation that begins so; nobody is online in this file, so that it waits.
async function Sent(text) {
  const { queue } = await agent.Snapshot();
  const found = queue.find(({ events }) => events.some((event) => event.text === text));
  return found ? Texts(await agent.History(found.id)) : [];
}

describe('A message', () => {
  it('that is refused says so and is sent once when it is tapped', async () => {
    context.expected.push(/status of 422/);
    const widget = await OpenDemo(context, server);
    await widget.Send('«refused: first»');
    await widget.Shows('«refused: first»');
    await Eventually(async () => (await Sent('«refused: first»')).length, 'the first is sent');
    let refused = 0;
    await context.route(messages, (route) => {
      ++refused;
      return route.fulfill(problem(422, 'unprocessable'));
    });
    await widget.Send('«refused: second»');
    const failed = widget.root.getByRole('button', { name: /^Failed — tap to retry/ });
    await failed.waitFor();
    await Sleep(1500);
    assert.equal(refused, 1, 'a refusal is not repeated by itself');
    await context.unroute(messages);
    await failed.click();
    await failed.waitFor({ state: 'detached' });
    await Eventually(async () => (await Sent('«refused: first»')).length > 1, 'it is sent');
    assert.deepEqual(await Sent('«refused: first»'), ['«refused: first»', '«refused: second»']);
    await widget.ShowsMessages(['refused: first', 'refused: second']);
  });

  it('whose answer is lost is sent again by itself, and is there once', async () => {
    context.expected.push(/net::ERR_/);
    const widget = await OpenDemo(context, server);
    await widget.Send('«lost: first»');
    await Eventually(async () => (await Sent('«lost: first»')).length, 'the first is sent');
    let lost = 0;
    await context.route(messages, async (route) => {
      if (lost++ > 1) return route.continue();
      await route.fetch();  // it reaches the server …
      return route.abort('connectionreset');  // … but its answer does not reach the page.
    });
    await widget.Send('«lost: second»');
    await Eventually(async () => lost > 2 || !/Sending…/.test(await widget.Text()), 'it is repeated or seen in the poll');
    await widget.ShowsMessages(['lost: first', 'lost: second']);
    await Eventually(async () => !/Sending…/.test(await widget.Text()), 'it is confirmed');
    assert.deepEqual(await Sent('«lost: first»'), ['«lost: first»', '«lost: second»']);
  });

  it('written without a network waits, says so, and goes out by itself', async () => {
    context.expected.push(/net::ERR_/);
    const widget = await OpenDemo(context, server);
    await widget.Send('«offline: first»');
    await Eventually(async () => (await Sent('«offline: first»')).length, 'the first is sent');
    await context.setOffline(true);
    await widget.Send('«offline: second»');
    await widget.Shows('Sending…');
    await widget.Send('«offline: third»');
    await Sleep(3000);
    await widget.ShowsMessages(['offline: first', 'offline: second', 'offline: third']);
    await context.setOffline(false);
    await Eventually(async () => (await Sent('«offline: first»')).length === 3, 'both are sent');
    assert.deepEqual(await Sent('«offline: first»'), ['«offline: first»', '«offline: second»', '«offline: third»']);
    await Eventually(async () => !/Sending…/.test(await widget.Text()), 'and it shows');
  });

  it('outlives a reload of the page while it waits', async () => {
    context.expected.push(/net::ERR_|status of 503/);
    const widget = await OpenDemo(context, server);
    await widget.Send('«reload: first»');
    await Eventually(async () => (await Sent('«reload: first»')).length, 'the first is sent');
    await context.route(messages, (route) => route.abort('connectionrefused'));
    await widget.Send('«reload: second»');
    await widget.Shows('Sending…');
    await widget.page.reload();
    await context.unroute(messages);
    const again = await OpenWidget(widget.page);
    await again.ShowsMessages(['reload: first', 'reload: second']);
    await Eventually(async () => (await Sent('«reload: first»')).length === 2, 'it is sent');
  });
});

describe('A server that answers nonsense', () => {
  it('is retried, and the page goes on when it is well again', async () => {
    context.expected.push(/status of 502|net::ERR_/);
    const console_page = await Console.SignIn(context, server);
    await context.route('**/v1/agent/**', (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }));
    await console_page.SetPresence('online');
    await Sleep(2500);
    await context.unroute('**/v1/agent/**');
    await console_page.SetPresence('away');
    const colleague = await Agent.SignIn(server, 1);
    await Eventually(async () => (await colleague.Snapshot()).agents.some(({ presence }) => presence === 'away'), 'it works again');
  });
});
