/** What the cards' keys open; set once by the page, so that views need not know each other. */

let keys = { allowed: false };
export const setKeys = (found) => (keys = found);
export const keysOfPage = () => keys;
