// Tells the website around a frame how high the frame wants to be.
(() => {
  const tell = () => parent.postMessage({ guildhall: document.documentElement.scrollHeight }, "*");
  new ResizeObserver(tell).observe(document.body);
  addEventListener("load", tell);
})();
