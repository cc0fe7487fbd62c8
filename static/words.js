// Titles inside sentences of ours.

const CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;

// A title in its own writing direction, whatever stands around it. The sentence has to begin with words of ours: systems
// take the direction of a notification from its first letter.
export const quoted = (title) => `“\u2068${title.replace(CONTROLS, "")}\u2069”`;
