/** More browsers than anybody uses. One more ends the session that was left alone the longest. */
export const mostSessions = 50;
