// The words of the open book: whatever is drawn of it imports this file, and has them.

import audit from "./nl_audit.json";
import { learn } from "./words";

learn(audit);
