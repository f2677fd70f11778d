// What the server takes for a moment it gives back: with the allocator of the
// release build.
import { readFile } from 'node:fs/promises';
import { after, before, it } from 'node:test';
import { Agent, Eventually } from './api.mjs';
import { Server } from './server.mjs';

const agents = 4;
const kept_kb_max = 12_000; // less than one of them took

let server;
before(async () => {
  server = await Server.Start({ agents });
});
after(() => server?.Stop());

async function OccupiedKb() {
  const status = await readFile(`/proc/${server.process_id}/status`, 'utf8');
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)[1]);
}

// Two run at once, of 19 MB each.
it('Sign-ins give back the memory that they took', async () => {
  await Agent.SignIn(server); // what the first one sets up stays
  const begin = await OccupiedKb();
  for (let round = 0; round < 3; ++round) {
    await Promise.all([...Array(agents).keys()].map((number) => Agent.SignIn(server, number)));
  }
  // Their answers come before it is given back.
  await Eventually(async () => (await OccupiedKb()) - begin < kept_kb_max, `less than ${kept_kb_max} kB are kept`);
});
