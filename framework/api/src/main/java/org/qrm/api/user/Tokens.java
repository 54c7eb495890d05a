package org.qrm.api.user;

import java.time.Duration;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Sort;

/** Tokens of programs. Only digests of their secrets are kept. */
@ProviderType
public interface Tokens {

    /** In the order of their numbers, expired ones included. */
    default Page<Token> list(Filter<TokenField> filter, PageRequest page) {
        return list(filter, Sort.by(TokenField.ID), page);
    }

    /** In that order; a page goes on where the one before has ended in the same order. */
    Page<Token> list(Filter<TokenField> filter, Sort<TokenField> sort, PageRequest page);

    /** The token with that number. */
    Optional<Token> find(long id);

    /**
     * Makes a token; it is durable when this returns. Expired tokens of the user go.
     *
     * @param lifetime a day to ten years
     * @throws org.qrm.api.QrmException INVALID for a name that can be none or another lifetime; REFUSED when the user has
     *     100 already
     */
    NewToken create(String name, String user, Role role, Duration lifetime);

    /** The token with that secret; empty when there is none, or it has expired. */
    Optional<Token> verify(String secret);

    /** @throws org.qrm.api.QrmException NOT_FOUND */
    default void revoke(long id) {
        revoke(id, Expected.any());
    }

    /** The same, while it is still as expected. */
    void revoke(long id, Expected<Token> expected);

    /** Revokes all tokens of a user, who is removed or has that name anew. */
    void revokeAll(String user);
}
