// Saves the file that Python made, once: Streamlit calls this again at every run of its script.
const SECONDS_TO_SAVE = 60;

export default function ({ data }) {
  if (!data || window.trainscopeSaved === data.token) return;
  window.trainscopeSaved = data.token;
  const bytes = Uint8Array.from(atob(data.content), (letter) => letter.charCodeAt(0));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = data.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000 * SECONDS_TO_SAVE);
}
