// What is drawn of official alerts, as a file of its own in the build: it comes with the first one. Fetched by
// threshold.tsx.

import "../styles/alert.css";
import "../styles/alert_pinned.css";
import "../styles/alert_full.css";
import "../words/alert";
import "../words/later";

export { AlertMark } from "./alert_mark";
export { PinnedAlerts } from "./alert_pinned";
export { AlertInTimeline } from "./alert_rows";
export { AlertWatch } from "./alert_watch";
