// What is drawn of reports, measures and entering, as a file of its own in the build: it comes when something of them is
// there. Fetched by threshold.tsx.

import "../styles/panel.css";
import "../styles/call_form.css";
import "../styles/moderation.css";
import "../words/later";
import "../words/moderation";

export { ComposerStanding } from "./composer_standing";
export { MeasureLine } from "./measure_line";
export { ModerationSheet } from "./moderation_sheet";
export { PersonalNotices } from "./personal_notices";
export { ReportQueue } from "./report_queue";
export { RoomStanding } from "./room_standing";
