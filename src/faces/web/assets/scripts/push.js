// Switches news on in this browser: asks it for an address and sends that with the form.
const form = document.querySelector("form[data-push-key]");

async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") return undefined;
  await navigator.serviceWorker.register("/service-worker.js");
  const worker = await navigator.serviceWorker.ready;
  const key = form.dataset.pushKey;
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  return subscription.toJSON();
}

if (form && "serviceWorker" in navigator && "PushManager" in window) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const subscription = await subscribe().catch(() => undefined);
    if (!subscription) {
      form.querySelector("[role=status]").hidden = false;
      return;
    }
    form.elements.endpoint.value = subscription.endpoint;
    form.elements.p256dh.value = subscription.keys.p256dh;
    form.elements.auth.value = subscription.keys.auth;
    form.submit();
  });
}
