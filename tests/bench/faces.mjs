// What drawing costs: `node tests/bench/faces.mjs` (presets release and wasm) prints frames while idle, the share of a
// processor that the typing dots take, script time of frames while a long conversation is scrolled, and the memory of C++.
// Times are of this machine, at this minute: the same work without a face is printed beside them. The script of a frame
// is told twice: by the clock, which also runs while others have the processor, and by what its own thread was given.
import { Launch, NewContext } from '../browser/browser.mjs';
import { Frames, OpenGallery } from '../browser/gallery.mjs';
import { Server } from '../browser/server.mjs';

const Wait = (ms) => new Promise((done) => setTimeout(done, ms));

const [server, browser] = await Promise.all([Server.Start(), Launch()]);
const context = await NewContext(browser);
try {
  const session = await browser.newBrowserCDPSession();
  // Of a processor, in percent, by all processes of the browser: the page, and what draws and shows it.
  const Share = async (ms) => {
    const Used = async () => (await session.send('SystemInfo.getProcessInfo')).processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
    const before = await Used();
    await Wait(ms);
    return ((await Used()) - before) / (ms / 1000) * 100;
  };
  const At = (sorted, part) => sorted[Math.floor(sorted.length * part)];
  // What `f` makes the browser's threads work: the milliseconds that each frame of a face had a processor.
  const Worked = async (f) => {
    const events = [];
    const Collect = ({ value }) => events.push(...value);
    session.on('Tracing.dataCollected', Collect);
    await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['devtools.timeline'] } });
    const result = await f();
    const complete = new Promise((done) => session.once('Tracing.tracingComplete', done));
    await session.send('Tracing.end');
    await complete;
    session.off('Tracing.dataCollected', Collect);
    // A frame of ours is a callback of the face's own script.
    const within = events.filter(({ name }) => name === 'FireAnimationFrame');
    const worked = events
      .filter(({ name, args, tdur }) => name === 'FunctionCall' && tdur !== undefined && /\/gallery\.\w+\.js$/.test(args?.data?.url ?? ''))
      .filter(({ ts, tid }) => within.some((frame) => frame.tid === tid && frame.ts <= ts && ts <= frame.ts + frame.dur))
      .map(({ tdur }) => tdur / 1000)
      .sort((a, b) => a - b);
    return { ...result, frames: worked.length, worked50: At(worked, 0.5), worked95: At(worked, 0.95) };
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

  const idle = await OpenGallery(context, server, { part: 'log', messages: 4 });
  const frames = await Frames(idle);
  const idle_share = await Share(5000);
  console.log(`idle: ${(await Frames(idle)) - frames} frames in 5 s, ${idle_share.toFixed(1)} % of a processor`);
  await idle.close();

  const typing = await OpenGallery(context, server, { part: 'typing' });
  const typing_before = await Frames(typing);
  const typing_share = await Share(5000);
  console.log(`typing dots: ${(await Frames(typing)) - typing_before} frames in 5 s, ${typing_share.toFixed(1)} % of a processor (a page that is idle: ${idle_share.toFixed(1)} %)`);
  await typing.close();

  for (const messages of [1000, 10000]) {
    const page = await OpenGallery(context, server, { part: 'log', messages });
    const { p50, p95, worked50, worked95, frames: scrolled } = await Worked(() => Scroll(page, 300));
    // From one end to the other, as far as every fourth screen.
    await page.evaluate(async () => {
      const log = document.querySelector('[role=log]');
      for (let top = log.scrollHeight; top > 0; top -= 4 * log.clientHeight) {
        log.scrollTop = top;
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      }
    });
    const { memory, textPixels } = await page.evaluate(() => window.alcove);
    console.log(`${messages} messages: a frame of scrolling takes ${worked50.toFixed(1)} ms of a processor for script (p50), ${worked95.toFixed(1)} ms (p95) of ${scrolled};` +
      ` by the clock ${p50.toFixed(1)} ms, ${p95.toFixed(1)} ms;` +
      ` after all of it ${(memory / 2 ** 20).toFixed(1)} MiB of C++, ${(textPixels / 1e6).toFixed(2)} million pixels of text`);
    await page.close();
  }
} finally {
  await browser.close();
  await server.Stop();
}
