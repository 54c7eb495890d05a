package org.qrm.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
import org.qrm.api.ListGroup;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Tag;
import org.qrm.api.environment.EnvironmentField;
import org.qrm.api.node.Registration;
import org.qrm.api.resource.Hardware;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceField;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.DatabaseKind;
import org.qrm.core.store.Tags;

/** Lists in groups: how many are in each, and who they are. */
@RunWith(Parameterized.class)
public class GroupsTest {

    private static final int ROWS = 12;
    private static final PageRequest ALL = new PageRequest(1000, null);

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK, kind.freshUrl());
        core.database.change(change -> {
            for (int i = 0; i < ROWS; i++) {
                insert(change.handle(), i);
            }
            new ResourceRows().fillFoundBy(change);
            return null;
        });
    }

    private static void insert(Handle handle, int i) {
        List<Tag> tags = new ArrayList<>();
        if (i % 4 > 0) {
            tags.add(new Tag("rack", "" + List.of(0, 10, 2, 7).get(i % 4)));
        }
        if (i % 2 == 0) {
            tags.add(new Tag("gpu", ""));
        }
        if (i % 3 == 0) {
            tags.add(new Tag("racks", "7"));
        }
        handle.execute(
                "insert into resource (mac, name, kind, host_id, state, reason, cpus, cpu_mhz, memory_mb, nic_count, nics,"
                        + " details, load_average, local_boot, tags, version) values (?, ?, ?, cast(? as bigint), ?, '', 1, 1, 1,"
                        + " 0, '[]', ?, 0, false, ?, 1)",
                "52:54:00:00:00:%02x".formatted(i),
                "node-" + i,
                i < 10 ? "NODE" : "PARTITION",
                i < 10 ? null : 1L,
                List.of("IDLE", "ERROR", "OFF").get(i % 3),
                i % 6 == 0 ? "{}" : "{\"product\":\"  Box  \\\"%d\\\" \",\"serial\":\"S%d\"}".formatted(i % 2, i),
                Tags.write(tags));
        handle.execute("insert into boot_image (name, loader, description) values (?, 'LINUX', '')", "boot" + i);
    }

    @After
    public void close() {
        if (core != null) {
            core.close();
        }
    }

    @Test
    public void machinesAreCountedByWhatTheyHaveInCommon() {
        assertEquals(List.of("state:error 4", "state:idle 4", "state:off 4"), told("state"));
        assertEquals(List.of("kind:node 10", "kind:partition 2"), told("kind"));
        assertEquals(List.of("power:unknown 12"), told("power"));
        assertEquals(List.of("host:1 2", "host 10"), told("host"));
        assertEquals(List.of("environment 12"), told("environment"));
        assertEquals(List.of("product:Box \"0\" 4", "product:Box \"1\" 6", "product 2"), told("product"));
        assertEquals(List.of("tag:rack:2 3", "tag:rack:7 3", "tag:rack:10 3", "tag:rack 3"), told("tag:rack"));
        assertEquals(List.of("tag:gpu: 6", "tag:gpu 6"), told("tag:gpu"));
        assertEquals(List.of("tag:none 12"), told("tag:none"));
        assertEquals(List.of("tag:r_ck 12"), told("tag:r_ck"));
    }

    private List<String> told(String by) {
        return core.resources.groups(Filter.all(), by).stream()
                .map(group -> group.group() + " " + group.number())
                .toList();
    }

    @Test
    public void aMachineIsOfTheProductThatItRegisteredWith() throws Exception {
        Registration bare = new TestMachine(core::nodes, 99, 2, 1024).registration();
        Hardware hardware = new Hardware(2, 2000, 1024, bare.hardware().nics(), Map.of("product", " New  box "));
        core.nodes()
                .register(new Registration(
                        bare.token(),
                        bare.bootId(),
                        bare.mac(),
                        bare.image(),
                        hardware,
                        bare.address(),
                        bare.sshHostKey(),
                        bare.execdPort()));
        assertEquals("product:New box 1", told("product").get(2));
    }

    @Test
    public void aGroupNarrowsTheListToThoseThatWereCounted() {
        for (String by : List.of("state", "kind", "power", "host", "environment", "product", "tag:rack", "tag:gpu")) {
            for (Filter<ResourceField> filter : List.of(
                    Filter.<ResourceField>all(),
                    Filter.by(ResourceField.TEXT, "node-1"),
                    Filter.by(ResourceField.TAG, "gpu").and(ResourceField.TEXT, "0"))) {
                Map<String, Long> counted = new TreeMap<>();
                core.resources.groups(filter, by).forEach(group -> counted.put(group.group(), group.number()));
                Map<String, Long> found = new TreeMap<>();
                long all = 0;
                for (String group : counted.keySet()) {
                    List<Resource> those = core.resources
                            .list(filter.and(ResourceField.GROUP, group), ALL)
                            .items();
                    found.put(group, (long) those.size());
                    all += those.size();
                    assertEquals(those.size(), core.resources.count(filter.and(ResourceField.GROUP, group), 1000));
                }
                assertEquals(found, counted);
                assertEquals(by, core.resources.count(filter, 1000), all);
            }
        }
    }

    @Test
    public void aGroupThatNobodyIsInIsEmpty() {
        for (String group : List.of(
                "state:frobnicated", "state", "host:7", "product:box", "tag:rack:", "tag:rack:1", "tag:rack:0%")) {
            assertEquals(
                    group,
                    List.of(),
                    core.resources
                            .list(Filter.by(ResourceField.GROUP, group), ALL)
                            .items());
        }
    }

    @Test
    public void whatIsNoGroupIsRefusedWithThoseThereAre() {
        for (String by : List.of("colour", "", "tag:", "tag:rack=7", "tag:r ck", "State")) {
            QrmException refused = assertThrows(by, QrmException.class, () -> core.resources.groups(Filter.all(), by));
            assertEquals(by, Problem.Kind.INVALID, refused.problem().kind());
            assertThrows(by, QrmException.class, () -> core.resources.list(Filter.by(ResourceField.GROUP, by), ALL));
        }
        assertEquals(
                "Group by one of state, kind, power, environment, host, product, tag:NAME.",
                assertThrows(QrmException.class, () -> core.resources.groups(Filter.all(), "colour"))
                        .problem()
                        .remedy());
        assertThrows(QrmException.class, () -> core.resources.list(Filter.by(ResourceField.GROUP, "host:x"), ALL));
    }

    @Test
    public void environmentsAreGroupedByTheirImagesAndWhereTheyRun() {
        core.database.change(change -> {
            for (int i = 0; i < 4; i++) {
                change.handle()
                        .execute(
                                "insert into storage_server (name, type, address, management_address, export_root)"
                                        + " values (?, 't', '10.0.0.1', '10.0.0.1', '/export')",
                                "server" + i);
                change.handle()
                        .execute(
                                "insert into filesystem_image (name, storage_server, path, state, reason, size_bytes,"
                                        + " description) values (?, ?, ?, 'READY', '', 0, '')",
                                "image" + i,
                                "server" + i,
                                "/export/" + i);
                change.handle()
                        .execute(
                                "insert into environment (name, boot_image, filesystem_image, mode, partitioning, runs_on,"
                                        + " cpus, cpu_mhz, memory_mb, nics, kernel_arguments, description, state, reason, version)"
                                        + " values (?, 'boot0', ?, 'MULTI', ?, 'node', 1, 0, 0, 1, '[]', '', 'INACTIVE', '', 1)",
                                "web" + i,
                                "image" + i % 2,
                                i == 0 ? "xen" : null);
            }
            return null;
        });
        assertEquals(
                List.of(
                        new ListGroup("filesystem-image:image0", "image0", 2),
                        new ListGroup("filesystem-image:image1", "image1", 2)),
                core.environments.groups(Filter.all(), "filesystem-image"));
        assertEquals(
                List.of(new ListGroup("partitioning:xen", "xen", 1), new ListGroup("partitioning", null, 3)),
                core.environments.groups(Filter.all(), "partitioning"));
        assertEquals(
                List.of(new ListGroup("state:inactive", "inactive", 1)),
                core.environments.groups(Filter.by(EnvironmentField.GROUP, "partitioning:xen"), "state"));
        for (String by : List.of("mode", "boot-image", "runs-on", "heal", "tag:gpu")) {
            assertEquals(1, core.environments.groups(Filter.all(), by).size());
        }
    }
}
