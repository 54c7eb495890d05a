package org.qrm.api.environment;

/**
 * How many machines share the virtual environment's filesystem image. There may be more in a later release: a {@code switch} needs a
 * {@code default} branch.
 */
public enum EnvironmentMode {
    /** One machine, which writes to the image. */
    SINGLE,
    /** Any number, "same for all": the image is read-only, each machine has a layer in memory on top. */
    MULTI
}
