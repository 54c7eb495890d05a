package org.qrm.rest.internal.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.qrm.api.Expected;
import org.qrm.api.QrmException;
import org.qrm.api.user.Role;
import org.qrm.api.user.User;
import org.qrm.api.user.Users;

/** Users in memory. */
public final class FakeUsers implements Users {

    public final TreeMap<String, User> known = new TreeMap<>();

    public void add(String name, Role role, String version) {
        known.put(name, new User(name, role, version));
    }

    @Override
    public List<User> list() {
        return new ArrayList<>(known.values());
    }

    @Override
    public Optional<User> find(String name) {
        return Optional.ofNullable(known.get(name));
    }

    @Override
    public User create(String name, String password, Role role) {
        if (known.containsKey(name)) {
            throw QrmException.conflict("create user", name, "there is one", "");
        }
        add(name, role, password);
        return known.get(name);
    }

    @Override
    public User setPassword(String name, String password) {
        add(name, existing(name).role(), password);
        return known.get(name);
    }

    @Override
    public User setRole(String name, Role role, Expected<User> expected) {
        expected.check(existing(name));
        add(name, role, existing(name).version() + "+");
        return known.get(name);
    }

    @Override
    public void delete(String name, Expected<User> expected) {
        expected.check(existing(name));
        known.remove(existing(name).name());
    }

    private User existing(String name) {
        return find(name).orElseThrow(() -> QrmException.notFound("find user", "user", name));
    }
}
