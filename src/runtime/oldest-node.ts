/** The oldest Node.js in images still in use: LocalStack 3.0 to 4.7. */
export const OLDEST_NODE = 18;
