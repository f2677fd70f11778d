// The two faces as a person meets them: by the names and roles of what is on
// the screen. Names come from wasm-widget/*/strings.h.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Eventually } from './api.mjs';
import { root } from './server.mjs';

// What the faces say in a language, by what they say in English.
export function WordsOf(language) {
  if (language === 'en') return new Proxy({}, { get: (_, english) => english });
  return JSON.parse(readFileSync(path.resolve(root, `web/words/${language}.json`), 'utf8'));
}

export function Bubble(page) {
  return page.getByRole('button', { name: /^(Open|Close) chat.*/ }).and(page.locator('.launcher'));
}

export function WidgetFrame(page) {
  return page.frameLocator('iframe[title^="Chat"]');
}

// Every test message is written «so», which tells it from names, times and days around it.
function MessagesIn(text) {
  return [...text.matchAll(/«([^»]*)»/g)].map(([, message]) => message);
}

class Face {
  get log() {
    return this.root.getByRole('log');
  }

  get composer() {
    return this.root.getByRole('textbox', { name: 'Message' });
  }

  async Send(text) {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  // Waits until the text is on the screen.
  async Shows(text) {
    await Eventually(async () => (await this.Text()).includes(text), `“${text}” is shown`);
  }

  // All that can be read on this face, in the order of the page.
  async Text() {
    return this.root.locator('body').innerText();
  }

  // The «messages» of the log, in order.
  async Messages() {
    if ((await this.log.count()) === 0) return [];
    return MessagesIn(await this.log.innerText());
  }

  async ShowsMessages(expected) {
    let seen;
    const Same = async () => {
      seen = await this.Messages();
      return seen.length === expected.length && seen.every((message, index) => message === expected[index]);
    };
    await Eventually(Same, 'the messages').catch(() => assert.deepEqual(seen, expected));
  }

  // How many frames were drawn since the page loaded.
  async Frames() {
    return (await this.Frame()).evaluate(() => window.alcove.frames);
  }
}

export class Widget extends Face {
  constructor(page) {
    super();
    this.page = page;
    this.root = WidgetFrame(page);
  }

  async Frame() {
    return Eventually(() => this.page.frames().find((frame) => frame.url().includes('/frame.html')), 'the frame is there');
  }

  // By the cross inside the chat, as a customer does it.
  async Close() {
    await this.root.getByRole('button', { name: 'Close chat' }).click();
    await this.page.getByTitle(/^Chat/).waitFor({ state: 'hidden' });
  }

  // The id of the conversation whose last words these are, whoever has it.
  async ConversationIn(agent, text) {
    const Find = async () => (await agent.List('team')).find(({ preview }) => preview?.text === text)?.id;
    return Eventually(Find, `a conversation with “${text}”`);
  }
}

// Opens the chat by its bubble and waits until it can be written in or read.
export async function OpenWidget(page) {
  await Bubble(page).click();
  const widget = new Widget(page);
  await widget.root.getByRole('textbox').or(widget.root.getByRole('button', { name: 'Start a new conversation' })).first().waitFor();
  return widget;
}

export class Console extends Face {
  constructor(page) {
    super();
    this.page = page;
    this.root = page;
  }

  // A console in a page of its own, signed in with the seeded account of that number; in the context's language, whose
  // words these are.
  static async SignIn(context, server, number = 0, words = WordsOf('en')) {
    const page = await context.newPage();
    await page.goto(`${server.url}/console`);
    const { email, password } = server.seed.agents[number];
    await page.getByRole('textbox', { name: words['Email'], exact: true }).fill(email);
    await page.getByLabel(words['Password'], { exact: true }).fill(password);
    await page.getByRole('button', { name: words['Sign in'], exact: true }).click();
    await page.getByRole('combobox', { name: words['Presence'], exact: true }).waitFor();
    return new Console(page);
  }

  get composer() {
    return this.root.getByRole('textbox', { name: 'Reply' });
  }

  get presence() {
    return this.root.getByRole('combobox', { name: 'Presence' });
  }

  async Frame() {
    return this.page.mainFrame();
  }

  async SetPresence(state) {
    await this.presence.selectOption({ index: ['online', 'away', 'offline'].indexOf(state) });
  }

  // `name`: Mine, Waiting, Closed.
  async Tab(name) {
    await this.root.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  }

  // The row of the conversation whose last words or name these are.
  Row(text) {
    return this.root.getByRole('listbox', { name: 'Conversations' }).getByRole('option', { name: text }).first();
  }

  async Open(text) {
    await this.Row(text).click();
    await this.log.waitFor();
  }

  async Claim() {
    await this.root.getByRole('button', { name: 'Claim', exact: true }).click();
    await this.composer.waitFor();
  }

  async CloseConversation() {
    await this.root.getByRole('button', { name: 'Close', exact: true }).click();
  }
}

export async function OpenDemo(context, server) {
  const page = await context.newPage();
  await page.goto(`${server.url}/demo`);
  return OpenWidget(page);
}
