// Woken by the browser when something came for this person: shows that it is there, and opens the inbox when it is touched.
self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data ? event.data.json() : {};
  } catch {
    said = {};
  }
  const options = { body: said.body || "", tag: said.tag || "linsheng", data: { url: said.url || "/notices/" } };
  event.waitUntil(self.registration.showNotification(said.title || "邻声", options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data.url, self.location.origin);
  if (address.origin === self.location.origin) event.waitUntil(self.clients.openWindow(address.href));
});
