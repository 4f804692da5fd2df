// The words of the activity board: whatever is drawn there imports this file, and has them.

import board from "./nl_board.json";
import { learn } from "./words";

learn(board);
