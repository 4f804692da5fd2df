// What staff see of their second factor, as a file of its own in the build. Fetched by threshold.tsx.

import "../styles/panel.css";
import "../styles/second_factor.css";
import "../words/later";
import "../words/second_factor";

export { NewCodes } from "./new_codes";
export { ProveSheet } from "./prove_sheet";
export { RecoveryCodes } from "./recovery_codes";
export { SecondStep } from "./second_step";
