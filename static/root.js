// Where Lectern stands: at the top of its host, or below a path. This script is below its folder static/.

export const ROOT = new URL(import.meta.url).pathname.replace(/static\/([^/]+\/)?root\.js$/, "");
