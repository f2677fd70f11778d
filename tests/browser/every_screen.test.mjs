// Every screen of both faces in every look: axe-core finds nothing, what can be pressed is large enough, and nothing
// lies outside of what is seen. One page a face and look, led through its screens one after the other.
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Agent, Call, Customer, Eventually, Expect, NewId } from './api.mjs';
import Violations from './axe.mjs';
import { WordsOf } from './faces.mjs';
import { AssertUsable } from './screens.mjs';
import { Shop } from './shop.mjs';
import { Person, server, SetStage } from './stage.mjs';

SetStage();

const Looks = [
  { name: 'light', options: { colorScheme: 'light', viewport: { width: 1440, height: 900 } } },
  { name: 'dark, 2x', options: { colorScheme: 'dark', deviceScaleFactor: 2 } },
  { name: 'high contrast, little motion', options: { contrast: 'more', reducedMotion: 'reduce' } },
  { name: 'Arabic', lang: 'ar', options: { viewport: { width: 1440, height: 900 } } },
  { name: 'narrow', options: { viewport: { width: 320, height: 640 } } },
  { name: 'touch', options: { viewport: { width: 390, height: 760 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true } },
  { name: 'touch, wide', options: { viewport: { width: 1366, height: 1024 }, hasTouch: true, isMobile: true } },
];
const LeastOf = ({ hasTouch }) => (hasTouch ? 44 : 24);

const form = [
  { name: 'name', label: 'Your name', required: true },
  { name: 'email', label: 'E-mail', type: 'email', required: true },
  { name: 'about', label: 'What is it about?', type: 'choice', required: true, choices: ['An order', 'A return'] },
  { name: 'more', label: 'What should we know?', type: 'long_text' },
];
const texts = ['**Two** things: the [page](https://alcove.example/) and\n- `order 48213`', 'مرحبا، لم يصل الطرد بعد', '您好！'];
const refused = {
  status: 422,
  contentType: 'application/problem+json',
  body: JSON.stringify({ type: 'about:blank', title: 'No', status: 422, code: 'unprocessable' }),
};
const messages = '**/v1/*/conversations/*/messages/*';
const polls = '**/v1/*/poll?*';
// What the browser says of requests that these tests refuse or cut off.
const expected = [/status of 4\d\d/, /net::ERR_/];

let mara;
let jonas;
const bot = NewId('bot');
const Admin = (path, body, status = 200) =>
  Call(server.url, 'PUT', `/v1/admin/${path}`, { token: mara.token, body }).then((answer) => Expect(answer, status));
const Settings = (body) => Admin('settings', { close_reasons: [], languages: [], ...body });
const Do = async (who, conversation, what, body = {}) =>
  Expect(await who.Call('POST', `/conversations/${conversation}/${what}`, { body }), 200);

beforeEach(async () => {
  if (mara) return;
  mara = await Agent.SignIn(server, 0);
  jonas = await Agent.SignIn(server, 1);
  const answers = [{ phrases: ['where', 'bot'], text: 'I am a bot.' }];
  const words = { hand_over: ['human'], hand_over_text: 'One moment.', fallback: 'Say it otherwise?', hand_over_after: 3 };
  await Admin(`bots/${bot}`, { name: 'Alva', greeting: 'Hello.', answers, ...words }, 201);
  await Admin(`macros/${NewId('mac')}`, { name: 'Refund', folder: 'Orders', actions: [{ act: 'reply', text: 'Gladly.' }] }, 201);
});

async function Begun(text) {
  const customer = await Customer.Open(server);
  return { customer, id: await customer.Begin(text) };
}

function PressedIn(root, words) {
  const Named = (role, english) => root.getByRole(role, { name: words[english], exact: true });
  return {
    Button: (english) => Named('button', english),
    Item: (english) => Named('menuitem', english),
    Box: (english) => Named('textbox', english),
    Failed: () => root.getByRole('button', { name: words['Failed — tap to retry'] }),
  };
}

async function Send(box, text) {
  await box.fill(text);
  await box.press('Enter');
}

describe('The widget', () => {
  for (const { name, lang = 'en', options } of Looks) {
    it(`can be used on every screen, ${name}`, async () => {
      const words = WordsOf(lang);
      await Settings({ bot });
      const shop = await Shop.Open(server.url, { lang, head: '<meta name="viewport" content="width=device-width">' });
      const context = await Person(options);
      context.expected.push(...expected);
      try {
        const page = await context.newPage();
        const root = page.frameLocator('iframe');
        const { Button, Item, Box, Failed } = PressedIn(root, words);
        const bubble = page.locator('.launcher');
        const Usable = async (what) => {
          const frame = await Eventually(() => page.frames().find((each) => each.url().includes('/frame.html')), 'the frame is there');
          await AssertUsable(frame, LeastOf(options), what);
        };
        const Open = async () => {
          await page.goto(shop.url);
          await bubble.click();
        };

        await page.goto(shop.url);
        const { x, y, width, height } = await bubble.boundingBox();
        assert.ok(Math.min(width, height) >= 44, 'the bubble is large enough');
        const screen = page.viewportSize();
        assert.ok(x >= 0 && y >= 0 && x + width <= screen.width && y + height <= screen.height, 'the bubble is on the screen');
        assert.deepEqual(await Violations(page, '#alcove'), [], 'the bubble');
        await bubble.click();
        await Box('Message').waitFor();
        await Usable('empty');
        assert.deepEqual(await Violations(page, '#alcove'), [], 'the panel');

        await Send(Box('Message'), 'Where is it?');
        await Button('Talk to a person').waitFor();
        await root.getByText('I am a bot.').waitFor();
        await Usable('a bot');
        await Button('Talk to a person').click();
        await Button('Talk to a person').waitFor({ state: 'detached' });
        await Usable('waiting');

        const conversation = context.requests.map((url) => /\/v1\/customer\/conversations\/(cnv_\w+)/.exec(url)?.[1]).find(Boolean);
        Expect(await mara.Claim(conversation), 200);
        for (const text of texts) await mara.Say(conversation, text);
        await root.getByText(texts.at(-1)).waitFor();
        await Usable('talk');
        await Button('More').click();
        await Item('End the conversation').waitFor();
        await Usable('menu');
        await Item('End the conversation').click();
        await Button('Go on').waitFor();
        await Usable('question');
        await Button('Go on').click();
        await page.route(messages, (route) => route.fulfill(refused));
        await Send(Box('Message'), 'Hello?');
        await Failed().waitFor();
        await Usable('a message that failed');
        await page.unroute(messages);
        // The poll that waits is answered, and the next is cut off.
        await page.route(polls, (route) => route.abort());
        await mara.Say(conversation, 'Still there?');
        await root.getByRole('status').filter({ hasText: words['Reconnecting…'] }).waitFor({ state: 'attached' });
        await Usable('no connection');
        await page.unroute(polls);
        Expect(await mara.Close(conversation), 200);
        await Button('Start a new conversation').waitFor();
        await Usable('ended');

        await Settings({ form, offline_form: form.slice(0, 2) });
        const Fill = async () => {
          await Open();
          await Button('Start a new conversation').click();
        };
        await Fill();
        await Button('Leave a message').waitFor();
        await Usable('form while nobody is there');
        await Button('Leave a message').click();
        await root.locator('[aria-invalid=true]').first().waitFor();
        await Usable('what is wrong in it');
        await mara.Presence('online');
        await Fill();
        await Button('Start the chat').waitFor();
        await Usable('form');

        await page.route('**/v1/customer/session', (route) => route.fulfill({ ...refused, status: 403 }));
        await Open();
        await Button('Try again').waitFor();
        await Usable('refused');
      } finally {
        await mara.Presence('offline');
        await shop.Close();
      }
    });
  }
});

describe('The console', () => {
  for (const { name, lang = 'en', options } of Looks) {
    it(`can be used on every screen, ${name}`, async () => {
      const words = WordsOf(lang);
      await Settings({ bot });
      await Begun(`${name}: with a bot`);
      await Settings({});
      const waiting = await Begun(`${name}: waits`);
      const his = await Begun(`${name}: his`);
      Expect(await jonas.Claim(his.id), 200);
      await Do(jonas, his.id, 'tags', { add: ['late parcel'] });
      const over = await Begun(`${name}: over`);
      Expect(await mara.Claim(over.id), 200);
      Expect(await mara.Close(over.id), 200);

      const context = await Person({ ...options, locale: lang === 'en' ? 'en-GB' : lang });
      context.expected.push(...expected);
      const page = await context.newPage();
      const { Button, Item, Box, Failed } = PressedIn(page, words);
      const Usable = (what) => AssertUsable(page.mainFrame(), LeastOf(options), what);
      const { email, password } = server.seed.agents[0];
      const narrow = page.viewportSize().width < 760;
      const List = (english) => page.getByRole('tab', { name: new RegExp(`^${words[english]}`) }).click();
      const Row = (text) => page.getByRole('option', { name: `${name}: ${text}` }).first();
      const Back = async () => {
        if (narrow) await Button('Back to the list').click();
      };
      // A menu of the head, which on a narrow screen is behind another.
      const Menu = async (english) => {
        if (narrow) await Button('More').click();
        if (narrow) await Usable('menu');
        await (narrow ? Item : Button)(english).click();
      };

      await page.goto(`${server.url}/console`);
      await Box('Email').fill(email);
      await Usable('sign-in');
      await page.getByLabel(words['Password'], { exact: true }).fill('not the password');
      await Button('Sign in').click();
      await page.getByRole('alert').waitFor({ state: 'attached' });
      await Usable('sign-in refused');
      await page.getByLabel(words['Password'], { exact: true }).fill(password);
      await Button('Sign in').click();
      await page.getByRole('combobox', { name: words['Presence'] }).waitFor();
      await Usable('inbox');

      await List('Closed');
      await Row('over').waitFor();
      await Usable('closed ones');
      await Row('over').click();
      await Button('Reopen').waitFor();
      await Usable('a closed one');
      await Back();
      await List('Bot');
      await Row('with a bot').or(page.getByRole('option', { name: 'I am a bot.' })).first().click();
      await Button('Take over').waitFor();
      await Usable('a bot has it');
      await Back();
      await List('Team');
      await Usable('those of colleagues');
      await Row('his').click();
      await Button('Whisper').click();
      await page.getByRole('textbox', { name: new RegExp(words['Whisper to %s'].replace('%s', '.*')) }).waitFor();
      await Usable('whisper');
      await Back();
      await List('Waiting');
      await Usable('those that wait');
      await Button('Choose several').click();
      await Usable('choosing');
      await Row('waits').click();
      await Usable('one is chosen');
      await page.keyboard.press('Escape');
      await Row('waits').click();
      await Button('Claim').waitFor();
      await Usable('one that waits');
      await Button('Claim').click();
      await Box('Reply').fill(`${texts[0]}\n${texts[1]}`);
      Expect(await waiting.customer.Call('POST', `/conversations/${waiting.id}/typing`, { body: { text: 'and one more' } }), 200);
      await page.getByText(/and one more/).waitFor();
      await Usable('reply');
      await page.route(messages, (route) => route.fulfill(refused));
      await Box('Reply').press('Enter');
      await Failed().waitFor();
      await Usable('a message that failed');
      await page.unroute(messages);

      await page.getByRole('tab', { name: words['Note'], exact: true }).click();
      await Send(Box('Note'), 'Is it yours?');
      await page.getByText('Is it yours?').waitFor();
      await Usable('note');
      if (!narrow && page.viewportSize().width > 1180) {
        await Button('Add a tag').click();
        await Send(Box('Add a tag'), 'vip');
        await page.getByRole('button', { name: words['Remove the tag %s'].replace('%s', 'vip') }).waitFor();
        await Usable('tags');
        await Box('Add a tag').press('Escape');
      }
      await Menu('Transfer');
      await page.getByRole('menuitem', { name: jonas.name }).waitFor();
      await Usable('transfer');
      await page.getByRole('menuitem', { name: jonas.name }).click();
      await Box('Comment for colleagues, if you like').waitFor();
      await Usable('comment of a transfer');
      await page.keyboard.press('Escape');
      await Menu('Snooze');
      await Item('1 hour').waitFor();
      await Usable('snooze');
      await page.keyboard.press('Escape');
      await Button('Macros').click();
      await page.getByRole('menuitem', { name: 'Refund' }).waitFor();
      await Usable('macros');
      await page.keyboard.press('Escape');
      await page.route(polls, (route) => route.abort());
      await waiting.customer.Say(waiting.id, 'Still there?');
      const text = words['Reconnecting… What you write is kept and sent when the connection is back.'];
      await page.getByRole('status').filter({ hasText: text }).waitFor({ state: 'attached' });
      await Usable('no connection');
    });
  }
});
