package org.qrm.api.admission;

import java.time.Instant;

/**
 * A time in which new machines are admitted as they come.
 *
 * @param until when it ends
 * @param machines how many more it admits
 */
public record AdmissionWindow(Instant until, int machines) {}
