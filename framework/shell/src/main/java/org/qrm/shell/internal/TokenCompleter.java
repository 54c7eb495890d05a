package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.PageRequest;
import org.qrm.api.user.Tokens;

/** Numbers of tokens. */
@Service
public final class TokenCompleter extends KnownNames {

    @Reference(optional = true)
    Tokens tokens;

    @Override
    boolean isThere() {
        return tokens != null;
    }

    @Override
    Stream<String> names(List<String> words) {
        return tokens.list(null, PageRequest.FIRST).items().stream().map(token -> Long.toString(token.id()));
    }
}
