package org.qrm.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Filter;
import org.qrm.api.ListField;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.Tag;
import org.qrm.api.audit.AuditEntry;
import org.qrm.api.audit.AuditField;
import org.qrm.api.environment.EnvironmentField;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventField;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImageField;
import org.qrm.api.operation.Operation;
import org.qrm.api.operation.OperationField;
import org.qrm.api.resource.Device;
import org.qrm.api.resource.DeviceKind;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServerField;
import org.qrm.api.user.Token;
import org.qrm.api.user.TokenField;
import org.qrm.core.audit.AuditService;
import org.qrm.core.environment.EnvironmentService;
import org.qrm.core.event.EventLogService;
import org.qrm.core.image.FilesystemImageService;
import org.qrm.core.resource.DeviceRows;
import org.qrm.core.storage.StorageServerService;
import org.qrm.core.store.DatabaseKind;
import org.qrm.core.store.Tags;
import org.qrm.core.user.TokenService;

/** Every list by every field of it: what the database lets through and in which order, beside the same done in memory. */
@RunWith(Parameterized.class)
public class ListsTest {

    private static final int ROWS = 12;
    /** That let through what is as great or greater, beside those whose description says so. */
    private static final Set<String> AT_LEAST = Set.of("AT_LEAST", "FROM");

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;
    private final List<Listed<?, ?>> lists = new ArrayList<>();

    private interface Source<T, F extends Enum<F> & ListField> {
        Page<T> list(Filter<F> filter, Sort<F> sort, PageRequest page);
    }

    private interface ToCount<F extends Enum<F> & ListField> {
        long count(Filter<F> filter, int most);
    }

    /**
     * A list.
     *
     * @param count null for a list that is not counted
     * @param value of an item in a field
     */
    private record Listed<T, F extends Enum<F> & ListField>(
            F key, Source<T, F> source, ToCount<F> count, BiFunction<F, T, Object> value) {

        Listed(F key, Source<T, F> source, BiFunction<F, T, Object> value) {
            this(key, source, null, value);
        }

        List<F> fields() {
            return Arrays.asList(key.getDeclaringClass().getEnumConstants());
        }

        List<T> inPages(Filter<F> filter, Sort<F> sort, int limit) {
            List<T> all = new ArrayList<>();
            String after = null;
            do {
                Page<T> page = source.list(filter, sort, new PageRequest(limit, after));
                all.addAll(page.items());
                after = page.next();
            } while (after != null);
            return all;
        }

        List<T> all() {
            return inPages(Filter.all(), Sort.by(key), 1000);
        }

        void narrowsBy(F field) {
            List<T> all = all();
            Set<Object> values = all.stream()
                    .map(item -> value.apply(field, item))
                    .filter(Objects::nonNull)
                    .collect(Collectors.toSet());
            assertTrue(field + " is the same everywhere", values.size() > 1);
            for (Object wanted : values) {
                List<T> expected = all.stream()
                        .filter(item -> letsThrough(field, item, wanted))
                        .toList();
                assertEquals(field + " = " + wanted, expected, inPages(Filter.by(field, wanted), Sort.by(key), 5));
                if (count != null) {
                    assertEquals(expected.size(), count.count(Filter.by(field, wanted), 1000));
                    assertEquals(Math.min(2, expected.size()), count.count(Filter.by(field, wanted), 2));
                }
            }
        }

        private boolean letsThrough(F field, T item, Object wanted) {
            Object has = value.apply(field, item);
            if (field.use().least() || AT_LEAST.contains(field.name())) {
                return compared(has, wanted) >= 0;
            }
            return switch (field.name()) {
                case "TO" -> compared(has, wanted) < 0;
                case "AFTER_ID" -> compared(has, wanted) > 0;
                case "TEXT" -> has.toString().toLowerCase(Locale.ROOT).contains(wanted.toString());
                default -> wanted.equals(has);
            };
        }

        void sortsBy(F field) {
            Comparator<T> order = Comparator.<T, Object>comparing(
                            item -> value.apply(field, item), Listed::comparedByName)
                    .thenComparing(item -> value.apply(key, item), Listed::compared);
            for (boolean descending : new boolean[] {false, true}) {
                List<T> expected = new ArrayList<>(all());
                expected.sort(descending ? order.reversed() : order);
                for (int limit : new int[] {1, 5, 1000}) {
                    assertEquals(
                            field + (descending ? " descending by " : " by ") + limit,
                            expected,
                            inPages(Filter.all(), new Sort<>(field, descending), limit));
                }
            }
        }

        @SuppressWarnings("unchecked")
        private static int compared(Object one, Object other) {
            return ((Comparable<Object>) one).compareTo(other);
        }

        private static int comparedByName(Object one, Object other) {
            return one instanceof Enum<?> a
                            && other instanceof Enum<?> b
                            && !a.name().equals(b.name())
                            && !(one instanceof org.qrm.api.event.Priority)
                    ? a.name().compareTo(b.name())
                    : compared(one, other);
        }

        void refuses(F field, String cursor) {
            QrmException refused = assertThrows(
                    field + " " + cursor,
                    QrmException.class,
                    () -> source.list(Filter.all(), Sort.by(field), new PageRequest(5, cursor)));
            assertEquals(Problem.Kind.INVALID, refused.problem().kind());
        }
    }

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK, kind.freshUrl());
        core.database.change(change -> {
            for (int i = 1; i <= ROWS; i++) {
                insert(change.handle(), i);
            }
            change.handle()
                    .createQuery("select id from resource")
                    .mapTo(Long.class)
                    .list()
                    .forEach(id -> DeviceRows.replace(
                            change,
                            id,
                            List.of(new Device(
                                    DeviceKind.DISK, "sda", 1, "", device(id).toUpperCase(Locale.ROOT), ""))));
            return null;
        });
        lists.add(new Listed<>(ResourceField.ID, core.resources::list, core.resources::count, ListsTest::of));
        lists.add(
                new Listed<>(EnvironmentField.NAME, core.environments::list, core.environments::count, ListsTest::of));
        lists.add(new Listed<>(
                FilesystemImageField.NAME,
                new FilesystemImageService(core.database, core.engine, null, EnvironmentService::mayStillWrite)::list,
                ListsTest::of));
        lists.add(new Listed<>(
                StorageServerField.NAME, new StorageServerService(core.database, null, null)::list, ListsTest::of));
        lists.add(new Listed<>(OperationField.ID, core.operations::list, core.operations::count, ListsTest::of));
        EventLogService events = new EventLogService(core.database);
        lists.add(new Listed<>(EventField.ID, events::list, events::count, ListsTest::of));
        lists.add(new Listed<>(AuditField.ID, new AuditService(core.database, Clock.systemUTC())::list, ListsTest::of));
        lists.add(new Listed<>(TokenField.ID, new TokenService(core.database, Clock.systemUTC())::list, ListsTest::of));
    }

    @After
    public void close() {
        if (core != null) {
            core.close();
        }
    }

    /** Many equals, and no order that is also that of the keys. */
    private static void insert(Handle handle, int i) {
        int mixed = i * 7 % ROWS;
        String plugin = i % 3 == 0 ? null : "plugin" + i % 3;
        handle.execute(
                "insert into resource (mac, name, kind, host_id, partition_of, state, reason, cpus, cpu_mhz, memory_mb, disk_gb,"
                        + " gpus, nic_count, nics, details, environment, load_average, local_boot, tags, power, owner, version)"
                        + " values (?, ?, ?, cast(? as bigint), ?, ?, '', ?, ?, ?, ?, ?, 0, '[]', '{}', ?, 0, false, ?, ?, ?, 1)",
                "52:54:00:00:00:%02x".formatted(mixed),
                "Machine_" + mixed,
                i % 2 == 0 ? "NODE" : "PARTITION",
                i % 2 == 0 ? null : (long) (i % 3),
                plugin,
                List.of("IDLE", "ERROR", "ACTIVE").get(i % 3),
                i % 4,
                1000 + i % 3,
                512L * (i * 5 % 4),
                480 * (i % 3),
                i % 2,
                plugin,
                Tags.write(i % 3 == 0 ? List.of() : List.of(new Tag("r_ck", "" + i % 2), new Tag("z", ""))),
                List.of("ON", "UNKNOWN", "OFF", "ON").get(i % 4),
                owner(i));
        handle.execute(
                "insert into storage_server (name, type, address, management_address, export_root, owner)"
                        + " values (?, ?, ?, '10.0.0.1', '/export', ?)",
                "server" + mixed,
                "type" + i % 3,
                "10.0.0." + i % 4,
                owner(i));
        handle.execute(
                "insert into filesystem_image (name, storage_server, path, state, reason, size_bytes, plugin,"
                        + " description, owner) values (?, ?, ?, ?, '', ?, ?, ?, ?)",
                "image" + mixed,
                i % 2 == 0 ? "store" : "server" + mixed,
                "/export/100%/" + i,
                List.of("READY", "ERROR").get(i % 2),
                1000L * (i % 5),
                plugin,
                "Text " + i % 4,
                owner(i));
        handle.execute("insert into boot_image (name, loader, description) values (?, 'LINUX', '')", "boot" + mixed);
        handle.execute(
                "insert into environment (name, boot_image, filesystem_image, mode, partitioning, runs_on, cpus, cpu_mhz,"
                        + " memory_mb, nics, kernel_arguments, description, heal, state, owner, reason, version)"
                        + " values (?, ?, ?, ?, ?, ?, 1, 0, 0, 1, '[]', ?, ?, ?, ?, '', 1)",
                "web" + mixed,
                i % 2 == 0 ? "default" : "boot" + mixed,
                "image" + mixed,
                i % 2 == 0 ? "SINGLE" : "MULTI",
                plugin,
                i % 4 == 0 ? "node" : "partition:xen",
                "Text_" + i % 4,
                List.of("NONE", "RESTART").get(i / 2 % 2),
                List.of("ACTIVE", "INACTIVE").get(i % 2),
                owner(i));
        handle.execute(
                "insert into operation (part_of, kind, subject, parameters, state, undoing, step, step_count, steps, progress,"
                        + " reason, cancel_requested, created, fence) values (cast(? as bigint), ?, ?, '{}', ?, false, 0, 0, '', 0, '',"
                        + " false, ?, 0)",
                i % 2 == 0 ? null : (long) (i % 3),
                "kind" + i % 3,
                "resource/" + i % 4,
                List.of("DONE", "FAILED", "CANCELLED").get(i % 3),
                1000L * mixed);
        handle.execute(
                "insert into event (time, priority, source, type, subject, description, resource_id, acknowledged,"
                        + " resolved) values (?, ?, ?, ?, ?, '', cast(? as bigint), ?, ?)",
                1000L * mixed,
                i % 4,
                "source" + i % 3,
                "type" + i % 4,
                "resource/" + i % 5,
                i % 2 == 0 ? null : (long) (i % 3),
                i % 2 == 0,
                i % 3 == 0);
        handle.execute(
                "insert into audit (id, time, user_name, origin, action, details, result, previous, hash)"
                        + " values (?, ?, ?, '', '', '', '', '', '')",
                i,
                1000L * i,
                "user" + i % 3);
        handle.execute(
                "insert into api_token (name, user_name, role, digest, created, expires) values (?, ?, ?, ?, 0, ?)",
                "token" + mixed,
                "user" + i % 3,
                List.of("ADMIN", "VIEWER").get(i % 2),
                "digest" + i,
                1000L * (i % 4));
    }

    private static String owner(int i) {
        return List.of("", "ann of a/b", "bob").get(i % 3);
    }

    private static String device(long resource) {
        return "disk_" + resource % 3;
    }

    private static Object of(ResourceField field, Resource item) {
        return switch (field) {
            case ID -> item.id();
            case NAME -> item.name();
            case STATE -> item.state();
            case KIND -> item.kind();
            case ENVIRONMENT_ID -> item.environmentId();
            case HOST_ID -> item.hostId();
            case PARTITION_OF -> item.partitionOf();
            case CPUS -> item.hardware().cpus();
            case CPU_MHZ -> item.hardware().cpuMhz();
            case MEMORY_MB -> item.hardware().memoryMb();
            case POWER -> item.power().state();
            case DISK_GB -> item.hardware().diskGb();
            case GPUS -> item.hardware().gpus();
            case DEVICE -> device(item.id());
            case TAG -> item.tags().isEmpty() ? null : item.tags().get(0).toString();
            case OWNER -> item.remark().owner();
            case GROUP -> "state:" + item.state().name().toLowerCase(Locale.ROOT);
            case TEXT -> item.name().toLowerCase(Locale.ROOT);
        };
    }

    private static Object of(EnvironmentField field, VirtualEnvironment item) {
        return switch (field) {
            case NAME -> item.name();
            case STATE -> item.state();
            case MODE -> item.spec().mode();
            case BOOT_IMAGE -> item.spec().bootImage();
            case FILESYSTEM_IMAGE -> item.spec().filesystemImage();
            case RUNS_ON -> item.spec().runsOn();
            case PARTITIONING -> item.spec().partitioning();
            case HEAL -> item.spec().healing().mode();
            case OWNER -> item.remark().owner();
            case GROUP -> "state:" + item.state().name().toLowerCase(Locale.ROOT);
            case TEXT -> item.spec().description().toLowerCase(Locale.ROOT);
        };
    }

    private static Object of(FilesystemImageField field, FilesystemImage item) {
        return switch (field) {
            case NAME -> item.name();
            case STATE -> item.state();
            case STORAGE_SERVER -> item.storageServer();
            case PLUGIN -> item.plugin();
            case SIZE_BYTES -> item.sizeBytes();
            case OWNER -> item.remark().owner();
            case TEXT -> item.path();
        };
    }

    private static Object of(StorageServerField field, StorageServer item) {
        return switch (field) {
            case NAME -> item.name();
            case TYPE -> item.type();
            case ADDRESS -> item.address();
            case OWNER -> item.remark().owner();
            case TEXT -> item.name();
        };
    }

    private static Object of(OperationField field, Operation item) {
        return switch (field) {
            case ID -> item.id();
            case STATE -> item.state();
            case KIND -> item.kind();
            case SUBJECT, TEXT -> item.subject();
            case PART_OF -> item.partOf();
            case WHOLE -> item.partOf() == null;
            case FROM, TO -> item.created();
        };
    }

    private static Object of(EventField field, Event item) {
        return switch (field) {
            case ID, AFTER_ID -> item.id();
            case PRIORITY, AT_LEAST -> item.priority();
            case SOURCE -> item.source();
            case TYPE -> item.type();
            case SUBJECT, TEXT -> item.subject();
            case RESOURCE -> item.resource();
            case ACKNOWLEDGED -> item.acknowledged();
            case RESOLVED -> item.resolved();
            case FROM, TO -> item.time();
        };
    }

    private static Object of(AuditField field, AuditEntry item) {
        return switch (field) {
            case ID -> item.id();
            case USER -> item.user();
            case FROM, TO -> item.time();
        };
    }

    private static Object of(TokenField field, Token item) {
        return switch (field) {
            case ID -> item.id();
            case NAME -> item.name();
            case USER -> item.user();
            case ROLE -> item.role();
            case EXPIRES -> item.expires();
        };
    }

    @Test
    public void everyFilterLetsThroughWhatItSays() {
        lists.forEach(ListsTest::narrow);
    }

    private static <T, F extends Enum<F> & ListField> void narrow(Listed<T, F> list) {
        list.fields().stream().filter(field -> field.use().narrows()).forEach(list::narrowsBy);
    }

    @Test
    public void everyOrderHasEachItemOncePageByPage() {
        lists.forEach(ListsTest::sort);
    }

    private static <T, F extends Enum<F> & ListField> void sort(Listed<T, F> list) {
        list.fields().stream().filter(field -> field.use().sorted()).forEach(list::sortsBy);
    }

    @Test
    public void everyOrderRefusesACursorOfAnotherOne() {
        lists.forEach(ListsTest::refuse);
    }

    private static <T, F extends Enum<F> & ListField> void refuse(Listed<T, F> list) {
        list.fields().stream()
                .filter(field -> field.use().sorted() && field != list.key())
                .forEach(field -> list.refuses(field, "' or 1=1 --"));
    }

    @Test
    public void aTextIsNoPattern() {
        for (String text : List.of("%", "_", "!", "' or '1'='1")) {
            int all = core.resources
                    .list(Filter.by(ResourceField.TEXT, text), new PageRequest(100, null))
                    .items()
                    .size();
            assertEquals(text, text.equals("_") ? ROWS : 0, all);
        }
    }

    @Test
    public void aTimeIsComparedToTheMillisecond() {
        EventLogService log = new EventLogService(core.database);
        Filter<EventField> second =
                Filter.by(EventField.FROM, Instant.ofEpochMilli(1000)).and(EventField.TO, Instant.ofEpochMilli(1001));
        assertEquals(1, log.list(second, PageRequest.FIRST).items().size());
    }

    @Test
    public void aPageBeginsBehindALastItemThatIsGone() {
        Sort<ResourceField> sort = Sort.from(ResourceField.MEMORY_MB);
        Filter<ResourceField> idle = Filter.by(ResourceField.CPUS, 1);
        List<Resource> all = core.resources.list(idle, sort, PageRequest.FIRST).items();
        Page<Resource> first = core.resources.list(idle, sort, new PageRequest(5, null));
        core.database.change(change -> change.handle()
                .execute("delete from resource where id = ?", all.get(4).id()));
        Page<Resource> second = core.resources.list(idle, sort, new PageRequest(100, first.next()));
        assertEquals(all.subList(5, all.size()), second.items());
    }
}
