// A thread that is read along: says how much came since the page was made, and leads there.
const line = document.querySelector("[data-live]");
let events;

function listen() {
  events = new EventSource(line.dataset.live);
  events.addEventListener("thread", (event) => {
    const { count } = JSON.parse(event.data);
    line.querySelector("a").textContent = count === 1 ? line.dataset.one : line.dataset.more.replace("#", count);
    line.hidden = false;
  });
}

if (line) {
  listen();
  addEventListener("pagehide", () => events.close());
  addEventListener("pageshow", (event) => event.persisted && listen());
}
