// @ts-check
// Saves the file that Python made, once: Streamlit calls this again at every run of its script.

/** @typedef {{name: string, content: string, token: string}} File its content in base64, and a token of its own */

const SECONDS_TO_SAVE = 60;

/** @type {Window & {trainscopeSaved?: string}} */
const page = window; // keeps the token of the last file: the script may come again, too

/**
 * What the page calls on every run of its script.
 * @param {{data: File | null}} told
 */
export default function save({ data }) {
  if (!data || page.trainscopeSaved === data.token) return;
  page.trainscopeSaved = data.token;
  const bytes = Uint8Array.from(atob(data.content), (letter) => letter.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = data.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000 * SECONDS_TO_SAVE);
}
