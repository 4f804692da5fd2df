// Signs this browser in as the guest whose key stands in the fragment, and goes to the town. Demo only: server/demo.

const DEVICE = "bart.device";
const SESSION = "bart.session";
const OVER = "Deze link is van een demo die voorbij is. This link is of a demo that has ended.";

function device() {
  const kept = localStorage.getItem(DEVICE);
  if (kept) return kept;
  const bytes = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0"));
  localStorage.setItem(DEVICE, bytes.join(""));
  return bytes.join("");
}

/** An earlier demo had other people and another key for its alerts: its page and its worker would believe no alert. */
async function forgetEarlierDemo(person) {
  const was = JSON.parse(localStorage.getItem(SESSION) ?? "{}").person?.id;
  if (was === person.id) return;
  const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  await Promise.all(workers.map((worker) => worker.unregister()));
  if ("caches" in window) await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
}

async function signIn() {
  const asked = { key: location.hash.slice(1), device: device() };
  const headers = { "content-type": "application/json" };
  const answer = await fetch("/demo/sign-in", { method: "POST", headers, body: JSON.stringify(asked) });
  if (!answer.ok) throw new Error(OVER);
  const { token, person } = await answer.json();
  await forgetEarlierDemo(person);
  localStorage.setItem(SESSION, JSON.stringify({ token, person }));
  location.replace("/");
}

signIn().catch((error) => {
  document.querySelector("[role=status]").textContent = error.message;
});
