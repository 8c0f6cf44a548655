// Sets the chosen theme before anything is painted. The rest is in theme.js.

document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "auto";
