package org.qrm.rest.internal.fake;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.user.NewToken;
import org.qrm.api.user.Role;
import org.qrm.api.user.Token;
import org.qrm.api.user.TokenField;
import org.qrm.api.user.Tokens;

/** Tokens in memory; the secret has the number in it. */
public final class FakeTokens implements Tokens {

    public Filter<TokenField> lastFilter;
    public Sort<TokenField> lastSort;

    public final TreeMap<Long, Token> known = new TreeMap<>();

    @Override
    public Page<Token> list(Filter<TokenField> filter, Sort<TokenField> sort, PageRequest page) {
        lastFilter = filter;
        lastSort = sort;
        return Pages.cut(
                known.values().stream()
                        .filter(token -> !Pages.isOther(filter, TokenField.USER, token.user()))
                        .toList(),
                page);
    }

    @Override
    public Optional<Token> find(long id) {
        return Optional.ofNullable(known.get(id));
    }

    @Override
    public NewToken create(String name, String user, Role role, Duration lifetime) {
        long id = known.size() + 1L;
        Token token = new Token(id, name, user, role, Instant.EPOCH, Instant.EPOCH.plus(lifetime));
        known.put(id, token);
        return new NewToken(token, "qrm_" + id);
    }

    @Override
    public Optional<Token> verify(String secret) {
        return known.values().stream()
                .filter(token -> secret.equals("qrm_" + token.id()))
                .findFirst();
    }

    @Override
    public void revoke(long id, Expected<Token> expected) {
        find(id).ifPresent(expected::check);
        if (known.remove(id) == null) {
            throw QrmException.notFound("revoke token", "token", String.valueOf(id));
        }
    }

    @Override
    public void revokeAll(String user) {
        known.values().removeIf(token -> token.user().equals(user));
    }
}
