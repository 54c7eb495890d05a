package org.qrm.shell.internal;

import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.qrm.api.user.Role;
import org.qrm.api.user.Users;

/** {@code qrm:user-list}. */
@Service
@Needs(value = Role.ADMIN, onlyToLook = true)
@Command(scope = "qrm", name = "user-list", description = "Lists users in the order of their names.")
public final class UserList extends ShowingCommand {

    @Reference(optional = true)
    Users users;

    @Override
    void run() {
        list(users.list().stream().map(View::of).toList(), "name", "role");
    }
}
