// The desk from which alerts are sent, as a file of its own in the build. Fetched by threshold.tsx.

import "../styles/alert.css";
import "../styles/call_form.css";
import "../styles/alert_desk.css";
import "../styles/alert_reach.css";
import "../styles/alert_form.css";
import "../styles/place_picker.css";
import "../words/alert";
import "../words/alert_desk";
import "../words/later";

export { AlertDesk } from "./alert_desk";
