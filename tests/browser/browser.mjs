// Chromium for tests, and a watch over every page: what it asked for, and what
// it complained about. A test whose pages complain fails, unless it said that
// it expects that complaint.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { patience_ms } from './api.mjs';
import { root } from './server.mjs';

const args = [
  // The whole browser in its own headless mode: with headless: true Playwright looks for a shell that Debian has not.
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function Launch() {
  const executablePath = process.env.ALCOVE_CHROMIUM || '/usr/bin/chromium';
  return chromium.launch({ executablePath, headless: false, args });
}

// What a machine without a graphics card says whatever the page does.
const of_the_machine = /GL Driver Message .*GPU stall due to ReadPixels/;

// A person's browser profile: storage of its own, watched.
export async function NewContext(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'UTC', ...options });
  context.setDefaultTimeout(patience_ms);
  context.complaints = [];
  context.expected = [];
  context.requests = [];
  context.on('request', (request) => context.requests.push(request.url()));
  context.on('weberror', (error) => context.complaints.push(`uncaught: ${error.error().stack || error.error()}`));
  context.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    if (of_the_machine.test(message.text())) return;
    context.complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  return context;
}

// What the browser itself prints when a request fails: expected where a test takes the server away.
export const unreachable = /Failed to load resource: net::ERR_|the server responded with a status of 503/;

export function AssertNoComplaints(...contexts) {
  for (const context of contexts) {
    const left = context.complaints.filter((text) => !context.expected.some((pattern) => pattern.test(text)));
    assert.deepEqual(left, [], 'the browser’s console is clean');
  }
}

// What origins keep in this profile, by any means a page has.
export async function Stored(context, page) {
  const { cookies, origins } = await context.storageState();
  const of_page = await page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
  return { cookies, origins, of_page };
}

export const nothing_stored = { cookies: [], origins: [], of_page: { local: [], session: [], databases: [], caches: [], workers: 0 } };

const shots = path.resolve(root, 'build/test-output/screenshots');

export async function Screenshot(page, name) {
  await mkdir(shots, { recursive: true });
  await page.screenshot({ path: path.join(shots, `${name}.png`) });
}
