// The face of an auditor, as a file of its own in the build. Fetched by threshold.tsx.

import "../styles/audit.css";
import "../styles/auditor.css";
import "../words/audit";
import "../words/later";

export { AuditorDesk } from "./auditor_desk";
