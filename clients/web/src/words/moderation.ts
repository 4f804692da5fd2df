// The words of reports and measures: whatever is drawn of them imports this file, and has them.

import moderation from "./nl_moderation.json";
import { learn } from "./words";

learn(moderation);
