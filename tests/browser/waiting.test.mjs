// Waiting, being handed out, claiming and ending, on real pages.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Agent, Customer, Expect } from './api.mjs';
import { Console, OpenDemo } from './faces.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage({ server_of: 'test' });
beforeEach(async () => {
  // The demo's own conversations would stand before ours.
  const sweeper = await Agent.SignIn(server);
  for (const { id } of await sweeper.List('waiting')) {
    Expect(await sweeper.Claim(id), 200);
    Expect(await sweeper.Close(id), 200);
  }
});

describe('While nobody is online', () => {
  it('customers see their place in the queue, and move up', async () => {
    const first = await OpenDemo(await Person(), server);
    await first.Send('«I am first»');
    await first.Shows('You are next');
    const second = await OpenDemo(await Person(), server);
    await second.Send('«I am second»');
    await second.Shows('You are number 2 in the queue');
    const third = await OpenDemo(await Person(), server);
    await third.Send('«I am third»');
    await third.Shows('You are number 3 in the queue');

    const console_page = await Console.SignIn(await Person(), server);
    await console_page.Tab('Waiting');
    await console_page.Open('«I am first»');
    await console_page.Claim();
    await second.Shows('You are next');
    await third.Shows('You are number 2 in the queue');
    await console_page.Send('«Here I am»');
    await first.ShowsMessages(['I am first', 'Here I am']);
  });

  it('whoever comes online is given those who wait', async () => {
    const widget = await OpenDemo(await Person(), server);
    await widget.Send('«Anybody?»');
    await widget.Shows('You are next');
    const console_page = await Console.SignIn(await Person(), server, 1);
    await console_page.SetPresence('online');
    await console_page.Open('«Anybody?»');
    assert.equal(await console_page.presence.locator('option').first().textContent(), 'Accepting 1 / 5');
    await console_page.Send('«Me.»');
    await widget.ShowsMessages(['Anybody?', 'Me.']);
    assert.ok(!(await widget.Text()).includes('You are next'));
  });
});

describe('A claim', () => {
  it('that comes second is told who has it', async () => {
    const customer = await Customer.Open(server);
    const conversation = await customer.Begin('«Who is faster?»');
    const console_page = await Console.SignIn(await Person(), server, 1);
    console_page.page.context().expected.push(/status of 409/);
    await console_page.Tab('Waiting');
    await console_page.Open('«Who is faster?»');
    // The other's claim reaches the server first, and this page learns of it by its own attempt or by its poll.
    const other = await Agent.SignIn(server, 0);
    const claimed = other.Claim(conversation);
    await console_page.root.getByRole('button', { name: 'Claim', exact: true }).click({ timeout: 3000 }).catch(() => {});
    Expect(await claimed, 200);
    await console_page.Shows(other.name.split(' ')[0], 1).catch(async () => {
      assert.match(await console_page.Text(), new RegExp(other.name.split(' ')[0]));
    });
    assert.equal(await console_page.composer.count(), 0, 'it cannot be written in');
  });
});

describe('The end of a conversation', () => {
  it('by the agent shows with the customer, who can start anew', async () => {
    const console_page = await Console.SignIn(await Person(), server);
    await console_page.SetPresence('online');
    const widget = await OpenDemo(await Person(), server);
    await widget.Send('«One question»');
    await console_page.Open('«One question»');
    await console_page.Send('«One answer»');
    await widget.ShowsMessages(['One question', 'One answer']);
    await console_page.CloseConversation();
    await widget.Shows('Conversation ended');
    assert.equal(await widget.composer.count(), 0);
    assert.deepEqual(await widget.Messages(), ['One question', 'One answer']);

    await widget.root.getByRole('button', { name: 'Start a new conversation' }).click();
    await widget.Send('«Another question»');
    await widget.ShowsMessages(['Another question']);
    await console_page.Tab('Mine');
    await console_page.Open('«Another question»');
    await console_page.ShowsMessages(['Another question']);

    await console_page.Tab('Closed');
    await console_page.Open('One answer');
    await console_page.ShowsMessages(['One question', 'One answer']);
    await console_page.Shows('This conversation is closed.');
  });
});
