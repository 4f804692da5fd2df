// The open book of a room, as a file of its own in the build. Fetched by threshold.tsx.

import "../styles/panel.css";
import "../styles/audit.css";
import "../words/audit";
import "../words/later";

export { AuditPage } from "./audit_page";
