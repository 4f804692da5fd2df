// The words of official alerts: whatever is drawn of one imports this file, and has them.

import alert from "./nl_alert.json";
import { learn } from "./words";

learn(alert);
