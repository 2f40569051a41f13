/**
 * How long one condition may take to come true, in milliseconds, on a machine that does something else as well. A test's own
 * time is no limit to anything that it waits for.
 */
export const PATIENCE = 60_000;
