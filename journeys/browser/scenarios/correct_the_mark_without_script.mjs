// Journey 2 with JavaScript off: the same by links and forms, with another student.
import journey from "./correct_the_mark.mjs";

export default (story) => journey(story, { script: false });
