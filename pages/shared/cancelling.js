// @ts-check
// A button that cancels a training answers at once: what cancels it is a run of the page's script, which may first have
// to wait for the end of another.

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("[class*='st-key-cancel-'] button") : null;
  const label = button?.querySelector("p")?.firstChild;
  if (!button || !label) return;
  label.nodeValue = "Cancelling …";
  button.setAttribute("aria-live", "polite");
});

/** What the page calls; all is done by the listener above. */
export default function listen() {}
