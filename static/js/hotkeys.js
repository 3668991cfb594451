// One table for the handlers and for the sheet that "?" opens. Silent in fields, in menus and with modifiers.
(() => {
  const template = document.getElementById("hotkeys");
  if (!template) return;
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const current = () => document.activeElement?.closest("[data-row]");
  const press = (selector, root = document) => root?.querySelector(selector)?.click();
  // The entry that the drawer or the page shows, else the row with the focus; never a row nobody pointed at.
  const subject = () => document.getElementById("entry") || current();
  const move = (step) => {
    const all = rows(), row = all[Math.max(Math.min(all.indexOf(current()) + step, all.length - 1), 0)];
    if (!row) return;
    const link = row.querySelector(".row-item__title");
    if (!link) row.tabIndex = -1;
    (link || row).focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  };
  const go = (index) => press(`.nav li:nth-child(${index}) a`);
  const keys = {
    j: ["Next row", () => move(1)],
    k: ["Previous row", () => move(-1)],
    x: ["Choose the row", () => press("input[name=chosen]", current())],
    Enter: ["Open the row", () => press(".row-item__title", current())],
    r: ["Retry", () => press("[data-key=retry]", subject())],
    e: ["Resolve: go where it is fixed", () => press("[data-key=resolve]", subject())],
    Esc: ["Close, or go back to the list", () => press("[data-key=back]")],
    "/": ["Search", () => document.querySelector("input[type=search]")?.focus()],
    "g e": ["Go to Exceptions", () => go(1)],
    "g l": ["Go to Sync log", () => go(2)],
    "g s": ["Go to Sync status", () => go(3)],
    "g d": ["Go to Documents", () => go(4)],
    "?": ["This list", () => sheet()],
  };
  const IN_DRAWER = ["r", "e", "?"];
  const sheet = () => {
    const dialog = template.content.firstElementChild.cloneNode(true);
    const list = dialog.querySelector("dl");
    for (const [key, [meaning]] of Object.entries(keys)) {
      const term = list.appendChild(document.createElement("dt"));
      for (const part of key.split(" ")) term.appendChild(document.createElement("kbd")).textContent = part;
      list.appendChild(document.createElement("dd")).textContent = meaning;
    }
    dialog.addEventListener("close", () => dialog.remove());
    document.body.appendChild(dialog).showModal();
  };
  const isSilent = (event) => event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey ||
    event.target.closest("input:not([type=checkbox]), select, textarea, details[open] .menu__panel, .sheet") ||
    (event.key === "Enter" && event.target.closest("a, button, summary, input"));
  let first = "";
  document.addEventListener("keydown", (event) => {
    if (isSilent(event)) return;
    const key = first + (event.key === "Escape" ? "Esc" : event.key);
    first = event.key === "g" && !first ? "g " : "";
    if (!Object.hasOwn(keys, key) || (document.querySelector("dialog:modal") && !IN_DRAWER.includes(key))) return;
    event.preventDefault();
    keys[key][1]();
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-hotkeys]")) sheet(); });
  for (const button of document.querySelectorAll("[data-hotkeys]")) button.hidden = false;
})();
