package org.qrm.api.user;

/**
 * A token with its secret, which nobody can tell later.
 *
 * @param secret {@code qrm_} and 43 letters, digits, {@code - _}
 */
public record NewToken(Token token, String secret) {}
