// Dark or light, as was chosen last, before anything is painted. Without a choice the system's wish counts.
(() => {
  const chosen = localStorage.getItem('genserverd.theme');
  if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
})();
