// Shows news that come while no page of the hub is open, and opens the page they are about.
addEventListener("push", (event) => {
  const news = event.data?.json() ?? {};
  const shown = registration.showNotification(news.title ?? "", {
    body: news.body,
    tag: news.path,
    data: { path: news.path },
  });
  event.waitUntil(shown);
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const target = new URL(event.notification.data?.path ?? "/notices", location.origin);
  // Nobody is led to another host, whatever came.
  if (target.origin === location.origin) event.waitUntil(clients.openWindow(target.href));
});
