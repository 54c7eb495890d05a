package org.qrm.core;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;
import org.qrm.api.Expected;
import org.qrm.api.Filter;
import org.qrm.api.PageRequest;
import org.qrm.api.Problem;
import org.qrm.api.QrmException;
import org.qrm.api.Remark;
import org.qrm.api.Sort;
import org.qrm.api.environment.EnvironmentField;
import org.qrm.api.environment.EnvironmentMode;
import org.qrm.api.environment.HealMode;
import org.qrm.api.environment.Healing;
import org.qrm.api.environment.Requirements;
import org.qrm.api.environment.StartRequest;
import org.qrm.api.environment.VirtualEnvironment;
import org.qrm.api.event.Event;
import org.qrm.api.event.EventField;
import org.qrm.api.image.BootImage;
import org.qrm.api.image.FilesystemImage;
import org.qrm.api.image.FilesystemImageField;
import org.qrm.api.image.Loader;
import org.qrm.api.resource.Resource;
import org.qrm.api.resource.ResourceField;
import org.qrm.api.resource.ResourceState;
import org.qrm.api.search.Found;
import org.qrm.api.storage.StorageServer;
import org.qrm.api.storage.StorageServerField;
import org.qrm.core.environment.EnvironmentService;
import org.qrm.core.event.EventLogService;
import org.qrm.core.image.BootImageService;
import org.qrm.core.image.FilesystemImageService;
import org.qrm.core.image.IdleImage;
import org.qrm.core.search.SearchService;
import org.qrm.core.storage.StorageServerService;
import org.qrm.core.store.DatabaseKind;

/** Owner and note, alike for all that has them. */
@RunWith(Parameterized.class)
public class RemarksTest {

    @Parameters(name = "{0}")
    public static DatabaseKind[] kinds() {
        return DatabaseKind.tried();
    }

    @Parameter
    public DatabaseKind kind;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private CoreFixture core;
    private StorageServerService servers;
    private FilesystemImageService images;
    private BootImageService boot;
    private final List<Noun<?>> nouns = new ArrayList<>();

    private interface Change<T> {
        T remark(String thing, Remark said, Expected<T> expected);
    }

    /**
     * A kind of thing, of which there are two.
     *
     * @param type what its types of events begin with
     * @param listed all, in the order of their owners, the last ones first; narrowed by an owner, or not by null
     * @param text those with a text; null where that is no filter
     * @param touch changes something else of a thing
     */
    private record Noun<T>(
            String type,
            String one,
            String other,
            Function<String, Optional<T>> find,
            Change<T> change,
            Function<T, Remark> said,
            Function<T, String> thing,
            Function<String, List<T>> listed,
            Function<String, List<T>> text,
            Consumer<String> touch) {

        Remark of(String name) {
            return said.apply(find.apply(name).orElseThrow());
        }

        Remark say(String name, String owner, String note) {
            return said.apply(change.remark(name, new Remark(owner, note), Expected.any()));
        }

        Problem.Kind refused(String name, Remark wrong, Expected<T> expected) {
            return assertThrows(QrmException.class, () -> change.remark(name, wrong, expected))
                    .problem()
                    .kind();
        }

        List<String> owned(String owner) {
            return listed.apply(owner).stream().map(thing).toList();
        }

        List<String> with(String wanted) {
            return text.apply(wanted).stream().map(thing).toList();
        }
    }

    @Before
    public void makeTwoOfEach() throws Exception {
        Path directory = folder.getRoot().toPath();
        core = new CoreFixture(directory, CoreFixture.QUICK, kind.freshUrl());
        servers = new StorageServerService(core.database, null, null);
        images = new FilesystemImageService(core.database, core.engine, null, EnvironmentService::mayStillWrite);
        boot = new BootImageService(core.database, directory.resolve("boot"), new IdleImage(directory, directory));
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        core.environment("db", EnvironmentMode.SINGLE, Requirements.NONE);
        servers.create(new StorageServer("shelf", "memory", "10.0.0.9", "10.0.0.9", "/shelf", null));
        boot.create("rescue", Loader.LINUX, null, "");
        nouns.add(new Noun<Resource>(
                "resource",
                known(1),
                known(2),
                core.resources::find,
                (id, said, expected) -> core.resources.remark(Long.parseLong(id), said, expected),
                Resource::remark,
                each -> Long.toString(each.id()),
                owner -> core.resources
                        .list(
                                Filter.<ResourceField>all().and(ResourceField.OWNER, owner),
                                Sort.parse(ResourceField.class, "-owner"),
                                PageRequest.FIRST)
                        .items(),
                text -> core.resources
                        .list(Filter.by(ResourceField.TEXT, text), PageRequest.FIRST)
                        .items(),
                id -> core.resources.rename(Long.parseLong(id), "renamed", Expected.any())));
        nouns.add(new Noun<VirtualEnvironment>(
                "virtual-environment",
                "web",
                "db",
                core.environments::find,
                core.environments::remark,
                VirtualEnvironment::remark,
                VirtualEnvironment::name,
                owner -> core.environments
                        .list(
                                Filter.<EnvironmentField>all().and(EnvironmentField.OWNER, owner),
                                Sort.parse(EnvironmentField.class, "-owner"),
                                PageRequest.FIRST)
                        .items(),
                text -> core.environments
                        .list(Filter.by(EnvironmentField.TEXT, text), PageRequest.FIRST)
                        .items(),
                name -> core.environments.update(core.environments
                        .find(name)
                        .orElseThrow()
                        .spec()
                        .healed(new Healing(HealMode.RESTART, 3, 0, List.of())))));
        nouns.add(new Noun<FilesystemImage>(
                "filesystem-image",
                "web",
                "db",
                images::find,
                images::remark,
                FilesystemImage::remark,
                FilesystemImage::name,
                owner -> images.list(
                                Filter.<FilesystemImageField>all().and(FilesystemImageField.OWNER, owner),
                                Sort.parse(FilesystemImageField.class, "-owner"),
                                PageRequest.FIRST)
                        .items(),
                text -> images.list(Filter.by(FilesystemImageField.TEXT, text), PageRequest.FIRST)
                        .items(),
                name -> images.update(name, "Another.")));
        nouns.add(new Noun<StorageServer>(
                "storage-server",
                "store",
                "shelf",
                servers::find,
                servers::remark,
                StorageServer::remark,
                StorageServer::name,
                owner -> servers.list(
                                Filter.<StorageServerField>all().and(StorageServerField.OWNER, owner),
                                Sort.parse(StorageServerField.class, "-owner"),
                                PageRequest.FIRST)
                        .items(),
                text -> servers.list(Filter.by(StorageServerField.TEXT, text), PageRequest.FIRST)
                        .items(),
                name -> servers.update(new StorageServer(name, "memory", "10.0.0.7", "10.0.0.7", "/export", null))));
        nouns.add(new Noun<BootImage>(
                "boot-image",
                "rescue",
                BootImage.DEFAULT,
                boot::find,
                boot::remark,
                BootImage::remark,
                BootImage::name,
                null,
                null,
                name -> boot.update(name, Loader.MULTIBOOT, "Another.")));
    }

    private String known(int number) throws Exception {
        return Long.toString(core.nodes()
                .register(new TestMachine(core::nodes, number, 2, 1024).registration())
                .resource());
    }

    @After
    public void close() {
        if (core != null) {
            core.close();
        }
    }

    @Test
    public void eachHasAnOwnerAndANoteThatStayUntilOneIsChanged() {
        for (Noun<?> noun : nouns) {
            assertEquals(noun.type, Remark.NONE, noun.of(noun.one));
            assertEquals(noun.type, new Remark("ann", ""), noun.say(noun.one, " ann ", null));
            assertEquals(
                    noun.type,
                    new Remark("ann", "# Fan\n\n\tloud"),
                    noun.say(noun.one, null, "# Fan\r\n\r\n\tloud \n"));
            noun.touch.accept(noun.one);
            assertEquals(noun.type, new Remark("ann", "# Fan\n\n\tloud"), noun.of(noun.one));
            assertEquals(noun.type, Remark.NONE, noun.of(noun.other));
            assertEquals(noun.type, Remark.NONE, noun.say(noun.one, "", ""));
            assertEquals(noun.type, Remark.NONE, noun.of(noun.one));
        }
    }

    @Test
    public void eachChangeIsAnEventWithTheOwnersAndWithoutTheNote() {
        for (Noun<?> noun : nouns) {
            noun.say(noun.one, "ann", "secret plans");
            noun.say(noun.one, "ann", "secret plans");
            noun.say(noun.one, "bob", null);
            noun.say(noun.one, "", "");
            assertEquals(
                    noun.type,
                    List.of("ann now; before: nobody", "bob now; before: ann", "nobody now; before: bob"),
                    events(noun, ".owned").stream()
                            .map(event -> event.description().replaceFirst(".* belongs to ", ""))
                            .toList());
            List<Event> noted = events(noun, ".noted");
            assertEquals(noun.type, 2, noted.size());
            noted.forEach(event -> assertTrue(event.subject(), event.subject().endsWith("/" + noun.one)));
            assertTrue(noted.get(1).description(), noted.get(1).description().endsWith(" has no note any longer"));
            assertTrue(
                    noted.toString(),
                    noted.stream().noneMatch(event -> event.description().contains("secret")));
        }
    }

    /** The oldest first. */
    private List<Event> events(Noun<?> noun, String type) {
        return new EventLogService(core.database)
                .list(
                        Filter.by(EventField.TYPE, noun.type + type),
                        Sort.parse(EventField.class, "id"),
                        PageRequest.FIRST)
                .items();
    }

    @Test
    public void listsAreNarrowedAndSortedByOwnersAndLeaveNotesOut() {
        for (Noun<?> noun : nouns) {
            if (noun.listed == null) {
                continue;
            }
            noun.say(noun.one, "Ann of a/b", "100% _loud_");
            noun.say(noun.other, "bob", null);
            assertEquals(noun.type, List.of(noun.one), noun.owned(" ann OF a/b"));
            assertEquals(noun.type, List.of(), noun.owned("ann"));
            assertTrue(noun.type, noun.owned("").stream().noneMatch(List.of(noun.one, noun.other)::contains));
            assertEquals(noun.type, List.of(noun.one), noun.with("ann of"));
            assertEquals(noun.type, List.of(noun.one), noun.with("0% _LOUD"));
            assertEquals(noun.type, List.of(), noun.with("100_"));
            List<String> byOwner = noun.owned(null);
            assertTrue(noun.type + byOwner, byOwner.indexOf(noun.other) >= 0 && byOwner.indexOf(noun.one) >= 0);
            leavesNotesOut(noun);
        }
    }

    private static <T> void leavesNotesOut(Noun<T> noun) {
        noun.listed.apply(null).forEach(each -> assertNull(noun.said.apply(each).note()));
    }

    @Test
    public void theSearchFindsOwnersAndTheLineOfANote() {
        for (Noun<?> noun : nouns) {
            noun.say(noun.one, "Zacharias", "# Power\n\nSupply **B** hums.\n\nAsk before.");
        }
        SearchService search = new SearchService(core.database);
        assertEquals(
                5,
                search.find("zachar", 10).stream()
                        .filter(matches -> found(matches.best().get(0), "owner", "Zacharias"))
                        .count());
        assertEquals(
                5,
                search.find("b** HUMS", 10).stream()
                        .filter(matches -> found(matches.best().get(0), "note", "…Supply **B** hums.…"))
                        .count());
    }

    private static boolean found(Found found, String field, String text) {
        return found.field().equals(field) && found.text().equals(text);
    }

    @Test
    public void whatNobodyShouldSeeOrStoreIsRefused() {
        for (Noun<?> noun : nouns) {
            for (String owner : List.of("a\nb", "a\tb", "a\u0000", "a\u202eb", "\ud800", "o".repeat(121))) {
                assertEquals(Problem.Kind.INVALID, noun.refused(noun.one, new Remark(owner, null), Expected.any()));
            }
            for (String note : List.of("a\u0000", "\u001b[2J", "a\u202eb", "\ud800", "n".repeat(10_001))) {
                assertEquals(Problem.Kind.INVALID, noun.refused(noun.one, new Remark(null, note), Expected.any()));
            }
            assertEquals(noun.type, Remark.NONE, noun.of(noun.one));
            assertEquals(Problem.Kind.NOT_FOUND, noun.refused("999", new Remark("ann", null), Expected.any()));
            Remark longest = new Remark("o".repeat(120), "\ud83d\ude00".repeat(5_000));
            assertEquals(noun.type, longest, noun.say(noun.one, longest.owner(), longest.note()));
            assertEquals(noun.type, longest, noun.of(noun.one));
        }
    }

    @Test
    public void whoComparesIsGivenTheNoteAndNothingChangesWhenItIsNotAsExpected() {
        for (Noun<?> noun : nouns) {
            noun.say(noun.one, "ann", "mine");
            comparesTheWhole(noun);
            assertEquals(noun.type, new Remark("ann", "mine"), noun.of(noun.one));
        }
    }

    private static <T> void comparesTheWhole(Noun<T> noun) {
        List<Remark> seen = new ArrayList<>();
        assertEquals(Problem.Kind.CONFLICT, noun.refused(noun.one, new Remark("bob", "his"), now -> {
            seen.add(noun.said.apply(now));
            throw QrmException.conflict("change", noun.one, "it has changed", "Look.");
        }));
        assertEquals(noun.type, List.of(new Remark("ann", "mine")), seen);
    }

    @Test
    public void theyGoWithWhatTheyAreSaidOf() throws Exception {
        for (Noun<?> noun : nouns) {
            noun.say(noun.one, "ann", "mine");
        }
        core.environments.delete("web");
        core.database.change(change -> change.handle().execute("delete from filesystem_image where name = 'web'"));
        core.database.change(change -> change.handle().execute("delete from storage_server where name = 'shelf'"));
        boot.delete("rescue");
        core.database.change(change ->
                change.handle().execute("delete from resource where id = ?", Long.parseLong(nouns.get(0).one)));
        core.environment("web", EnvironmentMode.SINGLE, Requirements.NONE);
        boot.create("rescue", Loader.LINUX, null, "");
        assertEquals(
                "as new",
                List.of(Remark.NONE, Remark.NONE, Remark.NONE),
                List.of(
                        nouns.get(1).of("web"),
                        nouns.get(2).of("web"),
                        nouns.get(4).of("rescue")));
    }

    @Test
    public void aMachineKeepsThemWhateverItRuns() throws Exception {
        try (TestMachine machine = new TestMachine(core::nodes, 7, 2, 4096).powerOn()) {
            core.awaitIdle(machine);
            long id = core.resources.find(machine.mac()).orElseThrow().id();
            core.resources.remark(id, new Remark("ann", "mine"), Expected.any());
            core.environments.remark("web", new Remark("bob", "his"), Expected.any());
            core.await(core.environments.start("web", new StartRequest(List.of(id), 1)));
            assertEquals(
                    ResourceState.ACTIVE, core.resources.find(id).orElseThrow().state());
            core.environments.remark("web", new Remark(null, "still his"), Expected.any());
            core.await(core.environments.stop("web", false));
            assertEquals(
                    new Remark("ann", "mine"),
                    core.resources.find(id).orElseThrow().remark());
            assertEquals(new Remark("bob", "still his"), nouns.get(1).of("web"));
        }
    }

    @Test
    public void theImageThatComesWithTheServerKeepsThemAcrossRestarts() {
        boot.remark(BootImage.DEFAULT, new Remark("ann", "ours"), Expected.any());
        Path directory = folder.getRoot().toPath();
        BootImageService later =
                new BootImageService(core.database, directory.resolve("boot"), new IdleImage(directory, directory));
        assertEquals(
                new Remark("ann", "ours"),
                later.find(BootImage.DEFAULT).orElseThrow().remark());
        assertEquals(
                boot.find(BootImage.DEFAULT).orElseThrow().description(),
                later.find(BootImage.DEFAULT).orElseThrow().description());
    }
}
