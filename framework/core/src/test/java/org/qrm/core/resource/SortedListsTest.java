package org.qrm.core.resource;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Page;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Sort;
import org.qrm.api.environment.EnvironmentField;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.resource.ResourceFilter;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;
import org.qrm.core.store.DatabaseKind;

/** Lists in the order of a field, page by page. */
@RunWith(Parameterized.class)
public class SortedListsTest {

    private static final int MACHINES = 12;

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.values();
    }

    @Parameter
    public DatabaseKind kind;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK, kind.freshUrl());
        for (int i = 0; i < MACHINES; i++) {
            // many equals, and no order that is also that of the numbers
            TestMachine machine = new TestMachine(core::nodes, i * 7 % MACHINES, 1 + i % 3, 512L * (1 + i * 5 % 4));
            core.nodes().register(machine.registration());
        }
    }

    @After
    public void close() {
        if (core != null) {
            core.close();
        }
    }

    private List<Resource> inPages(ResourceFilter filter, Sort<ResourceField> sort, int limit) {
        List<Resource> all = new ArrayList<>();
        String after = null;
        do {
            Page<Resource> page = core.resources.list(filter, sort, new PageRequest(limit, after));
            all.addAll(page.items());
            after = page.next();
        } while (after != null);
        return all;
    }

    private static Comparator<Resource> comparator(ResourceField field) {
        Comparator<Resource> byId = Comparator.comparing(Resource::id);
        return switch (field) {
            case ID -> byId;
            case NAME -> Comparator.comparing(Resource::name);
            case STATE ->
                Comparator.<Resource, String>comparing(each -> each.state().name())
                        .thenComparing(byId);
            case CPUS ->
                Comparator.<Resource, Integer>comparing(each -> each.hardware().cpus())
                        .thenComparing(byId);
            case CPU_MHZ ->
                Comparator.<Resource, Integer>comparing(each -> each.hardware().cpuMhz())
                        .thenComparing(byId);
            case MEMORY_MB ->
                Comparator.<Resource, Long>comparing(each -> each.hardware().memoryMb())
                        .thenComparing(byId);
        };
    }

    @Test
    public void hasEachResourceOnceInTheOrderOfEachField() {
        for (ResourceField field : ResourceField.values()) {
            for (boolean descending : new boolean[] {false, true}) {
                List<Resource> expected = new ArrayList<>(core.resources
                        .list(ResourceFilter.ALL, PageRequest.FIRST)
                        .items());
                expected.sort(descending ? comparator(field).reversed() : comparator(field));
                for (int limit : new int[] {1, 5, MACHINES, 100}) {
                    assertEquals(
                            field + (descending ? " descending by " : " by ") + limit,
                            ids(expected),
                            ids(inPages(ResourceFilter.ALL, new Sort<>(field, descending), limit)));
                }
            }
        }
    }

    private static List<Long> ids(List<Resource> resources) {
        return resources.stream().map(Resource::id).toList();
    }

    @Test
    public void goesOnBehindALastItemThatIsGone() {
        Sort<ResourceField> sort = new Sort<>(ResourceField.MEMORY_MB, true);
        List<Long> all = ids(inPages(ResourceFilter.ALL, sort, 100));
        Page<Resource> first = core.resources.list(ResourceFilter.ALL, sort, new PageRequest(5, null));
        core.database.change(change -> change.handle().execute("delete from resource where id = ?", all.get(4)));
        Page<Resource> second = core.resources.list(ResourceFilter.ALL, sort, new PageRequest(100, first.next()));
        assertEquals(all.subList(5, MACHINES), ids(second.items()));
    }

    @Test
    public void sortsWhatTheFilterLetsThrough() {
        ResourceFilter filter = new ResourceFilter(null, null, null, null, "52:54:00");
        assertEquals(MACHINES, inPages(filter, Sort.by(ResourceField.CPUS), 5).size());
        String some = core.resources
                .list(ResourceFilter.ALL, PageRequest.FIRST)
                .items()
                .get(3)
                .mac()
                .value();
        ResourceFilter one = new ResourceFilter(null, null, null, null, some);
        assertEquals(1, inPages(one, new Sort<>(ResourceField.NAME, true), 5).size());
    }

    @Test
    public void refusesACursorOfAnotherOrder() {
        for (String wrong : List.of("x", "7", "x/7", "7/x", "/", "1/2/3", "' or 1=1 --/1")) {
            QrmException refused = assertThrows(
                    wrong,
                    QrmException.class,
                    () -> core.resources.list(
                            ResourceFilter.ALL, Sort.by(ResourceField.CPUS), new PageRequest(5, wrong)));
            assertEquals(Problem.Kind.INVALID, refused.problem().kind());
        }
    }

    @Test
    public void sortsEnvironments() throws Exception {
        for (String name : List.of("b", "d", "a", "c")) {
            core.environment(name, EnvironmentMode.SINGLE, Requirements.NONE);
        }
        core.database.change(
                change -> change.handle().execute("update environment set state = 'ACTIVE' where name in ('b', 'c')"));
        assertEquals(List.of("d", "c", "b", "a"), environments(new Sort<>(EnvironmentField.NAME, true)));
        assertEquals(List.of("b", "c", "a", "d"), environments(Sort.by(EnvironmentField.STATE)));
        assertEquals(List.of("d", "a", "c", "b"), environments(new Sort<>(EnvironmentField.STATE, true)));
    }

    private List<String> environments(Sort<EnvironmentField> sort) {
        List<String> names = new ArrayList<>();
        String after = null;
        do {
            Page<VirtualEnvironment> page = core.environments.list(null, sort, new PageRequest(1, after));
            page.items().forEach(each -> names.add(each.name()));
            after = page.next();
        } while (after != null);
        return Collections.unmodifiableList(names);
    }
}
