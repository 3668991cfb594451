// Polite polling: elements with data-tick and hx-trigger="tick" are asked every 3 s for a minute after somebody did
// something here or something new came, then once a minute; never on a hidden page, and not while rows are chosen.
(() => {
  const FAST = 3000, SLOW = 60000, LIVELY = 60000;
  let lastActive = Date.now(), lastTick = Date.now(), lastHeard = Date.now(), failing = false;
  const wake = () => { lastActive = Date.now(); };
  for (const name of ["pointerdown", "keydown", "htmx:afterSwap"]) document.addEventListener(name, wake);
  document.addEventListener("visibilitychange", wake);

  const isHeld = () => document.querySelector("input[name=chosen]:checked") !== null;
  const label = () => {
    for (const line of document.querySelectorAll("[data-live]")) {
      const ago = Math.round((Date.now() - lastHeard) / 1000);
      line.dataset.live = failing ? "reconnecting" : isHeld() ? "paused" : "live";
      const text = failing ? "reconnecting" : isHeld() ? "paused while rows are chosen" : `live · updated ${ago} s ago`;
      if (line.textContent !== text) line.textContent = text;
    }
  };
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.elt.hasAttribute("data-tick")) return;
    failing = event.detail.failed;
    if (!failing) lastHeard = Date.now();
  });
  setInterval(() => {
    const now = Date.now();
    label();
    if (document.hidden || isHeld()) return;
    if (now - lastTick < (now - lastActive < LIVELY ? FAST : SLOW)) return;
    lastTick = now;
    for (const element of document.querySelectorAll("[data-tick]")) htmx.trigger(element, "tick");
  }, 1000);
})();
