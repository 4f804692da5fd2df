// Everything that is drawn behind the door, as a file of its own in the build: who stands before the door does not wait
// for it. Fetched by threshold.tsx.

import "../styles/composer.css";
import "../styles/timeline.css";
import "../styles/face.css";
import "../styles/entry.css";
import "../styles/reactions.css";
import "../styles/entry_tools.css"; // after them: what there is room for
import "../styles/town.css";
import "../styles/rooms.css";
import "../styles/call.css";
import "../styles/case.css";
import "../styles/case_room.css";
import "../styles/case_rows.css";
import "../styles/warning.css";
import "../styles/correction.css";

export { TownView } from "./town_view";
export { WarningNotices } from "./warning_notices";
