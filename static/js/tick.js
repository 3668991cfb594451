// Polite polling: elements with data-tick and hx-trigger="tick" are asked every 3 s for a minute after somebody did
// something here or something new came, then once a minute; never on a hidden page. What is new waits behind a button
// while rows are chosen, the pointer is over a row, or a field is being filled in.
(() => {
  const FAST = 3000, SLOW = 60000, LIVELY = 60000;
  const POINTED = matchMedia("(hover: hover)").matches ? ", [data-row]:hover" : "";
  const BUSY = `input[name=chosen]:checked, input:not([type=checkbox]):focus, select:focus, details[open] input${POINTED}`;
  let lastActive = Date.now(), lastTick = Date.now(), lastHeard = Date.now(), failing = false, waiting = null, isWanted = false;
  const wake = () => { lastActive = Date.now(); };
  for (const name of ["pointerdown", "keydown", "htmx:afterSwap"]) document.addEventListener(name, wake);
  document.addEventListener("visibilitychange", wake);

  const isBusy = (root) => root.querySelector(BUSY) !== null;
  const label = () => {
    const isChoosing = document.querySelector("input[name=chosen]:checked") !== null;
    for (const line of document.querySelectorAll("[data-live]")) {
      const ago = Math.round((Date.now() - lastHeard) / 1000);
      line.dataset.live = failing ? "reconnecting" : isChoosing ? "paused" : "live";
      const text = failing ? "reconnecting" : isChoosing ? "paused while rows are selected" : `live · updated ${ago} s ago`;
      if (line.textContent !== text) line.textContent = text;
    }
    for (const button of document.querySelectorAll("[data-live-show]")) button.hidden = !waiting;
  };
  const ask = () => {
    lastTick = Date.now();
    for (const element of document.querySelectorAll("[data-tick]")) htmx.trigger(element, "tick");
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig: { elt }, target } = event.detail;
    const isPoll = elt.hasAttribute("data-tick");
    const isHeldBack = isPoll && event.detail.shouldSwap && isBusy(target) && !isWanted;
    if (isPoll) isWanted = false;
    if (isHeldBack) event.detail.shouldSwap = false;
    if (isHeldBack || waiting === target || !waiting?.isConnected) waiting = isHeldBack ? target : null;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.elt.hasAttribute("data-tick")) return;
    failing = event.detail.failed;
    if (!failing) lastHeard = Date.now();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-live-show]")) return;
    isWanted = true;
    ask();
  });
  document.addEventListener("drawer:closed", ask);
  setInterval(() => {
    label();
    if (document.hidden || (waiting?.isConnected && isBusy(waiting))) return;
    if (Date.now() - lastTick >= (waiting || Date.now() - lastActive < LIVELY ? FAST : SLOW)) ask();
  }, 1000);
})();
