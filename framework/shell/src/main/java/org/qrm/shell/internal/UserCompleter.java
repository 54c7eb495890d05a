package org.qrm.shell.internal;

import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Users;

/** Names of users. */
@Service
public final class UserCompleter extends KnownNames {

    @Reference(optional = true)
    Users users;

    @Override
    boolean isThere() {
        return users != null;
    }

    @Override
    Stream<String> names(List<String> words) {
        return users.list().stream().map(user -> user.name());
    }
}
