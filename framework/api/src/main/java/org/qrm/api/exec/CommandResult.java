package org.qrm.api.exec;

/**
 * How a command ended.
 *
 * @param exitStatus 0..255
 * @param output standard output, as far as it was kept
 * @param error the last 8 KiB of standard error
 * @param truncated whether output beyond the limit was thrown away
 */
public record CommandResult(int exitStatus, String output, String error, boolean truncated) {}
