// The menu of an entry, as a file of its own in the build: nobody opens it before a room is drawn. Fetched by
// threshold.tsx.

import "../styles/menu.css";

export { EntryMenu } from "./entry_menu";
