package org.qrm.api.environment;

/** How many machines share the virtual environment's filesystem image. */
public enum EnvironmentMode {
    /** One machine, which writes to the image. */
    SINGLE,
    /** Any number, "same for all": the image is read-only, each machine has a layer in memory on top. */
    MULTI
}
