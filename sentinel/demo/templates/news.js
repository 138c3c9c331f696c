// Says that there is new mail; the reader decides when to look. Without it, reloading does the same.
"use strict";
(() => {
  const news = document.getElementById("news");
  const look = async () => {
    try {
      const answer = await fetch("/total", { cache: "no-store" });
      const { total } = await answer.json();
      news.firstElementChild.hidden = total === Number(news.dataset.total);
    } catch {
      // The demo has ended or is being stopped: there is nothing to say.
    }
  };
  setInterval(look, 2000);
})();
