// The words of the desk from which alerts are sent: whatever is drawn there imports this file, and has them.

import desk from "./nl_alert_desk.json";
import { learn } from "./words";

learn(desk);
