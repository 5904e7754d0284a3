// <p data-price-of="id_text"> tells what is sent of the field costs: of its [data-price-when="plain"] and "linked" the
// one that holds shows. A link costs more; networks/prices.py decides by the same rule what is charged.
import { addresses } from "./addresses.js";
import { follow, sent } from "./sent.js";

const ADDRESS = /https?:\/\//i;

export function prices(root) {
  root.querySelectorAll("[data-price-of]").forEach((place) => {
    const field = document.getElementById(place.dataset.priceOf);
    if (!field) return;
    follow(field, () => {
      const { text, card } = sent(field);
      const linked = Boolean(card) || ADDRESS.test(text) || addresses(text).size > 0;
      place.querySelectorAll("[data-price-when]").forEach((one) => {
        one.hidden = (one.dataset.priceWhen === "linked") !== linked;
      });
    });
  });
}
