// Links marked data-opens open in the drawer over their list. The address says what is open, so reload, back and a
// second tab work; a press with a modifier, and a browser without this script, follow the link to the page itself.
(() => {
  const drawer = document.getElementById("drawer");
  if (!drawer) return;
  const body = document.getElementById("drawer-body");
  const address = (opened) => {
    const url = new URL(location.href);
    if (opened) url.searchParams.set("open", opened);
    else url.searchParams.delete("open");
    return url;
  };
  const named = () => new URL(location.href).searchParams.get("open");
  let id = named(), opener = null, hasLeft = false;

  const show = () => {
    if (!drawer.matches(":modal")) {
      drawer.open = false;
      drawer.showModal();
    }
    drawer.scrollTop = 0;
    document.getElementById("entry-title")?.focus();
  };
  const load = (href) => htmx.ajax("GET", href, { target: body, swap: "innerHTML" });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-opens]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    opener = link;
    id = link.dataset.opens;
    history.pushState({ drawer: link.href }, "", address(id));
    load(link.href);
  });
  document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target === body && named()) show(); });
  addEventListener("popstate", (event) => {
    hasLeft = !named() && drawer.open;
    if (hasLeft) drawer.close();
    else if (event.state?.drawer) load(event.state.drawer);
  });

  drawer.addEventListener("click", (event) => {
    if (event.target !== drawer && !event.target.closest("[data-drawer-close]")) return;
    event.preventDefault();
    drawer.close();
  });
  drawer.addEventListener("close", () => {
    // Closed by going back, the address has changed already, and may even have changed again.
    if (!hasLeft && history.state?.drawer) history.back();
    else if (!hasLeft) history.replaceState(null, "", address(null));
    hasLeft = false;
    body.replaceChildren();
    drawer.querySelector(".messages").replaceChildren();
    document.dispatchEvent(new CustomEvent("drawer:closed"));
    (opener?.isConnected ? opener : document.querySelector(`a[data-opens="${CSS.escape(id)}"]`))?.focus();
  });
  if (drawer.open) show();
})();
