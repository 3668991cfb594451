// Checkboxes named "chosen": shift chooses a range, the list's head counts, and a swapped list keeps what was chosen.
(() => {
  let last = "", kept = new Set();
  const boxes = (form) => [...form.elements].filter((field) => field.name === "chosen" && !field.disabled);
  const forms = () => [...document.querySelectorAll("[data-selection-bar]")].map((bar) => bar.closest("form")).filter(Boolean);
  const tell = (form) => {
    const whole = form.querySelector("[data-selection-all]");
    if (!whole) return;
    const all = boxes(form), chosen = all.filter((box) => box.checked).length;
    whole.checked = chosen > 0 && chosen === all.length;
    whole.indeterminate = chosen > 0 && chosen < all.length;
    const count = form.querySelector("[data-selection-count]"), words = `${chosen} selected`;
    if (count.textContent !== words) count.textContent = words;
  };
  const choose = (some, checked) => some.forEach((box) => { box.checked = checked; });
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !box.form) return;
    const all = boxes(box.form);
    if (box.matches("[data-selection-all]")) choose(all, box.checked);
    if (box.name === "chosen") {
      const from = all.findIndex((each) => each.value === last), to = all.indexOf(box);
      if (event.shiftKey && from >= 0) choose(all.slice(Math.min(from, to), Math.max(from, to) + 1), box.checked);
      last = box.value;
    }
    tell(box.form);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const asked = event.detail.requestConfig.elt;
    const chosen = asked.matches("[data-selection-bar]") ? [] : document.querySelectorAll("input[name=chosen]:checked");
    kept = new Set([...chosen].map((box) => box.value));
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const form of forms()) {
      choose(boxes(form).filter((box) => kept.has(box.value)), true);
      tell(form);
    }
  });
  forms().forEach(tell);
})();
