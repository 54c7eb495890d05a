package org.qrm.api.admission;

/**
 * What a list of expected machines did, or would do.
 *
 * @param added how many were new
 * @param present how many were there before
 * @param admitted how many machines that waited are admitted by it
 */
public record ImportedMachines(int added, int present, int admitted) {}
