// Sets the theme that somebody chose before anything is painted. The rest is in theme.js.

document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "auto";
