// The forms for warning and for calling help, as a file of its own in the build. Fetched by threshold.tsx.

import "../styles/call_form.css";

export { EscalateForm } from "./escalate_form";
export { WarnForm } from "./warn_form";
