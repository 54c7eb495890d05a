package org.qrm.api.storage;

/**
 * A machine that may mount an image.
 *
 * @param address its IPv4 address
 * @param writable whether it may write
 */
public record StorageClient(String address, boolean writable) {}
