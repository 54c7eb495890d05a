package org.qrm.api.audit;

import java.time.Instant;

/**
 * A change that somebody asked for. Holds no secret.
 *
 * @param id its number: 1, 2, 3 … without gaps
 * @param user who asked; empty when nobody had logged in
 * @param origin where from: an address and how the user logged in, or {@code console}
 * @param action what was asked for: {@code POST /resources/1/actions}, {@code qrm:ve-start}
 * @param details on what, and how: {@code action=reboot}; may be empty
 * @param result what came of it: {@code 202}, or the status and why it was not done
 * @param hash SHA-256 over the hash before and all other fields, in hexadecimal digits
 */
public record AuditEntry(
        long id, Instant time, String user, String origin, String action, String details, String result, String hash) {}
