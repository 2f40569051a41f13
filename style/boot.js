// A form on its way says so where it was pressed; a page that comes back from the browser's memory is at rest again.
addEventListener("submit", ({ target }) => target.setAttribute("data-busy", ""));
addEventListener("pageshow", () => document.querySelectorAll("[data-busy]").forEach((form) => form.removeAttribute("data-busy")));

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
} else {
  // Nothing has to wake, and nothing of the page moves.
  for (const sign of ["hydrated", "still"]) document.documentElement.dataset[sign] = "true";
}
// A tick says "only these", and "all" takes the ticks away before everybody's eyes: the two cannot contradict each other.
for (const scope of document.querySelectorAll("[data-scope]")) {
  const boxes = [...scope.querySelectorAll(".ticks input")];
  const [some, all] = ["some", "all"].map((value) => scope.querySelector(`input[value="${value}"][name="scope"]`));
  const names = scope.querySelector("[data-sees-names]");
  const say = () => {
    const ticked = boxes.filter((box) => box.checked).map((box) => box.closest("label").textContent.trim());
    if (ticked.length > 0) names.textContent = ticked.join(", ").replace(/, ([^,]*)$/, " and $1");
  };
  scope.addEventListener("change", ({ target }) => {
    if (target === all) for (const box of boxes) box.checked = false;
    else if (some && boxes.includes(target) && target.checked) some.checked = true;
    say();
  });
  say();
}
