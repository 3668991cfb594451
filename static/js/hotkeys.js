// One table for the handlers and for the sheet that "?" opens. Silent in fields and with modifiers.
(() => {
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const current = () => document.querySelector("[data-row][data-current]");
  const press = (selector, root = document) => root && root.querySelector(selector)?.click();
  const move = (step) => {
    const all = rows();
    const next = all[Math.min(Math.max(all.indexOf(current()) + step, 0), all.length - 1)];
    if (!next) return;
    current()?.removeAttribute("data-current");
    next.setAttribute("data-current", "");
    next.scrollIntoView({ block: "nearest" });
    next.querySelector("a")?.focus();
  };
  const go = (index) => press(`.nav li:nth-child(${index}) a`);
  const keys = {
    j: ["Next row", () => move(1)],
    k: ["Previous row", () => move(-1)],
    x: ["Choose the row", () => press("input[name=chosen]", current())],
    r: ["Retry the row", () => press("[data-key=retry]", current() || document)],
    "/": ["Search", () => document.querySelector("input[type=search]")?.focus()],
    "g e": ["Go to Exceptions", () => go(1)],
    "g l": ["Go to Sync log", () => go(2)],
    "g s": ["Go to Sync status", () => go(3)],
    "g d": ["Go to Documents", () => go(4)],
    "?": ["This list", () => sheet()],
  };
  const sheet = () => {
    const dialog = document.createElement("dialog");
    dialog.className = "sheet";
    dialog.setAttribute("aria-label", "Keyboard");
    const list = dialog.appendChild(document.createElement("dl"));
    list.className = "facts";
    for (const [key, [meaning]] of Object.entries(keys)) {
      list.appendChild(document.createElement("dt")).appendChild(document.createElement("kbd")).textContent = key;
      list.appendChild(document.createElement("dd")).textContent = meaning;
    }
    dialog.addEventListener("close", () => dialog.remove());
    document.body.appendChild(dialog).showModal();
  };
  let first = "";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog")) return;
    const handler = keys[first + event.key];
    first = event.key === "g" && !first ? "g " : "";
    if (!handler) return;
    event.preventDefault();
    handler[1]();
  });
})();
