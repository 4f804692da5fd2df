// The words of what is fetched when it is opened: whatever is drawn there imports this file, and has them.

import later from "./nl_later.json";
import { learn } from "./words";

learn(later);
