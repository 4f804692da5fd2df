// What the author of a warning and staff see of it and neighbours do not, as a file of its own in the build. Fetched by
// threshold.tsx.

import "../styles/warning_tend.css";
import "../words/later";

export { WarningTend } from "./warning_tend";
