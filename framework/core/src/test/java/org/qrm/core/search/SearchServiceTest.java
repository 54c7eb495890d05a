package org.qrm.core.search;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Tag;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.Requirements;
import org.qrm.api.event.Priority;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.search.Found;
import org.qrm.api.search.FoundKind;
import org.qrm.api.search.Matches;
import org.qrm.api.search.Search;
import org.qrm.core.CoreFixture;
import org.qrm.core.TestMachine;
import org.qrm.core.event.EventLogService;
import org.qrm.core.resource.ResourceRows;
import org.qrm.core.store.DatabaseKind;

@RunWith(Parameterized.class)
public class SearchServiceTest {

    @Parameterized.Parameters(name = "{0}")
    public static DatabaseKind[] databases() {
        return DatabaseKind.tried();
    }

    @Parameterized.Parameter
    public DatabaseKind kind;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;
    private Search search;

    @Before
    public void open() throws Exception {
        core = new CoreFixture(folder.getRoot().toPath(), CoreFixture.QUICK, kind.freshUrl());
        search = new SearchService(core.database);
    }

    @After
    public void close() {
        core.close();
    }

    /** A row of a machine as an older server wrote it. */
    private void machine(int number, String name, String details) {
        core.database.change(change -> {
            PreparedBatch batch = change.handle()
                    .prepareBatch("insert into resource (mac, name, kind, state, reason, cpus, cpu_mhz, memory_mb,"
                            + " nic_count, nics, details, load_average, local_boot, admitted, version) values (:mac,"
                            + " :name, 'NODE', 'OFF', '', 1, 1, 1, 1, :nics, :details, 0, false, true, 1)");
            batch.bind("mac", String.format("52:54:00:ab:cd:%02x", number))
                    .bind("name", name)
                    .bind(
                            "nics",
                            "[{\"mac\":\"0c:c4:7a:00:00:%02x\",\"name\":\"\",\"driver\":\"\",\"speed\":0}]"
                                    .formatted(number))
                    .bind("details", details)
                    .add();
            return batch.execute();
        });
    }

    private void look() {
        core.database.change(change -> {
            new ResourceRows().fillFoundBy(change);
            return null;
        });
    }

    private List<String> names(String text) {
        return search.find(text, 50).stream()
                .flatMap(matches -> matches.best().stream())
                .map(found -> found.kind() + " " + found.name() + " by " + found.field())
                .toList();
    }

    @Test
    public void aMachineIsFoundByAllThatIsKnownOfIt() throws Exception {
        long registered = core.nodes()
                .register(new TestMachine(core::nodes, 0xabcd, 2, 1024).registration())
                .resource();
        core.resources.rename(registered, "db-01", Expected.any());
        core.resources.tag(registered, Tag.parse("tag", "rack=7"), Expected.any());
        core.resources.tag(registered, Tag.parse("tag", "Gpu"), Expected.any());
        machine(
                1,
                "old",
                "{\"serial\":\"CZ3412\",\"product\":\"PowerEdge  R650\",\"vendor\":\"Dell \\\"Inc.\\\"\",\"uuid\":\"4c4c4544-0042\"}");
        assertEquals("not yet", List.of(), names("cz3412"));
        look();
        look();
        String[][] table = {
            {"DB-01", "db-01", "name"},
            {"b-0", "db-01", "name"},
            {"52:54:00:00:ab:cd", "db-01", "MAC address"},
            {"52-54-00-00-AB-CD", "db-01", "MAC address"},
            {"5254.0000.abcd", "db-01", "MAC address"},
            {"52540000ABCD", "db-01", "MAC address"},
            {"00.abcd", "db-01", "MAC address"},
            {"00:00:ab:cd", "db-01", "MAC address"},
            {"rack=7", "db-01", "tag"},
            {"rack", "db-01", "tag"},
            {"gpu", "db-01", "tag"},
            {"cz3412", "old", "serial number"},
            {"cz34", "old", "serial number"},
            {" poweredge r650 ", "old", "product"},
            {"dell \"inc", "old", "vendor"},
            {"4C4C4544", "old", "UUID"},
            {"0cc4.7a00", "old", "MAC address"},
        };
        for (String[] row : table) {
            assertEquals(row[0], List.of("RESOURCE " + row[1] + " by " + row[2]), resources(row[0]));
            assertEquals(row[0], List.of(row[1]), listed(row[0].strip()));
        }
        assertEquals("number", first(Long.toString(registered)).field());
        assertEquals("db-01", first(Long.toString(registered)).name());
        String address = core.resources.find(registered).orElseThrow().address();
        assertEquals(List.of("RESOURCE db-01 by address"), resources(address));
        assertEquals(
                "as people write it",
                "52:54:00:00:ab:cd",
                first("5254.0000.abcd").text());
        for (String none :
                List.of("serial", "vendor", "%", "_", "!", "c%3412", "cz_412", "'", "\\", "abcd.ab", "\"uuid\"")) {
            assertEquals(none, List.of(), resources(none));
            assertEquals(none, List.of(), listed(none));
        }
    }

    private List<String> resources(String text) {
        return names(text).stream().filter(each -> each.startsWith("RESOURCE")).toList();
    }

    private List<String> listed(String text) {
        return core.resources.list(Filter.by(ResourceField.TEXT, text), PageRequest.FIRST).items().stream()
                .map(Resource::name)
                .toList();
    }

    private Found first(String text) {
        return search.find(text, 1).get(0).best().get(0);
    }

    @Test
    public void whatIsTheTextIsBeforeWhatBeginsWithItAndWhatHasItIsLast() {
        machine(1, "my-web", "{}");
        machine(2, "web-10", "{}");
        machine(3, "web", "{}");
        machine(4, "z", "{\"serial\":\"web\"}");
        machine(5, "y", "{\"product\":\"Web Server\"}");
        machine(6, "x", "{\"product\":\"The Web\"}");
        look();
        assertEquals(
                List.of("web", "z", "web-10", "y", "my-web", "x"),
                search.find("WEB", 50).get(0).best().stream().map(Found::name).toList());
    }

    @Test
    public void itTellsSoManyAndHowManyMoreThereAre() {
        for (int number = 0; number < 25; number++) {
            machine(number, "node-" + (char) ('a' + number), "{}");
        }
        look();
        Matches found = search.find("node", 10).get(0);
        assertEquals(10, found.best().size());
        assertEquals("node-a", found.best().get(0).name());
        assertEquals(15, found.more());
        assertEquals(0, search.find("node", 25).get(0).more());
    }

    @Test
    public void eachKindOfThingIsFoundWithItsState() {
        core.environment("shop", EnvironmentMode.SINGLE, new Requirements(0, 0, 0, 0, List.of(new Tag("shop", "eu"))));
        core.database.change(
                change -> change.handle()
                        .execute(
                                "insert into boot_image (name, loader, description) values ('linux', 'LINUX', 'for the shop')"));
        new EventLogService(core.database)
                .record(Priority.WARNING, "core", "x.y", "virtual-environment/shop", "The shop is shut", null);
        core.database.change(change -> change.handle()
                .execute("insert into operation (kind, subject, parameters, state, undoing, step, step_count, steps,"
                        + " progress, reason, cancel_requested, created, fence) values ('a.b', 'virtual-environment/shop',"
                        + " '{}', 'FAILED', false, 0, 1, 'one', 0, '', false, 1, 0)"));
        List<String> found = search.find("shop", 10).stream()
                .flatMap(matches -> matches.best().stream())
                .map(each -> each.kind() + " " + each.name() + " " + each.state() + " by " + each.field())
                .toList();
        assertEquals(
                List.of(
                        "VIRTUAL_ENVIRONMENT shop INACTIVE by name",
                        "FILESYSTEM_IMAGE shop READY by name",
                        "BOOT_IMAGE linux null by description",
                        "OPERATION a.b virtual-environment/shop FAILED by subject",
                        "EVENT The shop is shut WARNING by subject",
                        "EVENT Virtual environment shop was created INFO by subject"),
                found);
        assertEquals(FoundKind.STORAGE_SERVER, first("10.0.0.2").kind());
    }

    /** As the definition says it, for a few hundred texts that people and others might type. */
    @Test
    public void itFindsWhatTheDefinitionSays() {
        Random random = new Random(7);
        List<String> all = new ArrayList<>();
        for (int number = 0; number < 60; number++) {
            String name = word(random, "abAB01-", 6) + "." + number;
            String serial = word(random, "ab01%_!'", 5);
            machine(number, name, "{\"serial\":\"" + serial + "\"}");
            all.add(name + " " + serial);
        }
        look();
        for (int round = 0; round < 200; round++) {
            String text = word(random, "abAB01%_!'", 3);
            String small = text.toLowerCase(Locale.ROOT);
            List<String> expected = all.stream()
                    .filter(each -> each.toLowerCase(Locale.ROOT).split(" ")[0].contains(small)
                            || each.toLowerCase(Locale.ROOT).split(" ")[1].contains(small)
                            || spellings(all.indexOf(each)).stream().anyMatch(mac -> mac.contains(small))
                            || id(each.split(" ")[0]).equals(small))
                    .map(each -> each.split(" ")[0])
                    .sorted()
                    .toList();
            List<Found> found = search.find(text, 100).stream()
                    .filter(matches -> matches.kind() == FoundKind.RESOURCE)
                    .flatMap(matches -> matches.best().stream())
                    .toList();
            assertEquals(
                    text, expected, found.stream().map(Found::name).sorted().toList());
            assertTrue(text, found.stream().noneMatch(each -> each.field().isEmpty()));
        }
    }

    private static String word(Random random, String letters, int most) {
        StringBuilder word = new StringBuilder();
        for (int length = 1 + random.nextInt(most); length > 0; length--) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }

    private String id(String name) {
        return Long.toString(core.resources.find(name).orElseThrow().id());
    }

    private static List<String> spellings(int number) {
        String boot = String.format("52:54:00:ab:cd:%02x", number);
        String other = String.format("0c:c4:7a:00:00:%02x", number);
        List<String> all = new ArrayList<>();
        for (String mac : List.of(boot, other)) {
            String digits = mac.replace(":", "");
            all.addAll(List.of(
                    mac,
                    mac.replace(':', '-'),
                    digits,
                    digits.substring(0, 4) + "." + digits.substring(4, 8) + "." + digits.substring(8)));
        }
        return all;
    }

    @Test
    public void itRefusesWhatIsNoTextAndTooMuch() {
        for (String wrong : List.of("", "  ", "x".repeat(Search.LONGEST + 1), "a\0b")) {
            assertRefused(() -> search.find(wrong, 10));
        }
        for (int wrong : new int[] {0, -1, Search.MOST + 1}) {
            assertRefused(() -> search.find("x", wrong));
        }
    }

    private static void assertRefused(Runnable ask) {
        QrmException refused = assertThrows(QrmException.class, ask::run);
        assertEquals(Problem.Kind.INVALID, refused.problem().kind());
    }
}
