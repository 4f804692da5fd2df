// What is seen once in a while around joining, as a file of its own in the build: the recovery code, the house rules, and
// a new password by that code. Fetched by threshold.tsx.

import "../styles/joining.css";
import "../words/later";

export { Recover } from "./recover";
export { Recovery } from "./recovery";
export { Rules } from "./rules";
