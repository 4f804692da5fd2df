// The forms for warning and for calling help, as a file of its own in the build. Fetched by threshold.tsx.

import "../styles/panel.css";
import "../styles/call_form.css";
import "../styles/warn_form.css";
import "../words/later";

export { EscalateForm } from "./escalate_form";
export { WarnForm } from "./warn_form";
export { CorrectForm, RetractForm } from "./warning_change";
