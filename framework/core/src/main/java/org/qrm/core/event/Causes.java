package org.qrm.core.event;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.qrm.api.Tag;
import org.qrm.api.event.InCommon;
import org.qrm.api.event.InCommon.Kind;
import org.qrm.core.store.EventRows;
import org.qrm.core.store.Tags;

/** Looks for what many machines in trouble have in common, and few others. */
final class Causes {

    /** Fewer machines than that have something in common by chance. */
    static final int LEAST = 3;

    /** Of the machines in trouble, one in so many at least has it. */
    private static final int SHARE = 10;

    /** Machines that are looked at. */
    private static final int LOOKED_AT = 1000;

    private static final int MOST_TOLD = 3;

    /** @param key what its row is known by: the chassis of a switch, the number of a host */
    private record Trait(Kind kind, String key) {}

    private final Handle handle;
    private final Map<Trait, String> names = new HashMap<>();
    private final Map<Trait, Set<Long>> machines = new HashMap<>();

    private Causes(Handle handle) {
        this.handle = handle;
    }

    /** What the machines have in common that the unseen alerts of a type are about; the most first. */
    static List<InCommon> of(Handle handle, String type) {
        List<Long> affected = EventRows.machinesInTrouble(handle, type, LOOKED_AT);
        return affected.size() < LEAST ? List.of() : new Causes(handle).of(affected);
    }

    private List<InCommon> of(List<Long> affected) {
        handle.createQuery(
                        "select resource_id, serial, model from device where kind = 'NEIGHBOUR' and resource_id in (<ids>)")
                .bindList("ids", affected)
                .map((row, context) -> has(
                        Kind.SWITCH,
                        row.getString("serial"),
                        switchOf(row.getString("model")),
                        row.getLong("resource_id")))
                .list();
        handle.createQuery("select r.id, r.tags, h.id as host, h.name as host_name from resource r"
                        + " left join resource h on h.id = r.host_id where r.id in (<ids>)")
                .bindList("ids", affected)
                .map((row, context) -> {
                    long id = row.getLong("id");
                    String host = row.getString("host");
                    if (host != null) {
                        has(Kind.HOST, host, row.getString("host_name"), id);
                    }
                    for (Tag tag : Tags.read(row.getString("tags"))) {
                        has(Kind.TAG, tag.toString(), tag.toString(), id);
                    }
                    return id;
                })
                .list();
        return machines.keySet().stream()
                .filter(trait -> machines.get(trait).size() >= LEAST
                        && machines.get(trait).size() * SHARE >= affected.size())
                .sorted(Comparator.comparing(
                                (Trait trait) -> -machines.get(trait).size())
                        .thenComparing(Trait::kind)
                        .thenComparing(names::get))
                .limit((long) MOST_TOLD * 2)
                .map(this::told)
                .filter(each -> each.affected() * 2 >= each.all())
                .limit(MOST_TOLD)
                .toList();
    }

    private boolean has(Kind kind, String key, String name, long machine) {
        Trait trait = new Trait(kind, key);
        names.putIfAbsent(trait, name);
        return machines.computeIfAbsent(trait, each -> new HashSet<>()).add(machine);
    }

    /** The port stands behind the name of the switch. */
    private static String switchOf(String model) {
        int port = model.lastIndexOf(' ');
        return port < 0 ? model : model.substring(0, port);
    }

    private InCommon told(Trait trait) {
        String name = names.get(trait);
        String quoted = name.matches("[\\w.-]+(=[\\w.-]+)?") ? name : '"' + name + '"';
        long affected = machines.get(trait).size();
        return switch (trait.kind()) {
            case SWITCH ->
                new InCommon(
                        trait.kind(),
                        name,
                        "device:" + quoted,
                        affected,
                        count(
                                "select count(distinct resource_id) from device where kind = 'NEIGHBOUR' and serial = ?",
                                trait.key()));
            case HOST ->
                new InCommon(
                        trait.kind(),
                        name,
                        "host:" + trait.key(),
                        affected,
                        count("select count(*) from resource where host_id = ?", Long.valueOf(trait.key())));
            case TAG ->
                new InCommon(
                        trait.kind(),
                        name,
                        "tag:" + quoted,
                        affected,
                        count(
                                "select count(*) from resource where tags like ? escape '!'",
                                Tags.exactly(Tag.parse("look for causes", trait.key()))));
        };
    }

    private long count(String query, Object key) {
        return handle.createQuery(query).bind(0, key).mapTo(Long.class).one();
    }
}
