// What staff see and residents do not, as a file of its own in the build. Fetched by threshold.tsx.

import "../styles/call_form.css";
import "../styles/desk.css";
import "../words/alert_desk";
import "../words/later";

export { StaffDeeds } from "./case_staff";
export { Desk } from "./desk";
export { PageAlarm } from "./page_alarm";
