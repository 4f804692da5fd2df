// The words of the second factor: whatever is drawn of it imports this file, and has them.

import secondFactor from "./nl_second_factor.json";
import { learn } from "./words";

learn(secondFactor);
