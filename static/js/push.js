// [data-push]: lets this browser be woken. The form is sent with what the browser gives; without support nothing is shown.
function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - (text.length % 4)) % 4));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

async function subscribe(form) {
  if ((await Notification.requestPermission()) !== "granted") return void (form.querySelector("[data-push-refused]").hidden = false);
  const registration = await navigator.serviceWorker.register(form.dataset.worker, { scope: "/" });
  await navigator.serviceWorker.ready;
  const old = await registration.pushManager.getSubscription();
  if (old) await old.unsubscribe();
  const found = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push) });
  const { endpoint, keys } = found.toJSON();
  form.elements.endpoint.value = endpoint;
  form.elements.p256dh.value = keys.p256dh;
  form.elements.auth.value = keys.auth;
  form.submit();
}

export function enhance(root) {
  const supported = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  for (const form of root.querySelectorAll("form[data-push]")) {
    if (!supported) continue;
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      subscribe(form).catch(() => (form.querySelector("[data-push-refused]").hidden = false));
    });
  }
}
