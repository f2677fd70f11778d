// What drawing costs: `node tests/bench/faces.mjs` (presets release and wasm) prints frames while idle, the share of a
// processor that the typing dots take, script time of frames while a long conversation is scrolled, and the memory of C++.
// Times are of this machine, at this minute: the same work without a face is printed beside them.
import { Launch, NewContext } from '../browser/browser.mjs';
import { Frames, OpenGallery } from '../browser/gallery.mjs';
import { Server } from '../browser/server.mjs';

const Wait = (ms) => new Promise((done) => setTimeout(done, ms));

const [server, browser] = await Promise.all([Server.Start(), Launch()]);
const context = await NewContext(browser);
try {
  // Of one thread of the page, in percent.
  const Share = async (page, ms) => {
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable');
    const Task = async () => (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value;
    const before = await Task();
    await Wait(ms);
    return ((await Task()) - before) / (ms / 1000) * 100;
  };
  const Scroll = (page, steps) => page.evaluate(async (count) => {
    const log = document.querySelector('[role=log]');
    const times = [];
    for (let i = 0; i < count; ++i) {
      log.scrollTop -= 90;
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      times.push(window.alcove.frameMs);
    }
    times.sort((a, b) => a - b);
    return { p50: times[count >> 1], p95: times[Math.floor(count * 0.95)] };
  }, steps);

  const idle = await OpenGallery(context, server);
  const frames = await Frames(idle);
  const idle_share = await Share(idle, 5000);
  console.log(`idle: ${(await Frames(idle)) - frames} frames in 5 s, ${idle_share.toFixed(1)} % of a processor`);

  const typing = await OpenGallery(context, server, { part: 'lines' });
  await typing.goto(`${server.url}/gallery?part=typing`);
  await typing.getByRole('log').waitFor();
  const typing_before = await Frames(typing);
  const typing_share = await Share(typing, 5000);
  console.log(`typing dots: ${(await Frames(typing)) - typing_before} frames in 5 s, ${typing_share.toFixed(1)} % of a processor (a page that is idle: ${idle_share.toFixed(1)} %)`);
  await typing.close();

  for (const messages of [1000, 10000]) {
    const page = await OpenGallery(context, server, { part: 'log', messages });
    const { p50, p95 } = await Scroll(page, 300);
    // From one end to the other, as far as every fourth screen.
    await page.evaluate(async () => {
      const log = document.querySelector('[role=log]');
      for (let top = log.scrollHeight; top > 0; top -= 4 * log.clientHeight) {
        log.scrollTop = top;
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      }
    });
    const { memory, textPixels } = await page.evaluate(() => window.alcove);
    console.log(`${messages} messages: a frame of scrolling takes ${p50.toFixed(1)} ms of script (p50), ${p95.toFixed(1)} ms (p95);` +
      ` after all of it ${(memory / 2 ** 20).toFixed(1)} MiB of C++, ${(textPixels / 1e6).toFixed(2)} million pixels of text`);
    await page.close();
  }
} finally {
  await browser.close();
  await server.Stop();
}
