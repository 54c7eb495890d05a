package org.qrm.core.environment;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.qrm.api.QrmException;
import org.qrm.api.boot.SecretArgument;
import org.qrm.core.store.Change;
import org.qrm.core.store.Seal;

/** The table of arguments that machines are told over their authenticated channel only. */
final class SecretArguments {

    private final Seal seal;

    SecretArguments(Seal seal) {
        this.seal = seal;
    }

    void set(Change change, String environment, String name, String value) {
        String sealed = seal.seal(place(environment, name), value);
        int rows = change.handle()
                .execute(
                        "update environment_secret set sealed = ? where environment = ? and name = ?",
                        sealed,
                        environment,
                        name);
        if (rows == 1) {
            return;
        }
        if (namesOf(change.handle(), List.of(environment))
                        .getOrDefault(environment, List.of())
                        .size()
                >= SecretArgument.MOST) {
            throw QrmException.invalid(
                    "set secret argument",
                    name,
                    environment + " has " + SecretArgument.MOST + " already",
                    "Remove one, or put several into one value.");
        }
        change.handle()
                .execute(
                        "insert into environment_secret (environment, name, sealed) values (?, ?, ?)",
                        environment,
                        name,
                        sealed);
    }

    void remove(Change change, String environment, String name) {
        int rows = change.handle()
                .execute("delete from environment_secret where environment = ? and name = ?", environment, name);
        if (rows == 0) {
            throw QrmException.notFound("remove secret argument", "secret argument of " + environment, name);
        }
    }

    static Map<String, List<String>> namesOf(Handle handle, List<String> environments) {
        return handle.createQuery("select environment, name from environment_secret where environment in (<names>)"
                        + " order by environment, name")
                .bindList("names", environments)
                .map((row, context) -> Map.entry(row.getString("environment"), row.getString("name")))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    /**
     * {@code name=value} each, as its machines are told.
     *
     * @throws QrmException FAILED when one cannot be opened
     */
    List<String> of(Handle handle, String environment) {
        return handle
                .createQuery("select name, sealed from environment_secret where environment = :name order by name")
                .bind("name", environment)
                .map((row, context) -> Map.entry(row.getString("name"), row.getString("sealed")))
                .list()
                .stream()
                .map(each -> each.getKey() + "=" + seal.open(place(environment, each.getKey()), each.getValue()))
                .toList();
    }

    private static String place(String environment, String name) {
        return "argument " + name + " of virtual environment " + environment;
    }
}
