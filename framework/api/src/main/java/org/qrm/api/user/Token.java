package org.qrm.api.user;

import java.time.Instant;

/**
 * What a program logs in with instead of a password.
 *
 * @param id its number, from 1
 * @param name what its user calls it
 * @param user on whose behalf the program acts
 * @param role the most that it may do; never more than its user may
 */
public record Token(long id, String name, String user, Role role, Instant created, Instant expires) {}
