package org.qrm.core.resource;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Tag;
import org.qrm.api.node.Registration;
import org.qrm.api.power.PowerState;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.MacAddress;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.resource.ResourceKind;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.search.Found;
import org.qrm.api.search.FoundKind;
import org.qrm.core.store.Change;
import org.qrm.core.store.Column;
import org.qrm.core.store.Dialect;
import org.qrm.core.store.Groupings;
import org.qrm.core.store.Json;
import org.qrm.core.store.Listing;
import org.qrm.core.store.Place;
import org.qrm.core.store.Remarks;
import org.qrm.core.store.Said;
import org.qrm.core.store.Searched;
import org.qrm.core.store.StaleException;
import org.qrm.core.store.Tags;
import org.qrm.core.store.Text;

/** The resource table. Whoever needs to know hears of each changed row, after the change is durable. */
public final class ResourceRows {

    /** What people say of them. */
    static final Remarks REMARKS = new Remarks(
            "resource.id",
            "resource_note",
            "resource_id",
            "update resource set owner = ?, version = version + 1 where id = ?",
            "delete from resource_note where resource_id = ?",
            "insert into resource_note (resource_id, note) values (?, ?)");

    static final Listing<Resource, ResourceField> LISTING =
            new Listing<>("resource", ResourceRow.RESOURCE, ResourceField.ID, ResourceRows::column);

    static final Groupings GROUPINGS = new Groupings(List.of(
            Groupings.By.constants("state", "state"),
            Groupings.By.constants("kind", "kind"),
            Groupings.By.constants("power", "power"),
            Groupings.By.texts("environment", "environment"),
            Groupings.By.numbers("host", "host_id"),
            Groupings.By.texts("product", "product")));

    /** How resources are searched. */
    public static final Searched<Resource> SEARCHED = new Searched<>(
            FoundKind.RESOURCE,
            "resource",
            REMARKS.columns(),
            ResourceRow.WHOLE,
            Place.text("name"),
            List.of(
                    Place.number("id"),
                    Place.text("address"),
                    Place.lines("found_by"),
                    Place.tags("tags"),
                    Place.text("owner"),
                    REMARKS.place()),
            "name",
            0,
            Found::of,
            ResourceRows::says);

    /** The same list as who changes them needs it. */
    static final Listing<ResourceRow, ResourceField> ROWS = new Listing<>(
            "resource",
            ResourceRow.ROW,
            ResourceField.ID,
            field -> column(field).of(ResourceRow::resource));

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final int MOST_NAMED = 500;
    private static final String WAITING = "state = 'NEW' and admitted = false and pinned is null";

    private final List<LongConsumer> watchers = new CopyOnWriteArrayList<>();

    /** Hears the id of each resource that changed; must return at once. */
    public void watch(LongConsumer watcher) {
        watchers.add(watcher);
    }

    public Optional<ResourceRow> find(Handle handle, long id) {
        return handle.createQuery("select * from resource where id = :id")
                .bind("id", id)
                .map(ResourceRow.ROW)
                .findOne();
    }

    public Optional<ResourceRow> find(Handle handle, MacAddress mac) {
        return handle.createQuery("select * from resource where mac = :mac")
                .bind("mac", mac.value())
                .map(ResourceRow.ROW)
                .findOne();
    }

    /** Those that are named so, by number, name or MAC address in whatever spelling; each by what was said, in that order. */
    Map<String, ResourceRow> named(Handle handle, Collection<String> texts) {
        Map<String, ResourceRow> found = new LinkedHashMap<>();
        texts.forEach(text -> found.put(text, null));
        match(handle, "id", ResourceRows::number, ResourceRow::id, found);
        match(handle, "name", Optional::of, row -> row.resource().name(), found);
        match(handle, "mac", ResourceRows::card, ResourceRows::mac, found);
        found.values().removeIf(Objects::isNull);
        return found;
    }

    private static Optional<Long> number(String text) {
        return Optional.of(text).filter(NUMBER.asMatchPredicate()).map(Long::valueOf);
    }

    private static Optional<String> card(String text) {
        try {
            return Optional.of(MacAddress.parse(text).value());
        } catch (QrmException noCard) {
            return Optional.empty();
        }
    }

    private static String mac(ResourceRow row) {
        return row.resource().mac().value();
    }

    /** Looks for those that are not found yet, and can be meant so. */
    private static <K> void match(
            Handle handle,
            String column,
            Function<String, Optional<K>> key,
            Function<ResourceRow, K> of,
            Map<String, ResourceRow> found) {
        Map<String, K> meant = new LinkedHashMap<>();
        found.forEach((text, row) -> {
            if (row == null) {
                key.apply(text).ifPresent(value -> meant.put(text, value));
            }
        });
        List<K> keys = meant.values().stream().distinct().toList();
        Map<K, ResourceRow> rows = new HashMap<>();
        for (int from = 0; from < keys.size(); from += MOST_NAMED) {
            handle.createQuery("select * from resource where " + column + " in (<keys>)")
                    .bindList("keys", keys.subList(from, Math.min(keys.size(), from + MOST_NAMED)))
                    .map(ResourceRow.ROW)
                    .forEach(row -> rows.put(of.apply(row), row));
        }
        meant.forEach((text, value) -> found.put(text, rows.get(value)));
    }

    /** Those of them that are there. */
    public List<ResourceRow> of(Handle handle, Collection<Long> ids) {
        return ids.isEmpty()
                ? List.of()
                : handle.createQuery("select * from resource where id in (<ids>)")
                        .bindList("ids", List.copyOf(ids))
                        .map(ResourceRow.ROW)
                        .list();
    }

    /** Machines that had that address last. */
    public List<ResourceRow> ofAddress(Handle handle, String address) {
        return handle.createQuery("select * from resource" + Dialect.index("resource_address")
                        + " where address = :address order by id")
                .bind("address", address)
                .map(ResourceRow.ROW)
                .list();
    }

    /** Whether a machine that was admitted, other than that one, has that card. */
    public boolean isCardOfAnother(Handle handle, MacAddress card, long id) {
        return handle.createQuery("select count(*) from resource where id <> :id and admitted = true"
                                + " and (mac = :mac or found_by like :line)")
                        .bind("id", id)
                        .bind("mac", card.value())
                        .bind("line", "%\n" + card.value() + "\n%")
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    public Optional<ResourceRow> find(Handle handle, String name) {
        return handle.createQuery("select * from resource where name = :name")
                .bind("name", name)
                .map(ResourceRow.ROW)
                .findOne();
    }

    /** The one that has that host name, whatever the case of its letters (RFC 4343). */
    public Optional<ResourceRow> withHostName(Handle handle, String name) {
        return handle.createQuery(
                        "select * from resource" + Dialect.index("resource_host_name") + " where host_name = :name")
                .bind("name", hostName(name))
                .map(ResourceRow.ROW)
                .findFirst();
    }

    private static String hostName(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** SHA-256 of the node tokens that are good now, by machine. */
    public Map<Long, String> nodeTokenHashes(Handle handle) {
        return handle.createQuery("select id, node_token_hash from resource where node_token_hash is not null")
                .map((row, context) -> Map.entry(row.getLong("id"), row.getString("node_token_hash")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Column<Resource> column(ResourceField field) {
        return switch (field) {
            case ID -> Column.number("id", Resource::id);
            case NAME -> Column.text("name", Resource::name);
            case STATE -> Column.text("state", resource -> resource.state().name());
            case KIND -> Column.text("kind", resource -> resource.kind().name());
            case ENVIRONMENT_ID -> Column.only("environment = :value");
            case HOST_ID -> Column.only("host_id = :value");
            case PARTITION_OF -> Column.only("partition_of = :value");
            case CPUS -> Column.atLeast("cpus", resource -> resource.hardware().cpus());
            case CPU_MHZ ->
                Column.atLeast("cpu_mhz", resource -> resource.hardware().cpuMhz());
            case MEMORY_MB ->
                Column.atLeast("memory_mb", resource -> resource.hardware().memoryMb());
            case POWER ->
                Column.text("power", resource -> resource.power().state().name());
            case DISK_GB ->
                Column.atLeast("disk_gb", resource -> resource.hardware().diskGb());
            case GPUS -> Column.atLeast("gpus", resource -> resource.hardware().gpus());
            case DEVICE -> DeviceRows.HAVING;
            case TAG -> Column.tag("tags");
            case OWNER -> Remarks.owner(Resource::remark);
            case GROUP -> Column.group(GROUPINGS);
            case TEXT -> REMARKS.or(Column.contains("name", "address", "found_by", "tags", "owner"));
        };
    }

    private static List<Said> says(Resource resource) {
        List<Said> all = new ArrayList<>();
        all.add(new Said("name", resource.name()));
        all.add(new Said("number", Long.toString(resource.id())));
        if (resource.address() != null) {
            all.add(new Said("address", resource.address()));
        }
        all.addAll(FoundBy.of(resource));
        resource.tags().forEach(tag -> all.add(new Said("tag", tag.toString())));
        all.addAll(Said.of(resource.remark()));
        return all;
    }

    /** Of machines that were known before there was that column, or that of their product. */
    public void fillFoundBy(Change change) {
        List<Resource> unknown = change.handle()
                .createQuery("select * from resource where found_by is null")
                .map(ResourceRow.RESOURCE)
                .list();
        if (unknown.isEmpty()) {
            return;
        }
        PreparedBatch batch = change.handle()
                .prepareBatch("update resource set found_by = :found, product = :product where id = :id");
        unknown.forEach(resource -> batch.bind("found", FoundBy.column(resource.mac(), resource.hardware()))
                .bind("product", FoundBy.product(resource.hardware()))
                .bind("id", resource.id())
                .add());
        batch.execute();
    }

    /** Machines in an order of columns. */
    public List<ResourceRow> inOrder(Handle handle, String orderBy, int limit) {
        return handle.createQuery("select * from resource" + orderBy + " fetch first " + limit + " rows only")
                .map(ResourceRow.ROW)
                .list();
    }

    Map<ResourceState, Long> countByState(Handle handle) {
        Map<ResourceState, Long> counts = new EnumMap<>(ResourceState.class);
        handle.createQuery("select state, count(*) as number from resource group by state")
                .map((row, context) -> Map.entry(ResourceState.valueOf(row.getString("state")), row.getLong("number")))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    /** Moves it along its life cycle; one that is not admitted is new instead of idle. The row is as it was read, or the whole change is repeated. */
    public void move(Change change, ResourceRow row, ResourceState to, String reason) {
        ResourceState target = to == ResourceState.IDLE && !row.admitted() ? ResourceState.NEW : to;
        ResourceLifeCycle.TABLE.check(row.resource().name(), row.state(), target);
        int rows = update(change, row, "state = :state, reason = :reason")
                .bind("state", target.name())
                .bind("reason", Text.cut(reason, 1000))
                .execute();
        StaleException.unless(rows == 1);
        fire(change, row.id());
    }

    /** Takes an idle machine for an environment; false when somebody else was quicker. */
    public boolean take(Change change, long id, String environment) {
        boolean taken = change.handle()
                        .createUpdate("update resource set state = 'ASSIGNED', reason = '', environment = :environment,"
                                + " version = version + 1 where id = :id and state = 'IDLE' and environment is null")
                        .bind("environment", environment)
                        .bind("id", id)
                        .execute()
                == 1;
        if (taken) {
            fire(change, id);
        }
        return taken;
    }

    /** Takes a machine that is off for an environment: what it booted last is over. False when somebody was quicker. */
    public boolean takeOff(Change change, ResourceRow row, String environment) {
        ResourceLifeCycle.TABLE.check(row.resource().name(), row.state(), ResourceState.ASSIGNED);
        String pinned = row.pinned() == null ? null : Json.write(row.pinned());
        int rows = update(
                        change,
                        row,
                        "state = 'ASSIGNED', reason = '', environment = :environment, pinned = :pinned,"
                                + " node_token_hash = null")
                .bind("environment", environment)
                .bind("pinned", pinned)
                .execute();
        fire(change, row.id());
        return rows == 1;
    }

    /** Ends the binding to an environment. */
    public void unbind(Change change, long id) {
        change.handle().execute("update resource set environment = null, version = version + 1 where id = ?", id);
        fire(change, id);
    }

    /** Gives an order, or takes it back with null. */
    public void order(Change change, long id, ResourceRow.Order order) {
        change.handle()
                .execute(
                        "update resource set instruction = ?, version = version + 1 where id = ?",
                        order == null ? null : order.name(),
                        id);
        fire(change, id);
    }

    void setLocalBoot(Change change, long id, boolean local) {
        change.handle().execute("update resource set local_boot = ?, version = version + 1 where id = ?", local, id);
        fire(change, id);
    }

    /** Notes what a machine said went wrong, without a change of state. */
    public void setReason(Change change, long id, String reason) {
        change.handle()
                .execute(
                        "update resource set reason = ?, version = version + 1 where id = ?",
                        Text.cut(reason, 1000),
                        id);
        fire(change, id);
    }

    /** What it is bound to has changed, which a machine that waits may have waited for. */
    public void bindingChanged(Change change, long id) {
        fire(change, id);
    }

    /** Keeps others from changing it until the transaction ends. */
    public void lock(Change change, long id) {
        change.handle().execute("update resource set host_id = host_id where id = ?", id);
    }

    /**
     * A machine that was heard of.
     *
     * @param lastSeen in milliseconds
     */
    public record Heard(long id, long lastSeen, double load) {}

    /** Writes down when machines were last heard of; that is no change of them. */
    public void heard(Change change, List<Heard> machines) {
        PreparedBatch batch = change.handle()
                .prepareBatch("update resource set last_seen = :seen, load_average = :load where id = :id");
        machines.forEach(machine -> batch.bind("seen", machine.lastSeen())
                .bind("load", machine.load())
                .bind("id", machine.id())
                .add());
        batch.execute();
    }

    /**
     * What is known of a machine's power.
     *
     * @param since in milliseconds; 0 when nothing was told yet
     */
    record Power(long id, PowerState state, long since, String problem) {}

    /** Of all nodes. */
    List<Power> powers(Handle handle) {
        return handle.createQuery(
                        "select id, power, power_since, power_problem from resource where kind = 'NODE' order by id")
                .map((row, context) -> new Power(
                        row.getLong("id"),
                        PowerState.valueOf(row.getString("power")),
                        row.getLong("power_since"),
                        row.getString("power_problem")))
                .list();
    }

    /** Notes what was told of its power; that is no change of the machine, so its version stays. */
    void setPower(Change change, long id, PowerState state, String problem, long now) {
        change.handle()
                .createUpdate(
                        "update resource set power_since = case when power = :state then power_since else :now end,"
                                + " power = :state, power_problem = :problem where id = :id")
                .bind("state", state.name())
                .bind("now", now)
                .bind("problem", Text.cut(problem, 300))
                .bind("id", id)
                .execute();
    }

    /** Nobody tells any more. */
    void forgetPower(Change change) {
        change.handle()
                .execute("update resource set power = 'UNKNOWN', power_since = null, power_problem = ''"
                        + " where power <> 'UNKNOWN' or power_problem <> ''");
    }

    /** An operation changes its power, as may be seen until then. */
    void askPower(Change change, long id, long until) {
        change.handle().execute("update resource set power_asked = ? where id = ?", until, id);
    }

    /** Until when a change of its power is explained by an operation, in milliseconds. */
    long powerAsked(Handle handle, long id) {
        return handle.createQuery("select power_asked from resource where id = :id")
                .bind("id", id)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    /** Idle nodes that were last heard of in that time, and when; in milliseconds. */
    Map<Long, Long> idleAndSilent(Handle handle, long from, long to, int limit) {
        return handle.createQuery("select id, last_seen from resource where state = 'IDLE' and kind = 'NODE'"
                        + " and last_seen >= :from and last_seen < :to order by id fetch first " + limit + " rows only")
                .bind("from", from)
                .bind("to", to)
                .map((row, context) -> Map.entry(row.getLong("id"), row.getLong("last_seen")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** How many machines' power is not told for a reason. */
    long countUntold(Handle handle) {
        return handle.createQuery("select count(*) from resource where power_problem <> ''")
                .mapTo(Long.class)
                .one();
    }

    /** The first of them, each with the reason. */
    List<String> untold(Handle handle, int limit) {
        return handle.createQuery("select name, power_problem from resource where power_problem <> '' order by id"
                        + " fetch first " + limit + " rows only")
                .map((row, context) -> row.getString("name") + " (" + row.getString("power_problem") + ")")
                .list();
    }

    /** It has the name that it was read with, or the whole change is repeated. */
    public void rename(Change change, ResourceRow before, String name) {
        int rows = change.handle()
                .execute(
                        "update resource set name = ?, host_name = ?, version = version + 1 where id = ? and name = ?",
                        name,
                        hostName(name),
                        before.id(),
                        before.resource().name());
        StaleException.unless(rows == 1);
        fire(change, before.id());
    }

    /** It has the tags that it was read with, or the whole change is repeated. */
    public void setTags(Change change, ResourceRow before, List<Tag> tags) {
        int rows = change.handle()
                .execute(
                        "update resource set tags = ?, version = version + 1 where id = ? and tags = ?",
                        Tags.write(tags),
                        before.id(),
                        Tags.write(before.resource().tags()));
        StaleException.unless(rows == 1);
        fire(change, before.id());
    }

    /** With the note that people wrote of it. */
    public Resource whole(Handle handle, ResourceRow row) {
        return row.resource()
                .remarked(REMARKS.whole(handle, row.id(), row.resource().remark()));
    }

    /**
     * Changes what people say of a machine that is locked, with events.
     *
     * @param before with the note
     * @param said is checked; what is null stays
     */
    public void remark(Change change, Resource before, Remark said) {
        REMARKS.change(
                change,
                before.id(),
                before.remark(),
                said,
                new Remarks.Told("resource", ResourceService.lane(before.id()), before.name(), before.id()));
        fire(change, before.id());
    }

    /** Notes what a partition has been given. */
    public void setSize(Change change, long id, int cpus, int cpuMhz, long memoryMb) {
        change.handle()
                .execute(
                        "update resource set cpus = ?, cpu_mhz = ?, memory_mb = ?, version = version + 1 where id = ?",
                        cpus,
                        cpuMhz,
                        memoryMb,
                        id);
        fire(change, id);
    }

    /** What placement wants of the devices of a machine. */
    public void setDevices(Change change, ResourceRow row, int diskGb, int gpus) {
        int rows = update(change, row, "disk_gb = :disk, gpus = :gpus")
                .bind("disk", diskGb)
                .bind("gpus", gpus)
                .execute();
        StaleException.unless(rows == 1);
        fire(change, row.id());
    }

    public void delete(Change change, long id) {
        change.handle().execute("delete from resource where id = ?", id);
        fire(change, id);
    }

    /** Makes a machine known, in state NEW. A partition is admitted: the server had it made. */
    public ResourceRow insert(
            Change change, MacAddress mac, String name, ResourceKind kind, Long hostId, String partitionOf) {
        long id = change.handle()
                .createUpdate(
                        "insert into resource (mac, name, host_name, kind, host_id, partition_of, state, reason, cpus, cpu_mhz,"
                                + " memory_mb, nic_count, nics, details, found_by, load_average, local_boot, admitted, version) values (:mac,"
                                + " :name, :hostName, :kind, :host, :plugin, 'NEW', '', 0, 0, 0, 0, '[]', '{}', :found, 0, false,"
                                + " :admitted, 1)")
                .bind("mac", mac.value())
                .bind("name", name)
                .bind("hostName", hostName(name))
                .bind("kind", kind.name())
                .bind("host", hostId)
                .bind("plugin", partitionOf)
                .bind("found", FoundBy.column(mac, Hardware.UNKNOWN))
                .bind("admitted", kind == ResourceKind.PARTITION)
                .executeAndReturnGeneratedKeys()
                .mapTo(Long.class)
                .one();
        fire(change, id);
        return find(change.handle(), id).orElseThrow();
    }

    /**
     * Stores what a machine registered with, and the state that follows from it. An order it had is obeyed by that.
     *
     * @param hardware what it counts as having
     * @param pinned by what it is known again, or null
     * @param reason why it is not admitted, or empty
     */
    public void register(
            Change change,
            ResourceRow row,
            Registration registration,
            Hardware hardware,
            String tokenHash,
            ResourceState to,
            Identity pinned,
            String reason) {
        ResourceLifeCycle.TABLE.check(row.resource().name(), row.state(), to);
        int rows = update(
                        change,
                        row,
                        "state = :state, reason = :reason, cpus = :cpus, cpu_mhz = :mhz, memory_mb = :memory,"
                                + " nic_count = :count, nics = :nics, details = :details, found_by = :found, product = :product, address = :address,"
                                + " last_seen = :now, instruction = null, boot_image = :image, boot_id = :boot,"
                                + " node_token_hash = :token, ssh_host_key = :key, execd_port = :port, pinned = :pinned")
                .bind("state", to.name())
                .bind("reason", Text.cut(reason.isEmpty() ? reason(row, to) : reason, 1000))
                .bind("pinned", pinned == null ? null : Json.write(pinned))
                .bind("cpus", hardware.cpus())
                .bind("mhz", hardware.cpuMhz())
                .bind("memory", hardware.memoryMb())
                .bind("count", hardware.nics().size())
                .bind(
                        "nics",
                        Json.write(hardware.nics().stream()
                                .map(ResourceRow.Card::of)
                                .toList()))
                .bind("details", Json.write(hardware.details()))
                .bind("found", FoundBy.column(row.resource().mac(), hardware))
                .bind("product", FoundBy.product(hardware))
                .bind("address", registration.address())
                .bind("now", System.currentTimeMillis())
                .bind("image", registration.image())
                .bind("boot", registration.bootId())
                .bind("token", tokenHash)
                .bind("key", registration.sshHostKey())
                .bind("port", registration.execdPort())
                .execute();
        StaleException.unless(rows == 1);
        fire(change, row.id());
    }

    private static String reason(ResourceRow row, ResourceState to) {
        return switch (to) {
            case MAINTENANCE -> row.resource().reason();
            case NEW -> "waits to be admitted";
            default -> "";
        };
    }

    /** It may join the pool from now on, which it does when it is heard of, and as what it is. */
    void admit(Change change, ResourceRow row) {
        boolean seen = row.resource().kind() == ResourceKind.NODE && row.nodeTokenHash() != null;
        int rows = update(change, row, "admitted = true, pinned = :pinned, reason = 'admitted, but not heard of since'")
                .bind("pinned", seen ? Json.write(Identity.of(row.resource().hardware(), row.bootImage())) : null)
                .execute();
        StaleException.unless(rows == 1);
        fire(change, row.id());
    }

    /** Takes or gives back what it was given once. */
    public void setAdmitted(Change change, ResourceRow row, boolean admitted) {
        int rows = update(change, row, "admitted = :admitted")
                .bind("admitted", admitted)
                .execute();
        StaleException.unless(rows == 1);
        fire(change, row.id());
    }

    /** What it booted last is over, for certain: what it boots next keeps nobody out. */
    public void endBoot(Change change, ResourceRow row) {
        int rows = update(change, row, "node_token_hash = null").execute();
        StaleException.unless(rows == 1);
        fire(change, row.id());
    }

    /** What it booted last is not over, as was thought. */
    public void resumeBoot(Change change, ResourceRow row, String tokenHash) {
        int rows = update(change, row, "node_token_hash = :token")
                .bind("token", tokenHash)
                .execute();
        StaleException.unless(rows == 1);
        fire(change, row.id());
    }

    /** How many wait to be admitted, or of an address. */
    public long countWaiting(Handle handle, String address) {
        return handle.createQuery(
                        "select count(*) from resource where " + WAITING + " and (:address = '' or address = :address)")
                .bind("address", address)
                .mapTo(Long.class)
                .one();
    }

    /** Those that wait to be admitted, and were last heard of before. */
    public List<Long> waiting(Handle handle, long lastSeenBefore, int limit) {
        return handle.createQuery("select id from resource where " + WAITING
                        + " and last_seen < :before order by id fetch first " + limit + " rows only")
                .bind("before", lastSeenBefore)
                .mapTo(Long.class)
                .list();
    }

    private static Update update(Change change, ResourceRow row, String columns) {
        return change.handle()
                .createUpdate("update resource set " + columns
                        + ", version = version + 1 where id = :id and version = :version")
                .bind("id", row.id())
                .bind("version", row.resource().version());
    }

    private void fire(Change change, long id) {
        change.afterCommit(() -> watchers.forEach(watcher -> watcher.accept(id)));
    }
}
