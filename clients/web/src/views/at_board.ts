// The activity board, as a file of its own in the build. Fetched by threshold.tsx.

import "../styles/board_aside.css";
import "../styles/board.css"; // after it: what there is room for
import "../styles/board_list.css";
import "../words/board";
import "../words/later";

export { ActivityBoard } from "./board";
