package org.qrm.core.environment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.qrm.api.QrmException;
import org.qrm.api.boot.SecretArgument;
import org.qrm.core.store.Change;
import org.qrm.core.store.Seal;

/** The tables of arguments that machines are told over their authenticated channel only: an environment's, and those of plug-ins. */
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
     * Finds out whether the machines of the environment can be told.
     *
     * @throws QrmException FAILED when one cannot be opened
     */
    void check(Handle handle, String environment) {
        values(handle, environment);
    }

    private Map<String, String> values(Handle handle, String environment) {
        return handle
                .createQuery("select name, sealed from environment_secret where environment = :name")
                .bind("name", environment)
                .map((row, context) -> Map.entry(row.getString("name"), row.getString("sealed")))
                .list()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> seal.open(place(environment, each.getKey()), each.getValue())));
    }

    /** What plug-ins have a machine told for as long as it is bound; what they had before is gone. */
    void tell(Change change, long resource, Map<String, String> arguments) {
        change.handle().execute("delete from assignment_secret where resource_id = ?", resource);
        arguments.forEach((name, value) -> change.handle()
                .execute(
                        "insert into assignment_secret (resource_id, name, sealed) values (?, ?, ?)",
                        resource,
                        name,
                        seal.seal(place(resource, name), value)));
    }

    /**
     * What a machine of the environment is told, {@code name=value} each. The environment's own comes before that of a plug-in.
     *
     * @throws QrmException FAILED when one cannot be opened
     */
    List<String> of(Handle handle, String environment, long resource) {
        Map<String, String> all = new TreeMap<>();
        handle.createQuery("select name, sealed from assignment_secret where resource_id = :id")
                .bind("id", resource)
                .map((row, context) -> Map.entry(row.getString("name"), row.getString("sealed")))
                .forEach(each -> all.put(each.getKey(), seal.open(place(resource, each.getKey()), each.getValue())));
        all.putAll(values(handle, environment));
        List<String> lines = new ArrayList<>();
        all.forEach((name, value) -> lines.add(name + "=" + value));
        return lines;
    }

    private static String place(long resource, String name) {
        return "argument " + name + " of resource " + resource;
    }

    private static String place(String environment, String name) {
        return "argument " + name + " of virtual environment " + environment;
    }
}
