// What a person asked for is marked as busy until it came; what failed says so in the status line of the page and of
// its drawer. htmx alone would stay silent.
(() => {
  const say = (text) => {
    const notice = document.createElement("div");
    notice.className = "notice";
    notice.dataset.tone = "red";
    notice.textContent = text;
    for (const status of document.querySelectorAll(".messages")) status.replaceChildren(notice.cloneNode(true));
  };
  const isPoll = (event) => event.detail.elt.hasAttribute("data-tick");
  const words = {
    403: "Your role does not allow this. An owner or manager of the firm can do it or change your role.",
    404: "This is no longer here. Reload the page to see what is.",
    429: "That was a little too often. Wait a minute and try again.",
    503: "Rivet's database is not answering right now. Nothing was changed; try again in a moment.",
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!isPoll(event)) event.detail.target.setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:afterRequest", (event) => event.detail.target.removeAttribute("aria-busy"));
  document.addEventListener("htmx:responseError", (event) => {
    if (isPoll(event)) return;
    say(words[event.detail.xhr.status] || "Something broke on our side and nothing was changed. Try again in a moment.");
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (!isPoll(event)) say("Rivet could not be reached. Check your connection to the internet and try again.");
  });
})();
