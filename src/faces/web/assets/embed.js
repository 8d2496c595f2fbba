// Elements with which a website shows parts of this hub: <guild-feed group limit>, <guild-comments post>,
// <guild-comments url group> (the thread about a page, if nothing is said about the one it stands on),
// <guild-questions>, <guild-events>, <guild-join group>. What stands inside them is shown until the frame
// is there, and stays if the hub does not let this website show it.
(() => {
  const hub = new URL(document.currentScript.src).origin;
  const places = {
    "guild-feed": (of) => (of("group") ? `group/${of("group")}` : "feed"),
    "guild-comments": (of) => (of("post") ? `thread/${of("post")}` : "comments"),
    "guild-questions": () => "questions",
    "guild-events": () => "events",
    "guild-join": (of) => `join/${of("group")}`,
  };
  const known = new Map();
  addEventListener("message", ({ source, data }) => {
    const height = Number(data?.guildhall);
    const element = known.get(source);
    if (!element || !(height > 0)) return;
    for (const child of [...element.childNodes]) if (child !== element.frame) child.remove();
    element.frame.height = Math.min(height, 20000);
  });
  for (const [name, place] of Object.entries(places)) {
    customElements.define(
      name,
      class extends HTMLElement {
        connectedCallback() {
          if (this.frame) return;
          const of = (key) => this.getAttribute(key);
          const address = new URL(`/embed/${place((key) => encodeURIComponent(of(key) ?? ""))}`, hub);
          for (const key of ["theme", "lang", "limit", "group", "url"]) if (of(key)) address.searchParams.set(key, of(key));
          if (address.pathname === "/embed/comments" && !of("url"))
            address.searchParams.set("url", document.querySelector("link[rel=canonical]")?.href ?? location.href);
          const frame = document.createElement("iframe");
          frame.src = address;
          frame.title = this.textContent.trim() || name;
          frame.height = 0;
          frame.width = "100%";
          frame.style.border = "0";
          frame.setAttribute("sandbox", "allow-scripts allow-popups allow-popups-to-escape-sandbox");
          this.frame = frame;
          this.append(frame);
          known.set(frame.contentWindow, this);
        }
      },
    );
  }
})();
