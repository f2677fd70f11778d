// A site's page says who its customer is: a word that the site's server signed goes with the chat, and into no address.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, beforeEach, describe, it } from 'node:test';
import { Agent, Call, Eventually, Expect, NewId } from './api.mjs';
import { Bubble, Console, OpenWidget } from './faces.mjs';
import { Shop } from './shop.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage();

const secret = 'a secret of the shop that nobody guesses';
let agent, context, shop;
beforeEach(async () => {
  context = await Person();
  if (shop) return;
  shop = await Shop.Open(server.url);
  agent = await Agent.SignIn(server);
  const body = { name: 'Shop', secret };
  Expect(await Call(server.url, 'PUT', `/v1/admin/identity/${NewId('isk')}`, { token: agent.token, body }), 201);
});
after(() => shop?.Close());

const Base64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

// As a site's server does it.
function Signed(claims, key = secret) {
  const now = Math.floor(Date.now() / 1000);
  const text = `${Base64({ alg: 'HS256', typ: 'JWT' })}.${Base64({ iat: now, exp: now + 600, ...claims })}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

async function OpenShop() {
  const page = await context.newPage();
  await page.goto(shop.url);
  await Bubble(page).waitFor();
  return page;
}
const Identify = (page, token) => page.evaluate((given) => window.Alcove('identify', given), token);

// What agents are shown of the conversation with these last words.
async function Known(text) {
  const Find = async () => (await agent.List('team')).find(({ preview }) => preview?.text === text);
  return Eventually(Find, `a conversation with “${text}”`);
}

describe('A page that says who its customer is', () => {
  it('has them called by their name, and their word in no address', async () => {
    const page = await OpenShop();
    const token = Signed({ sub: 'u-1', name: 'Ada Lovelace', email: 'ada@shop.example' });
    await Identify(page, token);
    assert.ok(!context.requests.some((url) => /frame\.html/.test(url)), 'nothing is asked for before the chat is opened');
    const widget = await OpenWidget(page);
    await widget.Send('«It is Ada»');
    const known = await Known('«It is Ada»');
    assert.equal(known.customer.name, 'Ada Lovelace');
    assert.equal(known.customer_verified, true);
    const [, , signature] = token.split('.');
    assert.deepEqual(context.requests.filter((url) => url.includes(signature)), []);

    const face = await Console.SignIn(await Person(), server);
    await face.Tab('Waiting');
    await face.Open('Ada Lovelace');
    await face.Shows('Identity verified');
  });

  it('says it while the chat is open, and what was begun stays', async () => {
    const page = await OpenShop();
    const widget = await OpenWidget(page);
    await widget.Send('«Who am I?»');
    assert.equal((await Known('«Who am I?»')).customer_verified, undefined);
    await Identify(page, Signed({ sub: 'u-2', name: 'Grace Hopper' }));
    await widget.ShowsMessages(['Who am I?']);
    await Eventually(async () => (await Known('«Who am I?»')).customer.name === 'Grace Hopper', 'she is called by her name');
    await widget.Send('«Grace»');
    assert.equal((await Known('«Grace»')).customer_verified, true);
    // The same word again changes nothing: a page says it at each step.
    const frames = context.requests.filter((url) => /frame\.html/.test(url)).length;
    await Identify(page, await page.evaluate(() => document.querySelector('#alcove').shadowRoot.querySelector('iframe').name));
    await widget.Shows('Grace');
    assert.equal(context.requests.filter((url) => /frame\.html/.test(url)).length, frames);
  });

  it('has a visitor, and a warning, where the word is not signed by the site', async () => {
    context.expected.push(/status of 422/, /^warning: .*identity is signed with none of the site's secrets/);
    const page = await OpenShop();
    await Identify(page, Signed({ sub: 'u-1', name: 'Ada Lovelace' }, 'a secret of somebody else'));
    const widget = await OpenWidget(page);
    await widget.Send('«Not Ada»');
    const known = await Known('«Not Ada»');
    assert.equal(known.customer_verified, undefined);
    assert.notEqual(known.customer.name, 'Ada Lovelace');
    const warned = await Eventually(() => context.complaints.filter((text) => /^warning: .*identity/.test(text)), 'a warning');
    assert.equal(warned.length, 1);
  });

  it('says that nobody is signed in: who was somebody is forgotten, a visitor is not', async () => {
    let page = await OpenShop();
    await Identify(page, Signed({ sub: 'u-3', name: 'Joan Clarke' }));
    let widget = await OpenWidget(page);
    await widget.Send('«Of Joan»');
    await widget.Shows('Of Joan');
    await Known('«Of Joan»');
    await page.close();

    page = await OpenShop();
    await Identify(page);
    widget = await OpenWidget(page);
    assert.deepEqual(await widget.Messages(), []);
    await widget.Send('«Of a visitor»');
    const known = await Known('«Of a visitor»');
    assert.equal(known.customer_verified, undefined);
    assert.notEqual(known.customer.name, 'Joan Clarke');
    await page.close();

    page = await OpenShop();
    await Identify(page);
    widget = await OpenWidget(page);
    await widget.ShowsMessages(['Of a visitor']);
  });
});
