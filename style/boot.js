// Wakes the islands. A page without islands loads no wasm. APP is replaced by the hashed name when the site is built.
const islands = document.querySelectorAll("leptos-island");
if (islands.length > 0) {
  const app = await import("./APP.js");
  await app.default({ module_or_path: new URL("./APP_bg.wasm", import.meta.url) });
  app.hydrate();
  for (const island of islands) {
    const wake = app[island.dataset.component];
    if (wake) await wake(island);
  }
}
