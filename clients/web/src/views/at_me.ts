// The panel about oneself, as a file of its own in the build. Fetched by threshold.tsx.

import "../styles/panel.css";
import "../styles/me.css";
import "../styles/joining.css";
import "../words/later";

export { Me } from "./me";
