package org.qrm.core.environment;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.qrm.api.Remark;
import org.qrm.api.environment.EnvironmentField;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.EnvironmentSpec;
import org.qrm.api.environment.EnvironmentState;
import org.qrm.api.environment.HealMode;
import org.qrm.api.environment.Healing;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.search.Found;
import org.qrm.api.search.FoundKind;
import org.qrm.core.store.Change;
import org.qrm.core.store.Column;
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

/** The table of virtual environments. */
public final class EnvironmentRows {

    /** What people say of them. */
    static final Remarks REMARKS = new Remarks(
            "environment.name",
            "environment_note",
            "environment",
            "update environment set owner = ?, version = version + 1 where name = ?",
            "delete from environment_note where environment = ?",
            "insert into environment_note (environment, note) values (?, ?)");

    private static final RowMapper<VirtualEnvironment> ROW = (row, context) -> new VirtualEnvironment(
            new EnvironmentSpec(
                    row.getString("name"),
                    row.getString("boot_image"),
                    row.getString("filesystem_image"),
                    EnvironmentMode.valueOf(row.getString("mode")),
                    row.getString("partitioning"),
                    row.getString("runs_on"),
                    new Requirements(
                            row.getInt("cpus"),
                            row.getInt("cpu_mhz"),
                            row.getLong("memory_mb"),
                            row.getInt("nics"),
                            row.getInt("disk_gb"),
                            row.getInt("gpus"),
                            Tags.read(row.getString("tags")),
                            texts(row.getString("devices"))),
                    texts(row.getString("kernel_arguments")),
                    row.getString("description"),
                    new Healing(
                            HealMode.valueOf(row.getString("heal")),
                            row.getInt("heal_attempts"),
                            row.getInt("heal_after"),
                            Tags.read(row.getString("heal_tags")))),
            EnvironmentState.valueOf(row.getString("state")),
            row.getString("reason"),
            List.of(),
            List.of(),
            Remark.of(row.getString("owner")),
            row.getLong("version"));

    private static final RowMapper<VirtualEnvironment> WHOLE =
            Remarks.whole(ROW, VirtualEnvironment::remark, VirtualEnvironment::remarked);

    static final Listing<VirtualEnvironment, EnvironmentField> LISTING =
            new Listing<>("environment", ROW, EnvironmentField.NAME, EnvironmentRows::column);

    static final Groupings GROUPINGS = new Groupings(List.of(
            Groupings.By.constants("state", "state"),
            Groupings.By.constants("mode", "mode"),
            Groupings.By.texts("boot-image", "boot_image"),
            Groupings.By.texts("filesystem-image", "filesystem_image"),
            Groupings.By.texts("runs-on", "runs_on"),
            Groupings.By.texts("partitioning", "partitioning"),
            Groupings.By.constants("heal", "heal")));

    /** How virtual environments are searched. */
    public static final Searched<VirtualEnvironment> SEARCHED = new Searched<>(
            FoundKind.VIRTUAL_ENVIRONMENT,
            "environment",
            REMARKS.columns(),
            WHOLE,
            Place.text("name"),
            List.of(
                    Place.text("description"),
                    Place.text("filesystem_image"),
                    Place.tags("tags"),
                    Place.text("owner"),
                    REMARKS.place()),
            "name",
            0,
            Found::of,
            EnvironmentRows::says);

    private static final int MOST_NAMED = 500;

    private EnvironmentRows() {}

    public static Optional<VirtualEnvironment> find(Handle handle, String name) {
        return handle.createQuery("select * from environment where name = :name")
                .bind("name", name)
                .map(ROW)
                .findOne();
    }

    /** Those of these names, by name. */
    static Map<String, VirtualEnvironment> named(Handle handle, List<String> names) {
        Map<String, VirtualEnvironment> found = new HashMap<>();
        for (int from = 0; from < names.size(); from += MOST_NAMED) {
            handle.createQuery("select * from environment where name in (<names>)")
                    .bindList("names", names.subList(from, Math.min(names.size(), from + MOST_NAMED)))
                    .map(ROW)
                    .forEach(each -> found.put(each.name(), each));
        }
        return found;
    }

    /** Those that are bound to machines. */
    static List<VirtualEnvironment> running(Handle handle) {
        return handle.createQuery("select * from environment where exists (select 1 from assignment a"
                        + " where a.environment = environment.name and a.releasing = false) order by name")
                .map(ROW)
                .list();
    }

    private static Column<VirtualEnvironment> column(EnvironmentField field) {
        return switch (field) {
            case NAME -> Column.text("name", VirtualEnvironment::name);
            case STATE -> Column.text("state", each -> each.state().name());
            case MODE -> Column.text("mode", each -> each.spec().mode().name());
            case BOOT_IMAGE -> Column.text("boot_image", each -> each.spec().bootImage());
            case FILESYSTEM_IMAGE ->
                Column.text("filesystem_image", each -> each.spec().filesystemImage());
            case RUNS_ON -> Column.text("runs_on", each -> each.spec().runsOn());
            case PARTITIONING -> Column.only("partitioning = :value");
            case HEAL -> Column.only("heal = :value");
            case OWNER -> Remarks.owner(VirtualEnvironment::remark);
            case GROUP -> Column.group(GROUPINGS);
            case TEXT -> REMARKS.or(Column.contains("name", "description", "filesystem_image", "tags", "owner"));
        };
    }

    private static List<Said> says(VirtualEnvironment environment) {
        EnvironmentSpec spec = environment.spec();
        List<Said> all = new ArrayList<>();
        all.add(new Said("name", spec.name()));
        all.add(new Said("description", spec.description()));
        all.add(new Said("filesystem image", spec.filesystemImage()));
        spec.requirements().tags().forEach(tag -> all.add(new Said("tag", tag.toString())));
        all.addAll(Said.of(environment.remark()));
        return all;
    }

    /** Keeps others from changing it until the transaction ends. */
    static Optional<VirtualEnvironment> lock(Handle handle, String name) {
        handle.execute("update environment set mode = mode where name = ?", name);
        return find(handle, name);
    }

    private static List<String> texts(String json) {
        return Json.read(json, new TypeReference<List<String>>() {});
    }

    static Map<EnvironmentState, Long> countByState(Handle handle) {
        return handle.createQuery("select state, count(*) as number from environment group by state")
                .map((row, context) ->
                        Map.entry(EnvironmentState.valueOf(row.getString("state")), row.getLong("number")))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    static void insert(Handle handle, EnvironmentSpec spec) {
        handle.createUpdate("insert into environment (name, boot_image, filesystem_image, mode, partitioning, runs_on,"
                        + " cpus, cpu_mhz, memory_mb, nics, disk_gb, gpus, tags, devices, kernel_arguments, description, heal, heal_attempts,"
                        + " heal_after, heal_tags, state, reason, version)"
                        + " values (:name, :bootImage, :image, :mode, :partitioning, :runsOn, :cpus, :mhz, :memory,"
                        + " :nics, :disk, :gpus, :tags, :devices, :arguments, :description, :heal, :healAttempts, :healAfter, :healTags,"
                        + " 'INACTIVE', '', 1)")
                .bindMap(columns(spec))
                .execute();
    }

    static void update(Handle handle, VirtualEnvironment before, EnvironmentSpec spec) {
        int rows = handle.createUpdate("update environment set boot_image = :bootImage, filesystem_image = :image,"
                        + " mode = :mode, partitioning = :partitioning, runs_on = :runsOn, cpus = :cpus, cpu_mhz = :mhz,"
                        + " memory_mb = :memory, nics = :nics, disk_gb = :disk, gpus = :gpus, tags = :tags, devices = :devices, kernel_arguments = :arguments,"
                        + " description = :description, heal = :heal, heal_attempts = :healAttempts,"
                        + " heal_after = :healAfter, heal_tags = :healTags, version = version + 1"
                        + " where name = :name and version = :version")
                .bindMap(columns(spec))
                .bind("version", before.version())
                .execute();
        StaleException.unless(rows == 1);
    }

    static void delete(Handle handle, VirtualEnvironment before) {
        int rows = handle.execute(
                "delete from environment where name = ? and version = ?", before.name(), before.version());
        StaleException.unless(rows == 1);
    }

    /** Moves it along its life cycle; it is as it was read, or the whole change is repeated. */
    static void move(Change change, VirtualEnvironment before, EnvironmentState to, String reason) {
        EnvironmentLifeCycle.TABLE.check(before.name(), before.state(), to);
        int rows = change.handle()
                .createUpdate("update environment set state = :state, reason = :reason, version = version + 1"
                        + " where name = :name and version = :version")
                .bind("state", to.name())
                .bind("reason", Text.cut(reason, 2000))
                .bind("name", before.name())
                .bind("version", before.version())
                .execute();
        StaleException.unless(rows == 1);
    }

    private static Map<String, Object> columns(EnvironmentSpec spec) {
        Map<String, Object> columns = new HashMap<>();
        columns.put("name", spec.name());
        columns.put("bootImage", spec.bootImage());
        columns.put("image", spec.filesystemImage());
        columns.put("mode", spec.mode().name());
        columns.put("partitioning", spec.partitioning());
        columns.put("runsOn", spec.runsOn());
        columns.put("cpus", spec.requirements().cpus());
        columns.put("mhz", spec.requirements().cpuMhz());
        columns.put("memory", spec.requirements().memoryMb());
        columns.put("nics", spec.requirements().nics());
        columns.put("disk", spec.requirements().diskGb());
        columns.put("gpus", spec.requirements().gpus());
        columns.put("tags", Tags.write(spec.requirements().tags()));
        columns.put("devices", Json.write(spec.requirements().devices()));
        columns.put("arguments", Json.write(spec.kernelArguments()));
        columns.put("description", spec.description());
        columns.put("heal", spec.healing().mode().name());
        columns.put("healAttempts", spec.healing().attempts());
        columns.put("healAfter", spec.healing().afterSeconds());
        columns.put("healTags", Tags.write(spec.healing().tags()));
        return columns;
    }
}
