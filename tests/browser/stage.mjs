// What the browser tests of a file play on: a server, a browser, and people
// with profiles of their own, whose pages must not complain.
import { after, afterEach, before, beforeEach } from 'node:test';
import { AssertNoComplaints, Launch, NewContext } from './browser.mjs';
import { Server } from './server.mjs';

// Of this file: Node runs each in a process of its own.
export let server;
export let browser;
let people = [];

// Called once, at the top of a file. `server_of`: 'file', or 'test' where what one left behind would be in the way of the next.
export function SetStage({ server_of = 'file' } = {}) {
  const Begin = async () => {
    server = await Server.Start();
  };
  const End = () => server?.Stop();
  before(async () => {
    await Promise.all([Launch().then((launched) => (browser = launched)), server_of === 'file' && Begin()]);
  });
  after(async () => {
    await browser?.close();
    if (server_of === 'file') await End();
  });
  if (server_of === 'test') beforeEach(Begin);
  afterEach(async () => {
    const had = people;
    people = [];
    try {
      AssertNoComplaints(...had);
    } finally {
      await Promise.all(had.map((context) => context.close()));
      if (server_of === 'test') await End();
    }
  });
}

// Somebody with a browser of their own: storage that nobody else has, watched, closed after the test.
export async function Person(options) {
  people.push(await NewContext(browser, options));
  return people.at(-1);
}
