package org.qrm.api.power;

/** What a BMC makes of a sensor. */
public enum SensorStatus {
    OK,
    WARNING,
    CRITICAL,
    /** It tells none, or has not read it: as of a machine that is off. */
    UNKNOWN
}
