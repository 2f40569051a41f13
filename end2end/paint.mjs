// How soon a browser paints pages: `paint.mjs URL COOKIE PATH…` prints one JSON object for each path. `cargo xtask bench
// members` runs it over a console that is up.
import { chromium } from "@playwright/test";

const ROUNDS = 5;
const [url, cookie, ...paths] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
const [name, value] = cookie.split("=");
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

for (const path of paths) {
  const [paints, responses] = [[], []];
  let elements = 0;
  for (let round = 0; round < ROUNDS; round++) {
    // A browser that has nothing of ours yet.
    const context = await browser.newContext();
    await context.addCookies([{ name, value, url }]);
    const page = await context.newPage();
    await page.goto(url + path, { waitUntil: "load", timeout: 120_000 });
    // From when the navigation began; the response's is when its last byte was there.
    const told = await page.evaluate(async () => {
      const painted = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
      while (painted() === undefined) await new Promise((resolve) => requestAnimationFrame(resolve));
      return { paint: painted(), response: performance.getEntriesByType("navigation")[0].responseEnd, elements: document.querySelectorAll("*").length };
    });
    paints.push(told.paint);
    responses.push(told.response);
    elements = told.elements;
    await context.close();
  }
  console.log(JSON.stringify({ path, paint: median(paints), response: median(responses), elements, n: ROUNDS }));
}
await browser.close();
