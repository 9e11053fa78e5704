/* Small helps on top of pages that work without any script. */
"use strict";
document.documentElement.classList.add("js");

// A button pressed twice sends once; the server is safe anyway. The name and value of the pressed
// button still go with the form, because it is disabled only after the form data was taken.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const pressed = event.submitter;
  if (event.defaultPrevented || form.method === "get" || form.target || !pressed) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  pressed.classList.add("busy");
  pressed.setAttribute("aria-disabled", "true");
  setTimeout(release, 10000, form); // the answer was a file, or never came
});

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll(".busy")) {
    button.classList.remove("busy");
    button.removeAttribute("aria-disabled");
  }
}

// The page came back from the browser's memory: its forms may be sent again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

// Menus close by a click elsewhere, by Escape, and when another one opens.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.drop[open]")) {
    if (menu !== except) menu.open = false;
  }
}
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.drop")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.drop[open]");
  closeMenus();
  if (menu) menu.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// What went wrong is read first.
document.addEventListener("DOMContentLoaded", () => {
  const mistakes = document.querySelector(".mistakes");
  if (mistakes) mistakes.focus();
});
